// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAccessible>
#include <QRect>
#include <QString>
#include <optional>

namespace runglass::ui {

/// What assistive technology reads of a widget that paints lines of text itself: inherit this beside QWidget
/// and call announce() from the constructor. The widget then has a QAccessibleTextInterface, read only, with
/// its lines, its selection and its place.
class LineText {
public:
    struct Selection {
        int fromLine = 0;
        int fromColumn = 0;  ///< UTF-16 units of lineText()
        int toLine = 0;
        int toColumn = 0;
    };

    virtual ~LineText() = default;
    [[nodiscard]] virtual QAccessible::Role textRole() const { return QAccessible::StaticText; }
    [[nodiscard]] virtual int textLines() const = 0;
    /// Without a line end.
    [[nodiscard]] virtual QString lineText(int line) const = 0;
    /// Differs when a line does.
    [[nodiscard]] virtual quint64 textRevision() const = 0;
    /// Where a person is: the line of the cursor, of the current hit or change, or the first in sight.
    [[nodiscard]] virtual int currentTextLine() const { return 0; }
    [[nodiscard]] virtual std::optional<Selection> textSelection() const { return std::nullopt; }
    /// In coordinates of the widget; may lie outside of what is seen.
    [[nodiscard]] virtual QRect textLineRect(int line) const = 0;
    virtual void scrollToTextLine(int line) { Q_UNUSED(line); }

protected:
    LineText() = default;
    LineText(const LineText&) = default;
    LineText& operator=(const LineText&) = default;

    /// Makes Qt find the interface of widgets of this kind.
    static void announce();
    /// The place moved to currentTextLine(): screen readers read that line.
    static void announcePlace(QWidget* widget);
};

}  // namespace runglass::ui
