// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/table_mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "json_reader.h"
#include "json_text.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/store/layout.h"
#include "table_run.h"

namespace runglass::sources {

namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{4} << 20U;

std::filesystem::path fileOf(const std::filesystem::path& project) {
    return project / ".runglass" / "tables.json";
}

/// Whether a path is one that a mapping may have: below the project, or absolute.
bool isKept(const std::filesystem::path& path) {
    return !path.empty() &&
           std::none_of(path.begin(), path.end(), [](const auto& part) { return part == ".."; });
}

std::string listOf(const std::vector<std::string>& names) {
    std::string json = "[";
    for (const auto& name : names) {
        json += json.size() > 1 ? ", " : "";
        json += jsonText(name);
    }
    return json + ']';
}

std::vector<std::string> namesIn(JsonReader& json) {
    std::vector<std::string> names;
    if (json.enterArray()) {
        while (json.nextItem()) {
            if (auto name = json.string()) {
                names.push_back(std::move(*name));
            }
        }
    }
    return names;
}

TableMapping mappingIn(JsonReader& json) {
    TableMapping mapping;
    if (!json.enterObject()) {
        return mapping;
    }
    for (std::string key; json.nextKey(key);) {
        if (key == "metrics") {
            mapping.metrics = namesIn(json);
        } else if (key == "params") {
            mapping.params = namesIn(json);
        } else if (const auto text = json.string()) {
            auto* const field = key == "path"   ? &mapping.path
                                : key == "name" ? &mapping.name
                                : key == "step" ? &mapping.step
                                : key == "time" ? &mapping.time
                                : key == "run"  ? &mapping.run
                                                : nullptr;
            if (field != nullptr) {
                *field = *text;
            }
        }
    }
    return mapping;
}

Result<void> write(const std::filesystem::path& project, const std::vector<TableMapping>& mappings) {
    std::string json = "{\"tables\": [";
    for (const auto& mapping : mappings) {
        json += fmt::format(
            "{}\n  {{\"path\": {}, \"name\": {}, \"step\": {}, \"time\": {}, \"metrics\": {}, \"params\": "
            "{}, "
            "\"run\": {}}}",
            &mapping == mappings.data() ? "" : ",", jsonText(mapping.path), jsonText(mapping.name),
            jsonText(mapping.step), jsonText(mapping.time), listOf(mapping.metrics), listOf(mapping.params),
            jsonText(mapping.run));
    }
    json += "\n]}\n";
    RUNGLASS_TRY(store::Layout(project).ensure());
    return writeFileAtomically(fileOf(project), json);
}

Error cannotBeKept(const std::filesystem::path& path) {
    return {ErrorCode::Invalid,
            tr("{} cannot be kept: its name is not valid UTF-8.", toValidUtf8(path.native())),
            {}};
}

/// Relative where it lies in the project, else absolute; both normal.
std::filesystem::path keptPath(const std::filesystem::path& project, const std::filesystem::path& file) {
    std::error_code failure;
    const auto whole = std::filesystem::absolute(project / file, failure).lexically_normal();
    const auto root = std::filesystem::absolute(project, failure).lexically_normal();
    auto relative = whole.lexically_relative(root);
    return isKept(relative) ? relative : whole;
}

/// The first of `wanted` that is among `columns`, whatever its case.
std::string firstOf(std::initializer_list<std::string_view> wanted, const std::vector<std::string>& columns) {
    for (const auto name : wanted) {
        const auto found = std::find_if(columns.begin(), columns.end(), [&](const std::string& column) {
            return column.size() == name.size() && startsWithIgnoringCase(column, name);
        });
        if (found != columns.end()) {
            return *found;
        }
    }
    return {};
}

/// Reads a few rows, to see the columns of JSON lines and which ones hold text.
class FirstRows : public TableVisitor {
public:
    void take(const TableForm& form, const TableRow& row) override {
        m_balance.resize(form.columns.size());
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            if (!isMissing(row.cells[i])) {
                m_balance[i] += numberIn(row.cells[i], form.separator) ? -1 : 1;
            }
        }
    }
    /// Most cells are no numbers: one that is broken makes no text of a column of numbers.
    [[nodiscard]] bool holdsText(std::size_t column) const {
        return column < m_balance.size() && m_balance[column] > 0;
    }

private:
    std::vector<std::int64_t> m_balance;  ///< of texts over numbers
};

}  // namespace

Result<std::vector<TableMapping>> readTableMappings(const std::filesystem::path& project) {
    std::vector<TableMapping> mappings;
    if (!FileStamp::of(fileOf(project)).exists) {
        return mappings;
    }
    RUNGLASS_ASSIGN(const auto text, readFile(fileOf(project), kMaxFileBytes));
    JsonReader json(text);
    if (json.enterObject()) {
        for (std::string key; json.nextKey(key);) {
            if (key != "tables" || !json.enterArray()) {
                json.skip();
                continue;
            }
            while (json.nextItem()) {
                if (auto mapping = mappingIn(json); isKept(mapping.path)) {
                    mappings.push_back(std::move(mapping));
                }
            }
        }
    }
    if (!json.ok()) {
        return Error{ErrorCode::Invalid,
                     tr("{} is not valid JSON. Correct or delete it.", toValidUtf8(fileOf(project).native())),
                     {}};
    }
    return mappings;
}

Result<void> saveTableMapping(const std::filesystem::path& project, const TableMapping& mapping) {
    if (!isKept(mapping.path) || !isValidUtf8(mapping.path)) {
        return cannotBeKept(mapping.path);
    }
    RUNGLASS_ASSIGN(auto mappings, readTableMappings(project));
    const auto place = std::find_if(mappings.begin(), mappings.end(),
                                    [&](const auto& known) { return known.path == mapping.path; });
    if (place != mappings.end()) {
        *place = mapping;
    } else {
        mappings.push_back(mapping);
    }
    return write(project, mappings);
}

Result<void> removeTableMapping(const std::filesystem::path& project, const std::string& path) {
    RUNGLASS_ASSIGN(auto mappings, readTableMappings(project));
    std::erase_if(mappings, [&](const auto& known) { return known.path == path; });
    return write(project, mappings);
}

Result<std::vector<std::string>> tableColumns(const std::filesystem::path& project,
                                              const std::filesystem::path& file) {
    GrowingFile table(project / file);
    RUNGLASS_ASSIGN(const auto change, table.refresh());
    if (change == GrowingFile::Change::Gone) {
        return Error{ErrorCode::NotFound, tr("There is no file {}.", toValidUtf8(file.native())), {}};
    }
    TableForm form;
    form.kind = tableKindOf(project / file);
    FirstRows rows;
    RUNGLASS_ASSIGN(const auto scan, scanTable(table, 0, form, rows, true, {}));
    if (form.columns.empty()) {
        return noTable(
            tr("{} is no CSV, TSV or JSON-lines file with named columns.", toValidUtf8(file.native())),
            scan.damage);
    }
    return std::move(form.columns);
}

Result<TableMapping> suggestTableMapping(const std::filesystem::path& project,
                                         const std::filesystem::path& file) {
    const auto kept = keptPath(project, file);
    GrowingFile table(project / kept);
    RUNGLASS_ASSIGN(const auto change, table.refresh());
    if (change == GrowingFile::Change::Gone) {
        return Error{ErrorCode::NotFound, tr("There is no file {}.", toValidUtf8(file.native())), {}};
    }
    TableForm form;
    form.kind = tableKindOf(project / kept);
    FirstRows rows;
    RUNGLASS_TRY(scanTable(table, 0, form, rows, true, {}));
    TableMapping mapping;
    mapping.path = kept.native();
    mapping.step = firstOf({"step", "global_step", "iteration", "iter", "epoch"}, form.columns);
    mapping.time = firstOf({"timestamp", "wall_time", "time", "datetime", "date"}, form.columns);
    for (std::size_t i = 0; i < form.columns.size(); ++i) {
        if (rows.holdsText(i) && form.columns[i] != mapping.step && form.columns[i] != mapping.time) {
            mapping.params.push_back(form.columns[i]);
        }
    }
    return mapping;
}

}  // namespace runglass::sources
