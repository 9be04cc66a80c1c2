// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <vector>

#include "runglass/base/run_id.h"

namespace runglass::model {

struct RunRecord;
using SharedRun = std::shared_ptr<const RunRecord>;

/// The runs of a table, in order, with an index by id. Copies share their blocks of records: a table of
/// 100,000 runs in which one has changed costs one copied block, not 100,000 reference counts.
class RunList {
public:
    class const_iterator;  // NOLINT(readability-identifier-naming): the name that the standard library asks
                           // for
    using value_type = SharedRun;              // NOLINT(readability-identifier-naming)
    using iterator = const_iterator;           // NOLINT(readability-identifier-naming)
    using size_type = std::size_t;             // NOLINT(readability-identifier-naming)
    using const_reference = const SharedRun&;  // NOLINT(readability-identifier-naming)

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] bool empty() const { return m_size == 0; }
    [[nodiscard]] const SharedRun& operator[](std::size_t position) const {
        return (*m_blocks[position / kBlockSize])[position % kBlockSize];
    }
    [[nodiscard]] const SharedRun& front() const { return (*this)[0]; }
    [[nodiscard]] const SharedRun& back() const { return (*this)[m_size - 1]; }
    [[nodiscard]] const_iterator begin() const;
    [[nodiscard]] const_iterator end() const;

    /// Position of the run with this id.
    [[nodiscard]] std::optional<std::size_t> find(const RunId& id) const;

    void reserve(std::size_t count);
    void push_back(SharedRun run);  // NOLINT(readability-identifier-naming)
    /// Replaces the record at `position` by one of the same id.
    void replace(std::size_t position, SharedRun run);

private:
    static constexpr std::size_t kBlockSize = 256;
    using Block = std::vector<SharedRun>;

    Block& ownBlock(std::size_t index);
    void addToIndex(const RunId& id, std::size_t position);
    void growIndex(std::size_t slots);

    std::vector<std::shared_ptr<Block>> m_blocks;  // never written while shared with another list
    std::vector<std::uint32_t> m_index;            // open addressing, power of two; position + 1, 0 is empty
    std::size_t m_size = 0;
};

class RunList::const_iterator {
public:
    using iterator_category = std::random_access_iterator_tag;  // NOLINT(readability-identifier-naming)
    using value_type = SharedRun;                               // NOLINT(readability-identifier-naming)
    using difference_type = std::ptrdiff_t;                     // NOLINT(readability-identifier-naming)
    using pointer = const SharedRun*;                           // NOLINT(readability-identifier-naming)
    using reference = const SharedRun&;                         // NOLINT(readability-identifier-naming)

    const_iterator() = default;
    const_iterator(const RunList* list, std::size_t position)
        : m_list(list)
        , m_position(static_cast<difference_type>(position)) {}

    reference operator*() const { return (*m_list)[static_cast<std::size_t>(m_position)]; }
    pointer operator->() const { return &**this; }
    reference operator[](difference_type offset) const { return *(*this + offset); }
    const_iterator& operator++() { return *this += 1; }
    const_iterator operator++(int) {
        auto before = *this;
        ++*this;
        return before;
    }
    const_iterator& operator--() { return *this -= 1; }
    const_iterator operator--(int) {
        auto before = *this;
        --*this;
        return before;
    }
    const_iterator& operator+=(difference_type offset) {
        m_position += offset;
        return *this;
    }
    const_iterator& operator-=(difference_type offset) { return *this += -offset; }
    friend const_iterator operator+(const_iterator it, difference_type offset) { return it += offset; }
    friend const_iterator operator+(difference_type offset, const_iterator it) { return it += offset; }
    friend const_iterator operator-(const_iterator it, difference_type offset) { return it -= offset; }
    friend difference_type operator-(const const_iterator& a, const const_iterator& b) {
        return a.m_position - b.m_position;
    }
    friend bool operator==(const const_iterator& a, const const_iterator& b) {
        return a.m_position == b.m_position;
    }
    friend auto operator<=>(const const_iterator& a, const const_iterator& b) {
        return a.m_position <=> b.m_position;
    }

private:
    const RunList* m_list = nullptr;
    difference_type m_position = 0;
};

inline RunList::const_iterator RunList::begin() const {
    return {this, 0};
}
inline RunList::const_iterator RunList::end() const {
    return {this, m_size};
}

}  // namespace runglass::model
