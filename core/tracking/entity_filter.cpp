// SPDX-License-Identifier: GPL-3.0-or-later
#include "entity_filter.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "protocol_error.h"
#include "runglass/base/text.h"

namespace runglass::tracking {

namespace {

std::string keyOf(std::string_view attribute) {
    return fmt::format("@{}", attribute);
}

bool sameWord(std::string_view a, std::string_view b) {
    return a.size() == b.size() && startsWithIgnoringCase(a, b);
}

bool isOwnGroup(std::string_view word) {
    static constexpr std::array<std::string_view, 8> kGroups{
        "metrics.", "metric.", "params.", "param.", "tags.", "tag.", "parameters.", "parameter."};
    return std::any_of(kGroups.begin(), kGroups.end(),
                       [&](std::string_view group) { return startsWithIgnoringCase(word, group); });
}

std::string_view bareAttribute(std::string_view word) {
    for (const std::string_view group : {"attributes.", "attribute.", "attr."}) {
        if (startsWithIgnoringCase(word, group)) {
            word.remove_prefix(group.size());
        }
    }
    if (word.size() >= 2 && (word.front() == '`' || word.front() == '"') && word.back() == word.front()) {
        word = word.substr(1, word.size() - 2);
    }
    return word;
}

/// `text` with the attributes put where core/query finds them.
Result<std::string> laidOut(std::string_view text, std::initializer_list<EntityAttribute> attributes) {
    std::string result;
    std::size_t copied = 0;
    for (const auto& token : query::tokenize(text)) {
        const auto word = text.substr(token.position, token.length);
        if (token.kind != query::Token::Kind::Field || isOwnGroup(word) || sameWord(word, "asc") ||
            sameWord(word, "desc")) {
            continue;
        }
        const auto name = bareAttribute(word);
        const auto* const it =
            std::find_if(attributes.begin(), attributes.end(),
                         [&](const EntityAttribute& attribute) { return sameWord(attribute.name, name); });
        if (it == attributes.end()) {
            std::string valid;
            for (const auto& attribute : attributes) {
                valid += fmt::format("{}{}", valid.empty() ? "" : ", ", attribute.name);
            }
            return invalid(
                fmt::format("Invalid attribute key '{}' specified. Valid keys are {}.", name, valid));
        }
        result += text.substr(copied, token.position - copied);
        result += fmt::format("{}.`{}`", it->isNumber ? "metrics" : "params", keyOf(it->name));
        copied = token.position + token.length;
    }
    return result.append(text.substr(copied));
}

RunId idOf(std::size_t index) {
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < sizeof index; ++i) {
        bytes[15 - i] = static_cast<std::uint8_t>(index >> (8 * i));
    }
    return RunId(bytes);
}

}  // namespace

Error filterError(std::string_view what, std::string_view text, const query::FilterError& error) {
    return invalid(fmt::format("Invalid clause(s) in {}: '{}' at position {}. {}", what,
                               text.substr(std::min(error.position, text.size()), error.length),
                               error.position + 1, error.message));
}

Result<std::string> orderOf(const Fields& fields) {
    RUNGLASS_ASSIGN(const auto keys, fields.texts("order_by"));
    std::string order;
    for (const auto key : keys) {
        if (!trimmed(key).empty()) {
            order += fmt::format("{}{}", order.empty() ? "" : ", ", key);
        }
    }
    return order;
}

Result<EntityFilter> EntityFilter::of(const Fields& fields,
                                      std::initializer_list<EntityAttribute> attributes) {
    RUNGLASS_ASSIGN(const auto filter, fields.text("filter"));
    RUNGLASS_ASSIGN(const auto keys, fields.texts("order_by"));
    return parse(filter, {keys.begin(), keys.end()}, attributes);
}

Result<EntityFilter> EntityFilter::parse(std::string_view filter, const std::vector<std::string>& orderBy,
                                         std::initializer_list<EntityAttribute> attributes) {
    EntityFilter result;
    RUNGLASS_ASSIGN(const auto filterText, laidOut(filter, attributes));
    auto parsed = query::Filter::parse(filterText);
    if (const auto* error = std::get_if<query::FilterError>(&parsed)) {
        return filterError("filter string", filterText, *error);
    }
    result.m_filter = std::get<query::Filter>(std::move(parsed));
    std::string order;
    for (const auto& key : orderBy) {
        order += fmt::format("{}{}", order.empty() ? "" : ", ", key);
    }
    RUNGLASS_ASSIGN(const auto orderText, laidOut(order, attributes));
    auto sorted = query::Order::parse(orderText);
    if (const auto* error = std::get_if<query::FilterError>(&sorted)) {
        return filterError("order_by", orderText, *error);
    }
    result.m_order = std::get<query::Order>(std::move(sorted));
    return Result<EntityFilter>(std::move(result));
}

EntityFilter::Layout::Layout(std::size_t index, std::int64_t createdMs)
    : m_record(std::make_shared<model::RunRecord>()) {
    m_record->id = idOf(index);
    m_record->number = static_cast<std::int64_t>(index);
    m_record->startTimeMs = createdMs;
}

EntityFilter::Layout& EntityFilter::Layout::attribute(std::string_view name, std::string_view value) {
    return param(keyOf(name), value);
}

EntityFilter::Layout& EntityFilter::Layout::attribute(std::string_view name, std::int64_t value) {
    return metric(keyOf(name), static_cast<double>(value));
}

EntityFilter::Layout& EntityFilter::Layout::param(std::string_view key, std::string_view value) {
    m_record->params.push_back({Symbol(key), Symbol(value)});
    return *this;
}

EntityFilter::Layout& EntityFilter::Layout::tag(std::string_view key, std::string_view value) {
    m_record->tags.push_back({Symbol(key), Symbol(value)});
    return *this;
}

EntityFilter::Layout& EntityFilter::Layout::metric(std::string_view key, double value) {
    model::MetricSummary summary;
    summary.add({0, 0, value});
    m_record->metrics.push_back({Symbol(key), summary});
    return *this;
}

std::vector<std::size_t> EntityFilter::select(std::vector<Layout> things) const {
    std::vector<model::SharedRun> matching;
    for (auto& thing : things) {
        thing.m_record->sortKeys();
        if (m_filter.matches(*thing.m_record, 0)) {
            matching.push_back(std::move(thing.m_record));
        }
    }
    if (m_order.empty()) {
        std::stable_sort(matching.begin(), matching.end(),
                         [](const auto& a, const auto& b) { return *a->startTimeMs > *b->startTimeMs; });
    } else {
        m_order.sort(matching, 0);
    }
    std::vector<std::size_t> indices;
    indices.reserve(matching.size());
    for (const auto& run : matching) {
        indices.push_back(static_cast<std::size_t>(run->number));
    }
    return indices;
}

}  // namespace runglass::tracking
