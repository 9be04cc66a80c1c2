// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "words.h"

namespace runglass::cli {

using query::Field;
using query::FieldType;
using query::Value;

namespace {

constexpr std::size_t kUsualParams = 4;
constexpr std::size_t kUsualMetrics = 4;

/// Splits at commas outside of quotes.
std::vector<std::string> splitColumns(const std::string& text) {
    std::vector<std::string> parts(1);
    char quote = 0;
    for (const char c : text) {
        if (quote != 0) {
            quote = c == quote ? '\0' : quote;
        } else if (c == '`' || c == '"') {
            quote = c;
        } else if (c == ',') {
            parts.emplace_back();
            continue;
        }
        parts.back() += c;
    }
    return parts;
}

std::vector<Field> attributes(std::initializer_list<const char*> names) {
    std::vector<Field> fields;
    for (const char* name : names) {
        fields.push_back(*Field::attribute(name));
    }
    return fields;
}

/// Param keys whose values are not the same in all runs.
std::vector<std::string> differingParams(const std::vector<model::SharedRun>& runs) {
    std::map<std::string_view, std::pair<std::set<Symbol>, std::size_t>> values;
    for (const auto& run : runs) {
        for (const auto& [key, value] : run->params) {
            auto& [seen, count] = values[key.text()];
            seen.insert(value);
            ++count;
        }
    }
    std::vector<std::string> keys;
    for (const auto& [key, entry] : values) {
        if (entry.first.size() > 1 || (runs.size() > 1 && entry.second < runs.size())) {
            keys.emplace_back(key);
        }
    }
    return keys;
}

/// Metric keys, those that most runs have first.
std::vector<std::string> frequentMetrics(const std::vector<model::SharedRun>& runs) {
    std::map<std::string_view, std::size_t> counts;
    for (const auto& run : runs) {
        for (const auto& metric : run->metrics) {
            if (!isSystemMetric(metric.key)) {
                ++counts[metric.key.text()];
            }
        }
    }
    std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
    std::ranges::stable_sort(sorted, [](const auto& a, const auto& b) { return a.second > b.second; });
    std::vector<std::string> keys;
    for (auto& [key, count] : sorted) {
        keys.push_back(std::move(key));
    }
    return keys;
}

}  // namespace

Result<std::vector<Field>> parseColumns(const std::string& text) {
    std::vector<Field> fields;
    for (const auto& part : splitColumns(text)) {
        auto field = Field::parse(part);
        if (const auto* mistake = std::get_if<query::FilterError>(&field)) {
            return Error{ErrorCode::Invalid, tr("--columns: {}", mistake->message), {}};
        }
        fields.push_back(std::get<Field>(std::move(field)));
    }
    return fields;
}

std::vector<Field> usualColumns(const std::vector<model::SharedRun>& runs) {
    auto fields = attributes({"id", "status", "name", "start", "duration", "git.commit"});
    const auto metrics = frequentMetrics(runs);
    for (std::size_t i = 0; i < std::min(metrics.size(), kUsualMetrics); ++i) {
        fields.push_back(Field::metric(metrics[i]));
    }
    const auto params = differingParams(runs);
    for (std::size_t i = 0; i < std::min(params.size(), kUsualParams); ++i) {
        fields.push_back(Field::param(params[i]));
    }
    return fields;
}

std::vector<Field> allColumns(const std::vector<model::SharedRun>& runs) {
    std::set<std::string_view> params;
    std::set<std::string_view> tags;
    std::set<std::string_view> metrics;
    for (const auto& run : runs) {
        for (const auto& param : run->params) {
            params.insert(param.key.text());
        }
        for (const auto& tag : run->tags) {
            tags.insert(tag.key.text());
        }
        for (const auto& metric : run->metrics) {
            if (!isSystemMetric(metric.key)) {
                metrics.insert(metric.key.text());
            }
        }
    }
    auto fields =
        attributes({"id", "name", "experiment", "source", "location", "status", "exit_code", "start", "end",
                    "git.commit", "git.branch", "git.dirty", "git.snapshot", "parent"});
    std::ranges::transform(params, std::back_inserter(fields), [](auto key) { return Field::param(key); });
    std::ranges::transform(tags, std::back_inserter(fields), [](auto key) { return Field::tag(key); });
    std::ranges::transform(metrics, std::back_inserter(fields), [](auto key) { return Field::metric(key); });
    return fields;
}

std::string shortCell(const Field& field, const model::RunRecord& run, std::int64_t nowMs) {
    std::string scratch;
    const Value value = field.valueOf(run, nowMs, scratch);
    if (value.kind == Value::Kind::Missing) {
        return {};
    }
    switch (field.type()) {
        case FieldType::Number:
            return shortNumber(value.number);
        case FieldType::Duration:
            return durationWords(static_cast<std::int64_t>(value.number));
        case FieldType::Time:
            return localTime(static_cast<std::int64_t>(value.number));
        case FieldType::Hash:
            if (field.text() == "git.commit") {
                return commitWords(run.git);
            }
            return std::string(value.text.substr(0, field.text() == "git.snapshot" ? 7 : 8));
        case FieldType::Boolean:
            return value.number != 0 ? tr("yes") : tr("no");
        case FieldType::Text:
        case FieldType::Flexible:
        case FieldType::Status:
            break;
    }
    return std::string(value.text);
}

std::string exactCell(const Field& field, const model::RunRecord& run, std::int64_t nowMs) {
    std::string scratch;
    const Value value = field.valueOf(run, nowMs, scratch);
    switch (value.kind) {
        case Value::Kind::Missing:
            return {};
        case Value::Kind::Boolean:
            return value.number != 0 ? "true" : "false";
        case Value::Kind::Number: {
            const bool whole = value.number == std::trunc(value.number) && std::abs(value.number) < 0x1p53;
            const bool count = field.group() == Field::Group::Attribute;
            return whole && count ? fmt::format("{:.0f}", value.number) : formatDouble(value.number);
        }
        case Value::Kind::Text:
            break;
    }
    return std::string(value.text);
}

}  // namespace runglass::cli
