// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes: decoding must be safe, and whatever decodes must survive encoding and decoding bit for bit.
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "runglass/series/chunk_codec.h"

using namespace runglass;

namespace {

bool identical(const model::Series& a, const model::Series& b) {
    if (a.steps != b.steps || a.timesMs != b.timesMs || a.size() != b.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (std::bit_cast<std::uint64_t>(a.values[i]) != std::bit_cast<std::uint64_t>(b.values[i])) {
            return false;
        }
    }
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    model::Series series;
    (void)series::readChunkHeader({data, size});
    if (!series::decodeChunk({data, size}, series).ok()) {
        if (!series.empty()) {
            std::abort();
        }
        return 0;
    }
    for (const auto effort : {series::Effort::Fast, series::Effort::Small}) {
        model::Series back;
        if (!series::decodeChunk(series::encodeChunk(series, effort), back).ok() ||
            !identical(series, back)) {
            std::abort();
        }
    }
    return 0;
}
