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

bool tieBreak(const model::RunRecord& a, const model::RunRecord& b) {
    const auto startA = a.startTimeMs.value_or(INT64_MIN);
    const auto startB = b.startTimeMs.value_or(INT64_MIN);
    return startA != startB ? startA > startB : a.id < b.id;
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
    for (const auto& key : *m_keys) {
        std::string scratchA;
        std::string scratchB;
        const int order = compareValues(sortValueOf(key.field, a, nowMs, scratchA),
                                        sortValueOf(key.field, b, nowMs, scratchB), key.descending);
        if (order != 0) {
            return order < 0;
        }
    }
    return tieBreak(a, b);
}

void Order::sort(std::vector<model::SharedRun>& runs, std::int64_t nowMs) const {
    if (!m_keys) {
        return;
    }
    struct Row {
        model::SharedRun run;
        SortValue first;
        std::string scratch;
    };
    const auto& first = m_keys->front();
    std::vector<Row> rows(runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i) {
        rows[i].run = std::move(runs[i]);
        rows[i].first = sortValueOf(first.field, *rows[i].run, nowMs, rows[i].scratch);
    }
    std::vector<const Row*> order;
    order.reserve(rows.size());
    for (const auto& row : rows) {
        order.push_back(&row);
    }
    std::ranges::sort(order, [&](const Row* a, const Row* b) {
        const int byFirst = compareValues(a->first, b->first, first.descending);
        return byFirst != 0 ? byFirst < 0 : less(*a->run, *b->run, nowMs);
    });
    for (std::size_t i = 0; i < runs.size(); ++i) {
        runs[i] = order[i]->run;
    }
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
