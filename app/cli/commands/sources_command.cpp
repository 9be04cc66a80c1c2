// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "command_table.h"
#include "csv.h"
#include "invocation.h"
#include "json_writer.h"
#include "output.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/sources/catalogue.h"
#include "runglass/sources/table_mapping.h"
#include "text_table.h"
#include "text_width.h"

namespace runglass::cli {

namespace {

namespace fs = std::filesystem;

/// One thing that a person has pointed at.
struct Pointed {
    std::string kind;  ///< `folder` or `table`
    std::string path;
    sources::TableMapping mapping;  ///< of a table
};

Result<std::vector<Pointed>> pointedAt(const fs::path& project) {
    std::vector<Pointed> all;
    for (const auto& folder : sources::furtherFolders(project)) {
        all.push_back({"folder", folder.native(), {}});
    }
    RUNGLASS_ASSIGN(auto mappings, sources::readTableMappings(project));
    for (auto& mapping : mappings) {
        const auto path = mapping.path;
        all.push_back({"table", path, std::move(mapping)});
    }
    return all;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

void printJson(const std::vector<Pointed>& all) {
    JsonWriter json(1);
    json.beginArray();
    for (const auto& one : all) {
        json.beginObject();
        json.text("kind", one.kind);
        json.text("path", one.path);
        if (one.kind == "table") {
            json.text("name", one.mapping.name);
            json.text("step", one.mapping.step);
            json.text("time", one.mapping.time);
            json.text("run", one.mapping.run);
            json.texts("metrics", one.mapping.metrics);
            json.texts("params", one.mapping.params);
        }
        json.endObject();
    }
    json.endArray();
}

Result<int> list(const Invocation& invocation, const fs::path& project) {
    RUNGLASS_ASSIGN(const auto all, pointedAt(project));
    if (invocation.format() == Format::Json) {
        printJson(all);
        return 0;
    }
    TextTable table;
    table.addColumn(tr("kind"));
    table.addColumn(tr("path"));
    table.addColumn(tr("step"));
    table.addColumn(tr("time"));
    table.addColumn(tr("run"));
    table.addColumn(tr("metrics"));
    table.addColumn(tr("params"));
    if (invocation.format() == Format::Csv) {
        printCsv({"kind", "path", "name", "step", "time", "run", "metrics", "params"});
    } else if (all.empty()) {
        complain(tr("No further folder or table has been added. Add one: runglass sources add PATH"));
        return 0;
    }
    for (const auto& one : all) {
        const auto& mapping = one.mapping;
        if (invocation.format() == Format::Csv) {
            printCsv({one.kind, one.path, mapping.name, mapping.step, mapping.time, mapping.run,
                      listed(mapping.metrics), listed(mapping.params)});
        } else {
            table.addRow({one.kind, printable(one.path), printable(mapping.step), printable(mapping.time),
                          printable(mapping.run), printable(listed(mapping.metrics)),
                          printable(listed(mapping.params))});
        }
    }
    if (invocation.format() == Format::Table) {
        table.print();
    }
    return 0;
}

/// The path as it is kept: relative to the project where it lies in it.
fs::path kept(const fs::path& project, const fs::path& given) {
    std::error_code failure;
    const auto root = fs::canonical(project, failure);
    const auto place = fs::weakly_canonical(fs::absolute(given, failure), failure);
    const auto relative = place.lexically_relative(root);
    return relative.empty() || *relative.begin() == ".." ? place : relative;
}

/// The mapping that the options describe, over what the file suggests.
Result<sources::TableMapping> mappingFrom(const Invocation& invocation, const fs::path& project,
                                          const fs::path& file) {
    RUNGLASS_ASSIGN(auto mapping, sources::suggestTableMapping(project, file));
    RUNGLASS_ASSIGN(const auto columns, sources::tableColumns(project, file));
    mapping.step = invocation.value("--step-column").value_or(mapping.step);
    mapping.time = invocation.value("--time-column").value_or(mapping.time);
    mapping.run = invocation.value("--run-column").value_or(mapping.run);
    for (const auto& column : {mapping.step, mapping.time, mapping.run}) {
        std::erase(mapping.params, column);
    }
    mapping.name = invocation.value("--name").value_or(mapping.name);
    if (invocation.has("--metric")) {
        mapping.metrics = invocation.values("--metric");
    }
    // What a person says of a column goes over the guess.
    for (const auto& column : mapping.metrics) {
        std::erase(mapping.params, column);
    }
    if (invocation.has("--param")) {
        mapping.params = invocation.values("--param");
    }
    std::vector<std::string> used{mapping.step, mapping.time, mapping.run};
    used.insert(used.end(), mapping.metrics.begin(), mapping.metrics.end());
    used.insert(used.end(), mapping.params.begin(), mapping.params.end());
    for (const auto& column : used) {
        if (!column.empty() && std::ranges::find(columns, column) == columns.end()) {
            return Error{
                ErrorCode::Invalid,
                tr("{} has no column {}. It has {}.", toValidUtf8(file.native()), column, listed(columns)),
                {}};
        }
    }
    return mapping;
}

Result<int> add(const Invocation& invocation, const fs::path& project, const fs::path& given) {
    std::error_code failure;
    const auto path = kept(project, given);
    if (fs::is_directory(given, failure)) {
        auto folders = sources::furtherFolders(project);
        if (std::ranges::find(folders, path) == folders.end()) {
            folders.push_back(path);
        }
        RUNGLASS_TRY(sources::setFurtherFolders(project, folders));
        print(
            tr("The runs in {} are shown with those of the project from now on.", printable(path.native())) +
            "\n");
        return 0;
    }
    RUNGLASS_ASSIGN(const auto mapping, mappingFrom(invocation, project, path));
    RUNGLASS_TRY(sources::saveTableMapping(project, mapping));
    print(tr("{} is shown as a run from now on. Its steps are {}.", printable(mapping.path),
             mapping.step.empty() ? tr("the numbers of its rows")
                                  : tr("in the column {}", printable(mapping.step))) +
          "\n");
    return 0;
}

Result<int> removeFrom(const fs::path& project, const fs::path& given) {
    const auto path = kept(project, given);
    RUNGLASS_ASSIGN(const auto mappings, sources::readTableMappings(project));
    auto folders = sources::furtherFolders(project);
    const bool wasFolder =
        std::erase_if(folders, [&](const fs::path& folder) { return folder == path || folder == given; }) > 0;
    const bool wasTable = std::ranges::any_of(
        mappings, [&](const sources::TableMapping& mapping) { return mapping.path == path.native(); });
    if (!wasFolder && !wasTable) {
        return Error{ErrorCode::NotFound,
                     tr("{} has not been added. See runglass sources list.", toValidUtf8(given.native())),
                     {}};
    }
    if (wasFolder) {
        RUNGLASS_TRY(sources::setFurtherFolders(project, folders));
    }
    if (wasTable) {
        RUNGLASS_TRY(sources::removeTableMapping(project, path.native()));
    }
    return 0;
}

Result<int> sourcesOf(const Invocation& invocation) {
    RUNGLASS_ASSIGN(const auto project, invocation.project());
    const auto& words = invocation.arguments();
    const std::string what = words.empty() ? "list" : words.front();
    if (what == "list" && words.size() <= 1) {
        return list(invocation, project);
    }
    if ((what == "add" || what == "remove") && words.size() == 2) {
        return what == "add" ? add(invocation, project, words[1]) : removeFrom(project, words[1]);
    }
    return Error{ErrorCode::Invalid,
                 tr("runglass sources takes list, add PATH or remove PATH. See runglass sources --help."),
                 {}};
}

}  // namespace

Command sourcesCommand() {
    return {
        .name = "sources",
        .summary = "point at further folders and tables",
        .description =
            "Runs of other tools in the project's folder are found by themselves. This is for what is not: "
            "folders outside of the project, and CSV, TSV or JSON-lines files, in it or elsewhere, whose "
            "columns nobody can "
            "guess. What is added is kept in .runglass and read where it lies, by the desktop too.",
        .arguments = {{.name = "DO", .help = "list (the default), add or remove.", .required = false},
                      {.name = "PATH",
                       .help = "A folder with runs, or a file that is one run: a line a step, a column a "
                               "metric.",
                       .completes = Completes::File,
                       .required = false}},
        .options = {{.name = "--step-column",
                     .value = "COLUMN",
                     .help = "Of a table: where the step is. Without it step, iteration, epoch and the like "
                             "are looked for; an empty name counts the rows."},
                    {.name = "--time-column",
                     .value = "COLUMN",
                     .help = "Of a table: where the time is, as Unix seconds or milliseconds, or ISO 8601."},
                    {.name = "--run-column",
                     .value = "COLUMN",
                     .help = "Of a table with the rows of several runs: where the name of the run is."},
                    {.name = "--metric",
                     .value = "COLUMN",
                     .help = "Of a table: a column that is a metric; may be given several times. Without it "
                             "all numbers are.",
                     .repeated = true},
                    {.name = "--param",
                     .value = "COLUMN",
                     .help = "Of a table: a column whose last value is a param; may be given several times.",
                     .repeated = true},
                    {.name = "--name", .value = "NAME", .help = "Of a table: the name of the run."}},
        .examples = {{"runglass sources add ../cluster/runs", "Runs that lie elsewhere."},
                     {"runglass sources add log.tsv --step-column it --time-column at",
                      "A table with names of its own."},
                     {"runglass sources remove log.tsv", "Forgets it; the file stays."},
                     {"runglass sources", "What has been added."}},
        .data = true,
        .run = sourcesOf};
}

}  // namespace runglass::cli
