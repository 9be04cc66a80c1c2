// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/artifact_file.h"

#include <algorithm>
#include <cerrno>

#include "folder_handle.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::sources {
namespace {

constexpr std::uint64_t kPiece = 1U << 20U;

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

Result<std::string> readArtifact(const ArtifactFile& file, std::uint64_t limit, const std::stop_token& stop) {
    if (file.size > limit) {
        return Error{ErrorCode::TooLarge,
                     tr("{} has more than {} bytes.", toValidUtf8(file.path.native()), limit),
                     {}};
    }
    std::string content;
    while (content.size() < file.size) {
        if (stop.stop_requested()) {
            return Error{ErrorCode::Cancelled, tr("Cancelled."), {}};
        }
        const auto from = content.size();
        content.resize(from + static_cast<std::size_t>(std::min(kPiece, file.size - from)));
        const auto got = ::pread(file.descriptor.get(), content.data() + from, content.size() - from,
                                 static_cast<off_t>(from));
        if (got < 0 && errno != EINTR) {
            return errorFromErrno(errno, tr("The file cannot be read."), file.path);
        }
        content.resize(from + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got == 0) {
            break;  // it has shrunk since
        }
    }
    return content;
}

}  // namespace runglass::sources
