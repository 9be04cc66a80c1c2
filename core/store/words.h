// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/symbol.h"

namespace runglass::store {

class Statements;

/// The numbers under which a database stores names that repeat (table `word`), both ways, as far as they have
/// been needed. Words are never deleted, so that what was read once stays true; what a transaction added is
/// dropped with clear() when it is rolled back.
class Words {
public:
    /// Reads the words that were added since the last call.
    Result<void> refresh(Statements& statements);
    /// The word with this number, after refresh(); false when there is none.
    [[nodiscard]] bool lookUp(std::uint64_t id, Symbol& symbol) const;
    /// The number of a word, added when it is new.
    Result<std::int64_t> idOf(Statements& statements, std::string_view text);
    /// The number of a word, 0 when there is none.
    static Result<std::int64_t> find(Statements& statements, std::string_view text);
    void clear();

private:
    void remember(std::size_t id, Symbol symbol);

    std::vector<Symbol> m_symbols;  // by id
    std::vector<bool> m_known;      // by id
    std::unordered_map<Symbol, std::int64_t> m_ids;
    std::int64_t m_last = 0;  // highest id that refresh() has seen
};

}  // namespace runglass::store
