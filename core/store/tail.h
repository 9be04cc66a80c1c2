// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runglass/base/bytes.h"
#include "runglass/base/result.h"
#include "runglass/model/series.h"

namespace runglass::store {

/// The points of one metric within a batch.
struct TailGroup {
    std::uint64_t word = 0;
    ByteView chunk;  ///< see chunk_codec.cpp
};

/// tail.data: what one append brought, so that an append is one row however many metrics it touches. A
/// directory (number of groups; word and size of each; LEB128), then the groups' chunks; sealed.
class TailBatchWriter {
public:
    void add(std::uint64_t word, const model::SeriesView& points);
    [[nodiscard]] Bytes finish();

private:
    Bytes m_directory;
    Bytes m_chunks;
    std::uint64_t m_groups = 0;
};

/// The groups of a stored batch; they point into `stored`. Nothing when damaged.
std::optional<std::vector<TailGroup>> readTailBatch(ByteView stored);

}  // namespace runglass::store
