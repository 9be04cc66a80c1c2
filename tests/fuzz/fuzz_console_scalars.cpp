// SPDX-License-Identifier: GPL-3.0-or-later
// First line: a pattern of the project; the rest: what a script prints.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "runglass/launch/console_scalars.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    runglass::launch::ConsoleScalars scalars;
    const auto nextLine = [&] {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        return line;
    };
    static_cast<void>(scalars.addPattern(nextLine()).ok());
    while (!rest.empty()) {
        static_cast<void>(scalars.parseLine(nextLine()).size());
    }
    return 0;
}
