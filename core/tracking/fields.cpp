// SPDX-License-Identifier: GPL-3.0-or-later
#include "fields.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "protocol_error.h"
#include "runglass/base/text.h"

namespace runglass::tracking {

namespace dom = simdjson::dom;

namespace {

/// About where Python's json gives up.
constexpr std::size_t kMaxDepth = 1000;
constexpr std::size_t kCommonBody = 256U << 10U;
constexpr double kTwoTo63 = 9223372036854775808.0;

std::string shown(const dom::element& value) {
    return simdjson::minify(value);
}

Error badInteger(std::string_view value, std::string_view name) {
    return invalidValue(value, name, "It must be an integer.");
}

Result<std::int64_t> integerFromText(std::string_view text, std::string_view name) {
    if (const auto value = parseInt(text)) {
        return *value;
    }
    return badInteger(text, name);
}

Result<double> realFromText(std::string_view text, std::string_view name) {
    if (const auto value = parseDouble(text)) {
        return *value;
    }
    return invalidValue(text, name, "It must be a number.");
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

/// The JSON number at the beginning of `text`, perhaps none.
std::string_view numberAt(std::string_view text) {
    std::size_t end = text.starts_with('-') ? 1 : 0;
    const auto digits = [&] {
        const auto first = end;
        while (end < text.size() && isDigit(text[end])) {
            ++end;
        }
        return end > first;
    };
    const auto first = end;
    if (!digits() || (text[first] == '0' && end > first + 1)) {
        return {};
    }
    if (end < text.size() && text[end] == '.' && (++end, !digits())) {
        return {};
    }
    if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
        end += end + 1 < text.size() && (text[end + 1] == '+' || text[end + 1] == '-') ? 2 : 1;
        return digits() ? text.substr(0, end) : std::string_view();
    }
    return text.substr(0, end);
}

/// Whether simdjson has no type for it.
bool isTooLarge(std::string_view number) {
    if (number.find_first_of(".eE") != std::string_view::npos) {
        return std::isinf(parseDouble(number).value_or(0));
    }
    std::uint64_t natural = 0;
    const auto* const end = number.data() + number.size();
    return !parseInt(number) && std::from_chars(number.data(), end, natural).ec != std::errc();
}

/// Integers beyond 64 bits and numbers beyond a double, as texts: JSON allows them, and who knows them may
/// say which parameter they are wrong for.
std::string quoteLargeNumbers(std::string_view json) {
    std::string quoted;
    bool inString = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        const auto number =
            !inString && (c == '-' || isDigit(c)) ? numberAt(json.substr(i)) : std::string_view();
        if (!number.empty()) {
            quoted += isTooLarge(number) ? fmt::format("\"{}\"", number) : std::string(number);
            i += number.size() - 1;
            continue;
        }
        inString = inString != (c == '"');
        quoted += c;
        if (inString && c == '\\' && i + 1 < json.size()) {
            quoted += json[++i];
        }
    }
    return quoted;
}

/// A parser's buffers are many times as large as its text. Each connection has its thread, and each thread
/// keeps those for bodies of common size from one request to the next.
dom::parser& parserOfThread() {
    static thread_local dom::parser parser;
    return parser;
}

/// A byte order mark says nothing in UTF-8 (RFC 8259 §8.1).
std::string withoutMark(std::string text) {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    return text.starts_with(kMark) ? text.substr(kMark.size()) : std::move(text);
}

Error notAnObject(simdjson::error_code failure) {
    switch (failure) {
        case simdjson::SUCCESS:
            return invalid("The body is no JSON object, but another value.");
        case simdjson::DEPTH_ERROR:
            return invalid(fmt::format("The body is nested deeper than {} levels.", kMaxDepth));
        case simdjson::UTF8_ERROR:
            return invalid("The body is no JSON object: it is not valid UTF-8.");
        case simdjson::STRING_ERROR:
            return invalid(
                "The body is no JSON object: a text in it has a wrong escape, such as half of a surrogate "
                "pair (\\ud800), which Python writes for file names that are not UTF-8.");
        default:
            return invalid(fmt::format("The body is no JSON object: {}", simdjson::error_message(failure)));
    }
}

}  // namespace

Result<std::int64_t> integerOf(const dom::element& value, std::string_view name) {
    switch (value.type()) {
        case dom::element_type::INT64:
            return std::int64_t{value};
        case dom::element_type::STRING:
            return integerFromText(std::string_view{value}, name);
        case dom::element_type::DOUBLE:
            // 3.0 is an integer to protobuf's JSON, too.
            if (const double real{value}; std::trunc(real) == real && real >= -kTwoTo63 && real < kTwoTo63) {
                return static_cast<std::int64_t>(real);
            }
            break;
        default:
            break;
    }
    return badInteger(shown(value), name);
}

Result<double> realOf(const dom::element& value, std::string_view name) {
    switch (value.type()) {
        case dom::element_type::DOUBLE:
        case dom::element_type::INT64:
        case dom::element_type::UINT64:
            return double{value};
        case dom::element_type::BOOL:
            return bool{value} ? 1.0 : 0.0;
        case dom::element_type::STRING:
            return realFromText(std::string_view{value}, name);
        default:
            return invalidValue(shown(value), name, "It must be a number.");
    }
}

Result<std::string_view> textOf(const dom::element& value, std::string_view name) {
    if (value.is_string()) {
        return std::string_view{value};
    }
    if (value.is_null()) {
        return std::string_view();
    }
    return invalid(fmt::format("Invalid value {} for parameter '{}' supplied: it must be a string.",
                               shown(value).substr(0, 200), name));
}

std::optional<dom::element> Fields::find(std::string_view name) const {
    if (const auto* object = std::get_if<dom::object>(&m_from)) {
        dom::element value;
        if (object->at_key(name).get(value) == simdjson::SUCCESS && !value.is_null()) {
            return value;
        }
    }
    return std::nullopt;
}

const std::string* Fields::findInQuery(std::string_view name) const {
    if (const auto* query = std::get_if<const Query*>(&m_from)) {
        const auto it = std::find_if((*query)->begin(), (*query)->end(),
                                     [&](const auto& pair) { return pair.first == name; });
        return it == (*query)->end() ? nullptr : &it->second;
    }
    return nullptr;
}

bool Fields::has(std::string_view name) const {
    return find(name).has_value() || findInQuery(name) != nullptr;
}

Result<std::string_view> Fields::text(std::string_view name) const {
    if (const auto* value = findInQuery(name)) {
        return std::string_view(*value);
    }
    const auto value = find(name);
    return value ? textOf(*value, name) : Result<std::string_view>(std::string_view());
}

Result<std::string_view> Fields::required(std::string_view name) const {
    RUNGLASS_ASSIGN(const auto value, text(name));
    if (value.empty()) {
        return missingParameter(name);
    }
    return value;
}

Result<std::optional<std::int64_t>> Fields::integer(std::string_view name) const {
    if (const auto* text = findInQuery(name); text != nullptr && !text->empty()) {
        RUNGLASS_ASSIGN(const std::int64_t value, integerFromText(*text, name));
        return std::optional(value);
    }
    if (const auto found = find(name)) {
        RUNGLASS_ASSIGN(const std::int64_t value, integerOf(*found, name));
        return std::optional(value);
    }
    return std::optional<std::int64_t>();
}

Result<std::optional<double>> Fields::real(std::string_view name) const {
    if (const auto found = find(name)) {
        RUNGLASS_ASSIGN(const double value, realOf(*found, name));
        return std::optional(value);
    }
    return std::optional<double>();
}

Result<bool> Fields::boolean(std::string_view name) const {
    if (const auto* text = findInQuery(name)) {
        return startsWithIgnoringCase(*text, "true");
    }
    const auto value = find(name);
    if (value && !value->is_bool()) {
        return invalidValue(shown(*value), name, "It must be true or false.");
    }
    return value && bool{*value};
}

Result<std::string_view> Fields::name(std::string_view field,
                                      std::initializer_list<std::string_view> names) const {
    if (const auto value = find(field); value && value->is_int64()) {
        const std::int64_t number{*value};
        if (number >= 1 && number <= static_cast<std::int64_t>(names.size())) {
            return *(names.begin() + (number - 1));
        }
        return std::string_view();
    }
    return text(field);
}

Result<std::vector<std::string_view>> Fields::texts(std::string_view name) const {
    std::vector<std::string_view> values;
    if (const auto* query = std::get_if<const Query*>(&m_from)) {
        for (const auto& [key, value] : **query) {
            if (key == name) {
                values.push_back(value);
            }
        }
        return values;
    }
    RUNGLASS_ASSIGN(const auto elements, list(name));
    if (elements) {
        for (const auto element : *elements) {
            RUNGLASS_ASSIGN(const auto value, textOf(element, name));
            values.push_back(value);
        }
    }
    return values;
}

Result<std::optional<dom::array>> Fields::list(std::string_view name) const {
    const auto value = find(name);
    if (!value) {
        return std::optional<dom::array>();
    }
    if (!value->is_array()) {
        return invalidValue(shown(*value), name, "It must be a list.");
    }
    return std::optional<dom::array>(dom::array(*value));
}

Result<std::vector<Fields>> Fields::objects(std::string_view name) const {
    std::vector<Fields> objects;
    RUNGLASS_ASSIGN(const auto elements, list(name));
    if (elements) {
        for (const auto element : *elements) {
            if (!element.is_object()) {
                return invalidValue(shown(element), name, "It must be a list of objects.");
            }
            objects.emplace_back(dom::object(element));
        }
    }
    return objects;
}

Result<Fields> Fields::object(std::string_view name) const {
    const auto value = find(name);
    if (!value) {
        return Fields();
    }
    if (!value->is_object()) {
        return invalidValue(shown(*value), name, "It must be an object.");
    }
    return Fields(dom::object(*value));
}

std::optional<dom::object> Fields::json() const {
    const auto* object = std::get_if<dom::object>(&m_from);
    return object == nullptr ? std::nullopt : std::optional(*object);
}

JsonBody::JsonBody(std::string text)
    : m_text(withoutMark(std::move(text)))
    , m_ownParser(m_text.size() > kCommonBody ? std::make_unique<dom::parser>() : nullptr)
    , m_parser(m_ownParser ? m_ownParser.get() : &parserOfThread()) {
    dom::element document;
    auto failure = parseLeniently(document);
    const bool isText = failure == simdjson::SUCCESS && document.is_string();
    if (isText) {
        // Very old clients send JSON in a JSON string.
        m_text = std::string(std::string_view{document});
        failure = parseLeniently(document);
    }
    if (failure == simdjson::SUCCESS && document.is_object()) {
        m_fields = Fields(dom::object(document));
    } else if (failure != simdjson::SUCCESS ? !trimmed(m_text).empty() : !document.is_null()) {
        m_refusal = notAnObject(isText ? simdjson::SUCCESS : failure);
    }
}

simdjson::error_code JsonBody::parseLeniently(dom::element& document) {
    auto failure = parse(document);
    // One text may have both.
    for (auto* const quoted : {&quoteNonFinite, &quoteLargeNumbers}) {
        if (failure == simdjson::SUCCESS || failure == simdjson::DEPTH_ERROR) {
            break;
        }
        if (auto changed = quoted(m_text); changed.size() != m_text.size()) {
            m_text = std::move(changed);
            failure = parse(document);
        }
    }
    return failure;
}

simdjson::error_code JsonBody::parse(dom::element& document) {
    m_text.reserve(m_text.size() + simdjson::SIMDJSON_PADDING);
    if (m_parser->capacity() < m_text.size() || m_parser->max_depth() < kMaxDepth) {
        if (const auto failure = m_parser->allocate(m_text.size(), kMaxDepth); failure != simdjson::SUCCESS) {
            return failure;
        }
    }
    return m_parser->parse(m_text.data(), m_text.size(), false).get(document);
}

}  // namespace runglass::tracking
