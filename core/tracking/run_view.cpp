// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_view.h"

#include "runglass/base/clock.h"

namespace runglass::tracking {

namespace {

constexpr std::int64_t kIdleMs = 30'000;

}  // namespace

Result<model::SharedRunTable> RunView::current(ReadSession& session) {
    RUNGLASS_ASSIGN(const auto table, stored(session));
    if (session.aside() == nullptr) {
        return table;
    }
    store::RunChanges changes;
    changes.revision = table->revision;
    const auto& kept = session.aside()->runs;
    const auto& experiments = session.aside()->experiments;
    for (const auto& stored : table->runs) {
        if (!experiments.empty() && !kept.contains(stored->id)) {
            RUNGLASS_ASSIGN(auto run, session.seen(stored->id, stored));
            if (run != stored) {
                changes.changed.push_back(std::move(run));
            }
        }
    }
    for (const auto& [id, changed] : kept) {
        auto run = session.run(id);
        if (run.ok()) {
            changes.changed.push_back(std::move(run).value());
        } else if (run.error().code != ErrorCode::NotFound) {
            return run.error();
        }
    }
    return store::RunReader::apply(table, changes);
}

Result<model::SharedRunTable> RunView::stored(ReadSession& session) {
    const std::lock_guard lock(m_mutex);
    m_usedMs = monotonicMs();
    if (!m_table) {
        RUNGLASS_ASSIGN(m_table, session.reader.runTable());
        return m_table;
    }
    RUNGLASS_ASSIGN(const std::int64_t revision, session.reader.revision());
    if (revision != m_table->revision) {
        RUNGLASS_ASSIGN(const auto changes, session.reader.changesSince(m_table->revision));
        m_table = store::RunReader::apply(m_table, changes);
    }
    return m_table;
}

void RunView::forgetIfIdle() {
    const std::unique_lock lock(m_mutex, std::try_to_lock);
    if (lock.owns_lock() && m_table && monotonicMs() - m_usedMs > kIdleMs) {
        m_table.reset();
    }
}

}  // namespace runglass::tracking
