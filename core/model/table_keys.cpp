// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/model/table_keys.h"

#include <algorithm>

namespace runglass::model {

void TableKeys::Set::add(Symbol key) {
    if (key.index() >= m_seen.size()) {
        m_seen.resize(key.index() + std::size_t{1024});
    }
    if (!m_seen[key.index()]) {
        m_seen[key.index()] = true;
        m_keys.push_back(key);
    }
}

std::vector<Symbol> TableKeys::Set::sorted() && {
    std::sort(m_keys.begin(), m_keys.end(), [](Symbol a, Symbol b) { return a.text() < b.text(); });
    return std::move(m_keys);
}

void TableKeys::add(const RunRecord& record) {
    for (const auto& param : record.params) {
        m_params.add(param.key);
    }
    for (const auto& tag : record.tags) {
        m_tags.add(tag.key);
    }
    for (const auto& metric : record.metrics) {
        m_metrics.add(metric.key);
    }
}

void TableKeys::add(const RunTable& table) {
    for (const auto key : table.paramKeys) {
        m_params.add(key);
    }
    for (const auto key : table.tagKeys) {
        m_tags.add(key);
    }
    for (const auto key : table.metricKeys) {
        m_metrics.add(key);
    }
}

void TableKeys::moveTo(RunTable& table) && {
    table.paramKeys = std::move(m_params).sorted();
    table.tagKeys = std::move(m_tags).sorted();
    table.metricKeys = std::move(m_metrics).sorted();
}

}  // namespace runglass::model
