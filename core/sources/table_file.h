// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runglass/model/run.h"
#include "table.h"

namespace runglass::sources {

/// Which column means what.
struct TableRoles {
    std::string step;                  ///< empty: rows are counted from 0
    std::string time;                  ///< empty: no times
    std::vector<std::string> metrics;  ///< empty: every column of numbers that has no other role
    std::vector<std::string> params;   ///< of these the last value counts
    std::string run = {};              ///< tells the rows of different runs apart; empty: all are one run's
    friend bool operator==(const TableRoles&, const TableRoles&) = default;
};

/// The metrics in one table that grows. Keeps a summary a column, no rows. Where a column tells which run a
/// row is of, its values are the keys of the runs; without one there is one run, whose key is empty.
class TableFile {
public:
    TableFile(std::filesystem::path path, TableKind kind, TableRoles roles);
    TableFile(const TableFile&) = delete;
    TableFile& operator=(const TableFile&) = delete;
    ~TableFile();

    /// Reads what is new; whether there was anything. Errors: Cancelled.
    Result<bool> refresh(const std::stop_token& stop);
    /// One at least, and a bounded number; sorted.
    [[nodiscard]] std::vector<std::string> runs() const;
    /// Metrics, params, start and end where there are times.
    void fill(std::string_view run, model::RunRecord& record) const;
    [[nodiscard]] std::vector<Damage> damage() const;
    /// Never equal to a later one while a last line may still be finished.
    [[nodiscard]] FileStamp stamp() const;
    [[nodiscard]] bool exists() const { return m_file.stamp().exists; }

    /// See Reader::series().
    Result<model::Series> series(std::string_view run, std::string_view metric, std::size_t from,
                                 const std::stop_token& stop);

private:
    struct Column {
        model::MetricSummary summary;
        std::uint64_t texts = 0;  ///< cells that are neither a number nor missing
        std::uint64_t firstText = 0;
        std::string last;
    };
    /// The rows of one run.
    struct Rows {
        std::uint64_t count = 0;
        std::vector<Column> columns;
        std::optional<std::int64_t> firstTimeMs;
        std::optional<std::int64_t> lastTimeMs;
    };
    class Summaries;
    class Points;
    struct Bookmark;

    [[nodiscard]] bool isMetric(const Rows& rows, std::size_t column) const;
    void startAgain();

    GrowingFile m_file;
    TableRoles m_roles;
    TableForm m_emptyForm;
    TableForm m_form;
    std::map<std::string, Rows, std::less<>> m_runs;
    std::uint64_t m_rowsLeftOut = 0;  ///< of runs beyond those that are kept
    DamageList m_damage;
    std::optional<std::string> m_unreadable;  ///< why nothing can be said
    bool m_seen = false;
    bool m_waiting = false;                     ///< for the rest of the last line
    bool m_speaks = false;                      ///< that it waits is said
    bool m_settled = false;                     ///< nobody had written for long when it was read
    std::optional<std::uint64_t> m_unfinished;  ///< where a last line starts that was taken without its end
    std::map<std::string, Bookmark, std::less<>> m_bookmarks;
};

/// Unix milliseconds in a cell: seconds or milliseconds since 1970, seconds since the start (as such), or
/// ISO 8601.
std::optional<std::int64_t> timeIn(std::string_view cell, char separator);

}  // namespace runglass::sources
