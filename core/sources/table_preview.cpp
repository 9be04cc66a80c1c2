// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/table_preview.h"

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
        return Error{ErrorCode::Invalid,
                     tr("{} is no CSV, TSV or JSON-lines file with named columns and at least one row.",
                        toValidUtf8(file.filename().native())),
                     {}};
    }
    return std::move(preview.columns);
}

}  // namespace runglass::sources
