// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/base/symbol.h"

#include <array>
#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <unordered_map>
#include <vector>

namespace runglass {

namespace {

/// Texts live in blocks that never move, so text() needs no lock: a symbol can only be had from a thread that
/// saw its slot being written.
class Table {
public:
    Table() { intern({}); }

    std::uint32_t intern(std::string_view text) {
        if (const auto found = find(text)) {
            return *found;
        }
        const std::unique_lock lock(m_mutex);
        if (const auto it = m_indexes.find(text); it != m_indexes.end()) {
            return it->second;
        }
        const auto index = m_size;
        auto& block = m_blocks[index / kBlockSize];
        if (block.load(std::memory_order_relaxed) == nullptr) {
            m_owned.push_back(std::make_unique<Block>());
            block.store(m_owned.back().get(), std::memory_order_release);
        }
        const auto stored = store(text);
        (*block.load(std::memory_order_relaxed))[index % kBlockSize] = stored;
        m_indexes.emplace(stored, index);
        ++m_size;
        return index;
    }

    std::optional<std::uint32_t> find(std::string_view text) const {
        const std::shared_lock lock(m_mutex);
        const auto it = m_indexes.find(text);
        return it == m_indexes.end() ? std::nullopt : std::optional(it->second);
    }

    std::string_view text(std::uint32_t index) const {
        return (*m_blocks[index / kBlockSize].load(std::memory_order_acquire))[index % kBlockSize];
    }

private:
    static constexpr std::size_t kBlockSize = 1U << 14U;
    static constexpr std::size_t kBlockCount = (1ULL << 32U) / kBlockSize;
    static constexpr std::size_t kArenaSize = 1U << 18U;
    using Block = std::array<std::string_view, kBlockSize>;

    std::string_view store(std::string_view text) {
        if (text.size() > kArenaSize / 8) {
            m_arenas.push_back(std::make_unique<char[]>(text.size()));
            std::memcpy(m_arenas.back().get(), text.data(), text.size());
            return {m_arenas.back().get(), text.size()};
        }
        if (m_free.size() < text.size()) {
            m_arenas.push_back(std::make_unique<char[]>(kArenaSize));
            m_free = {m_arenas.back().get(), kArenaSize};
        }
        if (!text.empty()) {
            std::memcpy(m_free.data(), text.data(), text.size());
        }
        const std::string_view stored(m_free.data(), text.size());
        m_free = m_free.subspan(text.size());
        return stored;
    }

    mutable std::shared_mutex m_mutex;
    std::unordered_map<std::string_view, std::uint32_t> m_indexes;  // guarded by m_mutex
    std::vector<std::unique_ptr<char[]>> m_arenas;                  // guarded by m_mutex
    std::span<char> m_free;                                         // guarded by m_mutex
    std::vector<std::unique_ptr<Block>> m_owned;                    // guarded by m_mutex
    std::uint32_t m_size = 0;                                       // guarded by m_mutex
    std::unique_ptr<std::atomic<Block*>[]> m_blocks = std::make_unique<std::atomic<Block*>[]>(kBlockCount);
};

Table& table() {
    static auto* const instance = new Table;  // never destroyed: symbols outlive every static object
    return *instance;
}

}  // namespace

Symbol::Symbol(std::string_view text)
    : m_index(table().intern(text)) {}

Symbol Symbol::find(std::string_view text) {
    Symbol symbol;
    symbol.m_index = table().find(text).value_or(0);
    return symbol;
}

std::string_view Symbol::text() const {
    return table().text(m_index);
}

}  // namespace runglass
