// SPDX-License-Identifier: GPL-3.0-or-later
//
// A chunk is a block of consecutive points of one series, in columns:
//
//   format    byte, 1
//   count     LEB128, 1 … 65,536
//   nanCount  LEB128
//   min, max  doubles; absent when every value is NaN
//   last      last step − first step, modulo 2^64, zigzag LEB128
//   steps, times    integer columns, see integer_column.cpp; the first step is the first of its column
//   values    value column, see value_column.cpp
//
// Little-endian throughout; nothing follows the values. A checksum is the business of whoever stores it.
#include "runglass/series/chunk_codec.h"

#include <cassert>
#include <limits>

#include "integer_column.h"
#include "runglass/base/bytes.h"
#include "runglass/base/translate.h"
#include "value_column.h"

namespace runglass::series {

namespace {

constexpr std::uint8_t kFormat = 1;

Error damaged(const char* part) {
    return {ErrorCode::Damaged, tr("A block of points is damaged."), part};
}

std::int64_t distance(std::int64_t from, std::int64_t to) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from));
}

/// Leaves `in` at the steps. False when there is no header.
bool readHeader(ByteReader& in, ChunkHeader& header, std::int64_t& stepDistance) {
    const auto format = in.byte();
    header.count = in.unsignedInt();
    header.nanCount = in.unsignedInt();
    if (!in.ok() || format != kFormat || header.count == 0 || header.count > kMaxChunkPoints ||
        header.nanCount > header.count) {
        return false;
    }
    header.min = header.max = std::numeric_limits<double>::quiet_NaN();
    if (header.nanCount < header.count) {
        header.min = in.real();
        header.max = in.real();
    }
    stepDistance = in.signedInt();
    return in.ok();
}

void resize(model::Series& series, std::size_t count) {
    series.steps.resize(count);
    series.timesMs.resize(count);
    series.values.resize(count);
}

const char* decodeColumns(ByteReader& in, std::int64_t stepDistance, std::size_t start, model::Series& out) {
    if (!decodeIntegers(in, std::span(out.steps).subspan(start)) ||
        distance(out.steps[start], out.steps.back()) != stepDistance) {
        return "steps";
    }
    if (!decodeIntegers(in, std::span(out.timesMs).subspan(start))) {
        return "times";
    }
    if (!decodeValues(in, std::span(out.values).subspan(start)) || !in.atEnd()) {
        return "values";
    }
    return nullptr;
}

}  // namespace

ChunkHeader describe(const model::SeriesView& view) {
    ChunkHeader header;
    header.count = view.size();
    header.firstStep = view.steps.front();
    header.lastStep = view.steps.back();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    double min = infinity;
    double max = -infinity;
    for (const double value : view.values) {  // comparisons with a NaN are false
        header.nanCount += value == value ? 0 : 1;
        min = value < min ? value : min;
        max = value > max ? value : max;
    }
    const bool any = header.nanCount < header.count;
    header.min = any ? min : std::numeric_limits<double>::quiet_NaN();
    header.max = any ? max : std::numeric_limits<double>::quiet_NaN();
    return header;
}

void encodeChunk(const model::SeriesView& view, const ChunkHeader& header, Effort effort,
                 std::vector<std::uint8_t>& out) {
    assert(view.size() > 0 && view.size() <= kMaxChunkPoints);
    ByteWriter writer(out);
    writer.byte(kFormat);
    writer.unsignedInt(header.count);
    writer.unsignedInt(header.nanCount);
    if (header.nanCount < header.count) {
        writer.real(header.min);
        writer.real(header.max);
    }
    writer.signedInt(distance(header.firstStep, header.lastStep));
    encodeIntegers(view.steps, out);
    encodeIntegers(view.timesMs, out);
    encodeValues(view.values, effort, out);
}

std::vector<std::uint8_t> encodeChunk(const model::SeriesView& view, Effort effort) {
    std::vector<std::uint8_t> out;
    encodeChunk(view, describe(view), effort, out);
    return out;
}

Result<void> decodeChunk(std::span<const std::uint8_t> bytes, model::Series& out) {
    ByteReader in(bytes);
    ChunkHeader header;
    std::int64_t stepDistance = 0;
    if (!readHeader(in, header, stepDistance)) {
        return damaged("header");
    }
    const std::size_t start = out.size();
    resize(out, start + static_cast<std::size_t>(header.count));
    if (const char* part = decodeColumns(in, stepDistance, start, out)) {
        resize(out, start);
        return damaged(part);
    }
    return {};
}

Result<ChunkHeader> readChunkHeader(std::span<const std::uint8_t> bytes) {
    ByteReader in(bytes);
    ChunkHeader header;
    std::int64_t stepDistance = 0;
    if (!readHeader(in, header, stepDistance)) {
        return damaged("header");
    }
    header.firstStep = in.signedInt();
    header.lastStep = static_cast<std::int64_t>(static_cast<std::uint64_t>(header.firstStep) +
                                                static_cast<std::uint64_t>(stepDistance));
    return in.ok() ? Result<ChunkHeader>(header) : damaged("header");
}

}  // namespace runglass::series
