// SPDX-License-Identifier: GPL-3.0-or-later
#include "tail.h"

#include <algorithm>

#include "database_impl.h"
#include "runglass/base/translate.h"
#include "schema_live.h"
#include "sealed.h"

namespace runglass::store {

namespace {

constexpr std::size_t kSizeBytes = sizeof(std::uint32_t);

Error damagedTail() {
    return {ErrorCode::Damaged, tr("The newest points of a run are damaged."), {}};
}

/// The groups of a sealed batch; they point into it. Nothing when damaged.
std::optional<std::vector<TailGroup>> groupsOf(ByteView batch) {
    const auto content = unseal(batch);
    if (!content) {
        return std::nullopt;
    }
    ByteReader in(*content);
    std::vector<TailGroup> groups(in.count(2));
    std::vector<std::uint64_t> sizes;
    sizes.reserve(groups.size());
    for (auto& group : groups) {
        group.word = in.unsignedInt();
        sizes.push_back(in.unsignedInt());
    }
    for (std::size_t i = 0; i < groups.size(); ++i) {
        groups[i].chunk = in.raw(sizes[i]);
    }
    return in.ok() && in.atEnd() ? std::optional(std::move(groups)) : std::nullopt;
}

/// Passes the batches of a tail on, and remembers whether all could be read.
class BatchReader {
public:
    explicit BatchReader(const TailSink& take)
        : m_take(&take) {}

    [[nodiscard]] bool intact() const { return m_intact; }

    Result<void> batch(ByteView stored) {
        const auto groups = groupsOf(stored);
        if (!groups) {
            m_intact = false;
            return {};
        }
        for (const auto& group : *groups) {
            RUNGLASS_TRY((*m_take)(group));
        }
        return {};
    }

    Result<void> stream(ByteView bytes) {
        while (!bytes.empty()) {
            std::uint32_t size = 0;
            if (bytes.size() >= kSizeBytes) {
                std::memcpy(&size, bytes.data(), kSizeBytes);
            }
            if (size == 0 || size > bytes.size() - kSizeBytes) {
                m_intact = false;
                return {};
            }
            RUNGLASS_TRY(batch(bytes.subspan(kSizeBytes, size)));
            bytes = bytes.subspan(kSizeBytes + size);
        }
        return {};
    }

private:
    const TailSink* m_take;
    bool m_intact = true;
};

Result<std::size_t> bytesInUse(Database::Impl& database, std::int64_t run) {
    if (database.report.schemaVersion < kLiveVersion) {
        return 0;  // opened to look; all of its rows are of the old kind
    }
    const auto page = firstRowOf(run);
    RUNGLASS_ASSIGN(auto query, database.statements.query("SELECT tail FROM summary WHERE id = ?", page));
    RUNGLASS_ASSIGN(const bool row, query.step());
    return row ? static_cast<std::size_t>(std::max<std::int64_t>(query.integer(0), 0)) : 0;
}

}  // namespace

void TailBatchWriter::add(std::uint64_t word, const model::SeriesView& points,
                          const series::ChunkHeader& header) {
    const std::size_t start = m_chunks.size();
    series::encodeChunk(points, header, series::Effort::Fast, m_chunks);
    ByteWriter directory(m_directory);
    directory.unsignedInt(word);
    directory.unsignedInt(m_chunks.size() - start);
    ++m_groups;
}

const Bytes& TailBatchWriter::finish() {
    m_batch.clear();
    ByteWriter writer(m_batch);
    writer.unsignedInt(m_groups);
    writer.raw(m_directory);
    writer.raw(m_chunks);
    seal(m_batch);
    const auto size = static_cast<std::uint32_t>(m_batch.size());
    const auto* const sizeBytes = reinterpret_cast<const std::uint8_t*>(&size);
    m_batch.insert(m_batch.begin(), sizeBytes, sizeBytes + kSizeBytes);
    m_directory.clear();
    m_chunks.clear();
    m_groups = 0;
    return m_batch;
}

Result<void> forEachTailGroup(Database::Impl& database, std::int64_t run, const TailSink& take) {
    RUNGLASS_ASSIGN(const std::size_t used, bytesInUse(database, run));
    const auto first = firstRowOf(run);
    const auto last = lastRowOf(run);
    BatchReader reader(take);
    Bytes stream;
    const auto rows = forEachRow(
        database.statements.query("SELECT points, data FROM tail WHERE id BETWEEN ? AND ? ORDER BY id", first,
                                  last),
        [&](const Query& row) -> Result<void> {
            if (row.integer(0) > 0) {
                return reader.batch(row.blob(1));
            }
            const auto data = row.blob(1);
            const auto wanted = data.first(std::min(data.size(), used - std::min(used, stream.size())));
            stream.insert(stream.end(), wanted.begin(), wanted.end());
            return {};
        });
    if (!rows.ok() && rows.error().code != ErrorCode::Damaged) {
        return rows;
    }
    RUNGLASS_TRY(reader.stream(stream));
    return rows.ok() && reader.intact() && stream.size() == used ? Result<void>() : damagedTail();
}

}  // namespace runglass::store
