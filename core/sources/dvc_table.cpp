// SPDX-License-Identifier: GPL-3.0-or-later
#include "dvc_table.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "json_reader.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "table.h"
#include "yaml_tree.h"

namespace runglass::sources {
namespace {

constexpr std::size_t kMaxCells = 4'000'000;

/// Puts cells into their columns.
class Builder {
public:
    Builder(DvcTable& table, std::string path, DamageList& damage)
        : m_table(table)
        , m_path(std::move(path))
        , m_damage(damage) {}

    void setNumber(std::string_view column, std::size_t row, double value) {
        if (auto* const place = placeOf(column, row)) {
            place->values[row] = value;
            place->numbers += place->present[row] ? 0 : 1;
            place->present[row] = true;
        }
    }
    void setText(std::string_view column, std::size_t row, std::uint64_t offset) {
        if (auto* const place = placeOf(column, row)) {
            place->firstText = place->texts++ == 0 ? offset : place->firstText;
        }
    }
    void setCell(std::string_view column, std::size_t row, std::string_view cell, char separator,
                 std::uint64_t offset) {
        if (const auto number = numberIn(cell, separator)) {
            setNumber(column, row, *number);
        } else if (!isMissing(cell)) {
            setText(column, row, offset);
        }
    }
    void endRow(std::size_t row) { m_table.rows = std::max(m_table.rows, row + 1); }
    void bad(std::uint64_t offset, std::string_view reason) { m_damage.add(m_path, offset, reason); }

private:
    DvcTable::Column* placeOf(std::string_view name, std::size_t row) {
        const auto known = m_places.find(std::string(name));
        const bool isNew = known == m_places.end();
        const auto place = isNew ? m_table.columns.size() : known->second;
        if (isNew && place < TableForm::kMaxColumns) {
            m_places.emplace(name, place);
            m_table.columns.emplace_back().name = toValidUtf8(name);
        }
        const auto had = place < m_table.columns.size() ? m_table.columns[place].values.size() : 0;
        const auto more = row < had ? 0 : row + 1 - had;
        if (place >= m_table.columns.size() || m_cells + more > kMaxCells) {
            bad(0, tr("A cell is one of too many: at most {} columns and {} cells are read.",
                      TableForm::kMaxColumns, kMaxCells));
            return nullptr;
        }
        auto& column = m_table.columns[place];
        m_cells += more;
        column.values.resize(had + more);
        column.present.resize(had + more);
        return &column;
    }

    DvcTable& m_table;
    std::string m_path;
    DamageList& m_damage;
    std::unordered_map<std::string, std::size_t> m_places;
    std::size_t m_cells = 0;
};

void readCells(std::string_view text, char separator, bool header, bool mayGrow, Builder& builder) {
    CsvSplitter splitter;
    std::vector<std::string> names;
    std::size_t row = 0;
    for (std::uint64_t offset = 0; !text.empty();) {
        const auto outcome = splitter.split(text, separator, !mayGrow);
        if (outcome == CsvSplitter::Outcome::Partial) {
            builder.bad(offset, tr("The last line has no end: it may be half a row, and is left out."));
            return;
        }
        const auto cells = splitter.cells();
        const bool blank = std::all_of(cells.begin(), cells.end(), [](auto cell) { return cell.empty(); });
        if (outcome == CsvSplitter::Outcome::Broken) {
            builder.bad(offset, tr("A quote is never closed."));
        } else if (names.empty() && !blank) {
            for (std::size_t i = 0; i < std::min(cells.size(), TableForm::kMaxColumns); ++i) {
                names.push_back(header ? std::string(cells[i]) : std::to_string(i));
            }
        }
        // Whoever starts a log again may write its header again.
        const bool isHeader = header && std::equal(cells.begin(), cells.end(), names.begin(), names.end());
        if (outcome == CsvSplitter::Outcome::Row && !blank && !isHeader) {
            if (cells.size() != names.size()) {
                builder.bad(offset, tr("A row has another number of cells than the header."));
            } else {
                for (std::size_t i = 0; i < cells.size(); ++i) {
                    builder.setCell(names[i], row, cells[i], separator, offset);
                }
                builder.endRow(row++);
            }
        }
        offset += splitter.length();
        text.remove_prefix(splitter.length());
    }
}

/// Every list of objects in a JSON document.
class JsonLists {
public:
    JsonLists(std::string_view text, Builder& builder)
        : m_json(text)
        , m_builder(builder) {}

    void read() {
        readValue(0);
        if (!m_json.ok()) {
            m_builder.bad(m_json.offset(), tr("The file is not valid JSON, or only half there."));
        }
    }

private:
    void readValue(int depth) {
        constexpr int kDeepest = 32;
        const auto kind = m_json.peek();
        if (kind == JsonKind::Object && depth < kDeepest) {
            m_json.enterObject();
            for (std::string key; m_json.nextKey(key);) {
                readValue(depth + 1);
            }
        } else if (kind == JsonKind::Array) {
            readList();
        } else {
            m_json.skip();
        }
    }
    void readList() {
        std::size_t row = 0;
        std::uint64_t others = 0;
        std::uint64_t firstOther = 0;
        m_json.enterArray();
        while (m_json.nextItem()) {
            const auto offset = m_json.offset();
            if (m_json.peek() == JsonKind::Object) {
                row += readRow(row) ? 1 : 0;
            } else {
                m_json.skip();
                firstOther = others++ == 0 ? offset : firstOther;
            }
        }
        for (; row > 0 && others > 0; --others) {
            m_builder.bad(firstOther, tr("A row is not a JSON object."));
        }
    }
    /// False where the text breaks off within it, or a value of it is none.
    bool readRow(std::size_t row) {
        struct Cell {
            std::string column;
            bool isNumber;
            double number;
        };
        std::vector<Cell> cells;
        const auto offset = m_json.offset();
        bool sound = true;
        m_json.enterObject();
        for (std::string key; m_json.nextKey(key);) {
            const auto kind = m_json.peek();
            if (kind == JsonKind::Number) {
                // What only looks like a number is none.
                const auto number = m_json.number();
                sound = sound && number.has_value();
                cells.push_back({key, true, number.value_or(0)});
            } else {
                sound = sound && kind != JsonKind::Nothing;
                if (kind == JsonKind::String || kind == JsonKind::Bool) {
                    cells.push_back({key, false, 0});
                }
                m_json.skip();
            }
        }
        if (!m_json.ok()) {
            return false;
        }
        if (!sound) {
            m_builder.bad(offset, tr("A value is not JSON."));
            return true;  // its place is kept: rows are counted
        }
        for (const auto& cell : cells) {
            if (cell.isNumber) {
                m_builder.setNumber(cell.column, row, cell.number);
            } else {
                m_builder.setText(cell.column, row, offset);
            }
        }
        m_builder.endRow(row);
        return true;
    }

    JsonReader m_json;
    Builder& m_builder;
};

void readYamlLists(const YamlTree& tree, Builder& builder) {
    if (tree.isMap()) {
        for (const auto& item : tree.items) {
            readYamlLists(item, builder);
        }
        return;
    }
    std::size_t row = 0;
    const bool isTable =
        std::any_of(tree.items.begin(), tree.items.end(), [](const YamlTree& item) { return item.isMap(); });
    for (const auto& item : isTable ? tree.items : std::vector<YamlTree>()) {
        if (!item.isMap()) {
            builder.bad(0, tr("A row is no mapping."));
            continue;
        }
        for (std::size_t i = 0; i < item.keys.size(); ++i) {
            if (item.items[i].isText()) {
                builder.setCell(item.keys[i], row, item.items[i].text, ',', 0);
            }
        }
        builder.endRow(row++);
    }
}

void readYamlTable(std::string_view text, Builder& builder) {
    constexpr std::size_t kMaxBytes = 4U << 20U;  // a tree takes far more than its text
    if (text.size() > kMaxBytes) {
        builder.bad(0, tr("It is too large: of YAML at most {} bytes are read.", kMaxBytes));
        return;
    }
    const auto tree = readYamlTree(text);
    if (tree) {
        readYamlLists(*tree, builder);
    } else {
        builder.bad(0, tree.error().message);
    }
}

}  // namespace

const DvcTable::Column* DvcTable::find(std::string_view name) const {
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const Column& column) { return column.name == name; });
    return found == columns.end() ? nullptr : &*found;
}

bool isDvcTable(std::string_view path) {
    constexpr std::array<std::string_view, 5> kTables{".csv", ".tsv", ".json", ".yaml", ".yml"};
    return std::any_of(kTables.begin(), kTables.end(),
                       [&](std::string_view extension) { return path.ends_with(extension); });
}

DvcTable readDvcTable(const std::string& path, std::string_view content, bool header, bool mayGrow,
                      DamageList& damage) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    DvcTable table;
    Builder builder(table, path, damage);
    if (path.ends_with(".csv") || path.ends_with(".tsv")) {
        content.remove_prefix(content.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
        const char separator =
            path.ends_with(".tsv") ? '\t' : separatorOf(content.substr(0, content.find('\n')));
        readCells(content, separator, header, mayGrow, builder);
    } else if (path.ends_with(".json")) {
        JsonLists(content, builder).read();
    } else {
        readYamlTable(content, builder);
    }
    return table;
}

}  // namespace runglass::sources
