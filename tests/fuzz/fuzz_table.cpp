// SPDX-License-Identifier: GPL-3.0-or-later
// Foreign tables. First byte: the separator of CSV, or one of the other kinds of text that runs leave behind.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "guild.h"
#include "huggingface.h"
#include "runglass/base/text.h"
#include "runglass/sources/table_preview.h"
#include "table.h"
#include "yaml_values.h"

namespace {

using namespace runglass::sources;

void csv(std::string_view text, char separator) {
    CsvSplitter splitter;
    for (std::string_view rest = text; !rest.empty();) {
        // What is complete must not change when more comes.
        const auto outcome = splitter.split(rest, separator, false);
        const auto length = splitter.length();
        const auto cells = splitter.cells().size();
        const bool partial = outcome == CsvSplitter::Outcome::Partial;
        const auto again = splitter.split(rest, separator, true);
        if (again == CsvSplitter::Outcome::Partial || splitter.length() == 0 ||
            splitter.length() > rest.size() ||
            (!partial && (splitter.length() != length || splitter.cells().size() != cells))) {
            std::abort();
        }
        for (const auto cell : splitter.cells()) {
            static_cast<void>(numberIn(cell, separator));
        }
        rest.remove_prefix(splitter.length());
    }
    static_cast<void>(separatorOf(text));
}

void jsonLines(std::string_view text) {
    TableForm form;
    form.kind = TableKind::JsonLines;
    JsonLineSplitter splitter;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        if (splitter.split(line, form) && splitter.cells().size() > form.columns.size()) {
            std::abort();
        }
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
}

/// What a person looks at: bounded, and every row as wide as the table.
void shown(std::string_view text) {
    for (const auto form : {WrittenAs::Cells, WrittenAs::Lines, WrittenAs::Columns}) {
        for (const bool all : {false, true}) {
            constexpr std::size_t kRows = 50;
            const auto table = tableIn(text, form, all, kRows);
            for (const auto& column : table.columns) {
                if (column.values.size() > kRows || column.values.size() != table.columns[0].values.size()) {
                    std::abort();
                }
            }
        }
    }
}

void trainerState(std::string_view text) {
    std::size_t points = 0;
    const auto count = [&](const std::string& key, const runglass::model::Point& /*point*/) {
        points += runglass::isValidUtf8(key) ? 1 : 0;
    };
    static_cast<void>(huggingface::readState(text, count));
    if (points > text.size()) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    switch (data[0] % 8) {
        case 0:
            jsonLines(text);
            break;
        case 1:
            trainerState(text);
            break;
        case 2:
            static_cast<void>(guild::parseOpRef(text));
            break;
        case 3:
            static_cast<void>(yamlValues(text).ok());
            break;
        default:
            csv(text, ",;\t|"[data[0] % 4]);
    }
    shown(text);
    return 0;
}
