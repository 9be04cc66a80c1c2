// SPDX-License-Identifier: GPL-3.0-or-later
// First byte: the format; the rest: a configuration file.
#include <array>
#include <cstdint>
#include <string_view>

#include "runglass/config/flatten.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    constexpr std::array<std::string_view, 3> kFormats = {"yaml", "json", "toml"};
    const std::string_view content(reinterpret_cast<const char*>(data + 1), size - 1);
    static_cast<void>(runglass::config::flattenConfig(content, kFormats[data[0] % kFormats.size()]).ok());
    return 0;
}
