// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCache>
#include <QFont>
#include <QTextLayout>

#include "runglass/ui/widgets/diff_document.h"

namespace runglass::ui {

/// A line of code made ready to paint.
struct DiffLineLayout {
    QString text;  ///< as shown: control characters replaced, cut at kMaxShownChars
    QTextLayout layout;
    std::vector<std::pair<int, int>> words;  ///< UTF-16 ranges that differ from the other side
};

/// Lays out lines when they come into view and keeps the last few hundred. A diff of any length therefore
/// costs what its visible part costs.
class DiffLineCache {
public:
    static constexpr int kMaxShownChars = 4000;

    DiffLineCache()
        : m_cache(600) {}
    void setFont(const QFont& font);
    [[nodiscard]] const QFont& font() const { return m_font; }
    void clear() { m_cache.clear(); }
    /// Valid until the next call.
    DiffLineLayout& line(const DiffDocument& document, int file, int line, bool newSide);

private:
    QFont m_font;
    QCache<quint64, DiffLineLayout> m_cache;
};

/// `utf8` as it is shown: tabs stay, other control characters become their pictures (U+2400 …), and
/// characters that would turn the direction of text around become U+FFFD, so that code cannot look other than
/// it is.
QString visibleText(const std::string& utf8);

/// For each byte offset of `utf8` (and its size) the UTF-16 offset of the character that it belongs to.
std::vector<int> utf16Offsets(std::string_view utf8);

}  // namespace runglass::ui
