// SPDX-License-Identifier: GPL-3.0-or-later
#include "dvc_plots.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "dvc_table.h"
#include "runglass/base/translate.h"
#include "stand_in.h"

namespace runglass::sources {
namespace {

constexpr std::size_t kMaxFileBytes = 16U << 20U;
constexpr std::size_t kMaxBytes = 64U << 20U;  // of all plots of a state
constexpr std::size_t kMostSeries = 2'000;

/// A column that becomes a series.
struct PlotSeries {
    std::string path;
    std::string column;
    model::Series points;
};

/// One file of a plot with what is asked of it.
struct Wanted {
    std::string path;
    std::vector<std::string> columns;
    const DvcPlot* plot = nullptr;
};

/// Counts of things in classes, and bars with a name each: no series.
bool isOfCategories(const DvcPlot& plot) {
    return plot.view.starts_with("confusion") || plot.view.starts_with("bar_");
}

bool isWhole(const DvcTable::Column& column) {
    constexpr double kMost = 9e15;
    for (std::size_t row = 0; row < column.values.size(); ++row) {
        const double value = column.values[row];
        if (column.has(row) && !(std::abs(value) < kMost && value == std::floor(value))) {
            return false;
        }
    }
    return column.numbers > 0;
}

/// The last two parts of a path without its extension, and so on: what tells files apart.
std::string tailOf(std::string_view path, std::size_t parts) {
    const auto dot = path.rfind('.');
    path = path.substr(0, dot);
    auto start = path.size();
    for (std::size_t i = 0; i < parts && start != 0 && start != std::string_view::npos; ++i) {
        start = start == 0 ? 0 : path.rfind('/', start - 1);
    }
    return std::string(start == std::string_view::npos ? path
                       : path[start] == '/'            ? path.substr(start + 1)
                                                       : path.substr(start));
}

/// `train/loss` for the column `loss` of `train/loss.tsv`, `train/tpr` for `tpr` of it.
std::string nameOf(const PlotSeries& series, std::size_t parts) {
    if (parts == 0) {
        return series.column;
    }
    const auto tail = tailOf(series.path, parts);
    const bool ends = tail == series.column || tail.ends_with('/' + series.column);
    return ends ? tailOf(series.path, parts + 1) : tail + '/' + series.column;
}

class PlotReader {
public:
    PlotReader(DvcState& state, const DvcFiles& files, const DvcCache& cache,
               const std::vector<std::string>& liveFolders)
        : m_state(state)
        , m_files(files)
        , m_cache(cache)
        , m_liveFolders(liveFolders) {}

    void read() {
        for (const auto& plot : m_state.pipeline.plots) {
            for (const auto& fields : plot.y) {
                for (auto& path : filesOf(fields.path)) {
                    take({std::move(path), fields.columns, &plot});
                }
            }
        }
        for (const auto& [out, count] : m_missing) {
            m_state.damage.push_back(
                {out, 0, count, tr("A plot is neither in git nor in DVC's cache. Fetch it: dvc pull")});
        }
        const auto& damage = m_damage.entries();
        m_state.damage.insert(m_state.damage.end(), damage.begin(), damage.end());
        publish();
    }

private:
    /// The file itself, or those in a folder.
    [[nodiscard]] std::vector<std::string> filesOf(const std::string& path) {
        if (isDvcTable(path)) {
            return {path};
        }
        auto found = dvcFilesBelow(m_files, path);
        m_listed.insert(found.begin(), found.end());
        if (const auto* const out = found.empty() ? m_state.pipeline.outputAround(path) : nullptr) {
            for (const auto& [name, md5] : m_cache.filesOf(out->md5)) {
                const auto inside = dvcPath(out->path, name);
                if (inside && inside->starts_with(path + '/')) {
                    found.push_back(*inside);
                }
            }
            if (found.empty()) {
                return {path};  // an image, or what is not to be had
            }
        }
        return found.empty() ? std::vector{path} : found;
    }
    [[nodiscard]] bool isLive(const std::string& path) const {
        return std::any_of(m_liveFolders.begin(), m_liveFolders.end(), [&](const std::string& folder) {
            return path.starts_with(folder + "plots/metrics/") || path.starts_with(folder + "plots/scalars/");
        });
    }

    void take(const Wanted& wanted) {
        if (isLive(wanted.path)) {
            return;
        }
        const auto* const table = tableOf(wanted.path, wanted.plot->header);
        if (table == nullptr || isOfCategories(*wanted.plot)) {
            return;
        }
        const auto x = xOf(wanted, *table);
        for (const auto* const column : columnsOf(wanted, *table, x)) {
            addSeries(wanted.path, *column, *table, x);
        }
    }

    /// Read once, whatever plots are of it.
    const DvcTable* tableOf(const std::string& path, bool header) {
        const auto known = m_tables.find(path);
        if (known != m_tables.end()) {
            return known->second.rows > 0 ? &known->second : nullptr;
        }
        auto& table = m_tables[path];
        const auto content = isDvcTable(path) ? dvcContent(m_state.pipeline, m_files, m_cache, path)
                                              : std::nullopt;  // a picture, which is not read
        if (!content && !hasPicture(path)) {
            if (const auto* const out = m_state.pipeline.outputAround(path)) {
                ++m_missing[out->path];
                m_state.missesCache = true;
            }
            return nullptr;
        }
        m_state.plotFiles.push_back(path);
        if (!content) {
            return nullptr;
        }
        m_bytes += content->size();
        if (isLfsPointer(*content)) {
            m_damage.add(path, 0, lfsPointerReason());
        } else if (content->size() > kMaxFileBytes || m_bytes > kMaxBytes) {
            m_damage.add(path, 0,
                         tr("The plots are too large: {} MiB each and {} MiB together are read.",
                            kMaxFileBytes >> 20U, kMaxBytes >> 20U));
        } else {
            table = readDvcTable(path, *content, header, m_files.mayGrow(path), m_damage);
        }
        return table.rows > 0 ? &table : nullptr;
    }

    [[nodiscard]] bool hasPicture(const std::string& path) const {
        if (isDvcTable(path)) {
            return false;
        }
        if (m_listed.contains(path) || m_files.has(path)) {
            return true;
        }
        const auto digest = dvcDigest(m_state.pipeline, m_cache, path);
        return digest && m_cache.open(*digest).ok();
    }

    /// The column of steps; one that is named and is none is a series like the others.
    struct Axis {
        const DvcTable::Column* steps = nullptr;
        const DvcTable::Column* other = nullptr;
        const DvcTable::Column* times = nullptr;
    };
    Axis xOf(const Wanted& wanted, const DvcTable& table) {
        Axis axis;
        axis.times = table.find("timestamp");
        const auto& plot = *wanted.plot;
        const DvcTable::Column* named = nullptr;
        if (!plot.xColumn.empty()) {
            named = table.find(plot.xColumn);
            if (named == nullptr) {
                misses(wanted.path, plot.xColumn);
            }
        }
        for (const auto& fields : plot.x) {
            // With one x for all, or one for each y in turn; taken from its own file.
            const bool ofThis = fields.path == wanted.path || plot.x.size() == 1;
            const auto* const source =
                ofThis && !fields.columns.empty() ? tableOf(fields.path, plot.header) : nullptr;
            if (source != nullptr && (source == &table || source->rows == table.rows)) {
                named = source->find(fields.columns.front());
            }
        }
        if (named == nullptr) {
            named = table.find("step") != nullptr ? table.find("step") : table.find("epoch");
        }
        if (named != nullptr) {
            (isWhole(*named) ? axis.steps : axis.other) = named;
        }
        return axis;
    }
    std::vector<const DvcTable::Column*> columnsOf(const Wanted& wanted, const DvcTable& table,
                                                   const Axis& axis) {
        std::vector<const DvcTable::Column*> columns;
        for (const auto& name : wanted.columns) {
            const auto* const column = table.find(name);
            column != nullptr ? columns.push_back(column) : misses(wanted.path, name);
        }
        if (wanted.columns.empty()) {
            for (const auto& column : table.columns) {
                columns.push_back(&column);
            }
        } else if (axis.other != nullptr) {
            columns.push_back(axis.other);
        }
        std::erase_if(columns, [&](const auto* column) {
            return column == axis.steps || column == axis.times || column->numbers == 0;
        });
        return columns;
    }
    void misses(const std::string& path, const std::string& column) {
        m_damage.add(path, 0, tr("There is no column {}, which dvc.yaml asks for.", column));
    }

    void addSeries(const std::string& path, const DvcTable::Column& column, const DvcTable& table,
                   const Axis& axis) {
        const bool known = std::any_of(m_series.begin(), m_series.end(), [&](const PlotSeries& one) {
            return one.path == path && one.column == column.name;
        });
        if (known || m_series.size() >= kMostSeries) {
            return;
        }
        for (std::uint64_t i = 0; i < column.texts; ++i) {
            m_damage.add(path, column.firstText, tr("A cell of column {} is not a number.", column.name));
        }
        auto& series = m_series.emplace_back();
        series.path = path;
        series.column = column.name;
        for (std::size_t row = 0; row < table.rows; ++row) {
            if (column.has(row)) {
                const bool stepped = axis.steps != nullptr && axis.steps->has(row);
                series.points.push({stepped ? static_cast<std::int64_t>(axis.steps->values[row])
                                            : static_cast<std::int64_t>(row),
                                    timeOf(axis, row), column.values[row]});
            }
        }
    }
    /// As DVCLive writes them, in milliseconds.
    static std::int64_t timeOf(const Axis& axis, std::size_t row) {
        constexpr double kLeast = 1e11;
        constexpr double kMost = 9e15;
        const double time = axis.times != nullptr && axis.times->has(row) ? axis.times->values[row] : 0;
        return time >= kLeast && time < kMost ? static_cast<std::int64_t>(time) : 0;
    }

    /// Gives every series its name.
    void publish() {
        constexpr std::size_t kDeepest = 16;
        std::map<std::string, std::size_t> ofName;
        std::vector<std::size_t> parts(m_series.size(), 0);
        for (std::size_t round = 0; round < kDeepest; ++round) {
            ofName.clear();
            for (std::size_t i = 0; i < m_series.size(); ++i) {
                ++ofName[nameOf(m_series[i], parts[i])];
            }
            for (std::size_t i = 0; i < m_series.size(); ++i) {
                parts[i] += ofName[nameOf(m_series[i], parts[i])] > 1 ? 1 : 0;
            }
        }
        for (std::size_t i = 0; i < m_series.size(); ++i) {
            put(std::move(m_series[i]), parts[i]);
        }
    }
    void put(PlotSeries&& series, std::size_t parts) {
        const auto key = nameOf(series, parts);
        const auto value = std::find_if(m_state.metrics.begin(), m_state.metrics.end(),
                                        [&](const DvcMetric& metric) { return metric.key == key; });
        if (value == m_state.metrics.end()) {
            m_state.metrics.push_back({key, std::move(series.points)});
            return;
        }
        if (value->points.size() == 1 && value->points.values.back() == series.points.values.back()) {
            value->points = std::move(series.points);
            return;
        }
        for (const auto& other : {nameOf(series, parts + 1), series.path + ':' + series.column}) {
            if (!m_state.hasMetric(other)) {
                m_state.metrics.push_back({other, std::move(series.points)});
                return;
            }
        }
    }

    DvcState& m_state;
    const DvcFiles& m_files;
    const DvcCache& m_cache;
    const std::vector<std::string>& m_liveFolders;
    std::map<std::string, DvcTable> m_tables;
    std::set<std::string> m_listed;                  ///< files that were seen in folders
    std::map<std::string, std::uint64_t> m_missing;  ///< by the output that they are of
    DamageList m_damage;
    std::vector<PlotSeries> m_series;
    std::size_t m_bytes = 0;
};

}  // namespace

void addDvcPlots(DvcState& state, const DvcFiles& files, const DvcCache& cache,
                 const std::vector<std::string>& liveFolders) {
    PlotReader(state, files, cache, liveFolders).read();
}

}  // namespace runglass::sources
