// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "runglass/base/result.h"

namespace runglass::launch {

enum class Stream : std::uint8_t { Out = 1, Err = 2 };

/// A piece of what a run printed, in order of arrival. Bytes as printed: not necessarily whole lines, nor
/// UTF-8.
struct ConsoleChunk {
    std::int64_t timeMs = 0;
    Stream stream = Stream::Out;
    std::uint64_t offset = 0;  ///< of the bytes within all that was printed
    std::string bytes;
};

/// Reads `console.log` (raw bytes) with `console.idx` (times and streams) of a run folder, also while they
/// grow. When a run prints more than the limit, the beginning and the end are kept and the gap is told.
class ConsoleReader {
public:
    explicit ConsoleReader(std::filesystem::path runFolder);
    ~ConsoleReader();
    ConsoleReader(ConsoleReader&&) noexcept;
    ConsoleReader& operator=(ConsoleReader&&) noexcept;

    /// Chunks that came since the last call, at most `maxBytes` of text. Empty when there is nothing new (or
    /// no log).
    Result<std::vector<ConsoleChunk>> poll(std::size_t maxBytes = 1U << 20U);
    /// Bytes that were printed but not kept so far.
    [[nodiscard]] std::uint64_t droppedBytes() const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace runglass::launch
