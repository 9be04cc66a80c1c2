// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_data.h"

#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

// Series arrive one by one; waiting this long makes one drawing of those that come together.
constexpr int kGatherMs = 15;

}  // namespace

DrawnCurve drawnCurve(const ProjectSession& session, const model::RunRecord& run, SharedCurve curve) {
    const int index = session.colorIndex(run.id);
    DrawnCurve drawn;
    drawn.run = run.id;
    drawn.name = projectText(run.name.empty() ? run.id.shortHex() : run.name);
    drawn.color = run.color ? QColor::fromRgb(*run.color) : Theme::current().seriesColor(index);
    drawn.style = Theme::current().seriesPenStyle(index);
    drawn.live = run.status == model::RunStatus::Running;
    drawn.curve = std::move(curve);
    return drawn;
}

ChartData::ChartData(ProjectSession* session, Symbol metric, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_metric(metric) {
    m_buildTimer.setSingleShot(true);
    m_buildTimer.setInterval(kGatherMs);
    connect(&m_buildTimer, &QTimer::timeout, this, &ChartData::build);
}

void ChartData::setSettings(const ChartSettings& settings) {
    const bool rebuild = settings.x != m_settings.x || settings.smoothing != m_settings.smoothing ||
                         settings.logY != m_settings.logY;
    m_settings = settings;
    if (rebuild) {
        for (auto& [id, entry] : m_entries) {
            entry.stale = true;
        }
        build();  // what is on screen stays until then, with its own axes
    } else {
        m_built.robustY = settings.robustY;
        m_built.logX = settings.logX;
        present();
    }
}

std::vector<RunId> ChartData::wanted() const {
    std::vector<RunId> ids;
    for (const auto& id : m_session->plotted()) {
        const auto run = m_session->run(id);
        if (run && run->metric(m_metric)) {
            ids.push_back(id);
        }
    }
    return ids;
}

void ChartData::refresh() {
    m_order = wanted();
    std::unordered_map<RunId, Entry> kept;
    for (const auto& id : m_order) {
        auto found = m_entries.find(id);
        auto& entry = kept[id];
        if (found != m_entries.end()) {
            entry = std::move(found->second);
        }
        entry.run = m_session->run(id);
    }
    m_entries = std::move(kept);
    for (const auto& id : m_order) {
        auto& entry = m_entries[id];
        const bool complete = entry.series && entry.series->size() == entry.run->metric(m_metric)->count;
        if (complete || entry.asked) {
            continue;
        }
        entry.asked = true;
        m_session->requestSeries(id, m_metric, this, [this, id](const Result<model::SharedSeries>& series) {
            const auto found = m_entries.find(id);
            if (found == m_entries.end()) {
                return;
            }
            found->second.asked = false;
            if (series && *series && found->second.series != *series) {
                found->second.series = *series;
                found->second.stale = true;
                if (!m_buildTimer.isActive()) {
                    m_buildTimer.start();
                }
            }
        });
    }
    present();
}

void ChartData::build() {
    struct Order {
        RunId id;
        model::SharedSeries series;
        std::optional<std::int64_t> startMs;
    };
    std::vector<Order> orders;
    for (const auto& id : m_order) {
        const auto& entry = m_entries[id];
        if (entry.series && entry.stale) {
            orders.push_back({id, entry.series, entry.run->startTimeMs});
        }
    }
    if (orders.empty()) {
        m_built = m_settings;
        present();
        return;
    }
    using Built = std::vector<std::pair<RunId, SharedCurve>>;
    m_buildJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [orders = std::move(orders), settings = m_settings](jobs::JobContext& context) {
            Built built;
            for (const auto& order : orders) {
                if (context.stop.stop_requested()) {
                    break;
                }
                built.emplace_back(order.id, makeCurve(order.series, settings, order.startMs));
            }
            return built;
        },
        [this, settings = m_settings](const Built& built) {
            m_built = settings;
            for (const auto& [id, curve] : built) {
                const auto found = m_entries.find(id);
                if (found != m_entries.end() && found->second.series == curve->series) {
                    found->second.curve = curve;
                    found->second.stale = false;
                }
            }
            present();
        });
}

void ChartData::present() {
    std::vector<DrawnCurve> drawn;
    for (const auto& id : m_order) {
        const auto& entry = m_entries[id];
        if (entry.curve) {
            drawn.push_back(drawnCurve(*m_session, *entry.run, entry.curve));
        }
    }
    Q_EMIT curvesReady(drawn, m_built);
    updateRobustLimits();
}

void ChartData::setXRange(double lower, double upper) {
    if (lower != m_lowerX || upper != m_upperX) {
        m_lowerX = lower;
        m_upperX = upper;
        updateRobustLimits();
    }
}

void ChartData::updateRobustLimits() {
    if (!m_settings.robustY) {
        return;
    }
    std::vector<SharedCurve> curves;
    for (const auto& [id, entry] : m_entries) {
        if (entry.curve) {
            curves.push_back(entry.curve);
        }
    }
    m_robustJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [curves = std::move(curves), lower = m_lowerX, upper = m_upperX](jobs::JobContext&) {
            return robustExtent(curves, lower, upper);
        },
        [this](const series::Extent& limits) { Q_EMIT robustLimitsReady(limits); });
}

}  // namespace runglass::ui
