// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdlib>

#include "runglass/sources/format.h"
#include "support/test.h"

namespace runglass::test {

inline const sources::Format& formatNamed(std::string_view name) {
    for (const auto& format : sources::formats()) {
        if (format->name() == name) {
            return *format;
        }
    }
    std::abort();
}

/// The run of an origin that is one run.
inline sources::SharedPart readOne(sources::Reader& reader) {
    const auto parts = reader.read({});
    if (!parts.ok() || parts->size() != 1) {
        QTest::qFail("there should be one run", __FILE__, __LINE__);
        return std::make_shared<sources::Part>();
    }
    return parts->front();
}

}  // namespace runglass::test
