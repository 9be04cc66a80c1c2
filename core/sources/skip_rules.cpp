// SPDX-License-Identifier: GPL-3.0-or-later
#include "skip_rules.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "runglass/base/file_descriptor.h"

namespace runglass::sources {
namespace {

using namespace std::string_view_literals;

constexpr auto kNames = std::to_array<std::string_view>({
    ".bzr"sv,          ".cache"sv,       ".conda"sv,
    ".dvc"sv,  // the DVC format looks into it from the folder above
    ".eggs"sv,         ".git"sv,         ".hg"sv,           ".idea"sv,      ".ipynb_checkpoints"sv,
    ".jj"sv,           ".mypy_cache"sv,  ".nox"sv,          ".npm"sv,       ".pixi"sv,
    ".pytest_cache"sv, ".ruff_cache"sv,  ".runglass"sv,     ".svn"sv,       ".tox"sv,
    ".vs"sv,           ".vscode"sv,      "__pycache__"sv,   "conda-meta"sv, "dist-packages"sv,
    "lost+found"sv,    "node_modules"sv, "site-packages"sv,
});
static_assert(std::ranges::is_sorted(kNames));

constexpr auto kAppleDoubleMagic = "\0\5\26\7"sv;

}  // namespace

bool isNeverEntered(std::string_view name) {
    return std::ranges::binary_search(kNames, name) || name.ends_with(".zarr");
}

bool isMarkedAsClosed(const Folder& folder) {
    const bool environment = folder.hasFile("pyvenv.cfg") || folder.hasFolder("conda-meta");
    const bool bareRepository =
        folder.hasFile("HEAD") && folder.hasFolder("objects") && folder.hasFolder("refs");
    const bool arrays = folder.hasFile(".zarray") || folder.hasFile(".zgroup") || folder.hasFile("zarr.json");
    return environment || bareRepository || arrays || folder.hasFile("CACHEDIR.TAG");
}

bool isAppleDouble(const Folder& folder, const Entry& entry) {
    if (entry.kind != EntryKind::File || !entry.name.starts_with("._")) {
        return false;
    }
    const FileDescriptor file(
        ::open((folder.path / entry.name).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    std::array<char, kAppleDoubleMagic.size()> head{};
    return file.valid() &&
           ::read(file.get(), head.data(), head.size()) == static_cast<ssize_t>(head.size()) &&
           std::string_view(head.data(), head.size()) == kAppleDoubleMagic;
}

}  // namespace runglass::sources
