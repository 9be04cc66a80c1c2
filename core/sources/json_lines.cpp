// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_reader.h"
#include "runglass/base/text.h"
#include "table.h"

namespace runglass::sources {

std::size_t JsonLineSplitter::placeOf(std::string_view name, TableForm& form) {
    if (m_places.size() != form.columns.size()) {  // the form goes back to an earlier scan
        m_places.clear();
        for (std::size_t i = 0; i < form.columns.size(); ++i) {
            m_places.emplace(form.columns[i], i);
        }
    }
    auto text = toValidUtf8(name);
    if (const auto known = m_places.find(text); known != m_places.end()) {
        return known->second;
    }
    const auto place = form.columns.size();
    if (place < TableForm::kMaxColumns) {
        m_places.emplace(text, place);
        form.columns.push_back(std::move(text));
    }
    return place;
}

bool JsonLineSplitter::split(std::string_view line, TableForm& form) {
    for (auto& text : m_texts) {
        text.clear();
    }
    m_cells.clear();
    JsonReader json(line);
    if (json.peek() != JsonKind::Object) {
        return false;
    }
    std::string key;
    const bool sound = forEachJsonLeaf(json, key, [&](std::string_view name, JsonLeaf& leaf) {
        const auto place = placeOf(name, form);
        const bool single =
            leaf.kind != JsonKind::Null && leaf.kind != JsonKind::Array && leaf.kind != JsonKind::Object;
        if (place < TableForm::kMaxColumns && single) {
            m_texts.resize(form.columns.size());
            m_texts[place] = std::move(leaf.text);
        }
    });
    if (!sound || !json.atEnd()) {
        return false;
    }
    m_cells.assign(m_texts.begin(), m_texts.end());
    return true;
}

}  // namespace runglass::sources
