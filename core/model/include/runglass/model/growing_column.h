// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "runglass/model/column.h"

namespace runglass::model {

/// One state of a column that is only ever appended to. Immutable and cheap to copy: states share their
/// memory, of which each sees the elements that it has.
///
/// Appending to the newest state writes behind what all others see, at a cost that depends on what is new
/// only (amortised: once in a while all moves to memory that is a quarter larger). Appending to an older
/// state copies it first, so that two who append to the same state do not meet.
///
/// Thread-safe as an integer is: a state may be read and appended to from any thread, but an object is
/// assigned to by one.
template <typename T>
class GrowingColumn {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    using value_type = T;

    GrowingColumn() = default;
    /// Takes the memory over, with what it has in reserve.
    explicit GrowingColumn(Column<T> elements)
        : m_size(elements.size()) {
        if (m_size > 0) {
            adopt(std::make_shared<Buffer>(std::move(elements)));
        }
    }

    /// A state with more elements, and the room for them: to be filled before the state is handed on.
    struct Growth;
    [[nodiscard]] Growth grown(std::size_t count) const;
    [[nodiscard]] GrowingColumn appended(std::span<const T> more) const {
        auto growth = grown(more.size());
        std::copy(more.begin(), more.end(), growth.fresh.begin());
        return std::move(growth.column);
    }
    /// An earlier state.
    [[nodiscard]] GrowingColumn first(std::size_t count) const {
        auto state = *this;
        state.m_size = std::min(count, m_size);
        return state;
    }
    /// True when this came from `older` by appending nothing or something, found out without comparing
    /// elements. Of two that were appended to the same state, the later is nobody's extension.
    [[nodiscard]] bool extends(const GrowingColumn& older) const {
        return older.m_size == 0 || (m_size >= older.m_size && m_buffer->lineage == older.m_buffer->lineage);
    }

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] bool empty() const { return m_size == 0; }
    [[nodiscard]] const T* data() const { return m_data; }
    [[nodiscard]] const T* begin() const { return m_data; }
    [[nodiscard]] const T* end() const { return m_data + m_size; }
    [[nodiscard]] const T& operator[](std::size_t i) const { return m_data[i]; }
    [[nodiscard]] const T& front() const { return m_data[0]; }
    [[nodiscard]] const T& back() const { return m_data[m_size - 1]; }
    /// Of all states that share it.
    [[nodiscard]] std::size_t memoryBytes() const {
        return m_buffer ? m_buffer->elements.size() * sizeof(T) : 0;
    }

private:
    static constexpr std::size_t kClosed = std::numeric_limits<std::size_t>::max();

    static std::uint64_t nextLineage() {
        static std::atomic<std::uint64_t> next{0};
        return next.fetch_add(1, std::memory_order_relaxed);
    }

    struct Buffer {
        explicit Buffer(Column<T> taken)
            : elements(std::move(taken))
            , filled(elements.size()) {
            elements.resize(elements.capacity());  // the rest without a value, and without a cost
        }
        Column<T> elements;
        /// Elements that some state has. Whoever raises it owns those between; kClosed when the newest state
        /// has moved on to other memory.
        std::atomic<std::size_t> filled;
        std::uint64_t lineage = nextLineage();  ///< of two states of one, the longer begins with the shorter
    };

    void adopt(std::shared_ptr<Buffer> buffer) {
        m_buffer = std::move(buffer);
        m_data = m_buffer->elements.data();
    }
    [[nodiscard]] bool isSuccessor(std::size_t filled) const {
        // No order between threads comes from here, but from how they hand states to each other.
        auto expected = m_size;
        return m_buffer && m_buffer->filled.compare_exchange_strong(expected, filled);
    }
    [[nodiscard]] GrowingColumn moved(std::size_t size) const {
        Column<T> elements;
        elements.reserve(std::max(size, m_size + m_size / 4));
        elements.resize(size);
        std::copy(begin(), end(), elements.begin());
        GrowingColumn state{std::move(elements)};
        if (m_buffer && isSuccessor(kClosed)) {
            state.m_buffer->lineage = m_buffer->lineage;
        }
        return state;
    }

    std::shared_ptr<Buffer> m_buffer;  ///< null while empty
    const T* m_data = nullptr;
    std::size_t m_size = 0;
};

template <typename T>
struct GrowingColumn<T>::Growth {
    GrowingColumn column;
    std::span<T> fresh;
};

template <typename T>
typename GrowingColumn<T>::Growth GrowingColumn<T>::grown(std::size_t count) const {
    if (count == 0) {
        return {*this, {}};
    }
    const auto size = m_size + count;
    const bool fits = m_buffer && size <= m_buffer->elements.size();
    auto state = fits && isSuccessor(size) ? *this : moved(size);
    state.m_size = size;
    return {state, std::span(state.m_buffer->elements).subspan(m_size).first(count)};
}

}  // namespace runglass::model
