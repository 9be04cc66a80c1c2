// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <QPointer>
#include <QTimer>
#include <vector>

#include "runglass/jobs/job.h"
#include "runglass/jobs/thread_pool.h"
#include "runglass/ui/launch/console_buffer.h"
#include "runglass/ui/widgets/line_text.h"

namespace runglass::ui {

/// What a run printed: line numbers, times, ANSI colours, selection, search. Paints the lines in sight only,
/// so a million of them cost no more than fifty. Follows the end until scrolled up.
class ConsoleView final : public QAbstractScrollArea, public LineText {
    Q_OBJECT
public:
    explicit ConsoleView(QWidget* parent = nullptr);

    /// Borrowed; lives as long as the view shows it. Null: nothing.
    void setBuffer(const ConsoleBuffer* buffer);
    /// Call after the buffer has grown.
    void bufferGrown();

    [[nodiscard]] bool isFollowing() const { return m_following; }
    void setFollowing(bool following);
    void setNumbersShown(bool shown);
    void setTimesShown(bool shown);
    [[nodiscard]] bool numbersShown() const { return m_numbers; }
    [[nodiscard]] bool timesShown() const { return m_times; }

    /// Marks all hits and goes to the first one at or behind the top line. Searches on `pool`.
    void setSearch(const QString& needle, jobs::ThreadPool& pool, const jobs::Executor& executor);
    void showNextHit(bool backward);
    [[nodiscard]] std::size_t hitCount() const { return m_hits.size(); }
    [[nodiscard]] std::optional<std::size_t> currentHit() const { return m_currentHit; }

    [[nodiscard]] QString selectedText() const;
    void copySelection() const;
    void selectAll();

    // --- for assistive technology ---
    [[nodiscard]] QAccessible::Role textRole() const override { return QAccessible::Terminal; }
    [[nodiscard]] int textLines() const override;
    [[nodiscard]] QString lineText(int line) const override;
    [[nodiscard]] quint64 textRevision() const override { return m_revision; }
    [[nodiscard]] int currentTextLine() const override;
    [[nodiscard]] std::optional<Selection> textSelection() const override;
    [[nodiscard]] QRect textLineRect(int line) const override;
    void scrollToTextLine(int line) override;

Q_SIGNALS:
    void followingChanged(bool following);
    void hitsChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Position {
        std::size_t line = 0;
        int column = 0;
        friend auto operator<=>(const Position&, const Position&) = default;
    };

    static constexpr int kTimeWidth = 66;
    static constexpr int kNumberGap = 12;
    static constexpr int kMargin = 8;
    static constexpr int kTopMargin = 4;

    [[nodiscard]] int lineHeight() const;
    [[nodiscard]] int visibleLines() const;
    /// Grows with the number of lines.
    [[nodiscard]] int numberWidth() const;
    [[nodiscard]] int gutterWidth() const;
    [[nodiscard]] qreal textLeft() const;
    [[nodiscard]] std::size_t topLine() const;
    [[nodiscard]] Position positionAt(const QPoint& point) const;
    [[nodiscard]] std::pair<Position, Position> selection() const;
    void updateScrollBars();
    void goToHit(std::size_t index);
    void paintLine(QPainter& painter, std::size_t number, qreal top) const;
    void paintMarks(QPainter& painter, std::size_t number, const QString& text, qreal top) const;
    void paintText(QPainter& painter, const ConsoleLine& line, qreal top) const;

    const ConsoleBuffer* m_buffer = nullptr;
    bool m_following = true;
    bool m_numbers = true;
    bool m_times = true;
    bool m_scrollingToEnd = false;
    qreal m_advance = 7;
    quint64 m_revision = 0;  ///< of the buffer's lines
    Position m_anchor;
    Position m_cursor;
    QString m_needle;
    std::vector<ConsoleHit> m_hits;
    std::optional<std::size_t> m_currentHit;
    jobs::Job m_searchJob;
};

}  // namespace runglass::ui
