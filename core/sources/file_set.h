// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/sources/reader.h"

namespace runglass::sources {

/// The small files that a run consists of, read whole. What cannot be read is said, once.
class FileSet {
public:
    explicit FileSet(std::filesystem::path folder)
        : m_folder(std::move(folder)) {}

    /// Content of `name`; empty where there is none. Remembers the file's stamp. Files over 1 MiB are
    /// damage.
    std::string read(const std::filesystem::path& name);
    /// Whether the file is there; remembers its stamp as well.
    bool has(const std::filesystem::path& name);
    void addDamage(const std::filesystem::path& name, std::string reason);

    [[nodiscard]] const std::vector<FileStamp>& stamps() const { return m_stamps; }
    [[nodiscard]] std::vector<Damage> takeDamage() { return std::move(m_damage); }
    /// Whether all files are as they were.
    [[nodiscard]] bool unchanged() const;

private:
    std::filesystem::path m_folder;
    std::vector<FileStamp> m_stamps;
    std::vector<Damage> m_damage;
};

}  // namespace runglass::sources
