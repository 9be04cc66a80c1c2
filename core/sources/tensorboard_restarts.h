// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace runglass::sources::tensorboard {

/// Where a run was started again, and from which step on (`SummaryWriter(purge_step=N)`, TensorFlow's
/// Supervisor): everything before such a place with that step or a later one has been taken back. After
/// _CheckForRestartAndMaybePurge in tensorboard/backend/event_processing/plugin_event_accumulator.py.
/// The first START of a run, in its first file, is its beginning if its step is 0: a supervisor's threads may
/// have written before it. TensorBoard's readers differ there (plugin_event_accumulator.py passes over the
/// first START always, event_accumulator.py never; the data server goes by steps that go back).
class Restarts {
public:
    static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();

    /// Whether a START takes back what lies before it.
    static bool isRestart(std::int64_t step, bool hadOneBefore) { return hadOneBefore || step > 0; }

    /// Places come in ascending order.
    void add(std::uint64_t place, std::int64_t step) {
        // An earlier one that takes back less has nothing to say any more: steps ascend as places do.
        while (!m_all.empty() && m_all.back().step >= step) {
            m_all.pop_back();
        }
        m_all.push_back({place, step});
    }
    /// The least step that is taken back of what lies at `place`; kNone where all stands.
    [[nodiscard]] std::int64_t limitAt(std::uint64_t place) const {
        const auto next =
            std::upper_bound(m_all.begin(), m_all.end(), place,
                             [](std::uint64_t at, const Restart& one) { return at < one.place; });
        return next == m_all.end() ? kNone : next->step;
    }
    /// The least step that all of them together take back of what lies before them.
    [[nodiscard]] std::int64_t limit() const { return m_all.empty() ? kNone : m_all.front().step; }
    [[nodiscard]] bool empty() const { return m_all.empty(); }

private:
    struct Restart {
        std::uint64_t place = 0;
        std::int64_t step = 0;
    };
    std::vector<Restart> m_all;
};

}  // namespace runglass::sources::tensorboard
