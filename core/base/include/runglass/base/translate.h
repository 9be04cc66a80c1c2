// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include <fmt/format.h>

namespace runglass {

/// Core has no Qt vocabulary, yet its messages reach people. Each passes through this hook, which the
/// programs set to QCoreApplication::translate with the context "core" at start; without it the English text
/// stays. lupdate is told to read `runglass::tr` (and `tr` in core) as a translation function.
using Translator = std::function<std::string(const char* text)>;
void setTranslator(Translator translator);

std::string tr(const char* text);

/// tr() with fmt placeholders: `tr("{} is read-only.", path)`. A translation with wrong placeholders falls
/// back to the English text rather than failing.
template <typename... Args>
std::string tr(const char* text, const Args&... args) {
    try {
        return fmt::format(fmt::runtime(tr(text)), args...);
    } catch (const fmt::format_error&) {
        return fmt::format(fmt::runtime(text), args...);
    }
}

}  // namespace runglass
