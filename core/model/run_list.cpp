// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/model/run_list.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <functional>

#include "runglass/model/run.h"

namespace runglass::model {

std::optional<std::size_t> RunList::find(const RunId& id) const {
    if (m_index.empty()) {
        return std::nullopt;
    }
    const std::size_t mask = m_index.size() - 1;
    for (std::size_t slot = std::hash<RunId>{}(id)&mask; m_index[slot] != 0; slot = (slot + 1) & mask) {
        const std::size_t position = m_index[slot] - 1;
        if ((*this)[position]->id == id) {
            return position;
        }
    }
    return std::nullopt;
}

void RunList::reserve(std::size_t count) {
    m_blocks.reserve((count + kBlockSize - 1) / kBlockSize);
    if (const std::size_t slots = std::bit_ceil(count * 2); slots > m_index.size()) {
        growIndex(slots);
    }
}

void RunList::push_back(SharedRun run) {
    if (m_size % kBlockSize == 0) {
        m_blocks.push_back(std::make_shared<Block>());
        m_blocks.back()->reserve(kBlockSize);
    }
    const RunId id = run->id;
    ownBlock(m_size / kBlockSize).push_back(std::move(run));
    ++m_size;
    if (m_size * 2 > m_index.size()) {
        growIndex(std::bit_ceil(m_size * 2));
    } else {
        addToIndex(id, m_size - 1);
    }
}

void RunList::replace(std::size_t position, SharedRun run) {
    ownBlock(position / kBlockSize)[position % kBlockSize] = std::move(run);
}

RunList::Block& RunList::ownBlock(std::size_t index) {
    auto& block = m_blocks[index];
    if (block.use_count() > 1) {
        auto copy = std::make_shared<Block>();
        copy->reserve(kBlockSize);
        copy->assign(block->begin(), block->end());
        block = std::move(copy);
    } else {
        // The last other owner may have let go just now, in another thread: its reads come before our writes.
        std::atomic_thread_fence(std::memory_order_acquire);
    }
    return *block;
}

void RunList::addToIndex(const RunId& id, std::size_t position) {
    const std::size_t mask = m_index.size() - 1;
    std::size_t slot = std::hash<RunId>{}(id)&mask;
    while (m_index[slot] != 0) {
        slot = (slot + 1) & mask;
    }
    m_index[slot] = static_cast<std::uint32_t>(position + 1);
}

void RunList::growIndex(std::size_t slots) {
    m_index.assign(std::max<std::size_t>(slots, 16), 0);
    for (std::size_t position = 0; position < m_size; ++position) {
        addToIndex((*this)[position]->id, position);
    }
}

}  // namespace runglass::model
