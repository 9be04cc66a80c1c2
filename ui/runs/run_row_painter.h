// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>
#include <QRect>
#include <optional>

#include "runglass/ui/runs/run_table_model.h"
#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

class ProjectSession;

/// How a row stands in the view while it is painted.
struct RowState {
    bool selected = false;
    bool current = false;
    bool hovered = false;
    bool active = true;  ///< the view has the focus
};

/// Paints the cells of the run table (VISUAL.md §7, "run row"). Holds fonts for one pass over the rows.
class RunRowPainter {
public:
    RunRowPainter(QPainter* painter, const RunTableModel& model, const ProjectSession* session);

    void paintBackground(const QRect& row, const RowState& state, bool group) const;
    void paintCell(const QRect& cell, int row, int column, const RowState& state) const;
    void paintGroup(const QRect& visible, int row) const;

    /// Where the swatch is within its cell.
    static QRectF swatchRect(const QRect& cell);

private:
    void paintSwatch(const QRect& cell, const model::RunRecord& run) const;
    void paintName(const QRect& cell, const model::RunRecord& run, bool strong, Token ink) const;
    void paintText(const QRect& cell, const QString& text, bool alignRight) const;

    QPainter* m_painter;
    const RunTableModel& m_model;
    const ProjectSession* m_session;
    QFont m_font;
    QFont m_medium;
    QFont m_strong;
    std::int64_t m_nowMs;
};

}  // namespace runglass::ui
