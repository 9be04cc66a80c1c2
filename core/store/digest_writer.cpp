// SPDX-License-Identifier: GPL-3.0-or-later
#include "digest_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "runglass/base/text.h"

namespace runglass::store {

namespace {

constexpr std::size_t kBlockBytes = 512U << 10U;
/// Below it a thread costs more than it gains.
constexpr std::int64_t kThreadFrom = 4 << 20;
/// The disk begins to write while more comes, so that the fsync at the end finds little to do.
constexpr std::int64_t kDiskStep = 8 << 20;

int writeAll(int file, const std::uint8_t* bytes, std::size_t size) {
    while (size > 0) {
        const ssize_t count = ::write(file, bytes, size);
        if (count < 0 && errno != EINTR) {
            return errno;
        }
        const auto done = static_cast<std::size_t>(std::max<ssize_t>(count, 0));
        bytes += done;
        size -= done;
    }
    return 0;
}

}  // namespace

DigestWriter::DigestWriter(int file)
    : m_file(file)
    , m_sha(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    EVP_DigestInit_ex(m_sha.get(), EVP_sha256(), nullptr);
}

DigestWriter::~DigestWriter() {
    stopThread();
}

int DigestWriter::append(ByteView bytes) {
    while (!bytes.empty() && m_error == 0) {
        auto& block = current();
        if (!block.bytes) {
            block.bytes = std::make_unique_for_overwrite<std::uint8_t[]>(kBlockBytes);
        }
        const auto count = std::min(bytes.size(), kBlockBytes - block.size);
        std::memcpy(block.bytes.get() + block.size, bytes.data(), count);
        block.size += count;
        bytes = bytes.subspan(count);
        if (block.size == kBlockBytes) {
            m_error = endBlock();
        }
    }
    return m_error;
}

int DigestWriter::finish() {
    if (m_error == 0) {
        m_error = endBlock();
    }
    stopThread();
    return m_error;
}

std::string DigestWriter::sha256() const {
    std::array<std::uint8_t, 32> digest{};
    EVP_DigestFinal_ex(m_sha.get(), digest.data(), nullptr);
    return toHex(digest);
}

int DigestWriter::endBlock() {
    auto& block = current();
    if (!m_thread.joinable() && m_written >= kThreadFrom) {
        startThread();
    }
    if (!m_thread.joinable()) {
        digest(block);
        const int error = write(block);
        block.size = 0;
        return error;
    }
    {
        const std::lock_guard lock(m_mutex);
        ++m_filled;
    }
    m_changed.notify_all();
    const int error = write(block);
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_filled - m_digested < kBlocks; });
    current().size = 0;
    return error;
}

int DigestWriter::write(const Block& block) {
    const int error = writeAll(m_file, block.bytes.get(), block.size);
    m_written += static_cast<std::int64_t>(block.size);
    if (error == 0 && m_written - m_startedDisk >= kDiskStep) {
        // Only a hint: fsync() tells what came of it.
        ::sync_file_range(m_file, m_startedDisk, m_written - m_startedDisk, SYNC_FILE_RANGE_WRITE);
        m_startedDisk = m_written;
    }
    return error;
}

void DigestWriter::digest(const Block& block) {
    EVP_DigestUpdate(m_sha.get(), block.bytes.get(), block.size);
}

void DigestWriter::startThread() {
    m_digested = m_filled;
    try {
        m_thread = std::thread([this] { run(); });
    } catch (const std::system_error&) {
        // Too many threads: the caller's own digests.
    }
}

void DigestWriter::stopThread() {
    if (!m_thread.joinable()) {
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

void DigestWriter::run() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [&] { return m_ending || m_digested < m_filled; });
        if (m_digested == m_filled) {
            return;
        }
        const auto& block = m_blocks[m_digested % kBlocks];
        lock.unlock();
        digest(block);
        lock.lock();
        ++m_digested;
        m_changed.notify_all();
    }
}

}  // namespace runglass::store
