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

/// A last line without its end is spoken of after this time. Who writes line by line is done with it then;
/// who fills a buffer first (Python's is 8 KiB) may leave half a line there until the buffer is full again.
constexpr std::int64_t kQuietNs = 2'000'000'000;
/// After this one it is taken for a line whose end was forgotten: many programs write none at the end.
constexpr std::int64_t kSettledNs = 3'600'000'000'000;
constexpr std::size_t kMostBookmarks = 64;
constexpr std::size_t kMostRuns = 10'000;  // in one table

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
            m_run = form.find(m_roles.run);
        }
    }
    /// The key of the run that the row is of; nothing where the row does not tell.
    [[nodiscard]] std::optional<std::string_view> run(const TableRow& row) const {
        if (m_roles.run.empty()) {
            return std::string_view();
        }
        const bool told = m_run && *m_run < row.cells.size() && !isMissing(row.cells[*m_run]);
        return told ? std::optional(row.cells[*m_run].substr(0, kMaxKeyBytes)) : std::nullopt;
    }
    /// `index` is that of the row among those of its run.
    [[nodiscard]] std::int64_t step(const TableForm& form, const TableRow& row, std::uint64_t index) const {
        const auto number = m_step && *m_step < row.cells.size()
                                ? numberIn(row.cells[*m_step], form.separator)
                                : std::nullopt;
        constexpr double kMost = 9e18;
        return number && std::abs(*number) < kMost ? static_cast<std::int64_t>(*number)
                                                   : static_cast<std::int64_t>(index);
    }
    [[nodiscard]] std::optional<std::int64_t> time(const TableForm& form, const TableRow& row) const {
        return m_time && *m_time < row.cells.size() ? timeIn(row.cells[*m_time], form.separator)
                                                    : std::nullopt;
    }

private:
    static constexpr std::size_t kMaxKeyBytes = 1024;

    const TableRoles& m_roles;
    std::size_t m_known = 0;
    std::optional<std::size_t> m_run;
    std::optional<std::size_t> m_step;
    std::optional<std::size_t> m_time;
};

bool isQuiet(const GrowingFile& file, std::int64_t forNs) {
    return nowMs() * 1'000'000 - file.stamp().modifiedNs > forNs;
}

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
        Rows* const rows = rowsOf(m_axes.run(row));
        if (rows == nullptr) {
            ++m_table.m_rowsLeftOut;
            return;
        }
        rows->columns.resize(form.columns.size());
        const auto step = m_axes.step(form, row, rows->count++);
        const auto time = m_axes.time(form, row);
        if (time) {
            rows->firstTimeMs = rows->firstTimeMs ? rows->firstTimeMs : time;
            rows->lastTimeMs = time;
        }
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            takeCell(form, row, i, {step, time.value_or(0), 0}, rows->columns[i]);
        }
    }

private:
    Rows* rowsOf(const std::optional<std::string_view>& run) {
        if (!run) {
            return nullptr;
        }
        const auto known = m_table.m_runs.find(*run);
        if (known != m_table.m_runs.end()) {
            return &known->second;
        }
        return m_table.m_runs.size() < kMostRuns ? &m_table.m_runs[std::string(*run)] : nullptr;
    }

    void takeCell(const TableForm& form, const TableRow& row, std::size_t index, model::Point point,
                  Column& column) const {
        constexpr std::size_t kMaxParamBytes = 4096;
        const auto cell = row.cells[index];
        if (isMissing(cell)) {
            return;
        }
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
    Points(const TableRoles& roles, std::string_view run, std::string_view metric, std::size_t skip,
           std::size_t count, std::uint64_t rows)
        : m_axes(roles)
        , m_run(run)
        , m_metric(metric)
        , m_skip(skip)
        , m_count(count)
        , m_rows(rows) {}

    void take(const TableForm& form, const TableRow& row) override {
        m_axes.update(form);
        if (m_known != form.columns.size()) {
            m_known = form.columns.size();
            m_column = form.find(m_metric);
        }
        if (m_axes.run(row) != std::optional<std::string_view>(m_run)) {
            return;
        }
        const auto index = m_rows++;
        if (!m_column || *m_column >= row.cells.size() || isMissing(row.cells[*m_column])) {
            return;
        }
        if (const auto number = numberIn(row.cells[*m_column], form.separator)) {
            if (m_count >= m_skip) {
                m_series.push({m_axes.step(form, row, index), m_axes.time(form, row).value_or(0), *number});
            }
            ++m_count;
        }
    }
    [[nodiscard]] std::size_t count() const { return m_count; }
    [[nodiscard]] std::uint64_t rows() const { return m_rows; }
    [[nodiscard]] model::Series takeSeries() { return std::move(m_series); }

private:
    Axes m_axes;
    std::string m_run;
    std::string m_metric;
    std::size_t m_skip;
    std::size_t m_count;
    std::uint64_t m_rows;
    std::size_t m_known = 0;
    std::optional<std::size_t> m_column;
    model::Series m_series;
};

/// Where series() stopped: a curve that grows asks for the points after those that it has.
struct TableFile::Bookmark {
    GrowingFile file;
    TableForm form;
    std::size_t points = 0;
    std::uint64_t rows = 0;
};

TableFile::TableFile(std::filesystem::path path, TableKind kind, TableRoles roles)
    : m_file(std::move(path))
    , m_roles(std::move(roles)) {
    m_emptyForm.kind = kind;
    m_form = m_emptyForm;
}

TableFile::~TableFile() = default;

void TableFile::startAgain() {
    m_file.startAgain();
    m_form = m_emptyForm;
    m_runs.clear();
    m_rowsLeftOut = 0;
    m_damage.clear();
    m_unfinished.reset();
}

Result<bool> TableFile::refresh(const std::stop_token& stop) {
    constexpr std::size_t kHeadBytes = 128;
    const auto change = m_file.refresh();
    if (!change.ok()) {
        const bool news = m_unreadable != change.error().message;
        m_unreadable = change.error().message;
        return news;
    }
    const bool settled = isQuiet(m_file, kSettledNs);
    if (*change == GrowingFile::Change::None && m_seen && !(m_waiting && settled && !m_settled)) {
        const bool speaks = m_waiting && !m_speaks && isQuiet(m_file, kQuietNs);
        m_speaks = m_speaks || speaks;
        return speaks;
    }
    m_seen = true;
    m_unreadable.reset();
    if (*change == GrowingFile::Change::Rewritten || *change == GrowingFile::Change::Gone || m_unfinished) {
        startAgain();  // the row that was taken without its end goes on
    }
    if (m_file.consumed() == 0 && m_file.stamp().exists) {
        const auto head = m_file.readAt(0, kHeadBytes);
        m_unreadable = head.ok() ? standInFor(m_file.path(), *head) : head.error().message;
        if (m_unreadable) {
            return true;
        }
    }
    Summaries visitor(*this);
    RUNGLASS_ASSIGN(const auto scan, scanTable(m_file, m_file.consumed(), m_form, visitor, settled, stop));
    m_damage.append(scan.damage);
    m_unfinished = scan.unfinished;
    RUNGLASS_TRY(m_file.consume(scan.end - m_file.consumed()));
    m_waiting = m_file.consumed() < m_file.size() && !scan.onlyHeader;
    m_settled = settled;
    m_speaks = m_waiting && isQuiet(m_file, kQuietNs);
    return true;
}

bool TableFile::isMetric(const Rows& rows, std::size_t column) const {
    const auto& name = m_form.columns[column];
    if (rows.columns[column].summary.count == 0 || name == m_roles.run || contains(m_roles.params, name)) {
        return false;
    }
    return m_roles.metrics.empty() ? name != m_roles.step && name != m_roles.time
                                   : contains(m_roles.metrics, name);
}

std::vector<std::string> TableFile::runs() const {
    std::vector<std::string> keys;
    for (const auto& [key, rows] : m_runs) {
        keys.push_back(key);
    }
    return keys.empty() ? std::vector<std::string>(1) : keys;
}

void TableFile::fill(std::string_view run, model::RunRecord& record) const {
    const auto found = m_runs.find(run);
    if (found == m_runs.end()) {
        return;
    }
    const Rows& rows = found->second;
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
        const auto& name = m_form.columns[i];
        if (isMetric(rows, i)) {
            record.metrics.push_back({Symbol(name), rows.columns[i].summary});
        } else if (!rows.columns[i].last.empty()) {
            record.params.push_back({Symbol(name), Symbol(rows.columns[i].last)});
        }
    }
    constexpr std::int64_t kLeastUnixMs = 1'000'000'000'000;  // less is time since the start
    if (rows.firstTimeMs && *rows.firstTimeMs >= kLeastUnixMs) {
        record.startTimeMs = rows.firstTimeMs;
        record.endTimeMs = rows.lastTimeMs;
    }
}

std::vector<Damage> TableFile::damage() const {
    if (m_unreadable) {
        return {{m_file.path(), 0, 1, *m_unreadable}};
    }
    std::vector<Damage> all = m_damage.entries();
    for (const auto& [key, rows] : m_runs) {
        for (std::size_t i = 0; i < rows.columns.size(); ++i) {
            if (isMetric(rows, i) && rows.columns[i].texts > 0) {
                all.push_back({m_file.path(), rows.columns[i].firstText, rows.columns[i].texts,
                               tr("A cell of column {} is not a number.", m_form.columns[i])});
            }
        }
    }
    if (m_speaks) {
        all.push_back({m_file.path(), m_file.consumed(), 1,
                       tr("The last line has no end: it may be half a row, and is left out.")});
    }
    if (m_unfinished) {
        all.push_back({m_file.path(), *m_unfinished, 0,
                       tr("The last line has no end: it is taken as it is, and may be cut short.")});
    }
    if (m_rowsLeftOut > 0) {
        all.push_back(
            {m_file.path(), 0, m_rowsLeftOut,
             tr("A row does not tell in column {} which run it is of, or there are more than {} runs.",
                m_roles.run, kMostRuns)});
    }
    return all;
}

FileStamp TableFile::stamp() const {
    auto stamp = m_file.stamp();
    if (m_waiting && !m_settled) {
        stamp.modifiedNs ^= 1;  // to be looked at again without a change, and still the time of the last one
    }
    return stamp;
}

Result<model::Series> TableFile::series(std::string_view run, std::string_view metric, std::size_t from,
                                        const std::stop_token& stop) {
    Bookmark at{GrowingFile(m_file.path()), m_emptyForm, 0, 0};
    const auto place = std::string(run) + '\0' + std::string(metric);
    if (const auto known = m_bookmarks.find(place); known != m_bookmarks.end()) {
        const auto change = known->second.file.refresh();
        const bool leadsOn = known->second.points == from && change.ok() &&
                             (*change == GrowingFile::Change::None || *change == GrowingFile::Change::Grown);
        if (leadsOn) {
            at = std::move(known->second);
        }
        m_bookmarks.erase(known);
    }
    RUNGLASS_TRY(at.file.refresh());
    Points points(m_roles, run, metric, from, at.points, at.rows);
    RUNGLASS_ASSIGN(const auto scan, scanTable(at.file, at.file.consumed(), at.form, points,
                                               isQuiet(at.file, kSettledNs), stop));
    if (points.count() == 0) {
        return Error{ErrorCode::NotFound, tr("There is no metric named {}.", metric), {}};
    }
    if (scan.unfinished) {
        return points.takeSeries();  // the next question starts again
    }
    RUNGLASS_TRY(at.file.consume(scan.end - at.file.consumed()));
    at.points = points.count();
    at.rows = points.rows();
    if (m_bookmarks.size() == kMostBookmarks) {
        m_bookmarks.clear();
    }
    m_bookmarks.emplace(place, std::move(at));
    return points.takeSeries();
}

}  // namespace runglass::sources
