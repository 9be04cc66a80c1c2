// SPDX-License-Identifier: GPL-3.0-or-later
#include "sides.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "merge.h"
#include "paths.h"
#include "runglass/base/text.h"

namespace runglass::sources {

bool isSideOfTraining(const std::filesystem::path& folder) {
    static constexpr std::array<std::string_view, 5> kSides{"train", "validation", "val", "eval", "test"};
    return std::ranges::find(kSides, folder.filename().native()) != kSides.end();
}

std::vector<std::string> sidesOf(std::span<const Member> members, const std::filesystem::path& project) {
    std::map<std::string_view, std::set<std::string_view>> inFolder;
    for (const Member& member : members) {
        const auto& folder = member.part->folder;
        if (member.origin->format().name() == "tensorboard" && isSideOfTraining(folder)) {
            inFolder[above(folder.native())].insert(folder.native());
        }
    }
    std::vector<std::string> paths;
    for (const auto& [folder, sides] : inFolder) {
        for (const auto side : sides.size() > 1 ? sides : std::set<std::string_view>()) {
            paths.push_back(shownPath(side, project));
        }
    }
    const auto names = shortestNames(paths);
    std::vector<std::string> sides(members.size());
    for (std::size_t i = 0; i < members.size() && !paths.empty(); ++i) {
        const auto found = std::ranges::find(paths, shownPath(members[i].part->folder, project));
        if (members[i].origin->format().name() == "tensorboard" && found != paths.end()) {
            sides[i] = toValidUtf8(names[static_cast<std::size_t>(found - paths.begin())]);
        }
    }
    return sides;
}

Symbol nameOfSide(const std::string& side, Symbol key) {
    const auto prefix = side + '/';
    return side.empty() || key.text().starts_with(prefix) ? key : Symbol(prefix + key.str());
}

}  // namespace runglass::sources
