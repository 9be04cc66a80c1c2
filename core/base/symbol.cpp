// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/base/symbol.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <vector>

namespace runglass {

namespace {

/// Texts live in blocks that never move, so text() needs no lock: a symbol can only be had from a thread that
/// saw its slot being written.
class Table {
public:
    Table() { intern({}); }

    std::uint32_t intern(std::string_view text) {
        const auto hash = hashOf(text);
        {
            const std::shared_lock lock(m_mutex);
            if (const auto found = lookUp(text, hash)) {
                return *found;
            }
        }
        const std::unique_lock lock(m_mutex);
        if (const auto found = lookUp(text, hash)) {
            return *found;
        }
        const auto index = m_size;
        auto& block = m_blocks[index / kBlockSize];
        if (block.load(std::memory_order_relaxed) == nullptr) {
            m_owned.push_back(std::make_unique<Block>());
            block.store(m_owned.back().get(), std::memory_order_release);
        }
        (*block.load(std::memory_order_relaxed))[index % kBlockSize] = store(text);
        ++m_size;
        if (m_size * 2 > m_slots.size()) {
            grow();
        }
        place({hash, index + 1});
        return index;
    }

    std::optional<std::uint32_t> find(std::string_view text) const {
        const auto hash = hashOf(text);
        const std::shared_lock lock(m_mutex);
        return lookUp(text, hash);
    }

    std::string_view text(std::uint32_t index) const {
        return (*m_blocks[index / kBlockSize].load(std::memory_order_acquire))[index % kBlockSize];
    }

private:
    static constexpr std::size_t kBlockSize = 1U << 14U;
    static constexpr std::size_t kBlockCount = (1ULL << 32U) / kBlockSize;
    static constexpr std::size_t kArenaSize = 1U << 18U;
    using Block = std::array<std::string_view, kBlockSize>;

    /// Open addressing, eight to a cache line: with a million texts a node a text costs a miss a step.
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t indexPlusOne = 0;  // 0: empty
    };

    static std::uint32_t hashOf(std::string_view text) {
        const std::uint64_t hash = std::hash<std::string_view>{}(text);
        return static_cast<std::uint32_t>(hash ^ (hash >> 32U));
    }

    std::optional<std::uint32_t> lookUp(std::string_view wanted, std::uint32_t hash) const {
        if (m_slots.empty()) {
            return std::nullopt;
        }
        const std::size_t mask = m_slots.size() - 1;
        for (std::size_t i = hash & mask; m_slots[i].indexPlusOne != 0; i = (i + 1) & mask) {
            if (m_slots[i].hash == hash && text(m_slots[i].indexPlusOne - 1) == wanted) {
                return m_slots[i].indexPlusOne - 1;
            }
        }
        return std::nullopt;
    }

    void place(Slot slot) {
        const std::size_t mask = m_slots.size() - 1;
        std::size_t i = slot.hash & mask;
        while (m_slots[i].indexPlusOne != 0) {
            i = (i + 1) & mask;
        }
        m_slots[i] = slot;
    }

    void grow() {
        std::vector<Slot> before(std::max<std::size_t>(1024, m_slots.size() * 2));
        before.swap(m_slots);
        for (const auto& slot : before) {
            if (slot.indexPlusOne != 0) {
                place(slot);
            }
        }
    }

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
    std::vector<Slot> m_slots;                      // guarded by m_mutex
    std::vector<std::unique_ptr<char[]>> m_arenas;  // guarded by m_mutex
    std::span<char> m_free;                         // guarded by m_mutex
    std::vector<std::unique_ptr<Block>> m_owned;    // guarded by m_mutex
    std::uint32_t m_size = 0;                       // guarded by m_mutex
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
