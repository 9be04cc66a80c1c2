// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>
#include <QWidget>
#include <optional>
#include <vector>

namespace runglass::ui {

/// The values at the bottom and at the top.
struct SparklineRange {
    double low = 0;
    double high = 0;
};

/// A curve without axes in `rect`, scaled to `range`, else to its finite values; gaps where a value is not
/// finite.
void paintSparkline(QPainter* painter, const QRectF& rect, const std::vector<double>& values,
                    const QColor& color, std::optional<SparklineRange> range = {});

class Sparkline : public QWidget {
    Q_OBJECT
public:
    explicit Sparkline(QWidget* parent = nullptr);
    void setValues(std::vector<double> values, const QColor& color);
    [[nodiscard]] QSize sizeHint() const override { return {64, 18}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<double> m_values;
    QColor m_color;
};

}  // namespace runglass::ui
