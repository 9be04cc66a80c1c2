// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"

namespace runglass::launch {

struct ConsoleScalar {
    std::string key;
    double value = 0;
    std::int64_t step = 0;
};

/// Finds scalars in the lines that a script prints: `loss: 0.12 (step 3)`, `epoch=3 loss=0.12`,
/// `Epoch 3/10 - loss: 0.12 - acc: 0.9`, JSON lines, and a project's own regular expressions (METHODS.md
/// §2.5). Keeps the step between lines; a line without one counts on.
class ConsoleScalars {
public:
    ConsoleScalars();
    ~ConsoleScalars();
    ConsoleScalars(ConsoleScalars&&) noexcept;
    ConsoleScalars& operator=(ConsoleScalars&&) noexcept;

    /// Adds patterns of the project, one regular expression each, with groups named `key`, `value`, `step`.
    /// They are tried before the built-in ones.
    Result<void> addPattern(std::string_view expression);
    /// One line without its end; ANSI sequences are ignored, lines over 4,096 bytes are skipped.
    std::vector<ConsoleScalar> parseLine(std::string_view line);

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace runglass::launch
