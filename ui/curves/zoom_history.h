// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runglass/base/symbol.h"

namespace runglass::ui {

using Range = std::pair<double, double>;

/// What part of each chart is shown. Empty shows all.
struct Zoom {
    std::optional<Range> sharedX;         ///< of all charts while x is linked
    std::unordered_map<Symbol, Range> x;  ///< of single charts while it is not
    std::unordered_map<Symbol, Range> y;

    friend bool operator==(const Zoom&, const Zoom&) = default;
};

/// Zoom states that can be walked back and forth, as a browser does with pages.
class ZoomHistory {
public:
    [[nodiscard]] const Zoom& current() const { return m_states[m_at]; }
    /// Goes to a new state; what was ahead is forgotten. `merge` replaces the present state instead, for the
    /// many small steps of one movement.
    void go(Zoom zoom, bool merge) {
        if (zoom == current()) {
            return;
        }
        if (merge && m_at > 0) {
            m_states[m_at] = std::move(zoom);
            return;
        }
        m_states.resize(m_at + 1);
        m_states.push_back(std::move(zoom));
        if (m_states.size() > kMost) {
            m_states.erase(m_states.begin());
        }
        m_at = m_states.size() - 1;
    }
    bool back() { return m_at > 0 ? (--m_at, true) : false; }
    bool forward() { return m_at + 1 < m_states.size() ? (++m_at, true) : false; }

private:
    static constexpr std::size_t kMost = 100;
    std::vector<Zoom> m_states{Zoom{}};
    std::size_t m_at = 0;
};

}  // namespace runglass::ui
