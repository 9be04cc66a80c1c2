// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tail of a run: points that just arrived. An append becomes one batch, all of its metrics together, at
// the end of a stream of bytes that is cut into rows, each the size of a page of the file. Rows grow to that
// size, are written over in place and stay when the tail is folded into chunks, so that in the long run an
// append allocates nothing and dirties no page beyond those that its bytes lie on. How much of the stream is
// in use is in `summary.tail` of the run's page 0; what lies behind is of earlier rounds.
//
//   stream     batches, each: size of what follows (4 bytes), then sealed:
//   batch      number of groups; word and size of each (LEB128), then the groups' chunks (chunk_codec.cpp)
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "runglass/base/bytes.h"
#include "runglass/base/result.h"
#include "runglass/model/series.h"
#include "runglass/series/chunk_codec.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// Bytes of a full row: with SQLite's own, what a leaf of 8 kB takes without overflow pages.
inline constexpr std::size_t kTailRow = 8144;

/// The points of one metric within a batch.
struct TailGroup {
    std::uint64_t word = 0;
    ByteView chunk;
};

class TailBatchWriter {
public:
    /// `header` is describe(points).
    void add(std::uint64_t word, const model::SeriesView& points, const series::ChunkHeader& header);
    /// The batch as it goes into the stream, valid until the next call of anything.
    [[nodiscard]] const Bytes& finish();

private:
    Bytes m_directory;
    Bytes m_chunks;
    Bytes m_batch;
    std::uint64_t m_groups = 0;
};

using TailSink = std::function<Result<void>(const TailGroup&)>;

/// Gives every group of a run's tail to `take`, in order of arrival. Passes over what is damaged, and says so
/// when the rest has been read. An error of `take` ends it.
Result<void> forEachTailGroup(Database::Impl& database, std::int64_t run, const TailSink& take);

}  // namespace runglass::store
