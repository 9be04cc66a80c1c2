// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "runglass/base/result.h"

namespace runglass::tracking {

/// The arguments of a call: a JSON object, or the query of a GET. Types are as lenient as those of protobuf's
/// JSON: numbers may come as strings. What is absent is empty, as in proto2. Points into what it was made
/// from.
class Fields {
public:
    using Query = std::vector<std::pair<std::string, std::string>>;

    Fields() = default;
    explicit Fields(const simdjson::dom::object& object)
        : m_from(object) {}
    explicit Fields(const Query& query)
        : m_from(&query) {}

    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] Result<std::string_view> text(std::string_view name) const;
    /// Missing and empty values are an error that names the parameter.
    [[nodiscard]] Result<std::string_view> required(std::string_view name) const;
    [[nodiscard]] Result<std::optional<std::int64_t>> integer(std::string_view name) const;
    [[nodiscard]] Result<std::optional<double>> real(std::string_view name) const;
    [[nodiscard]] Result<bool> boolean(std::string_view name) const;
    /// The name of an enumeration's value; numbers are looked up in `names` from 1 on.
    [[nodiscard]] Result<std::string_view> name(std::string_view field,
                                                std::initializer_list<std::string_view> names) const;
    [[nodiscard]] Result<std::vector<std::string_view>> texts(std::string_view name) const;
    /// The objects of a list.
    [[nodiscard]] Result<std::vector<Fields>> objects(std::string_view name) const;
    /// A nested object; empty when absent.
    [[nodiscard]] Result<Fields> object(std::string_view name) const;
    /// The JSON elements of a list, for what is read in large numbers.
    [[nodiscard]] Result<std::optional<simdjson::dom::array>> list(std::string_view name) const;

    /// The JSON object itself; nothing for a query or an empty body.
    [[nodiscard]] std::optional<simdjson::dom::object> json() const;

private:
    [[nodiscard]] std::optional<simdjson::dom::element> find(std::string_view name) const;
    [[nodiscard]] const std::string* findInQuery(std::string_view name) const;

    std::variant<std::monostate, simdjson::dom::object, const Query*> m_from;
};

Result<std::int64_t> integerOf(const simdjson::dom::element& value, std::string_view name);
Result<double> realOf(const simdjson::dom::element& value, std::string_view name);
Result<std::string_view> textOf(const simdjson::dom::element& value, std::string_view name);

/// A JSON body. What is not a JSON object reads as an empty one; an empty body and `null` are one.
/// Numbers that are too large are legal, and read as their text.
class JsonBody {
public:
    /// Limits the depth; keeps `text`.
    explicit JsonBody(std::string text);
    [[nodiscard]] const Fields& fields() const { return m_fields; }
    /// Why nothing of it has been read, where there is something.
    [[nodiscard]] const std::optional<Error>& refusal() const { return m_refusal; }

private:
    simdjson::error_code parse(simdjson::dom::element& document);
    simdjson::error_code parseLeniently(simdjson::dom::element& document);

    std::string m_text;
    std::unique_ptr<simdjson::dom::parser> m_ownParser;  // for a large body
    simdjson::dom::parser* m_parser;
    Fields m_fields;
    std::optional<Error> m_refusal;
};

}  // namespace runglass::tracking
