// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runglass/sources/growing_file.h"
#include "tfrecord.h"

/// Tables that grow a row at a time: CSV with any separator, and JSON lines.
namespace runglass::sources {

enum class TableKind : std::uint8_t { Csv, JsonLines };

/// How the text of a table is written, by its byte order mark; UTF-8 without one.
enum class TextForm : std::uint8_t { Utf8, Utf16Little, Utf16Big };

/// What has been learnt of a table so far; kept while it grows.
struct TableForm {
    static constexpr std::size_t kMaxColumns = 10'000;

    TableKind kind = TableKind::Csv;
    TextForm text = TextForm::Utf8;
    char separator = '\0';             ///< NUL until the first row is there; as separatorIn() gives it
    std::string comment;               ///< the last comment before the header, without the `#` or `%`
    std::vector<std::string> columns;  ///< trimmed, each once; of JSON lines in order of appearance
    std::uint64_t rows = 0;            ///< passed on so far

    /// Position of a column; nothing when there is none of that name.
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
};

struct TableRow {
    std::uint64_t offset = 0;                 ///< in the file
    std::uint64_t index = 0;                  ///< 0, 1, 2 … without the header
    std::span<const std::string_view> cells;  ///< by column, may be fewer; empty where there is no value
};

class TableVisitor {
public:
    TableVisitor() = default;
    TableVisitor(const TableVisitor&) = delete;
    TableVisitor& operator=(const TableVisitor&) = delete;
    virtual ~TableVisitor() = default;
    /// The row is valid during the call only.
    virtual void take(const TableForm& form, const TableRow& row) = 0;
};

struct TableScan {
    std::uint64_t end = 0;  ///< where the first row starts that was not read
    DamageList damage;
    std::optional<std::uint64_t> unfinished;  ///< where a row starts that was taken without a line end
    bool onlyHeader = false;  ///< there is one line, which does not tell how columns are separated
};

/// Gives `visitor` every row from `offset` to the end of the file. A last line without a line end may be half
/// a row: it is read only when `lastLineIsWhole` and it has as many cells as the header, or when it is a JSON
/// object, which shows its end. Errors: Cancelled, and those of GrowingFile::readAt.
Result<TableScan> scanTable(const GrowingFile& file, std::uint64_t offset, TableForm& form,
                            TableVisitor& visitor, bool lastLineIsWhole, const std::stop_token& stop);

/// Invalid for a file that is no table: what is missing, and what is known of the reason.
Error noTable(std::string what, const DamageList& damage);

/// The number in a cell; `nan`, `inf` and their variants are numbers. A comma is the decimal mark where it
/// does not separate cells.
std::optional<double> numberIn(std::string_view cell, char separator);

/// Whether a cell stands for "no value": empty, `NA`, `null`, `None` …
bool isMissing(std::string_view cell);

/// The most likely separator of the cells of `line`: one of `,` `;` tab `|`.
char separatorOf(std::string_view line);

/// Two blanks or more.
inline constexpr char kWideBlanks = '\x01';

/// The same for a table that begins with `text`; a blank where runs of blanks and tabs stand between columns
/// (kWideBlanks where single ones stand within names), which takes two lines to tell. Nothing when it takes
/// more of the text, unless that is `whole`.
std::optional<char> separatorIn(std::string_view text, bool whole);

/// How text that begins with `head` is written.
TextForm textFormOf(std::string_view head);
/// UTF-8 of as much of `bytes` as is whole; half a character at the end is left out, one that is none
/// becomes U+FFFD. The bytes themselves where they are UTF-8 already.
std::string toUtf8(std::string_view bytes, TextForm form);

/// Splits rows of CSV (RFC 4180, and what is seen in practice).
class CsvSplitter {
public:
    enum class Outcome {
        Row,      ///< cells() holds it
        Partial,  ///< the bytes end within it
        Broken,   ///< a quote is never closed; cells() holds the line as it is
    };
    /// Takes the first row out of `bytes`. `whole`: nothing comes after them.
    Outcome split(std::string_view bytes, char separator, bool whole);
    [[nodiscard]] std::span<const std::string_view> cells() const { return m_cells; }
    /// With the line end.
    [[nodiscard]] std::size_t length() const { return m_length; }

private:
    void splitPlain(std::string_view line, char separator);
    Outcome splitQuoted(std::string_view bytes, char separator, bool whole);

    std::vector<std::string_view> m_cells;
    std::deque<std::string> m_unquoted;
    std::size_t m_length = 0;
};

/// Takes the values out of one line of JSON: nested objects under dotted names, lists left out. Adds columns
/// to `form`.
class JsonLineSplitter {
public:
    /// False when the line is not a JSON object.
    bool split(std::string_view line, TableForm& form);
    [[nodiscard]] std::span<const std::string_view> cells() const { return m_cells; }

private:
    std::size_t placeOf(std::string_view name, TableForm& form);

    std::unordered_map<std::string, std::size_t> m_places;
    std::vector<std::string> m_texts;  ///< by column
    std::vector<std::string_view> m_cells;
};

}  // namespace runglass::sources
