// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "command_table.h"
#include "csv.h"
#include "output.h"
#include "project_data.h"
#include "run_columns.h"
#include "run_json.h"
#include "runglass/base/clock.h"
#include "runglass/base/translate.h"
#include "text_table.h"

namespace runglass::cli {

namespace {

using Runs = std::vector<model::SharedRun>;

bool isNumeric(const query::Field& field) {
    return field.type() == query::FieldType::Number || field.type() == query::FieldType::Duration;
}

/// Titles as short as can be: the key of a metric or param alone.
std::string titleOf(const query::Field& field) {
    if (field.group() == query::Field::Group::Attribute) {
        return field.text() == "git.commit" ? "commit" : field.text();
    }
    return field.statistic() == query::Field::Statistic::Last ? field.key() : field.text();
}

void printTable(const Runs& runs, const std::vector<query::Field>& fields) {
    TextTable table;
    for (const auto& field : fields) {
        table.addColumn(titleOf(field), isNumeric(field) ? TextTable::Align::Right : TextTable::Align::Left);
    }
    const auto now = nowMs();
    for (const auto& run : runs) {
        std::vector<std::string> cells;
        for (const auto& field : fields) {
            cells.push_back(shortCell(field, *run, now));
        }
        table.addRow(std::move(cells));
    }
    table.print();
}

/// Names of JSON for what a filter calls otherwise, so that both formats speak of the same thing.
std::string csvTitle(const query::Field& field) {
    const auto text = field.text();
    return text == "start"    ? "start_time_ms"
           : text == "end"    ? "end_time_ms"
           : text == "parent" ? "parent_id"
                              : text;
}

void printRunsCsv(const Runs& runs, const std::vector<query::Field>& fields) {
    std::vector<std::string> cells;
    for (const auto& field : fields) {
        cells.push_back(csvTitle(field));
    }
    printCsv(cells);
    const auto now = nowMs();
    for (const auto& run : runs) {
        cells.clear();
        for (const auto& field : fields) {
            cells.push_back(exactCell(field, *run, now));
        }
        printCsv(cells);
    }
}

void printJson(const Runs& runs) {
    JsonWriter json(1);
    json.beginArray();
    for (const auto& run : runs) {
        writeRun(json, *run);
    }
    json.endArray();
}

/// Why the table is empty, and what to do about it.
std::string whyEmpty(const Invocation& invocation, const ProjectData& project) {
    const auto& table = *project.table;
    if (table.runs.empty() && !project.unreadable.empty()) {
        return noRunsError(project).message;
    }
    if (table.runs.empty()) {
        return tr("No run is recorded here yet. Record one: runglass run -- COMMAND");
    }
    if (invocation.has("--filter")) {
        return tr("No run matches the filter.");
    }
    return invocation.integer("--limit", 0, INT64_MAX).valueOr({}) == 0
               ? tr("--limit 0 shows no run.")
               : tr("All runs are archived. See them: runglass runs --all");
}

void printRuns(const Invocation& invocation, const Runs& chosen,
               const std::optional<std::vector<query::Field>>& columns) {
    if (invocation.has("--quiet")) {
        for (const auto& run : chosen) {
            print(run->id.hex() + "\n");
        }
    } else if (invocation.format() == Format::Json) {
        printJson(chosen);
    } else if (invocation.format() == Format::Csv) {
        printRunsCsv(chosen, columns ? *columns : allColumns(chosen));
    } else if (!chosen.empty()) {
        printTable(chosen, columns ? *columns : usualColumns(chosen));
    }
}

void sayWhatIsLeftOut(const Runs& chosen) {
    const auto isPartial = [](const model::SharedRun& run) { return run->leftOut > 0; };
    const auto first = std::ranges::find_if(chosen, isPartial);
    const auto count = std::ranges::count_if(chosen, isPartial);
    if (count == 1) {
        complain(tr("{} could not be read in full. See why: runglass show {}", (*first)->name,
                    (*first)->id.shortHex()));
    } else if (count > 1) {
        complain(tr("{} runs could not be read in full. See why, for example: runglass show {}", count,
                    (*first)->id.shortHex()));
    }
}

Result<int> runs(const Invocation& invocation) {
    RUNGLASS_ASSIGN(const auto limit, invocation.integer("--limit", 0, INT64_MAX));
    RUNGLASS_ASSIGN(auto project, openProject(invocation));
    project.saysRemarks = true;  // here, and not with every command
    RUNGLASS_ASSIGN(const auto table, loadRuns(project));
    if (table->runs.empty() && !isProject(project.folder)) {
        // A project without a run is no mistake: scripts get an empty list. Any other folder may be one.
        return noRunsError(project);
    }
    RUNGLASS_ASSIGN(auto chosen, chooseRuns(invocation, *table));
    if (limit && static_cast<std::uint64_t>(*limit) < chosen.size()) {
        chosen.resize(static_cast<std::size_t>(*limit));
    }
    std::optional<std::vector<query::Field>> columns;
    if (const auto given = invocation.value("--columns")) {
        RUNGLASS_ASSIGN(columns, parseColumns(*given));
    }
    printRuns(invocation, chosen, columns);
    sayWhatIsLeftOut(chosen);
    const bool forPeople = invocation.format() == Format::Table && !invocation.has("--quiet");
    if (chosen.empty() && forPeople && !project.incomplete) {
        complain(whyEmpty(invocation, project));
    }
    return table->runs.empty() && !project.unreadable.empty() ? 1 : project.exitCode();
}

}  // namespace

Command runsCommand() {
    return {
        .name = "runs",
        .summary = "list runs: filter, sort, choose columns",
        .description =
            "The run table, newest first. A filter is MLflow's search grammar and more: fields are "
            "metrics.KEY (the "
            "last value), min(metrics.KEY), params.KEY, tags.KEY, status, name, experiment, start, duration, "
            "git.commit, git.branch, git.dirty …; they are compared with =, !=, <, <=, >, >=, like, in (…) "
            "and is "
            "null, and joined with and, or, not and parentheses. man runglass has the whole language.",
        .arguments = {},
        .options =
            {{.name = "--filter", .value = "EXPR", .help = "Only runs that match."},
             {.name = "--order-by",
              .value = "KEYS",
              .help = "Fields to sort by, each with asc or desc. Runs without a value come last."},
             {.name = "--limit", .value = "N", .help = "At most so many runs.", .letter = 'n'},
             {.name = "--columns",
              .value = "FIELDS",
              .help =
                  "Fields to show, separated by commas. By default: params that differ, and the metrics that "
                  "most runs have."},
             {.name = "--all", .value = "", .help = "Archived runs too.", .letter = 'a'},
             {.name = "--quiet", .value = "", .help = "Only the ids, one a line.", .letter = 'q'}},
        .examples = {{"runglass runs --filter \"metrics.val/acc > 0.9 and params.opt = 'adam'\"",
                      "Runs whose last validation accuracy is above 0.9."},
                     {"runglass runs --order-by \"metrics.val/acc desc\" --limit 5", "The best five."},
                     {"runglass runs --filter \"status = 'failed' and start > -1d\"",
                      "What failed since yesterday."},
                     {"runglass runs --filter \"git.commit = '4c1e9f2' or min(metrics.loss) < 0.1\"",
                      "Runs of a commit, or with a low loss at any time."},
                     {"runglass runs --columns \"id,name,params.lr,metrics.loss\" --format csv > runs.csv",
                      "A table for a spreadsheet, with every digit."},
                     {"runglass show $(runglass runs -q -n 1)", "The newest run, whole."}},
        .data = true,
        .run = runs};
}

}  // namespace runglass::cli
