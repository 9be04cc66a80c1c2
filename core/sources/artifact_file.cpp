// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/artifact_file.h"

#include <cerrno>

#include "folder_handle.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::sources {
namespace {

constexpr std::size_t kPiece = 1U << 20U;

Error noSuchArtifact(std::string_view name) {
    return {ErrorCode::NotFound, tr("There is no file {} among the run's.", toValidUtf8(name)), {}};
}

}  // namespace

Result<ArtifactFile> openArtifactIn(const ArtifactFolder& folder, std::string_view name) {
    if (!name.starts_with(folder.prefix)) {
        return noSuchArtifact(name);
    }
    const auto below = name.substr(folder.prefix.size());
    const auto slash = below.rfind('/');
    const auto top = FolderHandle::open(folder.folder);
    const auto nearest = slash == std::string_view::npos || !top.valid() ? FolderHandle::open(folder.folder)
                                                                         : top.sub(below.substr(0, slash));
    const std::string last(slash == std::string_view::npos ? below : below.substr(slash + 1));
    ArtifactFile file;
    if (!nearest.valid() || last.empty() || !nearest.openFile(last.c_str(), file.descriptor, file.size)) {
        return noSuchArtifact(name);
    }
    file.path = folder.folder / below;
    return file;
}

Result<void> forEachPiece(const ArtifactFile& file, const std::function<Result<void>(std::string_view)>& use,
                          const std::stop_token& stop) {
    std::string piece(kPiece, '\0');
    for (off_t at = 0;;) {
        if (stop.stop_requested()) {
            return Error{ErrorCode::Cancelled, tr("Cancelled."), {}};
        }
        const auto got = ::pread(file.descriptor.get(), piece.data(), piece.size(), at);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return errorFromErrno(errno, tr("The file cannot be read."), file.path);
        }
        if (got == 0) {
            return {};
        }
        RUNGLASS_TRY(use(std::string_view(piece).substr(0, static_cast<std::size_t>(got))));
        at += got;
    }
}

Result<std::string> readArtifact(const ArtifactFile& file, std::uint64_t limit, const std::stop_token& stop) {
    const auto tooLarge = [&] {
        return Error{ErrorCode::TooLarge,
                     tr("{} has more than {} bytes.", toValidUtf8(file.path.native()), limit),
                     {}};
    };
    if (file.size > limit) {
        return tooLarge();
    }
    std::string content;
    content.reserve(static_cast<std::size_t>(file.size));
    RUNGLASS_TRY(forEachPiece(
        file,
        [&](std::string_view piece) -> Result<void> {
            content += piece;  // it may have grown since it was opened
            return content.size() > limit ? Result<void>(tooLarge()) : Result<void>();
        },
        stop));
    return content;
}

}  // namespace runglass::sources
