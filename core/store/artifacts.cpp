// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/artifact_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

#include "digest_writer.h"
#include "runglass/base/bytes.h"
#include "runglass/base/file.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/base/run_id.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/store/layout.h"

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
    [[nodiscard]] int handle() const { return m_file.get(); }
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

Error cannotStore(int error, const fs::path& place) {
    return errorFromErrno(error, tr("The artifact cannot be stored."), place);
}

void syncFolder(const fs::path& folder) {
    if (const FileDescriptor handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        handle.valid()) {
        ::fsync(handle.get());
    }
}

}  // namespace

class ArtifactUpload::Impl {
public:
    Impl(Layout layout, fs::path temporary)
        : m_layout(std::move(layout))
        , m_file(std::move(temporary))
        , m_writer(m_file.handle()) {}
    [[nodiscard]] bool valid() const { return m_file.valid(); }

    Result<void> write(std::string_view piece) {
        const ByteView bytes(reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size());
        if (const int error = m_writer.append(bytes); error != 0) {
            return cannotStore(error, m_layout.artifacts());
        }
        return {};
    }

    Result<Stored> finish() {
        if (const int error = m_writer.finish(); error != 0) {
            return cannotStore(error, m_layout.artifacts());
        }
        const auto sha256 = m_writer.sha256();
        const auto target = m_layout.artifact(sha256);
        std::error_code error;
        if (fs::is_regular_file(target, error) &&
            fs::file_size(target, error) == static_cast<std::uintmax_t>(m_writer.size())) {
            return Stored{sha256, m_writer.size()};
        }
        fs::create_directories(target.parent_path(), error);
        if (!m_file.renameTo(target)) {
            return cannotStore(errno, target);
        }
        syncFolder(target.parent_path());
        return Stored{sha256, m_writer.size()};
    }

private:
    Layout m_layout;
    TemporaryFile m_file;
    DigestWriter m_writer;
};

ArtifactUpload::ArtifactUpload(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
ArtifactUpload::ArtifactUpload(ArtifactUpload&&) noexcept = default;
ArtifactUpload& ArtifactUpload::operator=(ArtifactUpload&&) noexcept = default;
ArtifactUpload::~ArtifactUpload() = default;

Result<ArtifactUpload> ArtifactUpload::begin(const fs::path& project) {
    const Layout layout(project);
    std::error_code error;
    fs::create_directories(layout.artifacts(), error);
    if (error) {
        return errorFromErrno(error.value(), tr("The artifact cannot be stored."), layout.artifacts());
    }
    auto impl = std::make_unique<Impl>(layout, layout.artifacts() / ("tmp-" + RunId::generate().hex()));
    if (!impl->valid()) {
        return cannotStore(errno, layout.artifacts());
    }
    return ArtifactUpload(std::move(impl));
}

Result<void> ArtifactUpload::write(std::string_view piece) {
    return m_impl->write(piece);
}

Result<ArtifactUpload::Stored> ArtifactUpload::finish() {
    return m_impl->finish();
}

Result<ArtifactUpload::Stored> storeFile(const fs::path& project, const fs::path& file) {
    RUNGLASS_ASSIGN(auto upload, ArtifactUpload::begin(project));
    const FileDescriptor source(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status {};
    if (!source.valid() || ::fstat(source.get(), &status) != 0) {
        return cannotRead(file);
    }
    if (!S_ISREG(status.st_mode)) {
        return Error{ErrorCode::Invalid, tr("{} is not a regular file.", toValidUtf8(file.native())), {}};
    }
    // Digested as it is copied, so that the digest is that of the bytes stored, even of a file that is being
    // written meanwhile.
    std::array<char, 1U << 16U> buffer{};
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
        RUNGLASS_TRY(upload.write({buffer.data(), static_cast<std::size_t>(count)}));
    }
    return upload.finish();
}

}  // namespace runglass::store
