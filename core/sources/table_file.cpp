// SPDX-License-Identifier: GPL-3.0-or-later
#include "table_file.h"

#include <algorithm>
#include <cmath>

#include "iso_time.h"
#include "runglass/base/clock.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "stand_in.h"
#include "values.h"

namespace runglass::sources {

namespace {

/// Nobody leaves half a line there for longer than this.
constexpr std::int64_t kQuietNs = 2'000'000'000;
constexpr std::size_t kMostBookmarks = 64;

/// The columns that give step and time, found again whenever there are new columns.
class Axes {
public:
    explicit Axes(const TableRoles& roles)
        : m_roles(roles) {}
    void update(const TableForm& form) {
        if (m_known != form.columns.size()) {
            m_known = form.columns.size();
            m_step = form.find(m_roles.step);
            m_time = form.find(m_roles.time);
        }
    }
    [[nodiscard]] std::int64_t step(const TableForm& form, const TableRow& row) const {
        const auto number = m_step && *m_step < row.cells.size()
                                ? numberIn(row.cells[*m_step], form.separator)
                                : std::nullopt;
        constexpr double kMost = 9e18;
        return number && std::abs(*number) < kMost ? static_cast<std::int64_t>(*number)
                                                   : static_cast<std::int64_t>(row.index);
    }
    [[nodiscard]] std::optional<std::int64_t> time(const TableForm& form, const TableRow& row) const {
        return m_time && *m_time < row.cells.size() ? timeIn(row.cells[*m_time], form.separator)
                                                    : std::nullopt;
    }

private:
    const TableRoles& m_roles;
    std::size_t m_known = 0;
    std::optional<std::size_t> m_step;
    std::optional<std::size_t> m_time;
};

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::optional<std::int64_t> timeIn(std::string_view cell, char separator) {
    constexpr double kLeastMilliseconds = 1e11;  // 1973 in milliseconds, the year 5138 in seconds
    constexpr double kMost = 9e15;
    if (const auto number = numberIn(cell, separator)) {
        const double milliseconds = *number >= kLeastMilliseconds ? *number : *number * 1000;
        return std::abs(milliseconds) < kMost ? std::optional(std::llround(milliseconds)) : std::nullopt;
    }
    return parseIsoTime(cell);
}

class TableFile::Summaries : public TableVisitor {
public:
    explicit Summaries(TableFile& table)
        : m_table(table)
        , m_axes(table.m_roles) {}

    void take(const TableForm& form, const TableRow& row) override {
        m_axes.update(form);
        m_table.m_columns.resize(form.columns.size());
        const auto step = m_axes.step(form, row);
        const auto time = m_axes.time(form, row);
        if (time) {
            m_table.m_firstTimeMs = m_table.m_firstTimeMs ? m_table.m_firstTimeMs : time;
            m_table.m_lastTimeMs = time;
        }
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            takeCell(form, row, i, {step, time.value_or(0), 0});
        }
    }

private:
    void takeCell(const TableForm& form, const TableRow& row, std::size_t index, model::Point point) {
        constexpr std::size_t kMaxParamBytes = 4096;
        const auto cell = row.cells[index];
        if (isMissing(cell)) {
            return;
        }
        auto& column = m_table.m_columns[index];
        if (contains(m_table.m_roles.params, form.columns[index])) {
            column.last = toValidUtf8(cell.substr(0, kMaxParamBytes));
        } else if (const auto number = numberIn(cell, form.separator)) {
            point.value = *number;
            column.summary.add(point);
        } else {
            column.firstText = column.texts == 0 ? row.offset : column.firstText;
            ++column.texts;
        }
    }

    TableFile& m_table;
    Axes m_axes;
};

class TableFile::Points : public TableVisitor {
public:
    Points(const TableRoles& roles, std::string_view metric, std::size_t skip, std::size_t count)
        : m_axes(roles)
        , m_metric(metric)
        , m_skip(skip)
        , m_count(count) {}

    void take(const TableForm& form, const TableRow& row) override {
        m_axes.update(form);
        if (m_known != form.columns.size()) {
            m_known = form.columns.size();
            m_column = form.find(m_metric);
        }
        if (!m_column || *m_column >= row.cells.size() || isMissing(row.cells[*m_column])) {
            return;
        }
        if (const auto number = numberIn(row.cells[*m_column], form.separator)) {
            if (m_count >= m_skip) {
                m_series.push({m_axes.step(form, row), m_axes.time(form, row).value_or(0), *number});
            }
            ++m_count;
        }
    }
    [[nodiscard]] std::size_t count() const { return m_count; }
    [[nodiscard]] model::Series takeSeries() { return std::move(m_series); }

private:
    Axes m_axes;
    std::string m_metric;
    std::size_t m_skip;
    std::size_t m_count;
    std::size_t m_known = 0;
    std::optional<std::size_t> m_column;
    model::Series m_series;
};

/// Where series() stopped: a curve that grows asks for the points after those that it has.
struct TableFile::Bookmark {
    GrowingFile file;
    TableForm form;
    std::size_t points = 0;
};

TableFile::TableFile(std::filesystem::path path, TableKind kind, TableRoles roles)
    : m_file(std::move(path))
    , m_roles(std::move(roles)) {
    m_emptyForm.kind = kind;
    m_form = m_emptyForm;
}

TableFile::~TableFile() = default;

void TableFile::reset() {
    m_form = m_emptyForm;
    m_columns.clear();
    m_firstTimeMs.reset();
    m_lastTimeMs.reset();
    m_damage.clear();
}

bool TableFile::lastLineIsWhole(const GrowingFile& file) const {
    return nowMs() * 1'000'000 - file.stamp().modifiedNs > kQuietNs;
}

Result<bool> TableFile::refresh(const std::stop_token& stop) {
    constexpr std::size_t kHeadBytes = 128;
    const auto change = m_file.refresh();
    if (!change.ok()) {
        const bool news = m_unreadable != change.error().message;
        m_unreadable = change.error().message;
        return news;
    }
    const bool finishes = m_waiting && lastLineIsWhole(m_file);
    if (*change == GrowingFile::Change::None && m_seen && !finishes) {
        return false;
    }
    m_seen = true;
    m_unreadable.reset();
    if (*change == GrowingFile::Change::Rewritten || *change == GrowingFile::Change::Gone) {
        reset();
    }
    if (m_file.consumed() == 0 && m_file.stamp().exists) {
        const auto head = m_file.readAt(0, kHeadBytes);
        m_unreadable = head.ok() ? standInFor(m_file.path(), *head) : head.error().message;
        if (m_unreadable) {
            return true;
        }
    }
    Summaries visitor(*this);
    RUNGLASS_ASSIGN(const auto scan,
                    scanTable(m_file, m_file.consumed(), m_form, visitor, lastLineIsWhole(m_file), stop));
    m_damage.append(scan.damage);
    RUNGLASS_TRY(m_file.consume(scan.end - m_file.consumed()));
    m_waiting = m_file.consumed() < m_file.size();
    return true;
}

bool TableFile::isMetric(std::size_t column) const {
    const auto& name = m_form.columns[column];
    if (m_columns[column].summary.count == 0 || contains(m_roles.params, name)) {
        return false;
    }
    return m_roles.metrics.empty() ? name != m_roles.step && name != m_roles.time
                                   : contains(m_roles.metrics, name);
}

void TableFile::fill(model::RunRecord& record) const {
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const auto& name = m_form.columns[i];
        if (isMetric(i)) {
            record.metrics.push_back({Symbol(name), m_columns[i].summary});
        } else if (!m_columns[i].last.empty()) {
            record.params.push_back({Symbol(name), Symbol(m_columns[i].last)});
        }
    }
    constexpr std::int64_t kLeastUnixMs = 1'000'000'000'000;  // less is time since the start
    if (m_firstTimeMs && *m_firstTimeMs >= kLeastUnixMs) {
        record.startTimeMs = m_firstTimeMs;
        record.endTimeMs = m_lastTimeMs;
    }
}

std::vector<Damage> TableFile::damage() const {
    if (m_unreadable) {
        return {{m_file.path(), 0, 1, *m_unreadable}};
    }
    std::vector<Damage> all = m_damage.entries();
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (isMetric(i) && m_columns[i].texts > 0) {
            all.push_back({m_file.path(), m_columns[i].firstText, m_columns[i].texts,
                           tr("A cell of column {} is not a number.", m_form.columns[i])});
        }
    }
    return all;
}

FileStamp TableFile::stamp() const {
    auto stamp = m_file.stamp();
    if (m_waiting) {
        stamp.modifiedNs = 0;
    }
    return stamp;
}

Result<model::Series> TableFile::series(std::string_view metric, std::size_t from,
                                        const std::stop_token& stop) {
    Bookmark at{GrowingFile(m_file.path()), m_emptyForm, 0};
    if (const auto known = m_bookmarks.find(metric); known != m_bookmarks.end()) {
        const auto change = known->second.file.refresh();
        const bool leadsOn = known->second.points == from && change.ok() &&
                             (*change == GrowingFile::Change::None || *change == GrowingFile::Change::Grown);
        if (leadsOn) {
            at = std::move(known->second);
        }
        m_bookmarks.erase(known);
    }
    RUNGLASS_TRY(at.file.refresh());
    Points points(m_roles, metric, from, at.points);
    RUNGLASS_ASSIGN(const auto scan,
                    scanTable(at.file, at.file.consumed(), at.form, points, lastLineIsWhole(at.file), stop));
    if (points.count() == 0) {
        return Error{ErrorCode::NotFound, tr("There is no metric named {}.", metric), {}};
    }
    RUNGLASS_TRY(at.file.consume(scan.end - at.file.consumed()));
    at.points = points.count();
    if (m_bookmarks.size() == kMostBookmarks) {
        m_bookmarks.clear();
    }
    m_bookmarks.emplace(metric, std::move(at));
    return points.takeSeries();
}

}  // namespace runglass::sources
