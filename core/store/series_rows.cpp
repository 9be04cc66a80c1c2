// SPDX-License-Identifier: GPL-3.0-or-later
#include "series_rows.h"

#include <algorithm>

#include "database_impl.h"
#include "runglass/base/translate.h"
#include "runglass/series/chunk_codec.h"
#include "sealed.h"
#include "tail.h"

namespace runglass::store {

namespace {

Error damagedPoints(const char* detail) {
    return {ErrorCode::Damaged, tr("A block of points is damaged."), detail};
}

Error stopped() {
    return {ErrorCode::Cancelled, tr("Stopped."), {}};
}

/// Gathers points in order and lets go of those before `from`.
class Gatherer {
public:
    explicit Gatherer(std::size_t from)
        : m_from(from) {}

    [[nodiscard]] bool any() const { return m_any; }
    [[nodiscard]] std::uint64_t position() const { return m_position; }
    void startAt(std::uint64_t position) { m_position = position; }

    Result<void> add(ByteView chunk) {
        RUNGLASS_ASSIGN(const series::ChunkHeader header, series::readChunkHeader(chunk));
        m_any = true;
        const auto end = m_position + header.count;
        if (end > m_from) {
            RUNGLASS_TRY(series::decodeChunk(chunk, m_points));
            if (m_position < m_from) {
                dropFirst(static_cast<std::size_t>(m_from - m_position));
            }
        }
        m_position = end;
        return {};
    }
    model::Series take() { return std::move(m_points); }
    void reserve(std::size_t count) { m_points.reserve(count); }
    void setAny() { m_any = true; }

private:
    void dropFirst(std::size_t count) {
        const auto cut = static_cast<std::ptrdiff_t>(count);
        m_points.steps.erase(m_points.steps.begin(), m_points.steps.begin() + cut);
        m_points.timesMs.erase(m_points.timesMs.begin(), m_points.timesMs.begin() + cut);
        m_points.values.erase(m_points.values.begin(), m_points.values.begin() + cut);
    }

    std::uint64_t m_from;
    std::uint64_t m_position = 0;
    bool m_any = false;
    model::Series m_points;
};

/// Room for all points at once. What the tables say is checked against what their rows can hold.
Result<void> reserve(Database::Impl& database, std::int64_t run, std::int64_t metric, std::size_t from,
                     Gatherer& points) {
    RUNGLASS_ASSIGN(
        auto query,
        database.statements.query(
            "SELECT count(*), coalesce(sum(count), 0), (SELECT coalesce(sum(length(data)), 0) FROM "
            "tail WHERE id BETWEEN ?1 << 16 AND (?1 << 16) + 65535) FROM chunk WHERE run = ?1 AND "
            "metric = ?2",
            run, metric));
    RUNGLASS_TRY(query.step());
    const auto chunks = static_cast<std::uint64_t>(query.integer(0));
    const auto inChunks = std::min(static_cast<std::uint64_t>(query.integer(1)), chunks * kLargestChunk);
    const auto inTail =
        std::min<std::uint64_t>(static_cast<std::uint64_t>(query.integer(2)), kMostTailPoints);
    if (chunks > 0) {
        points.setAny();
    }
    points.reserve(static_cast<std::size_t>(inChunks + inTail > from ? inChunks + inTail - from : 0));
    return {};
}

Result<void> readChunks(Database::Impl& database, std::int64_t run, std::int64_t metric, std::size_t from,
                        Gatherer& points, const std::stop_token& stop) {
    RUNGLASS_TRY(reserve(database, run, metric, from, points));
    RUNGLASS_ASSIGN(auto query,
                    database.statements.query(
                        "SELECT first, data FROM chunk WHERE run = ?1 AND metric = ?2 AND first >= "
                        "coalesce((SELECT max(first) FROM chunk WHERE run = ?1 AND metric = ?2 AND first "
                        "<= ?3), 0) ORDER BY first",
                        run, metric, from));
    for (bool isFirst = true;; isFirst = false) {
        if (stop.stop_requested()) {
            return stopped();
        }
        RUNGLASS_ASSIGN(const bool row, query.step());
        if (!row) {
            return {};
        }
        const auto first = static_cast<std::uint64_t>(query.integer(0));
        if (isFirst) {
            points.startAt(first);
        }
        const auto content = unseal(query.blob(1));
        if (!content) {
            return damagedPoints("checksum");
        }
        if (first != points.position()) {
            return damagedPoints("a block is missing");
        }
        RUNGLASS_TRY(points.add(*content));
    }
}

Result<void> readTailOf(Database::Impl& database, std::int64_t run, std::int64_t metric, Gatherer& points,
                        const std::stop_token& stop) {
    return forEachTailGroup(database, run, [&](const TailGroup& group) -> Result<void> {
        if (stop.stop_requested()) {
            return stopped();
        }
        return group.word == static_cast<std::uint64_t>(metric) ? points.add(group.chunk) : Result<void>();
    });
}

}  // namespace

Result<model::Series> readSeries(Database::Impl& database, std::int64_t run, std::string_view key,
                                 std::size_t from, const std::stop_token& stop) {
    Gatherer points(from);
    RUNGLASS_ASSIGN(const std::int64_t metric, Words::find(database.statements, key));
    if (metric != 0) {
        RUNGLASS_TRY(readChunks(database, run, metric, from, points, stop));
        RUNGLASS_TRY(readTailOf(database, run, metric, points, stop));
    }
    if (!points.any()) {
        return Error{ErrorCode::NotFound, tr("The run has no metric {}.", key), {}};
    }
    return points.take();
}

}  // namespace runglass::store
