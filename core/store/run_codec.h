// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runglass/base/bytes.h"
#include "runglass/model/run_detail.h"

namespace runglass::store {

/// A param or tag as stored: number of the key in table `word`, and the value.
struct StoredPair {
    std::uint64_t word = 0;
    std::string_view value;
};

/// run.params, run.tags: for each pair the word (LEB128) and the value (length-prefixed); sealed.
Bytes encodePairs(std::span<const StoredPair> pairs);
/// Values point into `stored`. False when damaged.
bool decodePairs(ByteView stored, std::vector<StoredPair>& out);

struct StoredSummary {
    std::uint64_t word = 0;
    model::MetricSummary summary;
};

/// summary.data, up to kSummariesPerPage metrics; sealed. For each: word, count (LEB128); flags; first, last,
/// and min, max where they are neither (doubles); nanCount, infiniteCount if any (LEB128); first step,
/// last − first step, last time (zigzag LEB128).
inline constexpr std::size_t kSummariesPerPage = 32;
Bytes encodeSummaries(std::span<const StoredSummary> summaries);
bool decodeSummaries(ByteView stored, std::vector<StoredSummary>& out);

/// A count, then length-prefixed texts; sealed.
Bytes encodeTexts(const std::vector<std::string>& texts);
bool decodeTexts(ByteView stored, std::vector<std::string>& out);

Bytes encodeLeftOut(const std::vector<model::LeftOutFile>& files);
bool decodeLeftOut(ByteView stored, std::vector<model::LeftOutFile>& out);

/// Not sealed: goes into table `content`, which is.
Bytes encodeEnvironment(const model::Environment& environment);
std::optional<model::Environment> decodeEnvironment(ByteView bytes);

}  // namespace runglass::store
