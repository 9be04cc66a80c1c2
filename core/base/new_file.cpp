// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/base/new_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "runglass/base/file.h"
#include "runglass/base/run_id.h"
#include "runglass/base/translate.h"

namespace runglass {
namespace {

Error notWritten(const std::filesystem::path& path) {
    return errorFromErrno(errno, tr("The file cannot be written."), path);
}

/// A device, a pipe, a socket: root would replace it for everybody.
bool isNoPlaceForFiles(const std::filesystem::path& path) {
    struct stat found = {};
    return ::stat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode);
}

}  // namespace

NewFile::NewFile(std::filesystem::path path, std::string temporary, FileDescriptor file)
    : m_path(std::move(path))
    , m_temporary(std::move(temporary))
    , m_file(std::move(file)) {}

NewFile::~NewFile() {
    if (m_file.valid()) {
        ::unlink(m_temporary.c_str());
    }
}

Result<NewFile> NewFile::begin(const std::filesystem::path& path) {
    if (isNoPlaceForFiles(path)) {
        return Error{
            ErrorCode::Invalid, tr("{} is a device or a pipe. Name a file to write.", path.string()), {}};
    }
    std::string name = path.native() + ".tmp-" + RunId::generate().shortHex();
    FileDescriptor file(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!file.valid()) {
        return notWritten(path);
    }
    return NewFile(path, std::move(name), std::move(file));
}

Result<void> NewFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(m_file.get(), bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) {
            return notWritten(m_path);
        }
        bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
    return {};
}

Result<void> NewFile::finish() {
    if (::fsync(m_file.get()) != 0 || ::rename(m_temporary.c_str(), m_path.c_str()) != 0) {
        return notWritten(m_path);
    }
    m_file.reset();
    return {};
}

}  // namespace runglass
