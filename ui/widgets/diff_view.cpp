// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/diff_view.h"

#include <QFontMetricsF>
#include <QScrollBar>
#include <algorithm>

#include "diff_line_cache.h"
#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

namespace {

constexpr int kFileRow = 26;
constexpr int kFoldRow = 22;
constexpr int kSign = 14;
constexpr int kGap = 6;  // between the sign and the code

}  // namespace

DiffView::DiffView(QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_lines(std::make_unique<DiffLineCache>()) {
    announce();
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setCursor(Qt::IBeamCursor);
    viewport()->setMouseTracking(true);
    setAccessibleName(tr("Differences in the code"));
    connect(&Theme::current(), &Theme::changed, this, &DiffView::updateFonts);
    updateFonts();
}

DiffView::~DiffView() = default;

void DiffView::updateFonts() {
    m_lines->setFont(Theme::current().font(TextRole::Code));
    const QFontMetricsF metrics(m_lines->font());
    m_lineHeight = std::max(18, static_cast<int>(std::ceil(metrics.height())) + 2);
    m_charWidth = metrics.horizontalAdvance(QLatin1Char('0'));
    relayout();
}

void DiffView::setDocument(SharedDiffDocument document) {
    if (document == m_document) {
        return;
    }
    m_document = std::move(document);
    m_opened.clear();
    m_lines->clear();
    relayout();
    verticalScrollBar()->setValue(0);
    horizontalScrollBar()->setValue(0);
}

void DiffView::setMode(DiffMode mode) {
    m_options.mode = mode;
    relayout();
}

void DiffView::setOnlyFile(int file) {
    if (m_options.onlyFile == file) {
        return;
    }
    m_options.onlyFile = file;
    m_options.headings = file < 0;
    relayout();
    verticalScrollBar()->setValue(0);
    horizontalScrollBar()->setValue(0);
}

void DiffView::setOnlyChanges(bool only) {
    m_options.onlyChanges = only;
    relayout();
}

void DiffView::showAllLines() {
    for (const auto& row : m_rows) {
        if (row.kind == DiffRow::Kind::Fold && row.first >= 0) {
            m_opened.emplace(row.file, row.first);
        }
    }
    relayout();
}

int DiffView::rowHeight(const DiffRow& row) const {
    switch (row.kind) {
        case DiffRow::Kind::File:
            return std::max(kFileRow, m_lineHeight + 8);
        case DiffRow::Kind::Fold:
            return std::max(kFoldRow, m_lineHeight + 4);
        case DiffRow::Kind::Message:
            return m_lineHeight + 10;
        case DiffRow::Kind::Line:
            break;
    }
    return m_lineHeight;
}

void DiffView::relayout() {
    ++m_revision;
    m_rows = m_document ? layOutDiff(*m_document, m_options, m_opened) : std::vector<DiffRow>{};
    m_tops.assign(1, 0);
    m_tops.reserve(m_rows.size() + 1);
    int widestNumber = 1;
    m_longest = 0;
    for (const auto& row : m_rows) {
        m_tops.push_back(m_tops.back() + rowHeight(row));
        if (row.kind == DiffRow::Kind::Line) {
            const auto& file = m_document->files()[static_cast<std::size_t>(row.file)];
            const auto& line = file.lines[static_cast<std::size_t>(std::max(row.left, row.right))];
            widestNumber = std::max({widestNumber, line.oldLine, line.newLine});
            for (const int index : {row.left, row.right}) {
                if (index >= 0) {
                    m_longest = std::max(m_longest, file.lines[static_cast<std::size_t>(index)].columns);
                }
            }
        }
    }
    const QFontMetricsF numbers(Theme::current().font(TextRole::CodeSmall));
    m_numberWidth =
        std::max(38, static_cast<int>(numbers.horizontalAdvance(QString::number(widestNumber))) + 14);
    m_anchor = m_cursor = {};
    m_current = -1;
    m_findRow = -1;
    updateScrollBars();
    viewport()->update();
    updateGeometry();
}

void DiffView::updateScrollBars() {
    const int height = viewport()->height();
    verticalScrollBar()->setPageStep(height);
    verticalScrollBar()->setSingleStep(m_lineHeight);
    verticalScrollBar()->setRange(0, std::max(0, contentHeight() - height));
    const Side at = side(true);
    const int codeWidth = at.left + at.width - at.text;
    const int wanted =
        static_cast<int>(std::min(m_longest, DiffLineCache::kMaxShownChars + 12) * m_charWidth) + 2 * kGap;
    horizontalScrollBar()->setPageStep(codeWidth);
    horizontalScrollBar()->setSingleStep(static_cast<int>(4 * m_charWidth));
    horizontalScrollBar()->setRange(0, std::max(0, wanted - codeWidth));
}

DiffView::Side DiffView::side(bool newSide) const {
    const int width = viewport()->width();
    Side at;
    at.isNew = newSide;
    if (m_options.mode == DiffMode::Unified) {
        at.width = width;
    } else {
        const int half = width / 2;
        at.left = newSide ? half + 1 : 0;
        at.width = newSide ? width - half - 1 : half;
    }
    at.text = at.left + m_numberWidth + kSign + kGap;
    return at;
}

int DiffView::rowTop(int row) const {
    return m_tops[static_cast<std::size_t>(row)];
}

int DiffView::rowAt(int y) const {
    if (m_rows.empty()) {
        return -1;
    }
    const auto it = std::upper_bound(m_tops.begin(), m_tops.end(), y);
    return std::clamp(static_cast<int>(it - m_tops.begin()) - 1, 0, static_cast<int>(m_rows.size()) - 1);
}

int DiffView::lineIndex(const DiffRow& row, bool newSide) const {
    if (m_options.mode == DiffMode::Unified) {
        return std::max(row.left, row.right);
    }
    return newSide ? row.right : row.left;
}

void DiffView::scrollToRow(int row) {
    const int top = rowTop(row);
    const int height = viewport()->height();
    const int value = verticalScrollBar()->value();
    if (top < value + m_lineHeight || top > value + height - 4 * m_lineHeight) {
        verticalScrollBar()->setValue(top - height / 4);
    }
    viewport()->update();
}

void DiffView::openFold(int row) {
    const DiffRow fold = m_rows[static_cast<std::size_t>(row)];
    if (fold.kind != DiffRow::Kind::Fold || fold.first < 0) {
        return;
    }
    m_opened.emplace(fold.file, fold.first);
    relayout();
}

std::vector<int> DiffView::changeStarts() const {
    const auto changed = [this](std::size_t i) {
        const auto& row = m_rows[i];
        return row.kind == DiffRow::Kind::Line && row.left != row.right;
    };
    std::vector<int> starts;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (changed(i) && (i == 0 || !changed(i - 1))) {
            starts.push_back(static_cast<int>(i));
        }
    }
    return starts;
}

bool DiffView::goToDifference(bool forward) {
    const auto starts = changeStarts();
    if (forward) {
        const auto next = std::upper_bound(starts.begin(), starts.end(), m_current);
        if (next == starts.end()) {
            return false;
        }
        m_current = *next;
    } else {
        const auto from =
            m_current < 0 ? starts.end() : std::lower_bound(starts.begin(), starts.end(), m_current);
        if (from == starts.begin()) {
            return false;
        }
        m_current = *std::prev(from);
    }
    scrollToRow(m_current);
    announcePlace(this);
    return true;
}

void DiffView::resetDifference() {
    m_current = -1;
    viewport()->update();
}

void DiffView::setFindText(const QString& text) {
    m_find = text;
    m_findRow = -1;
    viewport()->update();
}

bool DiffView::findNext(bool forward) {
    if (m_find.isEmpty() || !m_document) {
        return false;
    }
    // The search runs over all lines, folded or not.
    DiffLayoutOptions everything = m_options;
    everything.onlyChanges = false;
    const auto all = layOutDiff(*m_document, everything);
    const auto sameLine = [](const DiffRow& a, const DiffRow& b) {
        return a.file == b.file && a.kind == b.kind && a.left == b.left && a.right == b.right;
    };
    int from = forward ? -1 : static_cast<int>(all.size());
    if (m_findRow >= 0 && m_findRow < static_cast<int>(m_rows.size())) {
        const auto& current = m_rows[static_cast<std::size_t>(m_findRow)];
        const auto it =
            std::find_if(all.begin(), all.end(), [&](const DiffRow& row) { return sameLine(row, current); });
        from = static_cast<int>(it - all.begin());
    }
    const int count = static_cast<int>(all.size());
    const auto holds = [&](const DiffRow& row) {
        const auto has = [&](int line) {
            return line >= 0 && codeOf(row.file, line).contains(m_find, Qt::CaseInsensitive);
        };
        return row.kind == DiffRow::Kind::Line && (has(row.left) || has(row.right));
    };
    for (int step = 1; step <= count; ++step) {
        const int index = ((from + (forward ? step : -step)) % count + count) % count;
        const auto& hit = all[static_cast<std::size_t>(index)];
        if (!holds(hit)) {
            continue;
        }
        for (const auto& row : m_rows) {
            if (row.kind == DiffRow::Kind::Fold && row.file == hit.file && row.first >= 0 &&
                hit.left == hit.right && hit.left >= row.first && hit.left < row.first + row.count) {
                m_opened.emplace(row.file, row.first);
                relayout();
                break;
            }
        }
        const auto it = std::find_if(m_rows.begin(), m_rows.end(),
                                     [&](const DiffRow& row) { return sameLine(row, hit); });
        m_findRow = static_cast<int>(it - m_rows.begin());
        scrollToRow(m_findRow);
        announcePlace(this);
        return true;
    }
    return false;
}

void DiffView::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    updateScrollBars();
}

void DiffView::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_lines) {
        m_lines->clear();  // colours are part of the laid-out lines
        viewport()->update();
    }
}

void DiffView::scrollContentsBy(int /*dx*/, int /*dy*/) {
    viewport()->update();
}

}  // namespace runglass::ui
