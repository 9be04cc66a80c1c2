// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/base/file.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

#include "runglass/base/file_descriptor.h"
#include "runglass/base/new_file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass {

namespace {

ErrorCode codeFromErrno(int errorNumber) {
    switch (errorNumber) {
        case ENOENT:
        case ENOTDIR:
            return ErrorCode::NotFound;
        case EACCES:
        case EPERM:
            return ErrorCode::Permission;
        case EROFS:
            return ErrorCode::ReadOnly;
        case ENOSPC:
        case EDQUOT:
        case EFBIG:  // a limit on the size of files: no room either
            return ErrorCode::Full;
        case EEXIST:
            return ErrorCode::Exists;
        default:
            return ErrorCode::Io;
    }
}

/// Opens without blocking on FIFOs; anything but a regular file is refused.
Result<FileDescriptor> openRegular(const std::filesystem::path& path, struct stat& status) {
    FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.valid() || ::fstat(file.get(), &status) != 0) {
        return errorFromErrno(errno, tr("The file cannot be read."), path);
    }
    if (!S_ISREG(status.st_mode)) {
        return Error{ErrorCode::Invalid, tr("{} is not a regular file.", toValidUtf8(path.native())), {}};
    }
    return Result<FileDescriptor>(std::move(file));
}

/// Calls `sink` with each piece of the file until its end.
template <typename Sink>
Result<void> readPieces(const std::filesystem::path& path, Sink&& sink) {
    struct stat status {};
    RUNGLASS_ASSIGN(const FileDescriptor file, openRegular(path, status));
    std::array<char, 1U << 16U> buffer{};
    for (;;) {
        const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
        if (count < 0) {
            if (errno == EINTR) {
                continue;
            }
            return errorFromErrno(errno, tr("The file cannot be read."), path);
        }
        if (count == 0) {
            return {};
        }
        RUNGLASS_TRY(sink(std::string_view(buffer.data(), static_cast<std::size_t>(count))));
    }
}

using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

DigestContext startSha256() {
    DigestContext context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    return context;
}

std::string finishSha256(EVP_MD_CTX* context) {
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    EVP_DigestFinal_ex(context, digest.data(), &length);
    return toHex({digest.data(), length});
}

}  // namespace

Error errorFromErrno(int errorNumber, std::string_view whatFailed, const std::filesystem::path& path) {
    const auto reason = std::error_code(errorNumber, std::generic_category()).message();
    return {codeFromErrno(errorNumber),
            fmt::format("{} {}: {}.", whatFailed, toValidUtf8(path.native()), reason),
            {}};
}

Result<std::string> readFile(const std::filesystem::path& path, std::uint64_t limit) {
    std::string content;
    RUNGLASS_TRY(readPieces(path, [&](std::string_view piece) -> Result<void> {
        if (content.size() + piece.size() > limit) {
            return Error{
                ErrorCode::TooLarge,
                tr("{} is larger than {} bytes, the most that is read.", toValidUtf8(path.native()), limit),
                {}};
        }
        content += piece;
        return {};
    }));
    return content;
}

Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view content) {
    RUNGLASS_ASSIGN(auto file, NewFile::begin(path));
    RUNGLASS_TRY(file.write(content));
    return file.finish();
}

Result<std::string> sha256OfFile(const std::filesystem::path& path) {
    const auto context = startSha256();
    RUNGLASS_TRY(readPieces(path, [&](std::string_view piece) -> Result<void> {
        EVP_DigestUpdate(context.get(), piece.data(), piece.size());
        return {};
    }));
    return finishSha256(context.get());
}

std::string sha256Of(std::string_view content) {
    const auto context = startSha256();
    EVP_DigestUpdate(context.get(), content.data(), content.size());
    return finishSha256(context.get());
}

}  // namespace runglass
