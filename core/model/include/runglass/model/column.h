// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <new>
#include <utility>
#include <vector>

namespace runglass::model {

/// Memory for big columns, in whole large pages. Fresh memory for a million points is 6,000 page faults of 4
/// kB, half of the time of reading them; of 2 MB it is a dozen. Freed with std::free.
void* allocateLargePages(std::size_t bytes);
void freeLargePages(void* memory) noexcept;

/// The allocator of columns of points. Two differences to std::allocator: big blocks come in large pages, and
/// `resize(n)` leaves new elements uninitialised, because whoever resizes a column is about to write it.
template <typename T>
class ColumnAllocator {
public:
    using value_type = T;

    ColumnAllocator() = default;
    template <typename U>
    ColumnAllocator(const ColumnAllocator<U>& /*other*/) noexcept {}  // NOLINT(google-explicit-constructor)

    T* allocate(std::size_t count) {
        if (count > static_cast<std::size_t>(-1) / sizeof(T)) {
            throw std::bad_array_new_length();
        }
        return static_cast<T*>(isLarge(count) ? allocateLargePages(count * sizeof(T))
                                              : ::operator new(count * sizeof(T)));
    }
    void deallocate(T* memory, std::size_t count) noexcept {
        if (isLarge(count)) {
            freeLargePages(memory);
        } else {
            ::operator delete(memory);
        }
    }
    template <typename U>
    void construct(U* element) noexcept {
        ::new (static_cast<void*>(element)) U;
    }
    template <typename U, typename... Args>
    void construct(U* element, Args&&... args) {
        ::new (static_cast<void*>(element)) U(std::forward<Args>(args)...);
    }

    friend bool operator==(const ColumnAllocator& /*a*/, const ColumnAllocator& /*b*/) { return true; }

private:
    static bool isLarge(std::size_t count) { return count >= (std::size_t{1} << 20U) / sizeof(T); }
};

template <typename T>
using Column = std::vector<T, ColumnAllocator<T>>;

}  // namespace runglass::model
