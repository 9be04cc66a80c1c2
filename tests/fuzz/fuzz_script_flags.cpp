// SPDX-License-Identifier: GPL-3.0-or-later
// The input is both a Python script and a command line.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "runglass/launch/capture.h"
#include "runglass/launch/script_flags.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace runglass::launch;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto flags = detectFlags(text);
    const auto command = splitCommand(text.substr(0, text.find('\0')));
    static_cast<void>(paramsFromCommand(command.words, flags).size());
    if (command.complete && splitCommand(joinCommand(command.words)).words != command.words) {
        std::abort();
    }
    return 0;
}
