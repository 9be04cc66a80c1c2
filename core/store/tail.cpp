// SPDX-License-Identifier: GPL-3.0-or-later
#include "tail.h"

#include "runglass/series/chunk_codec.h"
#include "sealed.h"

namespace runglass::store {

void TailBatchWriter::add(std::uint64_t word, const model::SeriesView& points) {
    const std::size_t start = m_chunks.size();
    series::encodeChunk(points, series::Effort::Fast, m_chunks);
    ByteWriter directory(m_directory);
    directory.unsignedInt(word);
    directory.unsignedInt(m_chunks.size() - start);
    ++m_groups;
}

Bytes TailBatchWriter::finish() {
    Bytes out;
    out.reserve(m_directory.size() + m_chunks.size() + 16);
    ByteWriter writer(out);
    writer.unsignedInt(m_groups);
    writer.raw(m_directory);
    writer.raw(m_chunks);
    seal(out);
    return out;
}

std::optional<std::vector<TailGroup>> readTailBatch(ByteView stored) {
    const auto content = unseal(stored);
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

}  // namespace runglass::store
