// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/line_text.h"

#include <QAccessibleWidget>
#include <QWidget>
#include <algorithm>
#include <vector>

namespace runglass::ui {

namespace {

class LineTextInterface final : public QAccessibleWidget, public QAccessibleTextInterface {
public:
    LineTextInterface(QWidget* widget, LineText* lines)
        : QAccessibleWidget(widget, lines->textRole())
        , m_lines(lines) {}

    void* interface_cast(QAccessible::InterfaceType type) override {
        return type == QAccessible::TextInterface ? static_cast<QAccessibleTextInterface*>(this)
                                                  : QAccessibleWidget::interface_cast(type);
    }

    [[nodiscard]] QAccessible::State state() const override {
        auto state = QAccessibleWidget::state();
        state.readOnly = true;
        state.multiLine = true;
        state.selectableText = m_lines->textSelection().has_value();
        return state;
    }

    [[nodiscard]] int characterCount() const override {
        refresh();
        return m_starts.back();
    }

    [[nodiscard]] QString text(int start, int end) const override {
        refresh();
        end = end < 0 ? m_starts.back() : std::min(end, m_starts.back());
        QString text;
        for (int line = lineAt(start); line < lineCount() && m_starts[at(line)] < end; ++line) {
            text += m_lines->lineText(line) + QLatin1Char('\n');
        }
        return text.mid(start - m_starts[at(lineAt(start))], end - start);
    }

    [[nodiscard]] QString textAtOffset(int offset, QAccessible::TextBoundaryType boundary, int* start,
                                       int* end) const override {
        if (boundary != QAccessible::LineBoundary && boundary != QAccessible::ParagraphBoundary) {
            return QAccessibleTextInterface::textAtOffset(offset, boundary, start, end);
        }
        refresh();
        *start = *end = offset;
        if (lineCount() == 0 || offset < 0 || offset > m_starts.back()) {
            return {};
        }
        const int line = lineAt(offset);
        *start = m_starts[at(line)];
        *end = m_starts[at(line + 1)];
        return text(*start, *end);
    }

    [[nodiscard]] int cursorPosition() const override {
        refresh();
        const int line = std::clamp(m_lines->currentTextLine(), 0, std::max(0, lineCount() - 1));
        return m_starts[at(line)];
    }
    void setCursorPosition(int position) override { scrollToSubstring(position, position); }

    [[nodiscard]] int selectionCount() const override { return m_lines->textSelection() ? 1 : 0; }
    void selection(int index, int* start, int* end) const override {
        *start = *end = 0;
        const auto selection = m_lines->textSelection();
        refresh();
        if (index == 0 && selection && selection->toLine < lineCount()) {
            *start = m_starts[at(selection->fromLine)] + selection->fromColumn;
            *end = m_starts[at(selection->toLine)] + selection->toColumn;
        }
    }
    // Selecting belongs to mouse and keyboard.
    void addSelection(int, int) override {}
    void removeSelection(int) override {}
    void setSelection(int, int, int) override {}

    [[nodiscard]] QRect characterRect(int offset) const override {
        refresh();
        if (lineCount() == 0) {
            return {};
        }
        const auto rect = m_lines->textLineRect(lineAt(offset));
        return {widget()->mapToGlobal(rect.topLeft()), rect.size()};
    }
    [[nodiscard]] int offsetAtPoint(const QPoint& point) const override {
        refresh();
        const auto local = widget()->mapFromGlobal(point);
        int first = 0;
        for (int count = lineCount(); count > 0;) {  // the first line that ends below the point
            const int half = count / 2;
            if (m_lines->textLineRect(first + half).bottom() < local.y()) {
                first += half + 1;
                count -= half + 1;
            } else {
                count = half;
            }
        }
        return first < lineCount() && m_lines->textLineRect(first).contains(local) ? m_starts[at(first)] : -1;
    }
    void scrollToSubstring(int start, int) override {
        refresh();
        if (lineCount() > 0) {
            m_lines->scrollToTextLine(lineAt(start));
        }
    }
    QString attributes(int offset, int* start, int* end) const override {
        Q_UNUSED(offset);
        *start = 0;
        *end = characterCount();
        return {};
    }

private:
    static std::size_t at(int line) { return static_cast<std::size_t>(line); }
    [[nodiscard]] int lineCount() const { return static_cast<int>(m_starts.size()) - 1; }
    [[nodiscard]] int lineAt(int offset) const {
        const auto next = std::upper_bound(m_starts.begin(), m_starts.end(), std::max(0, offset));
        return std::clamp(static_cast<int>(next - m_starts.begin()) - 1, 0, std::max(0, lineCount() - 1));
    }

    /// Where each line starts in the whole text, and where that ends. Counted anew only when asked for.
    void refresh() const {
        const auto revision = m_lines->textRevision();
        if (m_revision == revision) {
            return;
        }
        m_revision = revision;
        m_starts.assign(1, 0);
        for (int line = 0; line < m_lines->textLines(); ++line) {
            const auto end = qint64{m_starts.back()} + m_lines->lineText(line).size() + 1;
            if (end > INT_MAX) {
                break;  // the interface counts in int
            }
            m_starts.push_back(static_cast<int>(end));
        }
    }

    LineText* m_lines;
    mutable std::vector<int> m_starts{0};
    mutable std::optional<quint64> m_revision;
};

QAccessibleInterface* makeInterface(const QString&, QObject* object) {
    auto* widget = qobject_cast<QWidget*>(object);
    auto* lines = dynamic_cast<LineText*>(object);
    return widget != nullptr && lines != nullptr ? new LineTextInterface(widget, lines) : nullptr;
}

}  // namespace

void LineText::announce() {
    static const bool installed = [] {
        QAccessible::installFactory(makeInterface);
        return true;
    }();
    Q_UNUSED(installed);
}

void LineText::announcePlace(QWidget* widget) {
    if (!QAccessible::isActive()) {
        return;
    }
    auto* interface = QAccessible::queryAccessibleInterface(widget);
    if (interface != nullptr && interface->textInterface() != nullptr) {
        QAccessibleTextCursorEvent event(widget, interface->textInterface()->cursorPosition());
        QAccessible::updateAccessibility(&event);
    }
}

}  // namespace runglass::ui
