// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_row_painter.h"

#include <cmath>

#include "runglass/base/clock.h"
#include "runglass/ui/session/project_session.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/run_status.h"

namespace runglass::ui {

namespace {

using Kind = RunColumn::Kind;

constexpr int kPadding = 6;
constexpr qreal kSwatch = 10;

// The part of a name that tells repetitions apart, ` s3` in `cnn-base s3`; it is drawn in grey.
qsizetype seedSuffix(const QString& name) {
    const auto space = name.lastIndexOf(QLatin1Char(' '));
    if (space <= 0 || space + 2 >= name.size() || name[space + 1] != QLatin1Char('s')) {
        return name.size();
    }
    for (auto i = space + 2; i < name.size(); ++i) {
        if (!name[i].isDigit()) {
            return name.size();
        }
    }
    return space;
}

bool isNan(const model::RunRecord& run, const RunColumn& column) {
    const auto value = cellValue(run, column, {});
    const auto* number = std::get_if<double>(&value);
    return column.kind == Kind::Metric && number && std::isnan(*number);
}

}  // namespace

RunRowPainter::RunRowPainter(QPainter* painter, const RunTableModel& model, const ProjectSession* session)
    : m_painter(painter)
    , m_model(model)
    , m_session(session)
    , m_font(Theme::current().font(TextRole::Body))
    , m_medium(Theme::current().font(TextRole::Body, 500))
    , m_strong(Theme::current().font(TextRole::Body, 600))
    , m_nowMs(nowMs()) {}

void RunRowPainter::paintBackground(const QRect& row, const RowState& state, bool group) const {
    auto token = group ? Token::SurfacePanel : Token::SurfaceBase;
    if (state.selected) {
        token = state.active ? Token::SelectionBg : Token::SelectionInactive;
    } else if (state.hovered) {
        token = Token::SurfaceHover;
    }
    m_painter->fillRect(row, themeColor(token));
    m_painter->setPen(hairPen(group ? Token::BorderDefault : Token::BorderSubtle));
    m_painter->drawLine(row.bottomLeft(), row.bottomRight());
    if (state.current && (state.active || state.selected)) {
        m_painter->fillRect(QRect(row.left(), row.top(), 2, row.height() - 1), themeColor(Token::AccentBase));
    }
}

void RunRowPainter::paintCell(const QRect& cell, int row, int column, const RowState& state) const {
    const auto& run = *m_model.run(row);
    const auto& what = m_model.columns()[static_cast<std::size_t>(column)];
    const auto& format = m_model.arrangement().formats[static_cast<std::size_t>(column)];
    const bool waiting = run.status == model::RunStatus::Scheduled;
    const auto ink = waiting ? Token::TextTertiary : Token::TextPrimary;
    switch (what.kind) {
        case Kind::Visibility:
            paintSwatch(cell, run);
            return;
        case Kind::Status:
            paintStatus(m_painter, QRectF(cell), statusGlyph(run.status));
            return;
        case Kind::Starred:
            if (run.starred) {
                paintIcon(m_painter, QRectF(cell), QStringLiteral("star"), themeColor(Token::SemanticWarn),
                          14);
            }
            return;
        case Kind::Name:
            paintName(cell, run, state.current && state.selected, ink);
            return;
        default:
            break;
    }
    const bool best = m_model.isBest(row) && what == m_model.arrangement().primaryMetric;
    m_painter->setFont(best ? m_strong : m_font);
    m_painter->setPen(themeColor(isNan(run, what) ? Token::SemanticDanger : ink));
    paintText(cell, cellText(run, what, format.decimals, m_model.context(m_nowMs)), format.alignRight);
}

void RunRowPainter::paintSwatch(const QRect& cell, const model::RunRecord& run) const {
    const auto rect = swatchRect(cell);
    if (m_session && m_session->isVisible(run.id)) {
        paintBox(m_painter, rect, m_session->runColor(run), QColor(), 2);
    } else {
        paintBox(m_painter, rect, QColor(), themeColor(Token::BorderStrong), 2);
    }
}

void RunRowPainter::paintName(const QRect& cell, const model::RunRecord& run, bool strong, Token ink) const {
    auto area = cell.adjusted(kPadding, 0, -kPadding, 0);
    const auto mark = [&](const char* icon, Token token) {
        paintIcon(m_painter, QRectF(area.right() - 12, area.top(), 12, area.height()),
                  QString::fromLatin1(icon), themeColor(token), 12);
        area.setRight(area.right() - 16);
    };
    if (run.starred && m_model.columnOf(Kind::Starred) < 0) {
        mark("star", Token::SemanticWarn);
    }
    if (run.hasNote) {
        mark("note", Token::TextTertiary);
    }
    if (run.leftOut > 0) {
        mark("warn", Token::SemanticWarn);
    }
    const auto name = projectText(run.name.empty() ? run.id.shortHex() : run.name);
    const auto base = Theme::verbatim(strong ? m_strong : m_font, name);
    const QFontMetrics metrics(base);
    m_painter->setFont(base);
    m_painter->setPen(themeColor(run.name.empty() ? Token::TextTertiary : ink));
    if (metrics.horizontalAdvance(name) > area.width()) {
        m_painter->drawText(area, Qt::AlignVCenter, metrics.elidedText(name, Qt::ElideMiddle, area.width()));
        return;
    }
    const auto suffix = seedSuffix(name);
    const auto head = name.left(suffix);
    m_painter->drawText(area, Qt::AlignVCenter, head);
    if (suffix < name.size()) {
        area.setLeft(area.left() + metrics.horizontalAdvance(head));
        m_painter->setFont(Theme::verbatim(m_font, name));
        m_painter->setPen(themeColor(ink == Token::TextPrimary ? Token::TextSecondary : ink));
        m_painter->drawText(area, Qt::AlignVCenter, name.mid(suffix));
    }
}

void RunRowPainter::paintText(const QRect& cell, const QString& text, bool alignRight) const {
    if (text.isEmpty()) {
        return;
    }
    const auto area = cell.adjusted(kPadding, 0, -kPadding, 0);
    if (alignRight && tabularWidth(m_painter->font(), text) <= area.width()) {
        drawTabular(m_painter, area, Qt::AlignRight | Qt::AlignVCenter, text);
        return;
    }
    m_painter->setFont(Theme::verbatim(m_painter->font(), text));
    const auto elided = m_painter->fontMetrics().elidedText(text, Qt::ElideMiddle, area.width());
    m_painter->drawText(area, Qt::AlignVCenter | (alignRight ? Qt::AlignRight : Qt::AlignLeft), elided);
}

void RunRowPainter::paintGroup(const QRect& visible, int row) const {
    const auto& group = m_model.group(row);
    const QRectF chevron(visible.left() + 4, visible.top(), 16, visible.height() - 1);
    paintIcon(m_painter, chevron, m_model.isFolded(row) ? QStringLiteral("chev-r") : QStringLiteral("chev-d"),
              themeColor(Token::TextSecondary), 12);

    const auto title = group.title.isEmpty() ? RunTableModel::tr("Not set") : group.title;
    const auto font = Theme::verbatim(m_medium, title);
    const QFontMetrics metrics(font);
    QRect area(visible.left() + 22, visible.top(), visible.width() - 22 - kPadding, visible.height() - 1);
    const auto shown = metrics.elidedText(title, Qt::ElideMiddle, area.width() * 2 / 3);
    m_painter->setFont(font);
    m_painter->setPen(themeColor(group.title.isEmpty() ? Token::TextSecondary : Token::TextPrimary));
    m_painter->drawText(area, Qt::AlignVCenter, shown);
    area.setLeft(area.left() + metrics.horizontalAdvance(shown) + kPadding);

    m_painter->setFont(m_font);
    m_painter->setPen(themeColor(Token::TextTertiary));
    const auto count = formatCount(static_cast<std::int64_t>(group.members.size()));
    m_painter->drawText(area, Qt::AlignVCenter, count);
    area.setLeft(area.left() + QFontMetrics(m_font).horizontalAdvance(count) + 2 * kPadding);

    m_painter->setFont(Theme::current().font(TextRole::Caption));
    m_painter->setPen(themeColor(Token::TextSecondary));
    for (const bool brief : {false, true}) {
        const auto text = groupStatisticsText(group.statistics, brief);
        if (m_painter->fontMetrics().horizontalAdvance(text) <= area.width()) {
            m_painter->drawText(area, Qt::AlignVCenter | Qt::AlignRight, text);
            return;
        }
    }
}

QRectF RunRowPainter::swatchRect(const QRect& cell) {
    QRectF rect(0, 0, kSwatch, kSwatch);
    rect.moveTopLeft(QPointF(cell.left() + (cell.width() - kSwatch) / 2.0,
                             std::floor(cell.top() + (cell.height() - 1 - kSwatch) / 2.0)));
    return rect;
}

}  // namespace runglass::ui
