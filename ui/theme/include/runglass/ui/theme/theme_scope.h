// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

namespace runglass::ui {

/// While it lives, Theme gives the colours of the light or the dark theme, whatever the screen shows and
/// unnoticed by widgets: for drawing what leaves the screen. GUI thread.
class ThemeScope {
public:
    explicit ThemeScope(bool dark);
    ~ThemeScope();
    ThemeScope(const ThemeScope&) = delete;
    ThemeScope& operator=(const ThemeScope&) = delete;

private:
    std::optional<bool> m_before;
};

}  // namespace runglass::ui
