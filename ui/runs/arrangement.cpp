// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/runs/arrangement.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>

#include "run_family.h"
#include "runglass/base/text.h"
#include "runglass/model/start_order.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

using Kind = RunColumn::Kind;

/// A sortable cell: numbers before text, missing values (and NaN) last in either direction.
struct SortKey {
    enum class Rank : std::uint8_t { Number, Text, Missing };
    Rank rank = Rank::Missing;
    double number = 0;
    std::string_view text;
};

SortKey sortKey(const model::RunRecord& run, const RunColumn& column, const CellContext& context) {
    const auto value = cellValue(run, column, context);
    if (const auto* number = std::get_if<double>(&value)) {
        return std::isnan(*number) ? SortKey{} : SortKey{SortKey::Rank::Number, *number, {}};
    }
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        if (column.kind == Kind::Param || column.kind == Kind::Tag) {
            if (const auto number = parseDouble(*text); number && !std::isnan(*number)) {
                return {SortKey::Rank::Number, *number, {}};
            }
        }
        return {SortKey::Rank::Text, 0, *text};
    }
    return {};
}

std::string_view groupText(const model::RunRecord& run, const RunColumn& column, const CellContext& context) {
    if (column.kind == Kind::Status) {
        return model::statusName(run.status);
    }
    const auto value = cellValue(run, column, context);
    const auto* text = std::get_if<std::string_view>(&value);
    return text ? *text : std::string_view();
}

int compare(const SortKey& a, const SortKey& b, bool descending) {
    if (a.rank != b.rank) {
        return a.rank < b.rank ? -1 : 1;
    }
    int order = 0;
    if (a.rank == SortKey::Rank::Number) {
        order = a.number < b.number ? -1 : (a.number > b.number ? 1 : 0);
    } else if (a.rank == SortKey::Rank::Text) {
        order = a.text.compare(b.text);
    }
    return descending ? -order : order;
}

class Arranger {
public:
    Arranger(const model::SharedRunTable& table, const ArrangementRequest& request, std::stop_token stop)
        : m_runs(table->runs)
        , m_request(request)
        , m_stop(std::move(stop))
        , m_result(std::make_shared<Arrangement>()) {
        m_result->table = table;
        m_result->columns = request.columns.empty() ? proposeColumns(*table) : request.columns;
    }

    SharedArrangement run() {
        auto members = filtered();
        sort(members);
        choosePrimaryMetric();
        group(members);
        for (auto& group : m_result->groups) {
            summarise(group);
        }
        listShown();
        describeColumns();
        return m_stop.stop_requested() ? nullptr : m_result;
    }

private:
    const model::RunRecord& record(std::int32_t i) const { return *m_runs[static_cast<std::size_t>(i)]; }
    CellContext context() const { return {m_request.nowMs, m_result->table.get()}; }

    std::vector<std::int32_t> filtered() {
        std::vector<std::int32_t> members;
        members.reserve(m_runs.size());
        for (std::size_t i = 0; i < m_runs.size() && !stopped(i); ++i) {
            const auto& run = *m_runs[i];
            if (run.archived && !m_request.showArchived) {
                continue;
            }
            ++m_result->candidates;
            if (m_request.filter.empty() || m_request.filter.matches(run, m_request.nowMs)) {
                members.push_back(static_cast<std::int32_t>(i));
            }
        }
        m_result->matching = members.size();
        return members;
    }

    // Newest first, and what is equal in the sorted column stays so.
    void sort(std::vector<std::int32_t>& members) const {
        model::sortNewestFirst(
            members, [this](std::int32_t i) -> const auto& { return record(i); });
        if (!m_request.sortBy) {
            return;
        }
        std::vector<SortKey> keys(m_runs.size());
        for (const auto i : members) {
            keys[static_cast<std::size_t>(i)] = sortKey(record(i), *m_request.sortBy, context());
        }
        std::stable_sort(members.begin(), members.end(), [&](std::int32_t a, std::int32_t b) {
            return compare(keys[static_cast<std::size_t>(a)], keys[static_cast<std::size_t>(b)],
                           m_request.descending) < 0;
        });
    }

    void choosePrimaryMetric() {
        if (m_request.sortBy && m_request.sortBy->kind == Kind::Metric) {
            m_result->primaryMetric = m_request.sortBy;
            return;
        }
        const auto& columns = m_result->columns;
        const auto found = std::find_if(columns.begin(), columns.end(),
                                        [](const RunColumn& column) { return column.kind == Kind::Metric; });
        if (found != columns.end()) {
            m_result->primaryMetric = *found;
        }
    }

    void group(std::vector<std::int32_t>& members) {
        if (!m_request.groupBy) {
            m_result->groups.push_back({{}, {}, std::move(members), {}, -1});
            return;
        }
        m_result->grouped = true;
        std::optional<RunFamilies> families;
        if (m_request.groupBy->kind == Kind::Parent) {
            families.emplace(*m_result->table);
        }
        std::unordered_map<std::string, std::size_t> groupOf;
        std::vector<SortKey> keys;
        std::vector<std::int64_t> newest;
        for (const auto i : members) {
            const auto start = model::startOrder(record(i));
            const auto family = families ? families->of(record(i)) : std::nullopt;
            const auto text = families ? (family ? family->hex() : std::string())
                                       : std::string(groupText(record(i), *m_request.groupBy, context()));
            const auto [it, isNew] = groupOf.try_emplace(text, keys.size());
            if (isNew) {
                keys.push_back(families ? familyKey(family)
                                        : sortKey(record(i), *m_request.groupBy, context()));
                newest.push_back(start);
                const auto key = projectText(text);
                m_result->groups.push_back({key, families ? familyTitle(family) : key, {}, {}, -1});
            }
            auto& group = m_result->groups[it->second].members;
            const bool leads = family == record(i).id;  // nested runs are below the run that they are in
            group.insert(leads ? group.begin() : group.end(), i);
            newest[it->second] = std::max(newest[it->second], start);
        }
        orderGroups(keys, newest);
    }

    static SortKey familyKey(const std::optional<RunId>& family) {
        return {family ? SortKey::Rank::Text : SortKey::Rank::Missing, 0, {}};
    }

    QString familyTitle(const std::optional<RunId>& family) const {
        if (!family) {
            return QCoreApplication::translate("RunTable", "Not nested");
        }
        const auto* top = m_result->table->find(*family);
        return projectText(top && !top->name.empty() ? top->name : family->shortHex());
    }

    // Experiments and families by their newest run, the values of a param or tag by value.
    void orderGroups(const std::vector<SortKey>& keys, const std::vector<std::int64_t>& newest) {
        std::vector<std::size_t> order(keys.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            order[i] = i;
        }
        const auto kind = m_request.groupBy->kind;
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            const int byKey = kind == Kind::Experiment ? 0 : compare(keys[a], keys[b], false);
            const bool byTime = kind == Kind::Experiment || kind == Kind::Parent;
            return byKey != 0 ? byKey < 0 : byTime && newest[a] > newest[b];
        });
        std::vector<RunGroup> sorted;
        for (const auto i : order) {
            sorted.push_back(std::move(m_result->groups[i]));
        }
        m_result->groups = std::move(sorted);
    }

    void summarise(RunGroup& group) const {
        if (!m_result->primaryMetric) {
            return;
        }
        const auto goal = model::goalOf(m_result->primaryMetric->key.text());
        auto& statistics = group.statistics;
        double squares = 0;  // Welford's running sum of squared differences
        for (const auto i : group.members) {
            const auto cell = cellValue(record(i), *m_result->primaryMetric, context());
            const auto* value = std::get_if<double>(&cell);
            if (!value || !std::isfinite(*value)) {
                continue;
            }
            ++statistics.n;
            const double difference = *value - statistics.mean;
            statistics.mean += difference / static_cast<double>(statistics.n);
            squares += difference * (*value - statistics.mean);
            const bool better =
                !statistics.best ||
                (goal == model::Goal::Minimize ? *value < *statistics.best : *value > *statistics.best);
            if (goal != model::Goal::Unknown && better) {
                statistics.best = *value;
                group.bestMember = i;
            }
        }
        statistics.deviation =
            statistics.n > 1 ? std::sqrt(squares / static_cast<double>(statistics.n - 1)) : 0;
    }

    void listShown() {
        m_result->shown.reserve(m_result->matching);
        for (const auto& group : m_result->groups) {
            for (const auto i : group.members) {
                m_result->shown.push_back(record(i).id);
            }
        }
    }

    void describeColumns() {
        for (const auto& column : m_result->columns) {
            m_result->formats.push_back(formatOf(column));
        }
    }

    ColumnFormat formatOf(const RunColumn& column) const {
        if (column.kind == Kind::Metric) {
            const auto chosen = m_request.decimals.constFind(column.toText());
            return {chosen == m_request.decimals.constEnd() ? decimalsOf(column) : *chosen, true};
        }
        const bool written = column.kind == Kind::Param || column.kind == Kind::Tag;
        return {0, column.numeric() || (written && onlyNumbers(column))};
    }

    bool onlyNumbers(const RunColumn& column) const {
        bool any = false;
        for (const auto& group : m_result->groups) {
            for (const auto i : group.members) {
                const auto rank = sortKey(record(i), column, context()).rank;
                if (rank == SortKey::Rank::Text) {
                    return false;
                }
                any = any || rank == SortKey::Rank::Number;
            }
        }
        return any;
    }

    int decimalsOf(const RunColumn& column) const {
        double largest = 0;
        bool whole = true;
        for (const auto& group : m_result->groups) {
            for (const auto i : group.members) {
                const auto cell = cellValue(record(i), column, context());
                const auto* value = std::get_if<double>(&cell);
                if (value && std::isfinite(*value) && std::abs(*value) < 1e6) {
                    largest = std::max(largest, std::abs(*value));
                    whole = whole && *value == std::floor(*value);
                }
            }
        }
        return whole && largest > 1 ? 0 : metricDecimals(largest);
    }

    bool stopped(std::size_t i) const { return i % 4096 == 0 && m_stop.stop_requested(); }

    const model::RunList& m_runs;
    const ArrangementRequest& m_request;
    std::stop_token m_stop;
    std::shared_ptr<Arrangement> m_result;
};

}  // namespace

SharedArrangement arrange(const model::SharedRunTable& table, const ArrangementRequest& request,
                          std::stop_token stop) {
    return Arranger(table, request, std::move(stop)).run();
}

}  // namespace runglass::ui
