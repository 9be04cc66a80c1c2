// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/layout.h"

#include <cerrno>
#include <system_error>

#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::store {

namespace fs = std::filesystem;

Layout::Layout(fs::path project)
    : m_project(std::move(project)) {}

Result<void> Layout::ensure() const {
    std::error_code error;
    if (!fs::is_directory(m_project, error)) {
        return Error{
            ErrorCode::NotFound,
            tr("The project folder does not exist. {} is not a folder.", toValidUtf8(m_project.native())),
            error.message()};
    }
    fs::create_directory(root(), error);
    if (error) {
        return errorFromErrno(error.value(), tr("Runs cannot be recorded here."), root());
    }
    const auto ignore = root() / ".gitignore";
    if (!fs::exists(ignore, error)) {
        if (auto written = writeFileAtomically(ignore, "*\n"); !written.ok()) {
            written = Error{written.error().code,
                            tr("Runs cannot be recorded here.") + " " + written.error().message,
                            written.error().detail};
            return written;
        }
    }
    return {};
}

fs::path findProject(const fs::path& start) {
    std::error_code ignored;
    const auto absolute = fs::absolute(start, ignored).lexically_normal();
    for (auto folder = absolute;; folder = folder.parent_path()) {
        if (fs::exists(folder / ".runglass", ignored) || fs::exists(folder / ".git", ignored)) {
            return folder;
        }
        if (!folder.has_relative_path()) {
            return absolute;
        }
    }
}

}  // namespace runglass::store
