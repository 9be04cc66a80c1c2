// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "color_scale_bar.h"
#include "runglass/base/run_id.h"

namespace runglass::ui {

/// One strip above the charts that says what colours, dashes and bands mean. Hidden while colours are by run
/// and every run is drawn by itself.
class CurveLegend final : public QWidget {
    Q_OBJECT
public:
    struct Entry {
        QString text;
        QString remark;  ///< after the text, paler: `n 5`
        QColor color;    ///< invalid: the entry is about dashes
        Qt::PenStyle style = Qt::SolidLine;
        std::vector<RunId> runs;  ///< selected by a click
    };

    explicit CurveLegend(QWidget* parent);
    /// `definition` is what lines and bands are: "mean ± sample standard deviation".
    void setContent(const QString& definition, std::vector<Entry> entries, std::optional<NamedScale> scale);
    [[nodiscard]] QString text() const;
    [[nodiscard]] const std::optional<NamedScale>& scale() const { return m_scale; }

    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void clicked(const std::vector<runglass::RunId>& runs, Qt::KeyboardModifiers modifiers);
    void hovered(const std::vector<runglass::RunId>& runs);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    void paintEntry(QPainter* painter, const Entry& entry, const QRect& rect) const;
    [[nodiscard]] int widthOf(const Entry& entry) const;
    [[nodiscard]] const Entry* entryAt(const QPoint& position) const;

    QString m_definition;
    std::vector<Entry> m_entries;
    std::optional<NamedScale> m_scale;
    struct Place {
        std::size_t entry = 0;
        QRect rect;
    };
    void layOut(int left, const QFontMetrics& metrics);

    std::vector<Place> m_places;  ///< of the entries that have room
};

}  // namespace runglass::ui
