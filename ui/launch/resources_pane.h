// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QTimer>
#include <QWidget>
#include <optional>
#include <vector>

#include "runglass/model/series.h"
#include "runglass/ui/session/project_session.h"
#include "runglass/ui/widgets/line_text.h"

namespace runglass::ui {

/// CPU, memory, disk and GPU of one run over its last minutes, from the series that its supervisor records.
class ResourcesPane final : public QWidget, public LineText {
    Q_OBJECT
public:
    explicit ResourcesPane(QWidget* parent = nullptr);
    void setSession(ProjectSession* session);
    void setRun(std::optional<RunId> run);
    /// The run was not launched: nobody samples it.
    void setStartedElsewhere();
    /// Reads again what has grown.
    void refresh();

    [[nodiscard]] int textLines() const override;
    [[nodiscard]] QString lineText(int line) const override;
    [[nodiscard]] quint64 textRevision() const override { return m_revision; }
    [[nodiscard]] QRect textLineRect(int line) const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    /// One row: a series and how to say its last value.
    struct Row {
        enum class Unit { Percent, Bytes, BytesPerSecond, Watts };
        Symbol key;
        QString name;
        Unit unit = Unit::Percent;
        int color = 0;
        model::SharedSeries series;
    };
    void chooseRows(const model::RunRecord& record);
    void paintRow(QPainter& painter, const QRectF& rect, const Row& row) const;
    void paintCurve(QPainter& painter, const QRectF& rect, const Row& row) const;
    static QString valueText(Row::Unit unit, double value);
    [[nodiscard]] QString remarkOf(const Row& row) const;

    [[nodiscard]] QString emptyText() const;
    void showChange();

    QPointer<ProjectSession> m_session;
    std::optional<RunId> m_run;
    bool m_startedElsewhere = false;
    std::vector<Row> m_rows;
    quint64 m_revision = 0;
};

}  // namespace runglass::ui
