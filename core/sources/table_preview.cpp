// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/table_preview.h"

#include <algorithm>
#include <utility>

#include "json_reader.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "table_run.h"

namespace runglass::sources {

namespace {

/// Takes the first rows and then asks for the end of the scan.
class Preview : public TableVisitor {
public:
    Preview(std::size_t rows, std::stop_source& end)
        : m_rows(rows)
        , m_end(end) {}

    void take(const TableForm& form, const TableRow& row) override {
        if (m_taken == m_rows) {
            m_end.request_stop();
            return;
        }
        columns.resize(form.columns.size());
        for (std::size_t i = 0; i < columns.size(); ++i) {
            auto& column = columns[i];
            const auto cell = i < row.cells.size() ? row.cells[i] : std::string_view();
            column.name = form.columns[i];
            column.values.resize(m_taken);
            column.values.push_back(toValidUtf8(cell));
            column.numbers = column.numbers && (isMissing(cell) || numberIn(cell, form.separator));
        }
        ++m_taken;
    }

    std::vector<PreviewColumn> columns;

private:
    std::size_t m_rows;
    std::size_t m_taken = 0;
    std::stop_source& m_end;
};

/// Puts rows below their columns; a row may be longer or shorter than those before. Bounded, however the
/// columns grow.
class Rows {
public:
    static constexpr std::size_t kMaxCells = 1'000'000;

    explicit Rows(std::size_t most)
        : m_most(most) {}

    [[nodiscard]] bool full() const {
        return m_rows == m_most || m_start.columns.size() * (m_rows + 1) > kMaxCells;
    }
    void addColumn(std::string_view name) {
        if (m_start.columns.size() < TableForm::kMaxColumns &&
            (m_start.columns.size() + 1) * (m_rows + 1) <= kMaxCells) {
            PreviewColumn column;
            column.name = toValidUtf8(name);
            m_start.columns.push_back(std::move(column));
        }
    }
    void add(std::size_t at, std::string_view cell, char separator) {
        if (at == m_start.columns.size()) {
            addColumn({});
        }
        if (at < m_start.columns.size()) {
            auto& column = m_start.columns[at];
            column.values.resize(m_rows);
            column.values.push_back(toValidUtf8(cell));
            column.numbers = column.numbers && (isMissing(cell) || numberIn(cell, separator));
        }
    }
    void endRow() { ++m_rows; }
    TableStart finish(bool whole) {
        for (auto& column : m_start.columns) {
            column.values.resize(m_rows);
        }
        m_start.whole = whole;
        return std::move(m_start);
    }

private:
    TableStart m_start;
    std::size_t m_most;
    std::size_t m_rows = 0;
};

TableStart cellsIn(std::string_view text, bool all, std::size_t most) {
    const char separator = separatorIn(text, all).value_or(',');
    CsvSplitter splitter;
    Rows rows(most);
    bool header = true;
    while (!text.empty() && !rows.full()) {
        if (splitter.split(text, separator, all) == CsvSplitter::Outcome::Partial) {
            break;
        }
        const auto cells = splitter.cells();
        // A file without names in its first row (every cell a number) has only rows.
        const bool named = std::ranges::any_of(
            cells, [&](std::string_view cell) { return !isMissing(cell) && !numberIn(cell, separator); });
        const bool blank = std::ranges::all_of(cells, [](std::string_view cell) { return cell.empty(); });
        if (!blank && std::exchange(header, false) && named) {
            std::ranges::for_each(cells, [&](std::string_view cell) { rows.addColumn(cell); });
        } else if (!blank) {
            for (std::size_t i = 0; i < cells.size(); ++i) {
                rows.add(i, cells[i], separator);
            }
            rows.endRow();
        }
        text.remove_prefix(splitter.length());
    }
    return rows.finish(all && text.empty());
}

TableStart linesIn(std::string_view text, bool all, std::size_t most) {
    TableForm form;
    form.kind = TableKind::JsonLines;
    JsonLineSplitter splitter;
    Rows rows(most);
    std::size_t named = 0;
    while (!text.empty() && !rows.full()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos && !all) {
            break;
        }
        if (splitter.split(trimmed(text.substr(0, end)), form)) {
            for (; named < form.columns.size(); ++named) {
                rows.addColumn(form.columns[named]);
            }
            const auto cells = splitter.cells();
            for (std::size_t i = 0; i < cells.size(); ++i) {
                rows.add(i, cells[i], '\0');
            }
            rows.endRow();
        }
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return rows.finish(all && text.empty());
}

std::string cellOf(JsonReader& json) {
    return json.peek() == JsonKind::String ? json.string().value_or(std::string()) : std::string(json.skip());
}

void readRows(JsonReader& json, Rows& rows, bool& whole) {
    json.enterArray();
    while (json.nextItem()) {
        if (rows.full() || json.peek() != JsonKind::Array) {
            whole = false;
            json.skip();
            continue;
        }
        json.enterArray();
        for (std::size_t i = 0; json.nextItem(); ++i) {
            rows.add(i, cellOf(json), '\0');
        }
        rows.endRow();
    }
}

/// The keys stand in any order, so that names are looked for before rows are read.
TableStart columnsIn(std::string_view text, std::size_t most) {
    Rows rows(most);
    bool whole = true;
    int found = 0;
    for (const std::string_view wanted : {"columns", "data"}) {
        JsonReader json(text);
        if (json.peek() != JsonKind::Object || !json.enterObject()) {
            return {};
        }
        for (std::string key; json.nextKey(key);) {
            if (key != wanted || json.peek() != JsonKind::Array) {
                json.skip();
            } else if (++found; key == "data") {
                readRows(json, rows, whole);
            } else {
                for (json.enterArray(); json.nextItem();) {
                    rows.addColumn(cellOf(json));
                }
            }
        }
        if (!json.ok()) {
            return {};
        }
    }
    return found == 2 ? rows.finish(whole) : TableStart();
}

}  // namespace

Result<std::vector<PreviewColumn>> previewTable(const std::filesystem::path& file, std::size_t rows,
                                                const std::stop_token& stop) {
    GrowingFile table(file);
    RUNGLASS_ASSIGN(const auto change, table.refresh());
    if (change == GrowingFile::Change::Gone) {
        return Error{ErrorCode::NotFound, tr("There is no file {}.", toValidUtf8(file.native())), {}};
    }
    TableForm form;
    form.kind = tableKindOf(file);
    std::stop_source end;
    const std::stop_callback both(stop, [&end] { end.request_stop(); });
    Preview preview(rows, end);
    const auto scan = scanTable(table, 0, form, preview, true, end.get_token());
    if (stop.stop_requested() || (!scan && scan.error().code != ErrorCode::Cancelled)) {
        return scan.error();
    }
    if (preview.columns.empty()) {
        return noTable(tr("{} is no CSV, TSV or JSON-lines file with named columns and at least one row.",
                          toValidUtf8(file.filename().native())),
                       scan ? scan->damage : DamageList());
    }
    return std::move(preview.columns);
}

std::optional<WrittenAs> tableFormOf(std::string_view name) {
    std::string lower(name);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (lower.ends_with(".csv") || lower.ends_with(".tsv")) {
        return WrittenAs::Cells;
    }
    if (lower.ends_with(".jsonl") || lower.ends_with(".ndjson")) {
        return WrittenAs::Lines;
    }
    return lower.ends_with(".json") ? std::optional(WrittenAs::Columns) : std::nullopt;
}

TableStart tableIn(std::string_view bytes, WrittenAs form, bool all, std::size_t rows) {
    const auto decoded = toUtf8(bytes, textFormOf(bytes));
    std::string_view text(decoded);
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) {
        text.remove_prefix(kByteOrderMark.size());
    }
    switch (form) {
        case WrittenAs::Cells:
            return cellsIn(text, all, rows);
        case WrittenAs::Lines:
            return linesIn(text, all, rows);
        case WrittenAs::Columns:
            return all ? columnsIn(text, rows) : TableStart();
    }
    return {};
}

}  // namespace runglass::sources
