// SPDX-License-Identifier: GPL-3.0-or-later
#include "console_segments.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "runglass/base/text.h"

namespace runglass::launch::console {

std::filesystem::path segmentFile(const std::filesystem::path& folder, std::uint64_t segment,
                                  const char* extension) {
    return folder / (segment == 0 ? fmt::format("console.{}", extension)
                                  : fmt::format("console.{}.{}", segment, extension));
}

std::vector<std::uint64_t> segments(const std::filesystem::path& folder) {
    constexpr std::string_view kPrefix = "console.";
    constexpr std::string_view kSuffix = "idx";
    std::vector<std::uint64_t> numbers;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename().native();
        if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) {
            continue;
        }
        if (name.size() == kPrefix.size() + kSuffix.size()) {
            numbers.push_back(0);
        } else if (const auto number = parseInt(std::string_view(name).substr(
                       kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size() - 1));
                   number && *number > 0) {
            numbers.push_back(static_cast<std::uint64_t>(*number));
        }
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

}  // namespace runglass::launch::console
