// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QImage>
#include <QWidget>
#include <optional>
#include <vector>

#include "runglass/model/media.h"

namespace runglass::ui {

/// The histogram of one step.
struct HistogramStep {
    std::int64_t step = 0;
    std::vector<model::HistogramBucket> buckets;
};

/// Densities of histograms with any buckets over one even grid: the count of a bucket spread evenly over its
/// width, divided by all counts. A bucket without width lies in the cell that it is in.
std::vector<double> densities(const std::vector<model::HistogramBucket>& buckets, double lower, double upper,
                              std::size_t cells);

/// Histograms of one run over its steps: as ridges, newest in front, or as a heat map with the step to the
/// right.
class HistogramView final : public QWidget {
    Q_OBJECT
public:
    enum class Form { Ridge, HeatMap };
    explicit HistogramView(QWidget* parent = nullptr);

    struct Range {
        double lower = 0;
        double upper = 1;
        friend bool operator==(const Range&, const Range&) = default;
    };

    void setSteps(std::vector<HistogramStep> steps, const QColor& color);
    /// Of the values in its histograms; nothing where there are none.
    [[nodiscard]] std::optional<Range> valueRange() const;
    /// The values along the axis, which histograms that are compared have in common.
    void setRange(const Range& range);
    [[nodiscard]] const Range& range() const { return m_range; }
    void setForm(Form form);
    /// The step that is looked at.
    void setCurrent(std::int64_t step);

    [[nodiscard]] QSize sizeHint() const override { return {300, 200}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QRectF plotArea() const;
    void prepare();
    void paintScale(QPainter* painter, const QRectF& area) const;
    void paintRidges(QPainter* painter, const QRectF& area) const;
    void paintHeatMap(QPainter* painter, const QRectF& area) const;
    void paintAxes(QPainter* painter, const QRectF& area) const;
    [[nodiscard]] std::optional<std::size_t> current() const;

    std::vector<HistogramStep> m_steps;
    std::vector<std::vector<double>> m_densities;  ///< by step, over kCells
    double m_most = 0;
    Range m_range;
    QColor m_color;
    Form m_form = Form::Ridge;
    std::int64_t m_current = 0;
};

}  // namespace runglass::ui
