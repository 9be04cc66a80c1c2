// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QColor>
#include <QHash>
#include <QStringList>
#include <array>
#include <vector>

#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

/// The colours of one theme of tokens.json.
struct ThemeColors {
    std::array<QColor, static_cast<std::size_t>(Token::Count)> tokens;
    std::vector<QColor> series;
    std::vector<QColor> ansi;
    std::vector<QColor> sequential;
    std::vector<QColor> diverging;
};

/// tokens.json, parsed. A missing token is a mistake in our own resource: reading ends the program naming it.
struct Tokens {
    ThemeColors light;
    ThemeColors dark;
    QHash<QByteArray, double> metrics;  ///< `size.row` → 24
    QStringList uiFamilies;
    QStringList monoFamilies;

    static Tokens read();
};

/// Path of a token below `theme.light` and `theme.dark`, e.g. `surface.window`.
const char* tokenPath(Token token);

}  // namespace runglass::ui
