// SPDX-License-Identifier: GPL-3.0-or-later
// A spool is written by any program in any language, or comes with a project from elsewhere.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "runglass/base/text.h"
#include "runglass/launch/spool.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static runglass::launch::SpoolParser parser;
    const std::string_view line(reinterpret_cast<const char*>(data), size);
    const auto record = parser.parse(line);
    if (!record.ok() && record.error().message.empty()) {
        std::abort();
    }
    const auto name = runglass::launch::sanitizedArtifactName(line);
    const bool escapes = name.starts_with('/') || name == ".." || name.starts_with("../") ||
                         name.find("/../") != std::string::npos || name.ends_with("/..");
    if (escapes || !runglass::isValidUtf8(name)) {
        std::abort();
    }
    return 0;
}
