// SPDX-License-Identifier: GPL-3.0-or-later
#include "stand_in.h"

#include "runglass/base/translate.h"

namespace runglass::sources {

bool isAppleDouble(std::string_view fileName) {
    return fileName.starts_with("._");
}

std::optional<std::string> standInFor(const std::filesystem::path& path, std::string_view head) {
    if (isAppleDouble(path.filename().native())) {
        return tr("This is a companion file of macOS (AppleDouble), without any of the run's data.");
    }
    if (head.empty()) {
        return tr("The file is empty.");
    }
    return isLfsPointer(head) ? std::optional(lfsPointerReason()) : std::nullopt;
}

bool isLfsPointer(std::string_view head) {
    return head.starts_with("version https://git-lfs.github.com/spec/");
}

std::string lfsPointerReason() {
    return tr("This is a Git LFS pointer: the data itself has not been fetched. Run `git lfs pull`.");
}

bool isBystander(std::string_view fileName) {
    return isAppleDouble(fileName) || fileName == ".DS_Store" || fileName == ".gitkeep" ||
           fileName == ".gitignore" || fileName == ".ipynb_checkpoints" || fileName == "Thumbs.db" ||
           fileName == "desktop.ini";
}

}  // namespace runglass::sources
