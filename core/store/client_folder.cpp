// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/client_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "runglass/base/percent.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::store {

namespace fs = std::filesystem;

fs::path localPath(std::string_view uri) {
    constexpr std::string_view kScheme = "file:";
    if (uri.starts_with(kScheme)) {
        auto path = uri.substr(kScheme.size());
        if (path.starts_with(
                "//")) {  // the host (RFC 8089 §2): clients write to their own disk whatever it is
            path = path.substr(std::min(path.find('/', 2), path.size()));
        }
        path = path.substr(std::min(path.find_first_not_of('/'), path.size()));
        return fs::path("/" + percentDecoded(path)).lexically_normal();
    }
    return uri.starts_with('/') ? fs::path(uri).lexically_normal() : fs::path();
}

Result<fs::path> clientFolder(std::string_view location, const RunId& run) {
    const auto place = localPath(location);
    if (place.empty()) {
        return fs::path();
    }
    const auto ofRun = place / run.hex();
    const auto artifacts = ofRun / "artifacts";
    for (const auto& folder : {ofRun, artifacts}) {
        struct stat status {};
        if (::lstat(folder.c_str(), &status) != 0) {
            return fs::path();
        }
        if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid()) {
            return Error{ErrorCode::Permission,
                         tr("The files in {} are not read: it is a link, no folder, or another user's.",
                            toValidUtf8(folder.native())),
                         {}};
        }
    }
    return artifacts;
}

}  // namespace runglass::store
