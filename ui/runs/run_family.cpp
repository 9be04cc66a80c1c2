// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_family.h"

#include "runglass/model/start_order.h"

namespace runglass::ui {

namespace {

constexpr int kDeepest = 64;  // files of other tools may name each other as parent in a circle

}  // namespace

RunFamilies::RunFamilies(const model::RunTable& table)
    : m_table(table) {
    for (const auto& run : table.runs) {
        if (run->parent) {
            m_parents.insert(*run->parent);
        }
    }
}

std::optional<RunId> RunFamilies::of(const model::RunRecord& run) const {
    if (run.parent) {
        return topOf(*run.parent);
    }
    return m_parents.contains(run.id) ? std::optional(run.id) : std::nullopt;
}

RunId RunFamilies::topOf(const RunId& parent) const {
    auto top = parent;
    for (int depth = 0; depth < kDeepest; ++depth) {
        const auto* run = m_table.find(top);
        if (!run || !run->parent) {
            break;
        }
        top = *run->parent;
    }
    return top;
}

std::vector<RunId> childrenOf(const RunId& id, const model::RunTable& table) {
    std::vector<const model::RunRecord*> children;
    for (const auto& run : table.runs) {
        if (run->parent == id) {
            children.push_back(run.get());
        }
    }
    model::sortNewestFirst(
        children, [](const model::RunRecord* run) -> const auto& { return *run; });
    std::vector<RunId> ids;
    ids.reserve(children.size());
    for (const auto* child : children) {
        ids.push_back(child->id);
    }
    return ids;
}

}  // namespace runglass::ui
