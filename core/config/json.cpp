// SPDX-License-Identifier: GPL-3.0-or-later
#include <simdjson.h>

#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/config/flatten.h"
#include "values.h"

namespace runglass::config {

namespace {

using simdjson::ondemand::json_type;
using simdjson::ondemand::value;

// simdjson's On-Demand front end, because only it gives numbers as written.

Result<void> flattenValue(value node, ConfigValues& values);

Result<void> flattenObject(value node, ConfigValues& values) {
    bool empty = true;
    for (auto field : node.get_object()) {
        const std::string_view key = field.unescaped_key();
        const ConfigValues::Scope scope(values, key);
        RUNGLASS_TRY(flattenValue(field.value(), values));
        empty = false;
    }
    return empty ? values.add("{}") : Result<void>();
}

Result<void> flattenArray(value node, ConfigValues& values) {
    std::size_t index = 0;
    for (auto item : node.get_array()) {
        const ConfigValues::Scope scope(values, std::to_string(index));
        RUNGLASS_TRY(flattenValue(item.value(), values));
        ++index;
    }
    return index == 0 ? values.add("[]") : Result<void>();
}

Result<void> flattenValue(value node, ConfigValues& values) {
    RUNGLASS_TRY(values.visit());
    switch (json_type(node.type())) {
        case json_type::object:
            return flattenObject(node, values);
        case json_type::array:
            return flattenArray(node, values);
        case json_type::string:
            return values.add(std::string_view(node.get_string()));
        case json_type::number: {
            const auto text = trimmed(node.raw_json_token());
            static_cast<void>(double(node.get_double()));  // throws on what only looks like a number
            return values.add(text);
        }
        case json_type::boolean:
            return values.add(bool(node.get_bool()) ? "true" : "false");
        case json_type::null:
            static_cast<void>(bool(node.is_null()));
            return values.add("null");
    }
    return {};
}

}  // namespace

Result<std::vector<model::Variable>> flattenJson(std::string_view content) {
    try {
        const simdjson::padded_string text(content);
        simdjson::ondemand::parser parser;
        simdjson::ondemand::document document = parser.iterate(text);
        ConfigValues values;
        if (json_type(document.type()) == json_type::object) {
            for (auto field : document.get_object()) {
                const std::string_view key = field.unescaped_key();
                const ConfigValues::Scope scope(values, key);
                RUNGLASS_TRY(flattenValue(field.value(), values));
            }
        }
        return values.take();
    } catch (const simdjson::simdjson_error& error) {
        return Error{ErrorCode::Invalid, tr("It is not valid JSON: {}.", error.what()), {}};
    }
}

}  // namespace runglass::config
