// SPDX-License-Identifier: GPL-3.0-or-later
#include "table.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

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

    /// Takes whole rows off the front of a piece of the file; returns how many of its bytes they had.
    std::size_t takePiece(std::string_view piece, bool whole) {
        m_measured = 0;
        m_measuredBytes = 0;
        if (m_scan.end == 0) {
            m_form.text = textFormOf(piece);
        }
        if (m_form.text == TextForm::Utf8) {
            return takeRows(piece, whole);
        }
        const auto text = toUtf8(piece, m_form.text);
        m_text = text;
        return static_cast<std::size_t>(offsetOf(takeRows(text, whole)) - m_scan.end);
    }

private:
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

    /// The place in the file of a place in its text. Places are asked for in order.
    std::uint64_t offsetOf(std::size_t at) {
        if (m_form.text == TextForm::Utf8) {
            return m_scan.end + at;
        }
        for (; m_measured < at; ++m_measured) {
            // UTF-16 has two bytes for what begins here, and four for what takes four in UTF-8.
            const auto byte = static_cast<unsigned char>(m_text[m_measured]);
            m_measuredBytes += (byte & 0xC0U) == 0x80U ? 0 : byte >= 0xF0U ? 4 : 2;
        }
        return m_scan.end + m_measuredBytes;
    }
    void damage(std::size_t at, std::string_view reason) {
        m_scan.damage.add(m_file.path(), offsetOf(at), reason);
    }
    void pass(std::size_t at, std::span<const std::string_view> cells) {
        m_visitor.take(m_form, {offsetOf(at), m_form.rows, cells});
        ++m_form.rows;
    }

    std::size_t takeCsv(std::string_view bytes, std::size_t at, bool whole) {
        if (const auto length = commentAt(bytes, whole)) {
            return *length;
        }
        if (m_form.separator == '\0') {
            const auto newline = bytes.find('\n');
            if (newline != std::string_view::npos && trimmed(bytes.substr(0, newline)).empty()) {
                return newline + 1;
            }
            const auto separator = separatorIn(bytes, whole);
            if (!separator) {
                m_scan.onlyHeader = newline != std::string_view::npos && newline + 1 == bytes.size();
                return 0;
            }
            m_form.separator = *separator;
        }
        const auto outcome = m_csv.split(bytes, m_form.separator, whole);
        if (outcome == CsvSplitter::Outcome::Partial) {
            return 0;
        }
        if (m_csv.length() == bytes.size() && bytes.back() != '\n') {
            if (m_csv.cells().size() < m_form.columns.size()) {
                return 0;
            }
            m_scan.unfinished = offsetOf(at);
        }
        if (outcome == CsvSplitter::Outcome::Broken) {
            damage(at, tr("A quote is never closed."));
        } else if (!isBlank(m_csv.cells())) {
            takeCsvRow(at);
        }
        return m_csv.length();
    }
    /// `#`, and MATLAB's `%` where it is not the beginning of a column's name.
    static bool isComment(std::string_view line) {
        return line.starts_with('#') || line.starts_with("% ") || line.starts_with("%%");
    }
    /// The length of a line that is a comment before the header, or after one that had such a line before
    /// it; 0 while it is not whole. Nothing for all others.
    std::optional<std::size_t> commentAt(std::string_view bytes, bool whole) {
        constexpr std::size_t kMostBytes = 64U << 10U;
        const bool mayBe = m_form.columns.empty() || !m_form.comment.empty();
        if (!mayBe || !isComment(bytes)) {
            return std::nullopt;
        }
        const auto newline = bytes.find('\n');
        if (newline == std::string_view::npos && !whole) {
            return 0;
        }
        if (m_form.columns.empty()) {
            const auto text = trimmed(bytes.substr(0, std::min(newline, kMostBytes)).substr(1));
            m_form.comment = text.empty() ? "#" : text;
        }
        return std::min(newline, bytes.size() - 1) + 1;
    }
    /// NumPy's savetxt writes the names of the columns as a comment: as many as there are columns of data.
    bool takeCommentAsHeader(std::span<const std::string_view> cells, std::size_t at) {
        const auto isNumber = [&](std::string_view cell) {
            return numberIn(cell, m_form.separator).has_value();
        };
        CsvSplitter names;
        names.split(m_form.comment, m_form.separator, true);
        const bool fits = names.cells().size() == cells.size() && std::ranges::any_of(cells, isNumber) &&
                          std::ranges::none_of(names.cells(), isNumber);
        if (fits) {
            takeHeader(names.cells(), at);
        }
        return fits;
    }
    void takeCsvRow(std::size_t at) {
        auto cells = m_csv.cells();
        if (m_form.columns.empty()) {
            const bool isText = std::ranges::none_of(
                cells, [](std::string_view cell) { return cell.find('\0') != std::string_view::npos; });
            if (!isText) {
                damage(at, tr("A line is not text. Save the table as UTF-8."));
                m_form.separator = '\0';
                return;
            }
            if ((m_form.comment.empty() || !takeCommentAsHeader(cells, at)) && !takeHeader(cells, at)) {
                return;
            }
        }
        const auto columns = m_form.columns.size();
        if (cells.size() == columns + 1 && cells.back().empty()) {
            cells = cells.first(columns);
        }
        std::vector<std::string_view> joined;
        if (m_form.separator == ' ' && cells.size() > columns && columns > 0) {  // a text with blanks in it
            joined.assign(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(columns));
            const auto last = cells.back();
            joined.back() = {joined.back().data(),
                             static_cast<std::size_t>(last.data() + last.size() - joined.back().data())};
            cells = joined;
            if (numberIn(cells.back().substr(0, cells.back().find_first_of(" \t")), ' ')) {
                damage(at, tr("A row has another number of cells than the header."));
                return;
            }
        }
        if (cells.size() != m_form.columns.size()) {
            damage(at, tr("A row has another number of cells than the header."));
        } else if (!std::equal(cells.begin(), cells.end(), m_form.columns.begin())) {
            pass(at, cells);
        }
    }
    /// Whether the row is one of data as well.
    bool takeHeader(std::span<const std::string_view> cells, std::size_t at) {
        const bool hasNames = std::any_of(cells.begin(), cells.end(), [&](std::string_view cell) {
            return !isMissing(cell) && !numberIn(cell, m_form.separator);
        });
        if (std::ranges::any_of(cells, [](std::string_view cell) { return toValidUtf8(cell) != cell; })) {
            damage(at, tr("The name of a column is not UTF-8. Save the table as UTF-8."));
        }
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
    std::string_view m_text;            ///< of the piece, where the file has it in UTF-16
    std::size_t m_measured = 0;         ///< bytes of it whose place in the file is known
    std::uint64_t m_measuredBytes = 0;  ///< as which the file has them
};

}  // namespace

Error noTable(std::string what, const DamageList& damage) {
    if (!damage.entries().empty()) {
        what += ' ' + damage.entries().front().reason;
    }
    return {ErrorCode::Invalid, std::move(what), {}};
}

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
        const auto done = scanner.takePiece(piece, isLast && lastLineIsWhole);
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
