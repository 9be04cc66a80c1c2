// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "runglass/model/series.h"
#include "runglass/sources/growing_file.h"

namespace runglass::sources {

/// The points of a log in which all metrics are mixed, on their way out of it: those of the metric that is
/// asked for, and of all others too while they are few enough to be kept for the next question.
class SeriesSink {
public:
    using Series = std::unordered_map<std::string, model::Series>;

    explicit SeriesSink(std::string wanted)
        : m_wanted(std::move(wanted)) {}
    /// Goes on where another one ended that had all.
    SeriesSink(std::string wanted, const Series& before);

    void push(const std::string& metric, const model::Point& point);
    [[nodiscard]] bool hasAll() const { return m_hasAll; }
    [[nodiscard]] std::uint64_t points() const { return m_points; }
    [[nodiscard]] Series take() { return std::move(m_series); }

private:
    std::string m_wanted;
    Series m_series;
    std::uint64_t m_points = 0;
    bool m_hasAll = true;
};

/// The decoded logs that were asked for last, by file and state of the file: a grid of charts asks for every
/// metric of a run, and each answer costs a pass over the whole log. Holds at most kMostPoints (24 bytes
/// each) in all. Thread-safe.
class DecodedSeries {
public:
    static constexpr std::uint64_t kMostPoints = 2'000'000;
    using Shared = std::shared_ptr<const SeriesSink::Series>;

    /// The one of the process.
    static DecodedSeries& shared();

    [[nodiscard]] Shared find(const FileStamp& file);
    /// What is not all is handed back without being kept.
    Shared keep(const FileStamp& file, SeriesSink sink);

private:
    struct Entry {
        FileStamp file;
        Shared series;
        std::uint64_t points = 0;
    };
    std::mutex m_mutex;
    std::deque<Entry> m_entries;  ///< the last used first
    std::uint64_t m_points = 0;
};

/// `series` without its first `from` points.
model::Series restOf(const model::Series& series, std::size_t from);

}  // namespace runglass::sources
