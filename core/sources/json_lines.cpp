// SPDX-License-Identifier: GPL-3.0-or-later
#include <simdjson.h>

#include <memory>

#include "extended_json.h"
#include "runglass/base/text.h"
#include "table.h"

namespace runglass::sources {

using simdjson::ondemand::json_type;

// simdjson's On-Demand front end, because only it gives numbers as written.
struct JsonLineSplitter::Parser {
    static constexpr int kMaxDepth = 16;

    simdjson::ondemand::parser parser;
    simdjson::padded_string line;

    void object(simdjson::ondemand::object node, const std::string& prefix, int depth,
                JsonLineSplitter& splitter, TableForm& form) {
        for (auto field : node) {
            std::string name = prefix;
            name += std::string_view(field.unescaped_key());
            simdjson::ondemand::value value = field.value();
            if (json_type(value.type()) == json_type::object && depth < kMaxDepth) {
                object(value.get_object(), name + ".", depth + 1, splitter, form);
            } else {
                splitter.add(name, textOf(value), form);
            }
        }
    }
    /// Empty for what is no single value.
    static std::string_view textOf(simdjson::ondemand::value value) {
        switch (json_type(value.type())) {
            case json_type::number: {
                const auto text = trimmed(value.raw_json_token());
                static_cast<void>(double(value.get_double()));  // throws on what only looks like a number
                return text;
            }
            case json_type::string:
                return value.get_string();
            case json_type::boolean:
                return bool(value.get_bool()) ? "true" : "false";
            default:
                return {};
        }
    }
};

JsonLineSplitter::JsonLineSplitter()
    : m_parser(std::make_unique<Parser>()) {}

JsonLineSplitter::~JsonLineSplitter() = default;

void JsonLineSplitter::add(const std::string& name, std::string_view text, TableForm& form) {
    if (m_places.size() != form.columns.size()) {  // the form has come from elsewhere
        m_places.clear();
        for (std::size_t i = 0; i < form.columns.size(); ++i) {
            m_places.emplace(form.columns[i], i);
        }
    }
    if (form.columns.size() >= TableForm::kMaxColumns && m_places.find(name) == m_places.end()) {
        return;
    }
    const auto [place, isNew] = m_places.try_emplace(name, form.columns.size());
    if (isNew) {
        form.columns.push_back(name);
    }
    if (m_cells.size() <= place->second) {
        m_cells.resize(place->second + 1);
    }
    m_cells[place->second] = text;
}

bool JsonLineSplitter::split(std::string_view line, TableForm& form) {
    m_cells.clear();
    try {
        m_parser->line = simdjson::padded_string(quoteBareNumbers(line));
        simdjson::ondemand::document document = m_parser->parser.iterate(m_parser->line);
        m_parser->object(document.get_object(), {}, 0, *this, form);
        return true;
    } catch (const simdjson::simdjson_error&) {
        m_cells.clear();
        return false;
    }
}

}  // namespace runglass::sources
