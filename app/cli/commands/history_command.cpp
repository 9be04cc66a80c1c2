// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "command_table.h"
#include "csv.h"
#include "json_writer.h"
#include "output.h"
#include "project_data.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/git/history.h"
#include "runglass/model/goal.h"
#include "text_table.h"
#include "words.h"

namespace runglass::cli {

namespace {

/// A commit with the runs that started from it.
struct Row {
    git::Commit commit;
    std::vector<model::SharedRun> runs;
    std::optional<double> best;
};

using RunsByCommit = std::unordered_map<std::string, std::vector<model::SharedRun>>;

std::optional<double> bestOf(const std::vector<model::SharedRun>& runs, Symbol metric, model::Goal goal) {
    std::optional<double> best;
    for (const auto& run : runs) {
        const auto* summary = run->metric(metric);
        const auto value = summary == nullptr ? std::nullopt : model::bestOf(*summary, goal);
        if (value && !std::isnan(*value) &&
            (!best || (goal == model::Goal::Maximize ? *value > *best : *value < *best))) {
            best = value;
        }
    }
    return best;
}

/// The metric that most runs have, among those of which it is known what is better.
std::optional<std::string> usualMetric(const model::RunTable& table) {
    std::map<std::string_view, std::size_t> counts;
    for (const auto& run : table.runs) {
        for (const auto& metric : run->metrics) {
            if (!isSystemMetric(metric.key) && model::goalOf(metric.key.text()) != model::Goal::Unknown) {
                ++counts[metric.key.text()];
            }
        }
    }
    const auto most = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
    return most == counts.end() ? std::nullopt : std::optional(std::string(most->first));
}

Result<model::Goal> goalFor(const Invocation& invocation, const std::string& metric) {
    const auto given = invocation.value("--best");
    const auto goal =
        given ? (*given == "max" ? model::Goal::Maximize : model::Goal::Minimize) : model::goalOf(metric);
    if (goal == model::Goal::Unknown) {
        return Error{
            ErrorCode::Invalid,
            tr("It is not known whether {} gets better upwards or downwards. Say --best max or --best min.",
               metric),
            {}};
    }
    return goal;
}

/// Commits in order with what the runs say of them.
class RowReader {
public:
    RowReader(const Invocation& invocation, const std::filesystem::path& folder, RunsByCommit runs)
        : m_folder(folder)
        , m_runs(std::move(runs))
        , m_onlyWithRuns(invocation.has("--with-runs")) {
        m_options.from = invocation.arguments();
    }
    void setLimit(std::uint64_t limit) { m_limit = limit; }
    void setMetric(Symbol metric, model::Goal goal) {
        m_metric = metric;
        m_goal = goal;
    }

    /// Waits until every commit was read, which makes their order certain.
    Result<std::vector<Row>> all() {
        std::vector<Row> rows;
        RUNGLASS_TRY(git::walkHistory(m_folder, m_options, [&](std::vector<git::HistoryRow>&& batch) {
            for (auto& row : batch) {
                add(std::move(row.commit), rows);
            }
            return m_taken < m_limit;
        }));
        return rows;
    }

    /// Hands the newest out at once. Should clocks that were wrong by more than a day have put one of those
    /// in the wrong place, it stays there, and this returns false.
    Result<bool> asTheyCome(const std::function<void(std::vector<Row>&&)>& onRows) {
        std::unordered_set<std::string> first;  // the batch that may be void; its commits come again then
        bool certain = true;
        m_options.takeBack = [&] { certain = false; };
        RUNGLASS_TRY(git::walkHistory(m_folder, m_options, [&](std::vector<git::HistoryRow>&& batch) {
            std::vector<Row> rows;
            const bool isFirst = first.empty();
            for (auto& row : batch) {
                const auto hash = row.commit.id.hex();
                if (isFirst) {
                    first.insert(hash);
                }
                if (isFirst || certain || !first.contains(hash)) {
                    add(std::move(row.commit), rows);
                }
            }
            onRows(std::move(rows));
            return m_taken < m_limit;
        }));
        return certain;
    }

private:
    void add(git::Commit commit, std::vector<Row>& rows) {
        const auto found = m_runs.find(commit.id.hex());
        if (m_taken == m_limit || (found == m_runs.end() && m_onlyWithRuns)) {
            return;
        }
        ++m_taken;
        Row row{
            std::move(commit), found == m_runs.end() ? std::vector<model::SharedRun>() : found->second, {}};
        if (!m_metric.empty()) {
            row.best = bestOf(row.runs, m_metric, m_goal);
        }
        rows.push_back(std::move(row));
    }

    std::filesystem::path m_folder;
    RunsByCommit m_runs;
    bool m_onlyWithRuns;
    git::HistoryOptions m_options;
    std::uint64_t m_limit = UINT64_MAX;
    std::uint64_t m_taken = 0;
    Symbol m_metric;
    model::Goal m_goal = model::Goal::Unknown;
};

/// `3 finished, 1 failed`.
std::string runWords(const std::vector<model::SharedRun>& runs) {
    std::map<model::RunStatus, int> counts;
    for (const auto& run : runs) {
        ++counts[run->status];
    }
    std::string words;
    for (const auto& [status, count] : counts) {
        words += (words.empty() ? "" : ", ") + std::to_string(count) + " " +
                 std::string(model::statusName(status));
    }
    return words;
}

/// Rows appear while the rest is being read.
Result<void> printTable(RowReader& reader, const std::optional<std::string>& metric) {
    TextTable table;
    table.addColumn(tr("commit"));
    table.addColumn(tr("date"));
    table.addColumn(tr("runs"));
    if (metric) {
        table.addColumn(tr("best {}", *metric), TextTable::Align::Right);
    }
    table.addColumn(tr("author"));
    table.addColumn(tr("summary"));
    bool any = false;
    RUNGLASS_ASSIGN(const bool certain, reader.asTheyCome([&](const std::vector<Row>& rows) {
        for (const auto& row : rows) {
            std::vector<std::string> cells{row.commit.id.shortHex(), localTime(row.commit.authorTime * 1'000),
                                           runWords(row.runs)};
            if (metric) {
                cells.push_back(row.best ? shortNumber(*row.best) : std::string());
            }
            cells.insert(cells.end(), {row.commit.authorName, row.commit.summary});
            table.addRow(std::move(cells));
        }
        if (!rows.empty()) {
            any = true;
            table.printSoFar();
            flushOutput();
        }
    }));
    if (any) {
        table.print();
    } else {
        complain(tr("There is no commit to show."));
    }
    if (!certain) {
        complain(
            tr("The first commits are in order of their dates, which are wrong for some. --format json has "
               "the exact order."));
    }
    return {};
}

void printHistoryCsv(const std::vector<Row>& rows) {
    printCsv({"commit", "author_time_ms", "author", "summary", "runs", "best"});
    for (const auto& row : rows) {
        printCsv({row.commit.id.hex(), std::to_string(row.commit.authorTime * 1'000), row.commit.authorName,
                  row.commit.summary, std::to_string(row.runs.size()),
                  row.best ? formatDouble(*row.best) : std::string()});
    }
}

void printJson(const std::vector<Row>& rows, const std::optional<std::string>& metric) {
    JsonWriter json(1);
    json.beginArray();
    for (const auto& row : rows) {
        json.beginObject();
        json.text("commit", row.commit.id.hex());
        json.beginArray("parents");
        for (const auto& parent : row.commit.parents) {
            json.text(parent.hex());
        }
        json.endArray();
        json.text("author", row.commit.authorName);
        json.integer("author_time_ms", row.commit.authorTime * 1'000);
        json.text("summary", row.commit.summary);
        json.beginArray("runs");
        for (const auto& run : row.runs) {
            json.text(run->id.hex());
        }
        json.endArray();
        json.textOrNull("metric", metric.value_or(""));
        json.numberOrNull("best", row.best);
        json.endObject();
    }
    json.endArray();
}

Result<int> history(const Invocation& invocation) {
    auto metric = invocation.value("--metric");
    RunsByCommit byCommit;
    RUNGLASS_ASSIGN(auto project, openProject(invocation));
    RUNGLASS_ASSIGN(const auto table, loadRuns(project));
    for (const auto& run : table->runs) {
        if (!run->archived && !run->git.commit.empty()) {
            byCommit[run->git.commit].push_back(run);
        }
    }
    metric = metric ? metric : usualMetric(*table);
    RowReader reader(invocation, project.folder, std::move(byCommit));
    if (metric) {
        RUNGLASS_ASSIGN(const auto goal, goalFor(invocation, *metric));
        reader.setMetric(Symbol::find(*metric), goal);
    }
    RUNGLASS_ASSIGN(const auto limit, invocation.integer("--limit", 0, INT64_MAX));
    if (limit) {
        reader.setLimit(static_cast<std::uint64_t>(*limit));
    }
    if (invocation.format() == Format::Table) {
        RUNGLASS_TRY(printTable(reader, metric));
        return project.exitCode();
    }
    RUNGLASS_ASSIGN(const auto rows, reader.all());
    if (invocation.format() == Format::Json) {
        printJson(rows, metric);
    } else {
        printHistoryCsv(rows);
    }
    return project.exitCode();
}

}  // namespace

Command historyCommand() {
    return {
        .name = "history",
        .summary = "list commits with their runs and best metric",
        .description =
            "Commits, children before parents, each with the runs that were started from it and the best "
            "value of a metric that they reached at any time. The table shows the newest at once, and the "
            "rest "
            "as it is read.",
        .arguments =
            {{.name = "REVISION",
              .help = "Where to begin: branches, tags or commits. HEAD, all branches and tags without it.",
              .required = false,
              .many = true}},
        .options = {{.name = "--metric",
                     .value = "K",
                     .help = "The metric; without it the one that most runs have.",
                     .letter = 'm',
                     .completes = Completes::MetricKey},
                    {.name = "--best",
                     .value = "min|max",
                     .help = "Which way is better; read off the metric's name without it.",
                     .choices = {"min", "max"}},
                    {.name = "--with-runs", .value = "", .help = "Only commits that have runs."},
                    {.name = "--limit", .value = "N", .help = "At most so many commits.", .letter = 'n'}},
        .examples = {{"runglass history --metric val/acc", "How accuracy went along the commits."},
                     {"runglass history main --with-runs --limit 10",
                      "The last ten of a branch that have runs."}},
        .data = true,
        .run = history};
}

}  // namespace runglass::cli
