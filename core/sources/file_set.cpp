// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_set.h"

#include <algorithm>

#include "runglass/base/file.h"
#include "stand_in.h"

namespace runglass::sources {

namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 20U;

}  // namespace

bool FileSet::has(const std::filesystem::path& name) {
    m_stamps.push_back(FileStamp::of(m_folder / name));
    return m_stamps.back().exists;
}

std::string FileSet::read(const std::filesystem::path& name) {
    if (!has(name)) {
        return {};
    }
    auto text = readFile(m_folder / name, kMaxBytes);
    if (!text.ok()) {
        addDamage(name, text.error().message);
        return {};
    }
    if (const auto problem = text->empty() ? std::nullopt : standInFor(m_folder / name, *text)) {
        addDamage(name, *problem);
        return {};
    }
    return std::move(*text);
}

void FileSet::addDamage(const std::filesystem::path& name, std::string reason) {
    m_damage.push_back({m_folder / name, 0, 1, std::move(reason)});
}

bool FileSet::unchanged() const {
    return !m_stamps.empty() && std::all_of(m_stamps.begin(), m_stamps.end(), [](const FileStamp& stamp) {
        return stamp == FileStamp::of(stamp.path);
    });
}

}  // namespace runglass::sources
