// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "file_set.h"
#include "runglass/sources/reader.h"

namespace runglass::sources {

/// A run folder of small files without metrics of its own (Guild, Hydra): read again as a whole when one of
/// them has changed. All that lies in the folder is an artifact.
class FileSetReader : public Reader {
public:
    Result<std::vector<SharedPart>> read(std::stop_token stop) override;
    [[nodiscard]] std::vector<FileStamp> stamps() const override { return m_files.stamps(); }
    Result<model::RunDetail> detail(std::string_view key) override;
    Result<model::Series> series(std::string_view key, std::string_view metric, std::size_t from,
                                 std::stop_token stop) override;
    Result<std::string> console(std::string_view key) override;

protected:
    /// `files` is the folder that the names of makePart() are meant from.
    FileSetReader(std::filesystem::path folder, std::filesystem::path files);

    /// Reads everything through files(); rank, name and so on are the format's.
    [[nodiscard]] virtual SharedPart makePart() = 0;
    /// What else the format has kept. The part has been read.
    virtual void fillDetail(model::RunDetail& detail) = 0;
    [[nodiscard]] virtual std::filesystem::path consoleFile() = 0;

    Result<std::vector<ArtifactFolder>> artifactFolders(std::string_view key) override;

    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }
    [[nodiscard]] FileSet& files() { return m_files; }
    /// The same files without the stamps of the last reading.
    [[nodiscard]] FileSet freshFiles() const { return FileSet(m_filesFolder); }

private:
    std::filesystem::path m_folder;
    std::filesystem::path m_filesFolder;
    FileSet m_files;
    SharedPart m_part;
};

}  // namespace runglass::sources
