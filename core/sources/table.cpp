// SPDX-License-Identifier: GPL-3.0-or-later
#include "table.h"

#include <algorithm>
#include <unordered_set>

#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::sources {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20U;
constexpr std::size_t kMaxLineBytes = std::size_t{4} << 20U;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool isBlank(std::span<const std::string_view> cells) {
    return std::all_of(cells.begin(), cells.end(), [](std::string_view cell) { return cell.empty(); });
}

/// Reads the rows of one scan.
class Scanner {
public:
    Scanner(const GrowingFile& file, TableForm& form, TableVisitor& visitor, TableScan& scan)
        : m_file(file)
        , m_form(form)
        , m_visitor(visitor)
        , m_scan(scan) {}

    /// Takes whole rows off the front of `bytes`; returns how many bytes they had.
    std::size_t takeRows(std::string_view bytes, bool whole) {
        std::size_t done = m_scan.end == 0 && bytes.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
        while (done < bytes.size()) {
            const auto length = m_form.kind == TableKind::Csv ? takeCsv(bytes.substr(done), done, whole)
                                                              : takeJson(bytes.substr(done), done);
            if (length == 0) {
                break;
            }
            done += length;
        }
        return done;
    }

private:
    void damage(std::size_t at, std::string_view reason) {
        m_scan.damage.add(m_file.path(), m_scan.end + at, reason);
    }
    void pass(std::size_t at, std::span<const std::string_view> cells) {
        m_visitor.take(m_form, {m_scan.end + at, m_form.rows, cells});
        ++m_form.rows;
    }

    std::size_t takeCsv(std::string_view bytes, std::size_t at, bool whole) {
        if (m_form.separator == '\0') {
            if (bytes.find('\n') == std::string_view::npos && !whole) {
                return 0;
            }
            m_form.separator = separatorOf(bytes.substr(0, bytes.find('\n')));
        }
        const auto outcome = m_csv.split(bytes, m_form.separator, whole);
        if (outcome == CsvSplitter::Outcome::Partial) {
            return 0;
        }
        if (m_csv.length() == bytes.size() && bytes.back() != '\n') {
            if (m_csv.cells().size() < m_form.columns.size()) {
                return 0;
            }
            m_scan.unfinished = m_scan.end + at;
        }
        if (outcome == CsvSplitter::Outcome::Broken) {
            damage(at, tr("A quote is never closed."));
        } else if (!isBlank(m_csv.cells())) {
            takeCsvRow(at);
        }
        return m_csv.length();
    }
    void takeCsvRow(std::size_t at) {
        auto cells = m_csv.cells();
        if (m_form.columns.empty()) {
            if (cells.front().starts_with("#{")) {  // Stable-Baselines puts a line of JSON in front
                m_form.separator = '\0';
                return;
            }
            if (!takeHeader(cells)) {
                return;
            }
        }
        if (cells.size() == m_form.columns.size() + 1 && cells.back().empty()) {
            cells = cells.first(cells.size() - 1);
        }
        if (cells.size() != m_form.columns.size()) {
            damage(at, tr("A row has another number of cells than the header."));
        } else if (!std::equal(cells.begin(), cells.end(), m_form.columns.begin())) {
            pass(at, cells);
        }
    }
    /// Whether the row is one of data as well.
    bool takeHeader(std::span<const std::string_view> cells) {
        const bool hasNames = std::any_of(cells.begin(), cells.end(), [&](std::string_view cell) {
            return !isMissing(cell) && !numberIn(cell, m_form.separator);
        });
        std::unordered_set<std::string> names;
        for (const auto cell : cells.first(std::min(cells.size(), TableForm::kMaxColumns))) {
            const auto number = std::to_string(m_form.columns.size() + 1);
            std::string name = hasNames && !cell.empty() ? toValidUtf8(cell) : tr("column {}", number);
            if (!names.insert(name).second) {
                name += " (" + number + ")";
                names.insert(name);
            }
            m_form.columns.push_back(std::move(name));
        }
        return !hasNames;
    }

    std::size_t takeJson(std::string_view bytes, std::size_t at) {
        const auto newline = bytes.find('\n');
        const bool ended = newline != std::string_view::npos;
        const auto line = trimmed(bytes.substr(0, newline));
        if (!ended && !line.ends_with('}')) {
            return 0;
        }
        if (!line.empty()) {
            if (m_json.split(line, m_form)) {
                pass(at, m_json.cells());
            } else if (!ended) {
                return 0;
            } else {
                damage(at, tr("A line is not a JSON object."));
            }
        }
        return std::min(newline, bytes.size() - 1) + 1;
    }

    const GrowingFile& m_file;
    TableForm& m_form;
    TableVisitor& m_visitor;
    TableScan& m_scan;
    CsvSplitter m_csv;
    JsonLineSplitter m_json;
};

}  // namespace

std::optional<std::size_t> TableForm::find(std::string_view name) const {
    const auto place = std::find(columns.begin(), columns.end(), name);
    return place != columns.end() ? std::optional(static_cast<std::size_t>(place - columns.begin()))
                                  : std::nullopt;
}

Result<TableScan> scanTable(const GrowingFile& file, std::uint64_t offset, TableForm& form,
                            TableVisitor& visitor, bool lastLineIsWhole, const std::stop_token& stop) {
    TableScan scan;
    scan.end = offset;
    Scanner scanner(file, form, visitor, scan);
    std::size_t most = kPieceBytes;
    while (scan.end < file.size()) {
        if (stop.stop_requested()) {
            return Error{ErrorCode::Cancelled, tr("Reading was cancelled."), {}};
        }
        RUNGLASS_ASSIGN(const auto piece, file.readAt(scan.end, most));
        const bool isLast = scan.end + piece.size() >= file.size();
        const auto done = scanner.takeRows(piece, isLast && lastLineIsWhole);
        scan.end += done;
        if (isLast || piece.size() < most) {
            return scan;
        }
        if (done > 0) {
            most = kPieceBytes;
        } else if (most < kMaxLineBytes) {
            most *= 2;
        } else {
            // The rest of the line looks like rows of the wrong length, and is left out as such.
            scan.damage.add(file.path(), scan.end, tr("A line is longer than 4 MiB."));
            scan.end += piece.size();
            most = kPieceBytes;
        }
    }
    return scan;
}

}  // namespace runglass::sources
