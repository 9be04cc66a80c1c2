// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/model/column.h"

#include <sys/mman.h>

#include <cstdlib>

namespace runglass::model {

void* allocateLargePages(std::size_t bytes) {
    constexpr std::size_t large = std::size_t{1} << 21U;
    // Aligned, or the allocator's own words beside the block would tie its first page to the small size.
    const std::size_t rounded = (bytes + large - 1) / large * large;
    void* const memory = rounded < bytes ? nullptr : std::aligned_alloc(large, rounded);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    ::madvise(memory, rounded, MADV_HUGEPAGE);  // advice: where it is not taken, nothing changes
    return memory;
}

void freeLargePages(void* memory) noexcept {
    std::free(memory);
}

}  // namespace runglass::model
