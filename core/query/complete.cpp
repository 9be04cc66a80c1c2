// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <span>
#include <unordered_map>

#include "attributes.h"
#include "lexer.h"
#include "runglass/base/text.h"
#include "runglass/query/filter.h"

namespace runglass::query {

namespace {

constexpr std::size_t kMaxCompletions = 200;
constexpr std::size_t kMaxValues = 50;

/// What the grammar allows next.
enum class Expect { Field, Operator, Value, Join };

struct State {
    Expect expect = Expect::Field;
    std::optional<Field> field;  ///< of the comparison that the cursor is in
    bool list = false;
    bool listOpen = false;
    bool statistic = false;
};

/// Walks the lexemes before the cursor. Any text is fine: what makes no sense is taken as what was due.
State stateAfter(std::span<const Lexeme> lexemes) {
    State state;
    for (const auto& lexeme : lexemes) {
        const bool joins = lexeme.isKeyword("and") || lexeme.isKeyword("or");
        if (joins || (lexeme.isKeyword("not") && state.expect != Expect::Operator)) {
            state = {};
        } else if (lexeme.kind == LexemeKind::Operator || lexeme.isKeyword("like") ||
                   lexeme.isKeyword("ilike")) {
            state.expect = Expect::Value;
        } else if (lexeme.isKeyword("in")) {
            state.expect = Expect::Value;
            state.list = true;
        } else if (lexeme.isKeyword("null") || lexeme.isKeyword("nan")) {
            state.expect = Expect::Join;
        } else if (lexeme.kind == LexemeKind::Open) {
            state.listOpen = state.list;
            state.statistic = !state.list && state.expect == Expect::Operator;
            state.expect = state.list ? Expect::Value : Expect::Field;
        } else if (lexeme.kind == LexemeKind::Close) {
            state.expect = state.statistic ? Expect::Operator : Expect::Join;
            state.list = false;
            state.statistic = false;
        } else if (lexeme.kind == LexemeKind::Comma) {
            state.expect = Expect::Value;
        } else if (lexeme.isKeyword("is") || lexeme.isKeyword("not")) {
            state.expect = Expect::Operator;
        } else if (state.expect == Expect::Field) {
            auto parsed = Field::parse(lexeme.text);
            state.field =
                std::holds_alternative<Field>(parsed) ? std::optional(std::get<Field>(parsed)) : std::nullopt;
            state.expect = Expect::Operator;
        } else if (state.expect == Expect::Value && !state.listOpen) {
            state.expect = Expect::Join;
        }
    }
    return state;
}

/// Collects words that go on from what is typed, without regard to case: those that begin with it first, then
/// those whose key contains it.
class Collector {
public:
    Collector(std::string_view typed, std::size_t position, std::size_t length)
        : m_typed(typed)
        , m_position(position)
        , m_length(length) {}

    void add(std::string text, const char* hint) {
        if (startsWithIgnoringCase(text, m_typed)) {
            m_found.push_back({std::move(text), m_position, m_length, hint});
        } else if (!m_typed.empty() && contains(text)) {
            m_inside.push_back({std::move(text), m_position, m_length, hint});
        }
    }

    std::vector<Completion> take() {
        std::ranges::move(m_inside, std::back_inserter(m_found));
        if (m_found.size() > kMaxCompletions) {
            m_found.resize(kMaxCompletions);
        }
        return std::move(m_found);
    }

private:
    [[nodiscard]] bool contains(std::string_view text) const {
        for (std::size_t i = 1; i + m_typed.size() <= text.size(); ++i) {
            if (startsWithIgnoringCase(text.substr(i), m_typed)) {
                return true;
            }
        }
        return false;
    }

    std::string_view m_typed;
    std::size_t m_position;
    std::size_t m_length;
    std::vector<Completion> m_found;
    std::vector<Completion> m_inside;
};

void addFields(Collector& collector, const model::RunTable& table, bool metricsOnly) {
    for (const auto key : table.metricKeys) {
        collector.add(Field::metric(key.text()).text(), "metric");
    }
    if (metricsOnly) {
        return;
    }
    for (const auto key : table.paramKeys) {
        collector.add(Field::param(key.text()).text(), "param");
    }
    for (const auto& attribute : attributeNames()) {
        if (!attribute.alias) {
            collector.add(std::string(attribute.name), "attribute");
        }
    }
    for (const auto key : table.tagKeys) {
        collector.add(Field::tag(key.text()).text(), "tag");
    }
    for (const auto& statistic : statisticNames()) {
        if (statistic.statistic != Field::Statistic::Last) {
            collector.add(std::string(statistic.name) + "(metrics.", "statistic");
        }
    }
    collector.add("not ", "keyword");
}

void addOperators(Collector& collector, const std::optional<Field>& field) {
    const auto type = field ? field->type() : FieldType::Flexible;
    const auto addAll = [&](std::initializer_list<const char*> words) {
        for (const char* word : words) {
            collector.add(word, "operator");
        }
    };
    if (type == FieldType::Boolean) {
        addAll({"=", "!=", "and", "or"});
        return;
    }
    const bool ordered = type != FieldType::Hash && type != FieldType::Status;
    const bool textual = type != FieldType::Number && type != FieldType::Duration && type != FieldType::Time;
    if (type == FieldType::Number || type == FieldType::Duration || type == FieldType::Time) {
        addAll({">", ">=", "<", "<=", "=", "!="});
    } else {
        addAll({"=", "!="});
    }
    if (textual) {
        addAll({"like", "ilike", "in (", "not in (", "not like"});
    }
    if (textual && ordered) {
        addAll({"<", "<=", ">", ">="});
    }
    addAll({"is null", "is not null"});
    if (field && field->group() == Field::Group::Metric) {
        addAll({"is nan", "is not nan"});
    }
}

std::string quotedValue(std::string_view value) {
    std::string quoted = "'";
    for (const char c : value) {
        quoted += c;
        if (c == '\'') {
            quoted += c;
        }
    }
    return quoted + "'";
}

/// The values that occur, the most frequent first.
void addValues(Collector& collector, const std::optional<Field>& field, const model::RunTable& table) {
    if (!field || field->type() == FieldType::Number || field->type() == FieldType::Duration) {
        return;
    }
    if (field->type() == FieldType::Boolean) {
        collector.add("true", "value");
        collector.add("false", "value");
        return;
    }
    if (field->type() == FieldType::Time) {
        for (const char* age : {"-1h", "-1d", "-7d", "-30d"}) {
            collector.add(age, "before now");
        }
        return;
    }
    std::unordered_map<std::string, std::size_t> counts;
    std::string scratch;
    for (const auto& run : table.runs) {
        const auto value = field->valueOf(*run, 0, scratch);
        if (value.kind == Value::Kind::Text && value.text.size() <= 200) {
            ++counts[std::string(value.text)];
        }
    }
    std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
    std::ranges::sort(sorted, [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    for (std::size_t i = 0; i < std::min(sorted.size(), kMaxValues); ++i) {
        collector.add(quotedValue(sorted[i].first), "value");
    }
}

}  // namespace

std::vector<Completion> complete(std::string_view text, std::size_t cursor, const model::RunTable& table) {
    cursor = std::min(cursor, text.size());
    const auto all = lex(text);
    // The word that the cursor touches is replaced whole; what lies before it decides what may stand there.
    std::size_t before = 0;
    while (before < all.size() && all[before].position + all[before].length < cursor) {
        ++before;
    }
    const Lexeme* word = before < all.size() && all[before].position < cursor ? &all[before] : nullptr;
    const bool replaces = word != nullptr && word->kind != LexemeKind::Open &&
                          word->kind != LexemeKind::Close && word->kind != LexemeKind::Comma &&
                          word->kind != LexemeKind::Operator;
    const auto position = replaces ? word->position : cursor;
    const auto length = replaces ? word->length : 0;
    const auto count = before + (word != nullptr && !replaces ? 1 : 0);

    const State state = stateAfter(std::span(all).first(std::min(count, all.size())));
    Collector collector(text.substr(position, cursor - position), position, length);
    switch (state.expect) {
        case Expect::Field:
            addFields(collector, table, state.statistic);
            break;
        case Expect::Operator:
            addOperators(collector, state.field);
            break;
        case Expect::Value:
            addValues(collector, state.field, table);
            break;
        case Expect::Join:
            collector.add("and", "keyword");
            collector.add("or", "keyword");
            break;
    }
    return collector.take();
}

}  // namespace runglass::query
