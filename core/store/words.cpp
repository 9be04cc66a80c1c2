// SPDX-License-Identifier: GPL-3.0-or-later
#include "words.h"

#include "database_impl.h"
#include "runglass/base/translate.h"

namespace runglass::store {

namespace {

/// Far above what any project has; a number beyond it is damage, not a reason to allocate.
constexpr std::int64_t kMaxWords = 1 << 26;

}  // namespace

Result<void> Words::refresh(Statements& statements) {
    return forEachRow(
        statements.query("SELECT id, text FROM word WHERE id > ? ORDER BY id", m_last),
        [&](const Query& row) -> Result<void> {
            const auto id = row.integer(0);
            if (id <= 0 || id > kMaxWords) {
                return Error{ErrorCode::Damaged, tr("The list of names in the run database is damaged."), {}};
            }
            remember(static_cast<std::size_t>(id), Symbol(row.text(1)));
            m_last = id;
            return {};
        });
}

bool Words::lookUp(std::uint64_t id, Symbol& symbol) const {
    if (id >= m_symbols.size() || !m_known[static_cast<std::size_t>(id)]) {
        return false;
    }
    symbol = m_symbols[static_cast<std::size_t>(id)];
    return true;
}

Result<std::int64_t> Words::idOf(Statements& statements, std::string_view text) {
    const Symbol symbol(text);
    if (const auto it = m_ids.find(symbol); it != m_ids.end()) {
        return it->second;
    }
    RUNGLASS_ASSIGN(std::int64_t id, find(statements, text));
    if (id == 0) {
        RUNGLASS_ASSIGN(auto insert, statements.query("INSERT INTO word(text) VALUES(?) RETURNING id", text));
        RUNGLASS_TRY(insert.step());
        id = insert.integer(0);
        RUNGLASS_TRY(insert.run());
    }
    remember(static_cast<std::size_t>(id), symbol);
    return id;
}

Result<std::int64_t> Words::find(Statements& statements, std::string_view text) {
    RUNGLASS_ASSIGN(auto query, statements.query("SELECT id FROM word WHERE text = ?", text));
    RUNGLASS_ASSIGN(const bool row, query.step());
    return row ? query.integer(0) : 0;
}

void Words::clear() {
    *this = Words();
}

void Words::remember(std::size_t id, Symbol symbol) {
    if (id >= m_symbols.size()) {
        m_symbols.resize(id + 1);
        m_known.resize(id + 1);
    }
    m_symbols[id] = symbol;
    m_known[id] = true;
    m_ids[symbol] = static_cast<std::int64_t>(id);
}

}  // namespace runglass::store
