// SPDX-License-Identifier: GPL-3.0-or-later
#include <simdjson.h>

#include "runglass/base/file.h"
#include "runglass/sources/catalogue.h"
#include "runglass/store/layout.h"

namespace runglass::sources {
namespace {

constexpr std::uint64_t kMaxSettingsBytes = 1U << 20U;

}  // namespace

std::vector<std::filesystem::path> furtherFolders(const std::filesystem::path& project) {
    std::vector<std::filesystem::path> folders;
    const auto content = readFile(store::Layout(project).settings(), kMaxSettingsBytes);
    simdjson::dom::parser parser;
    simdjson::dom::element settings;
    simdjson::dom::array given;
    if (!content || parser.parse(*content).get(settings) != simdjson::SUCCESS ||
        settings.at_pointer("/sources/folders").get(given) != simdjson::SUCCESS) {
        return folders;  // no settings; a file that cannot be read is the desktop's to complain about
    }
    for (const auto item : given) {
        std::string_view folder;
        if (item.get(folder) == simdjson::SUCCESS && !folder.empty()) {
            folders.emplace_back(folder);
        }
    }
    return folders;
}

}  // namespace runglass::sources
