// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/query/field.h"

#include "attributes.h"
#include "lexer.h"
#include "parser.h"
#include "runglass/model/uncommitted.h"

namespace runglass::query {

namespace {

Value numberValue(double number) {
    return {Value::Kind::Number, number, {}};
}

template <typename T>
Value optionalNumber(const std::optional<T>& number) {
    return number ? numberValue(static_cast<double>(*number)) : Value{};
}

/// Attributes that a run need not have are empty strings in the record.
Value textValue(std::string_view text) {
    return text.empty() ? Value{} : Value{Value::Kind::Text, 0, text};
}

Value optionalText(std::optional<std::string_view> text) {
    return text ? Value{Value::Kind::Text, 0, *text} : Value{};
}

Value booleanValue(bool value) {
    return {Value::Kind::Boolean, value ? 1.0 : 0.0, {}};
}

Value optionalBoolean(std::optional<bool> value) {
    return value ? booleanValue(*value) : Value();
}

std::string quotedKey(const std::string& key) {
    if (isBareKey(key)) {
        return key;
    }
    std::string quoted = "`";
    for (const char c : key) {
        quoted += c;
        if (c == '`') {
            quoted += c;
        }
    }
    return quoted + "`";
}

}  // namespace

Field::Field(Group group, FieldType type, std::string_view key)
    : m_group(group)
    , m_type(type)
    , m_symbol(group == Group::Attribute ? std::string_view() : key)
    , m_key(key) {}

Field Field::metric(std::string_view key, Statistic statistic) {
    Field field(Group::Metric, FieldType::Number, key);
    field.m_statistic = statistic;
    return field;
}

Field Field::param(std::string_view key) {
    return {Group::Param, FieldType::Flexible, key};
}

Field Field::tag(std::string_view key) {
    return {Group::Tag, FieldType::Flexible, key};
}

std::optional<Field> Field::attribute(std::string_view name) {
    const auto* row = findAttribute(name);
    if (row == nullptr) {
        return std::nullopt;
    }
    Field field(Group::Attribute, row->type, name);
    field.m_attribute = row->attribute;
    for (const auto& candidate : attributeNames()) {
        if (candidate.attribute == row->attribute && !candidate.alias) {
            field.m_key = candidate.name;
        }
    }
    return field;
}

std::variant<Field, FilterError> Field::parse(std::string_view text) {
    Parser parser(text);
    auto field = parser.parseLoneField();
    if (!field) {
        return parser.error();
    }
    return std::move(*field);
}

std::string Field::text() const {
    switch (m_group) {
        case Group::Attribute:
            return m_key;
        case Group::Param:
            return "params." + quotedKey(m_key);
        case Group::Tag:
            return "tags." + quotedKey(m_key);
        case Group::Metric:
            break;
    }
    const auto metric = "metrics." + quotedKey(m_key);
    for (const auto& [name, statistic] : statisticNames()) {
        if (statistic == m_statistic && statistic != Statistic::Last) {
            return std::string(name) + "(" + metric + ")";
        }
    }
    return metric;
}

Value Field::valueOf(const model::RunRecord& run, std::int64_t nowMs, std::string& scratch) const {
    switch (m_group) {
        case Group::Metric:
            return metricValue(run);
        case Group::Param:
            return optionalText(run.param(m_symbol));
        case Group::Tag:
            return optionalText(run.tag(m_symbol));
        case Group::Attribute:
            break;
    }
    return attributeValue(run, nowMs, scratch);
}

Value Field::metricValue(const model::RunRecord& run) const {
    const auto* summary = run.metric(m_symbol);
    if (summary == nullptr) {
        return {};
    }
    switch (m_statistic) {
        case Statistic::Last:
            return numberValue(summary->last);
        case Statistic::First:
            return numberValue(summary->first);
        case Statistic::Min:
            return numberValue(summary->min);
        case Statistic::Max:
            return numberValue(summary->max);
        case Statistic::Count:
            return numberValue(static_cast<double>(summary->count));
        case Statistic::NanCount:
            return numberValue(static_cast<double>(summary->nanCount));
        case Statistic::LastStep:
            return numberValue(static_cast<double>(summary->lastStep));
    }
    return {};
}

Value Field::attributeValue(const model::RunRecord& run, std::int64_t nowMs, std::string& scratch) const {
    switch (m_attribute) {
        case Attribute::Id:
            scratch = run.id.hex();
            return textValue(scratch);
        case Attribute::Name:
            return textValue(run.name);
        case Attribute::Number:
            return numberValue(static_cast<double>(run.number));
        case Attribute::Status:
            return textValue(model::statusName(run.status));
        case Attribute::Experiment:
            return textValue(run.experiment.text());
        case Attribute::Source:
            return textValue(run.source.text());
        case Attribute::Location:
            return textValue(run.location);
        case Attribute::Start:
            return optionalNumber(run.startTimeMs);
        case Attribute::End:
            return optionalNumber(run.endTimeMs);
        case Attribute::Duration:
            return optionalNumber(run.durationMs(nowMs));
        case Attribute::ExitCode:
            return optionalNumber(run.exitCode);
        case Attribute::Signal:
            return optionalNumber(run.signal);
        case Attribute::Commit:
            return textValue(run.git.commit);
        case Attribute::Branch:
            return textValue(run.git.branch);
        case Attribute::Dirty:
            return optionalBoolean(model::hadUncommittedChanges(run));
        case Attribute::Snapshot:
            return textValue(run.git.snapshot);
        case Attribute::Remote:
            return textValue(run.git.remote);
        case Attribute::Parent:
            scratch = run.parent ? run.parent->hex() : std::string();
            return textValue(scratch);
        case Attribute::Archived:
            return booleanValue(run.archived);
        case Attribute::Starred:
            return booleanValue(run.starred);
        case Attribute::HasNote:
            return booleanValue(run.hasNote);
        case Attribute::User:
            return optionalText(run.tag(Symbol::find("mlflow.user")));
    }
    return {};
}

}  // namespace runglass::query
