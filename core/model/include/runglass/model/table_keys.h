// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "runglass/model/run.h"

namespace runglass::model {

/// Collects the keys that occur in the runs of a table, each once.
class TableKeys {
public:
    void add(const RunRecord& record);
    /// Those that `table` knows already.
    void add(const RunTable& table);
    /// Sets the keys of `table`, in alphabetical order.
    void moveTo(RunTable& table) &&;

private:
    class Set {
    public:
        void add(Symbol key);
        std::vector<Symbol> sorted() &&;

    private:
        std::vector<bool> m_seen;  // by index of the symbol
        std::vector<Symbol> m_keys;
    };

    Set m_params;
    Set m_tags;
    Set m_metrics;
};

}  // namespace runglass::model
