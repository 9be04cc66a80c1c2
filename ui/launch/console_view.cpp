// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/launch/console_view.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QDateTime>
#include <QGuiApplication>
#include <QMenu>
#include <QScrollBar>

#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr int kLineHeight = 17;
constexpr int kMinNumberWidth = 44;
constexpr std::size_t kMaxHits = 100'000;

}  // namespace

ConsoleView::ConsoleView(QWidget* parent)
    : QAbstractScrollArea(parent) {
    announce();
    setObjectName(QStringLiteral("console"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Console of the run"));
    viewport()->setCursor(Qt::IBeamCursor);
    verticalScrollBar()->setSingleStep(1);
    connect(&Theme::current(), &Theme::changed, this, [this] { viewport()->update(); });
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        // The end lets go when a person scrolls away from it, and takes hold again at the end.
        if (!m_scrollingToEnd) {
            setFollowing(value >= verticalScrollBar()->maximum());
        }
    });
}

void ConsoleView::setBuffer(const ConsoleBuffer* buffer) {
    m_buffer = buffer;
    m_anchor = m_cursor = {};
    m_hits.clear();
    m_currentHit.reset();
    m_searchJob.cancel();
    setFollowing(true);
    bufferGrown();
}

void ConsoleView::bufferGrown() {
    ++m_revision;
    updateScrollBars();
    if (m_following) {
        m_scrollingToEnd = true;
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
        m_scrollingToEnd = false;
    }
    viewport()->update();
}

void ConsoleView::setFollowing(bool following) {
    const bool changed = m_following != following;
    m_following = following;
    if (following && verticalScrollBar()->value() != verticalScrollBar()->maximum()) {
        m_scrollingToEnd = true;
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
        m_scrollingToEnd = false;
    }
    if (changed) {
        Q_EMIT followingChanged(following);
    }
}

void ConsoleView::setNumbersShown(bool shown) {
    m_numbers = shown;
    updateScrollBars();
    viewport()->update();
}

void ConsoleView::setTimesShown(bool shown) {
    m_times = shown;
    updateScrollBars();
    viewport()->update();
}

int ConsoleView::lineHeight() const {
    return std::max(kLineHeight, QFontMetrics(Theme::current().font(TextRole::Code)).height());
}

int ConsoleView::visibleLines() const {
    return std::max(1, (viewport()->height() - kTopMargin) / lineHeight());
}

int ConsoleView::numberWidth() const {
    if (!m_numbers) {
        return 0;
    }
    const auto widest = QString::number(m_buffer ? m_buffer->lineCount() : 0);
    const QFontMetrics metrics(Theme::current().font(TextRole::CodeSmall));
    return std::max(kMinNumberWidth, metrics.horizontalAdvance(widest) + kNumberGap);
}

int ConsoleView::gutterWidth() const {
    return kMargin + numberWidth() + (m_times ? kTimeWidth : 0);
}

qreal ConsoleView::textLeft() const {
    return gutterWidth() - horizontalScrollBar()->value();
}

std::size_t ConsoleView::topLine() const {
    return static_cast<std::size_t>(verticalScrollBar()->value());
}

void ConsoleView::updateScrollBars() {
    const auto lines =
        m_buffer ? static_cast<int>(std::min<std::size_t>(m_buffer->lineCount(), INT_MAX / 2)) : 0;
    m_scrollingToEnd = true;  // a changed range is not a person scrolling
    verticalScrollBar()->setPageStep(visibleLines());
    verticalScrollBar()->setRange(0, std::max(0, lines - visibleLines()));
    m_scrollingToEnd = false;
    m_advance = QFontMetricsF(Theme::current().font(TextRole::Code)).horizontalAdvance(QLatin1Char('0'));
    const auto widest = m_buffer ? static_cast<int>(m_advance * m_buffer->widestLine()) : 0;
    const auto left = static_cast<int>(textLeft()) + horizontalScrollBar()->value();
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(static_cast<int>(m_advance * 4));
    horizontalScrollBar()->setRange(0, std::max(0, widest + left + kMargin - viewport()->width()));
}

void ConsoleView::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    bufferGrown();
}

void ConsoleView::scrollContentsBy(int, int) {
    viewport()->update();
}

void ConsoleView::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        updateScrollBars();
    }
}

// --- selection ---

ConsoleView::Position ConsoleView::positionAt(const QPoint& point) const {
    if (!m_buffer || m_buffer->lineCount() == 0) {
        return {};
    }
    const int row = std::max(0, (point.y() - kTopMargin)) / lineHeight();
    const auto number = std::min(topLine() + static_cast<std::size_t>(row), m_buffer->lineCount() - 1);
    const auto& text = m_buffer->line(number).text;
    const QFontMetricsF metrics(Theme::verbatim(Theme::current().font(TextRole::Code), text));
    const qreal x = point.x() - textLeft();
    // Nearly all characters are as wide as "0": guess, then correct.
    int column = std::clamp(static_cast<int>(x / m_advance + 0.5), 0, static_cast<int>(text.size()));
    while (column > 0 && metrics.horizontalAdvance(text.left(column)) > x + m_advance / 2) {
        --column;
    }
    return {number, column};
}

std::pair<ConsoleView::Position, ConsoleView::Position> ConsoleView::selection() const {
    return {std::min(m_anchor, m_cursor), std::max(m_anchor, m_cursor)};
}

QString ConsoleView::selectedText() const {
    const auto [from, to] = selection();
    if (!m_buffer || from == to) {
        return {};
    }
    QStringList lines;
    for (auto number = from.line; number <= to.line && number < m_buffer->lineCount(); ++number) {
        const auto& text = m_buffer->line(number).text;
        const int begin = number == from.line ? from.column : 0;
        const int end = number == to.line ? to.column : static_cast<int>(text.size());
        lines << text.mid(begin, end - begin);
    }
    return lines.join(QLatin1Char('\n'));
}

void ConsoleView::copySelection() const {
    if (const auto text = selectedText(); !text.isEmpty()) {
        QGuiApplication::clipboard()->setText(text);
    }
}

void ConsoleView::selectAll() {
    if (m_buffer && m_buffer->lineCount() > 0) {
        m_anchor = {};
        const auto last = m_buffer->lineCount() - 1;
        m_cursor = {last, static_cast<int>(m_buffer->line(last).text.size())};
        viewport()->update();
    }
}

void ConsoleView::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) {
        m_cursor = positionAt(event->pos());
        if (!event->modifiers().testFlag(Qt::ShiftModifier)) {
            m_anchor = m_cursor;
        }
        viewport()->update();
    }
}

void ConsoleView::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons().testFlag(Qt::LeftButton)) {
        m_cursor = positionAt(event->pos());
        if (event->pos().y() < 0) {
            verticalScrollBar()->setValue(verticalScrollBar()->value() - 1);
        } else if (event->pos().y() > viewport()->height()) {
            verticalScrollBar()->setValue(verticalScrollBar()->value() + 1);
        }
        viewport()->update();
    }
}

void ConsoleView::mouseDoubleClickEvent(QMouseEvent* event) {
    const auto position = positionAt(event->pos());
    if (!m_buffer || position.line >= m_buffer->lineCount()) {
        return;
    }
    const auto& text = m_buffer->line(position.line).text;
    int begin = position.column;
    int end = position.column;
    while (begin > 0 && !text[begin - 1].isSpace()) {
        --begin;
    }
    while (end < text.size() && !text[end].isSpace()) {
        ++end;
    }
    m_anchor = {position.line, begin};
    m_cursor = {position.line, end};
    viewport()->update();
}

void ConsoleView::keyPressEvent(QKeyEvent* event) {
    auto* bar = verticalScrollBar();
    if (event == QKeySequence::Copy) {
        copySelection();
    } else if (event == QKeySequence::SelectAll) {
        selectAll();
    } else if (event->key() == Qt::Key_End) {
        setFollowing(true);
    } else if (event->key() == Qt::Key_Home) {
        bar->setValue(0);
    } else if (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down) {
        bar->setValue(bar->value() + (event->key() == Qt::Key_Up ? -1 : 1));
    } else if (event->key() == Qt::Key_PageUp || event->key() == Qt::Key_PageDown) {
        bar->setValue(bar->value() + (event->key() == Qt::Key_PageUp ? -bar->pageStep() : bar->pageStep()));
    } else {
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void ConsoleView::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    auto* copy = menu.addAction(tr("Copy"), QKeySequence::Copy, this, &ConsoleView::copySelection);
    copy->setEnabled(!selectedText().isEmpty());
    menu.addAction(tr("Select all"), QKeySequence::SelectAll, this, &ConsoleView::selectAll);
    menu.addSeparator();
    auto* numbers = menu.addAction(tr("Line numbers"), this, &ConsoleView::setNumbersShown);
    numbers->setCheckable(true);
    numbers->setChecked(m_numbers);
    auto* times = menu.addAction(tr("Times"), this, &ConsoleView::setTimesShown);
    times->setCheckable(true);
    times->setChecked(m_times);
    menu.exec(event->globalPos());
}

// --- search ---

void ConsoleView::setSearch(const QString& needle, jobs::ThreadPool& pool, const jobs::Executor& executor) {
    m_needle = needle;
    m_hits.clear();
    m_currentHit.reset();
    m_searchJob.cancel();
    viewport()->update();
    if (!m_buffer || needle.isEmpty()) {
        Q_EMIT hitsChanged();
        return;
    }
    m_searchJob = jobs::start(
        pool, executor,
        [blocks = m_buffer->fullBlocks(), needle](jobs::JobContext& context) {
            return ConsoleBuffer::search(blocks, needle, kMaxHits, context.stop);
        },
        [this](std::vector<ConsoleHit> hits) {
            m_hits = std::move(hits);
            const auto tail = m_buffer->searchTail(m_needle, kMaxHits - m_hits.size());
            // Blocks may have filled up in between; what both searches saw counts once.
            for (const auto& hit : tail) {
                if (m_hits.empty() || m_hits.back().line < hit.line ||
                    (m_hits.back().line == hit.line && m_hits.back().column < hit.column)) {
                    m_hits.push_back(hit);
                }
            }
            const auto from = std::find_if(m_hits.begin(), m_hits.end(),
                                           [&](const ConsoleHit& hit) { return hit.line >= topLine(); });
            if (!m_hits.empty()) {
                goToHit(from == m_hits.end() ? m_hits.size() - 1
                                             : static_cast<std::size_t>(from - m_hits.begin()));
            }
            viewport()->update();
            Q_EMIT hitsChanged();
        });
}

void ConsoleView::showNextHit(bool backward) {
    if (m_hits.empty()) {
        return;
    }
    const auto count = m_hits.size();
    const auto current = m_currentHit.value_or(backward ? 0 : count - 1);
    goToHit((current + (backward ? count - 1 : 1)) % count);
    Q_EMIT hitsChanged();
}

void ConsoleView::goToHit(std::size_t index) {
    m_currentHit = index;
    const auto line = static_cast<int>(m_hits[index].line);
    auto* bar = verticalScrollBar();
    if (line < bar->value() || line >= bar->value() + visibleLines()) {
        bar->setValue(line - visibleLines() / 2);
    }
    viewport()->update();
    announcePlace(this);
}

// --- assistive technology ---

int ConsoleView::textLines() const {
    return m_buffer ? static_cast<int>(std::min<std::size_t>(m_buffer->lineCount(), INT_MAX)) : 0;
}

QString ConsoleView::lineText(int line) const {
    return m_buffer->line(static_cast<std::size_t>(line)).text;
}

int ConsoleView::currentTextLine() const {
    if (m_anchor != m_cursor) {
        return static_cast<int>(m_cursor.line);
    }
    if (m_currentHit) {
        return static_cast<int>(m_hits[*m_currentHit].line);
    }
    return m_following ? textLines() - 1 : static_cast<int>(topLine());
}

std::optional<LineText::Selection> ConsoleView::textSelection() const {
    const auto [from, to] = selection();
    if (!m_buffer || from == to || to.line >= m_buffer->lineCount()) {
        return std::nullopt;
    }
    return Selection{static_cast<int>(from.line), from.column, static_cast<int>(to.line), to.column};
}

QRect ConsoleView::textLineRect(int line) const {
    return {0, kTopMargin + (line - static_cast<int>(topLine())) * lineHeight(), viewport()->width(),
            lineHeight()};
}

void ConsoleView::scrollToTextLine(int line) {
    verticalScrollBar()->setValue(line - visibleLines() / 2);
}

}  // namespace runglass::ui
