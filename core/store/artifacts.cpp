// SPDX-License-Identifier: GPL-3.0-or-later
#include "artifacts.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

#include "runglass/base/bytes.h"
#include "runglass/base/file.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/base/run_id.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::store {

namespace fs = std::filesystem;

namespace {

/// A file under a temporary name that is removed unless it gets its final one.
class TemporaryFile {
public:
    explicit TemporaryFile(fs::path path)
        : m_path(std::move(path))
        , m_file(::open(m_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {}
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() {
        if (m_file.valid() && !m_renamed) {
            ::unlink(m_path.c_str());
        }
    }

    [[nodiscard]] bool valid() const { return m_file.valid(); }
    bool write(ByteView bytes) {
        while (!bytes.empty()) {
            const ssize_t count = ::write(m_file.get(), bytes.data(), bytes.size());
            if (count < 0 && errno != EINTR) {
                return false;
            }
            bytes = bytes.subspan(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        }
        return true;
    }
    bool renameTo(const fs::path& target) {
        m_renamed = ::fsync(m_file.get()) == 0 && ::rename(m_path.c_str(), target.c_str()) == 0;
        return m_renamed;
    }

private:
    fs::path m_path;
    FileDescriptor m_file;
    bool m_renamed = false;
};

Error cannotRead(const fs::path& file) {
    return errorFromErrno(errno, tr("The artifact cannot be read."), file);
}

Error cannotStore(const fs::path& place) {
    return errorFromErrno(errno, tr("The artifact cannot be stored."), place);
}

struct DigestAndSize {
    std::array<std::uint8_t, 32> digest{};
    std::int64_t size = 0;
};

/// Copies and digests in one pass, so that the digest is that of the bytes stored, even of a file that is
/// being written meanwhile.
Result<DigestAndSize> copyInto(TemporaryFile& target, const fs::path& file) {
    const FileDescriptor source(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status {};
    if (!source.valid() || ::fstat(source.get(), &status) != 0) {
        return cannotRead(file);
    }
    if (!S_ISREG(status.st_mode)) {
        return Error{ErrorCode::Invalid, tr("{} is not a regular file.", toValidUtf8(file.native())), {}};
    }
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> sha(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_DigestInit_ex(sha.get(), EVP_sha256(), nullptr);
    DigestAndSize result;
    std::array<std::uint8_t, 1U << 16U> buffer{};
    for (;;) {
        const ssize_t count = ::read(source.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return cannotRead(file);
        }
        if (count == 0) {
            break;
        }
        const ByteView bytes(buffer.data(), static_cast<std::size_t>(count));
        EVP_DigestUpdate(sha.get(), bytes.data(), bytes.size());
        if (!target.write(bytes)) {
            return cannotStore(file);
        }
        result.size += count;
    }
    EVP_DigestFinal_ex(sha.get(), result.digest.data(), nullptr);
    return result;
}

void syncFolder(const fs::path& folder) {
    if (const FileDescriptor handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        handle.valid()) {
        ::fsync(handle.get());
    }
}

}  // namespace

Result<StoredFile> storeArtifact(const Layout& layout, const fs::path& file) {
    std::error_code error;
    fs::create_directories(layout.artifacts(), error);
    if (error) {
        return errorFromErrno(error.value(), tr("The artifact cannot be stored."), layout.artifacts());
    }
    TemporaryFile temporary(layout.artifacts() / ("tmp-" + RunId::generate().hex()));
    if (!temporary.valid()) {
        return cannotStore(layout.artifacts());
    }
    RUNGLASS_ASSIGN(const DigestAndSize copied, copyInto(temporary, file));
    const auto sha256 = toHex(copied.digest);
    const auto target = layout.artifact(sha256);
    if (fs::is_regular_file(target, error) &&
        fs::file_size(target, error) == static_cast<std::uintmax_t>(copied.size)) {
        return StoredFile{sha256, copied.size};
    }
    fs::create_directories(target.parent_path(), error);
    if (!temporary.renameTo(target)) {
        return cannotStore(target);
    }
    syncFolder(target.parent_path());
    return StoredFile{sha256, copied.size};
}

}  // namespace runglass::store
