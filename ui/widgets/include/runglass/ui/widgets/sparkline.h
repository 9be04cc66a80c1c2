// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>
#include <QWidget>
#include <vector>

namespace runglass::ui {

/// A curve without axes in `rect`, scaled to its finite values; gaps where a value is not finite.
void paintSparkline(QPainter* painter, const QRectF& rect, const std::vector<double>& values,
                    const QColor& color);

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
