// SPDX-License-Identifier: GPL-3.0-or-later
#include "code_diff.h"
#include "command_table.h"
#include "csv.h"
#include "json_writer.h"
#include "output.h"
#include "project_data.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/compare/comparison.h"
#include "text_table.h"
#include "text_width.h"
#include "words.h"

namespace runglass::cli {

namespace {

using compare::Comparison;
using compare::Section;

struct SectionName {
    const char* key;    ///< in JSON and CSV
    const char* title;  ///< for people
};

SectionName nameOf(Section::Kind kind) {
    switch (kind) {
        case Section::Kind::Params:
            return {"params", "Params"};
        case Section::Kind::Config:
            return {"config", "Configuration"};
        case Section::Kind::Packages:
            return {"packages", "Packages"};
        case Section::Kind::Environment:
            return {"environment", "Environment"};
        case Section::Kind::Hardware:
            return {"hardware", "Hardware"};
        case Section::Kind::Data:
            return {"data", "Data"};
        case Section::Kind::CommandLine:
            return {"command", "Command"};
        case Section::Kind::Tags:
            return {"tags", "Tags"};
    }
    return {"", ""};
}

TextTable tableFor(const Comparison& comparison, const char* title, bool changes) {
    TextTable table;
    table.addColumn(tr(title));
    for (const auto& run : comparison.runs) {
        table.addColumn(run.record.id.shortHex());
    }
    if (changes) {
        table.addColumn("");
    }
    return table;
}

void printSection(const Comparison& comparison, const Section& section, bool onlyDifferent) {
    auto table = tableFor(comparison, nameOf(section.kind).title, comparison.runs.size() == 2);
    for (const auto& row : section.rows) {
        if (onlyDifferent && !row.differs) {
            continue;
        }
        std::vector<std::string> cells{"  " + row.key};
        for (const auto& value : row.values) {
            cells.push_back(value.value_or("-"));
        }
        cells.push_back(row.change);
        table.addRow(std::move(cells));
    }
    if (!table.empty()) {
        print("\n");
        table.print();
    }
}

void printMetrics(const Comparison& comparison, bool onlyDifferent) {
    auto table = tableFor(comparison, "Metrics", false);
    for (const auto& row : comparison.metrics) {
        if ((onlyDifferent && !row.differs) || isSystemMetric(Symbol::find(row.key))) {
            continue;
        }
        std::vector<std::string> cells{"  " + row.key};
        for (const auto& value : row.values) {
            cells.push_back(value ? shortNumber(value->last) : "-");
        }
        table.addRow(std::move(cells));
    }
    if (!table.empty()) {
        print("\n");
        table.print();
    }
}

void printText(const Comparison& comparison, const Invocation& invocation) {
    const bool onlyDifferent = invocation.has("--only-different");
    TextTable names;
    names.addColumn(tr("Run"));
    names.addColumn(tr("name"));
    names.addColumn(tr("status"));
    names.addColumn(tr("start"));
    names.addColumn(tr("commit"));
    for (const auto& run : comparison.runs) {
        names.addRow({run.record.id.shortHex(), run.record.name,
                      std::string(model::statusName(run.record.status)), localTime(run.record.startTimeMs),
                      commitWords(run.record.git)});
    }
    names.print();
    for (const auto& section : comparison.sections) {
        printSection(comparison, section, onlyDifferent);
    }
    printMetrics(comparison, onlyDifferent);
    print("\n" + tr("Code") + "\n");
    if (!comparison.code) {
        print("  " + printable(comparison.codeProblem) + "\n");
        return;
    }
    printCodeSummary(*comparison.code);
    if (invocation.has("--code")) {
        printUnifiedDiff(*comparison.code);
    }
}

void writeSection(JsonWriter& json, const Section& section, bool onlyDifferent) {
    json.beginArray(nameOf(section.kind).key);
    for (const auto& row : section.rows) {
        if (onlyDifferent && !row.differs) {
            continue;
        }
        json.beginObject();
        json.text("key", row.key);
        json.beginArray("values");
        for (const auto& value : row.values) {
            value ? json.text(*value) : json.null();
        }
        json.endArray();
        json.boolean("differs", row.differs);
        json.endObject();
    }
    json.endArray();
}

void writeMetrics(JsonWriter& json, const Comparison& comparison, bool onlyDifferent) {
    json.beginArray("metrics");
    for (const auto& row : comparison.metrics) {
        if (onlyDifferent && !row.differs) {
            continue;
        }
        json.beginObject();
        json.text("key", row.key);
        json.beginArray("last");
        for (const auto& value : row.values) {
            value ? json.number(value->last) : json.null();
        }
        json.endArray();
        json.boolean("differs", row.differs);
        json.endObject();
    }
    json.endArray();
}

void printJson(const Comparison& comparison, bool onlyDifferent) {
    JsonWriter json(2);
    json.beginObject();
    json.beginArray("runs");
    for (const auto& run : comparison.runs) {
        json.text(run.record.id.hex());
    }
    json.endArray();
    for (const auto& section : comparison.sections) {
        writeSection(json, section, onlyDifferent);
    }
    writeMetrics(json, comparison, onlyDifferent);
    json.key("code");
    if (comparison.code) {
        writeCodeSummary(json, *comparison.code);
    } else {
        json.null();
    }
    json.textOrNull("code_problem", comparison.codeProblem);
    json.endObject();
}

void printDiffCsv(const Comparison& comparison, bool onlyDifferent) {
    std::vector<std::string> titles{"section", "key", "differs"};
    for (const auto& run : comparison.runs) {
        titles.push_back(run.record.id.hex());
    }
    printCsv(titles);
    for (const auto& section : comparison.sections) {
        for (const auto& row : section.rows) {
            if (onlyDifferent && !row.differs) {
                continue;
            }
            std::vector<std::string> cells{nameOf(section.kind).key, row.key, row.differs ? "true" : "false"};
            for (const auto& value : row.values) {
                cells.push_back(value.value_or(""));
            }
            printCsv(cells);
        }
    }
    for (const auto& row : comparison.metrics) {
        if (onlyDifferent && !row.differs) {
            continue;
        }
        std::vector<std::string> cells{"metrics", row.key, row.differs ? "true" : "false"};
        for (const auto& value : row.values) {
            cells.push_back(value ? formatDouble(value->last) : "");
        }
        printCsv(cells);
    }
}

Result<int> diff(const Invocation& invocation) {
    RUNGLASS_ASSIGN(auto project, openProject(invocation));
    std::vector<model::RunDetail> runs;
    for (const auto& name : invocation.arguments()) {
        RUNGLASS_ASSIGN(const auto id, resolveRun(project, name));
        RUNGLASS_ASSIGN(auto detail, project.runs.detail(id));
        runs.push_back(std::move(detail));
    }
    compare::CompareOptions options;
    options.ignoreWhitespace = invocation.has("--ignore-space");
    RUNGLASS_ASSIGN(const auto comparison, compare::compareDetails(project.folder, std::move(runs), options));
    const bool onlyDifferent = invocation.has("--only-different");
    switch (invocation.format()) {
        case Format::Json:
            printJson(comparison, onlyDifferent);
            break;
        case Format::Csv:
            printDiffCsv(comparison, onlyDifferent);
            break;
        case Format::Table:
            printText(comparison, invocation);
            break;
    }
    return 0;
}

}  // namespace

Command diffCommand() {
    return {
        .name = "diff",
        .summary = "compare runs: params, config, environment, data, code, metrics",
        .description =
            "Puts two or more runs side by side, the first being the baseline. The code of the first two is "
            "compared "
            "as it was when they started, uncommitted changes included.",
        .arguments = {{.name = "A",
                       .help = "The baseline: an id, the beginning of one, or a name.",
                       .completes = Completes::Run},
                      {.name = "B",
                       .help = "The runs to compare with it.",
                       .completes = Completes::Run,
                       .many = true}},
        .options =
            {{.name = "--only-different", .value = "", .help = "Leaves out what is the same.", .letter = 'd'},
             {.name = "--code",
              .value = "",
              .help = "Prints the differences of the code, not only how many there are."},
             {.name = "--ignore-space",
              .value = "",
              .help = "Takes lines that differ in blanks only as the same."}},
        .examples = {{"runglass diff 8f3a1c20 c41b07e9 --only-different", "What changed between two runs."},
                     {"runglass diff baseline c41b07e9 --code | less", "With the code."},
                     {"runglass diff 8f3a c41b 77aa --format csv > diff.csv",
                      "Three runs, for a spreadsheet."}},
        .data = true,
        .run = diff};
}

}  // namespace runglass::cli
