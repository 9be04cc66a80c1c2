// SPDX-License-Identifier: GPL-3.0-or-later
#include "content.h"

#include <openssl/sha.h>
#include <zstd.h>

#include <array>

#include "database_impl.h"
#include "runglass/base/translate.h"
#include "sealed.h"

namespace runglass::store {

namespace {

constexpr std::uint64_t kLargestContent = 1ULL << 30U;
constexpr int kZstdLevel = 3;

}  // namespace

Result<std::int64_t> putContent(Database::Impl& database, std::string_view content) {
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data());
    const ByteView key(digest);
    {
        RUNGLASS_ASSIGN(auto query,
                        database.statements.query("SELECT id FROM content WHERE digest = ?", key));
        RUNGLASS_ASSIGN(const bool row, query.step());
        if (row) {
            return query.integer(0);
        }
    }
    if (content.size() > kLargestContent) {
        return Error{
            ErrorCode::TooLarge, tr("A file of more than 1 GB is not kept in the run database."), {}};
    }
    Bytes frame(ZSTD_compressBound(content.size()));
    frame.resize(ZSTD_compress(frame.data(), frame.size(), content.data(), content.size(), kZstdLevel));
    seal(frame);
    RUNGLASS_ASSIGN(
        auto insert,
        database.statements.query("INSERT INTO content(digest, data) VALUES(?, ?) RETURNING id", key, frame));
    RUNGLASS_TRY(insert.step());
    const auto id = insert.integer(0);
    RUNGLASS_TRY(insert.run());
    return id;
}

Result<std::string> unpackContent(ByteView stored) {
    const Error damaged{ErrorCode::Damaged, tr("A stored file or environment is damaged."), {}};
    const auto frame = unseal(stored);
    if (!frame) {
        return damaged;
    }
    const auto size = ZSTD_getFrameContentSize(frame->data(), frame->size());
    if (size > kLargestContent) {  // also the two values that mean "unknown" and "error"
        return damaged;
    }
    std::string content(static_cast<std::size_t>(size), '\0');
    const auto got = ZSTD_decompress(content.data(), content.size(), frame->data(), frame->size());
    if (ZSTD_isError(got) != 0 || got != content.size()) {
        return damaged;
    }
    return content;
}

}  // namespace runglass::store
