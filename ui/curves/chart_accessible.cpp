// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_accessible.h"

#include <QAccessibleWidget>

#include "chart_plot.h"
#include "runglass/ui/widgets/format.h"
#include "x_axis_text.h"

namespace runglass::ui {

namespace {

constexpr std::size_t kMostRuns = 20;  // in the value: more is for the table
constexpr QLatin1String kTableAction("showValues");

/// A chart as a graphic with words (QAccessible::Chart).
class ChartAccessible final : public QAccessibleWidget {
public:
    explicit ChartAccessible(ChartPlot* plot)
        : QAccessibleWidget(plot, QAccessible::Chart)
        , m_plot(plot) {}

    [[nodiscard]] QString text(QAccessible::Text kind) const override {
        return kind == QAccessible::Value ? lastValues() : QAccessibleWidget::text(kind);
    }
    [[nodiscard]] QStringList actionNames() const override {
        return QStringList{kTableAction} + QAccessibleWidget::actionNames();
    }
    [[nodiscard]] QString localizedActionName(const QString& name) const override {
        return name == kTableAction ? ChartPlot::tr("Values as a table")
                                    : QAccessibleWidget::localizedActionName(name);
    }
    void doAction(const QString& name) override {
        if (name == kTableAction) {
            Q_EMIT m_plot->valuesRequested();
        } else {
            QAccessibleWidget::doAction(name);
        }
    }

private:
    // "cnn s1 step 4 000: 0.0312; …"
    [[nodiscard]] QString lastValues() const {
        QStringList parts;
        const auto& curves = m_plot->curves();
        for (std::size_t i = 0; i < std::min(curves.size(), kMostRuns); ++i) {
            const auto& curve = *curves[i].curve;
            if (!curve.empty()) {
                const auto last = curve.segments.back().end - 1;
                parts << ChartPlot::tr("%1 %2: %3")
                             .arg(curves[i].name, textOfX(m_plot->settings(), curve.xs[last]),
                                  formatMetric(curve.main().ys[last]));
            }
        }
        if (curves.size() > kMostRuns) {
            parts << ChartPlot::tr("and %1 more").arg(curves.size() - kMostRuns);
        }
        return parts.join(QStringLiteral("; "));
    }

    ChartPlot* m_plot;
};

QAccessibleInterface* makeInterface(const QString& key, QObject* object) {
    Q_UNUSED(key);
    auto* plot = qobject_cast<ChartPlot*>(object);
    return plot ? new ChartAccessible(plot) : nullptr;
}

}  // namespace

void installChartAccessibility() {
    static const bool installed = [] {
        QAccessible::installFactory(makeInterface);
        return true;
    }();
    Q_UNUSED(installed);
}

}  // namespace runglass::ui
