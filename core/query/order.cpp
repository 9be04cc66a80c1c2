// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <compare>

#include "parser.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/query/filter.h"

namespace runglass::query {

struct Order::Key : OrderKey {};

namespace {

/// A value made ready to be ordered: numbers, then text, then NaN, then nothing.
struct SortValue {
    enum class Rank { Number, Text, NaN, Missing };
    Rank rank = Rank::Missing;
    double number = 0;
    std::string_view text;
};

SortValue sortValueOf(const Field& field, const model::RunRecord& run, std::int64_t nowMs,
                      std::string& scratch) {
    const Value value = field.valueOf(run, nowMs, scratch);
    switch (value.kind) {
        case Value::Kind::Missing:
            return {};
        case Value::Kind::Number:
        case Value::Kind::Boolean:
            return {
                std::isnan(value.number) ? SortValue::Rank::NaN : SortValue::Rank::Number, value.number, {}};
        case Value::Kind::Text:
            break;
    }
    if (field.type() == FieldType::Flexible) {
        if (const auto number = parseDouble(value.text)) {
            return {std::isnan(*number) ? SortValue::Rank::NaN : SortValue::Rank::Number, *number,
                    value.text};
        }
    }
    return {SortValue::Rank::Text, 0, value.text};
}

/// Negative: a first. The direction turns numbers and texts around, not the place of what has no value.
int compareValues(const SortValue& a, const SortValue& b, bool descending) {
    const auto absent = [](const SortValue& value) { return value.rank >= SortValue::Rank::NaN; };
    if (absent(a) || absent(b)) {
        return static_cast<int>(a.rank) - static_cast<int>(b.rank);
    }
    int order = static_cast<int>(a.rank) - static_cast<int>(b.rank);
    if (order == 0 && a.rank == SortValue::Rank::Number) {
        order = a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
    } else if (order == 0) {
        order = a.text.compare(b.text);
    }
    return descending ? -order : order;
}

std::int64_t startOf(const model::RunRecord& run) {
    return run.startTimeMs.value_or(INT64_MIN);
}

bool tieBreak(const model::RunRecord& a, const model::RunRecord& b) {
    return startOf(a) != startOf(b) ? startOf(a) > startOf(b) : a.id < b.id;
}

}  // namespace

std::variant<Order, FilterError> Order::parse(std::string_view text) {
    Parser parser(text);
    if (parser.atEnd()) {
        return Order();
    }
    auto keys = parser.parseOrder();
    if (!keys) {
        return parser.error();
    }
    auto stored = std::make_shared<std::vector<Key>>();
    for (auto& key : *keys) {
        stored->push_back({std::move(key)});
    }
    Order order;
    order.m_keys = std::move(stored);
    return order;
}

bool Order::less(const model::RunRecord& a, const model::RunRecord& b, std::int64_t nowMs) const {
    if (!m_keys) {
        return false;
    }
    const int order = compareFrom(0, a, b, nowMs);
    return order != 0 ? order < 0 : tieBreak(a, b);
}

/// By the keys from the `first`-th on.
int Order::compareFrom(std::size_t first, const model::RunRecord& a, const model::RunRecord& b,
                       std::int64_t nowMs) const {
    for (std::size_t i = first; i < m_keys->size(); ++i) {
        const auto& key = (*m_keys)[i];
        std::string scratchA;
        std::string scratchB;
        const int order = compareValues(sortValueOf(key.field, a, nowMs, scratchA),
                                        sortValueOf(key.field, b, nowMs, scratchB), key.descending);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

void Order::sort(std::vector<model::SharedRun>& runs, std::int64_t nowMs) const {
    if (!m_keys) {
        return;
    }
    struct Row {
        SortValue first;
        std::int64_t start;
        std::size_t index;
    };
    const auto& first = m_keys->front();
    std::vector<std::string> scratch(runs.size());  // the texts of ids live here
    std::vector<Row> rows;
    rows.reserve(runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i) {
        rows.push_back({sortValueOf(first.field, *runs[i], nowMs, scratch[i]), startOf(*runs[i]), i});
    }
    std::ranges::sort(rows, [&](const Row& a, const Row& b) {
        int order = compareValues(a.first, b.first, first.descending);
        if (order == 0) {
            order = compareFrom(1, *runs[a.index], *runs[b.index], nowMs);
        }
        if (order != 0) {
            return order < 0;
        }
        return a.start != b.start ? a.start > b.start : runs[a.index]->id < runs[b.index]->id;
    });
    std::vector<model::SharedRun> sorted;
    sorted.reserve(runs.size());
    for (const auto& row : rows) {
        sorted.push_back(std::move(runs[row.index]));
    }
    runs = std::move(sorted);
}

std::optional<std::vector<OrderKey>> Parser::parseOrder() {
    std::vector<OrderKey> keys;
    while (true) {
        auto field = parseField();
        if (!field) {
            return std::nullopt;
        }
        const bool descending = takeKeyword("desc");
        if (!descending) {
            takeKeyword("asc");
        }
        keys.push_back({std::move(*field), descending});
        const Lexeme& lexeme = take();
        if (lexeme.kind == LexemeKind::End) {
            return keys;
        }
        if (lexeme.kind != LexemeKind::Comma) {
            return fail(
                lexeme,
                tr("Here asc, desc, a `,` or the end is expected, {}. Example: metrics.val_acc desc, start",
                   found(lexeme)));
        }
    }
}

std::optional<Field> Parser::parseLoneField() {
    auto field = parseField();
    if (field && !atEnd()) {
        return fail(current(), tr("After `{}` the end is expected, {}.", field->text(), found(current())));
    }
    return field;
}

}  // namespace runglass::query
