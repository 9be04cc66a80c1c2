// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/evp.h>

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "runglass/base/bytes.h"

namespace runglass::store {

/// Writes a file from front to back and digests it on the way (SHA-256), in large aligned blocks, which cost
/// the file system a fraction of what the pieces of a socket do. A large file is digested on a thread of its
/// own, beside the writing. A slow disk makes append() wait; memory is bounded by the blocks. For one thread
/// at a time.
class DigestWriter {
public:
    /// `file` is borrowed, and empty.
    explicit DigestWriter(int file);
    DigestWriter(const DigestWriter&) = delete;
    DigestWriter& operator=(const DigestWriter&) = delete;
    /// What finish() has not written may be missing from the file.
    ~DigestWriter();

    /// 0, or the errno of this or an earlier write.
    [[nodiscard]] int append(ByteView bytes);
    /// Everything is written (not yet on the disk) when it returns 0; otherwise the errno.
    [[nodiscard]] int finish();
    /// Hex digits, after finish().
    [[nodiscard]] std::string sha256() const;
    [[nodiscard]] std::int64_t size() const { return m_written; }

private:
    struct Block {
        std::unique_ptr<std::uint8_t[]> bytes;
        std::size_t size = 0;
    };
    static constexpr std::size_t kBlocks = 4;

    Block& current() { return m_blocks[m_filled % kBlocks]; }
    int endBlock();
    int write(const Block& block);
    void digest(const Block& block);
    void startThread();
    void stopThread();
    void run();

    int m_file;
    int m_error = 0;
    std::int64_t m_written = 0;
    std::int64_t m_startedDisk = 0;  ///< up to here the disk has been told to write
    std::array<Block, kBlocks> m_blocks;
    std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> m_sha;  ///< of the thread while it runs
    std::thread m_thread;

    std::mutex m_mutex;
    std::condition_variable m_changed;
    // Guarded; block number N lies in m_blocks[N % kBlocks]:
    std::size_t m_filled = 0;    ///< those below it may be digested; changed by the owner alone
    std::size_t m_digested = 0;  ///< those below it may be filled anew
    bool m_ending = false;
};

}  // namespace runglass::store
