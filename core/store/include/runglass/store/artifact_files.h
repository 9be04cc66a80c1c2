// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/model/run_detail.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// The content of a file on its way into the artifact store: comes in pieces, is digested as it comes, and
/// lies under its digest when finish() has returned. Without finish() nothing stays. Needs no Database.
class ArtifactUpload {
public:
    static Result<ArtifactUpload> begin(const std::filesystem::path& project);
    ArtifactUpload(ArtifactUpload&&) noexcept;
    ArtifactUpload& operator=(ArtifactUpload&&) noexcept;
    ~ArtifactUpload();

    [[nodiscard]] Result<void> write(std::string_view piece);
    struct Stored {
        std::string sha256;
        std::int64_t size = 0;
    };
    /// On the disk when it returns.
    [[nodiscard]] Result<Stored> finish();

private:
    class Impl;
    explicit ArtifactUpload(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// Copies a regular file to `artifacts/ab/cdef…`, named by its SHA-256: temporary name, fsync, rename, fsync
/// of the folder. What is there already is not written again.
Result<ArtifactUpload::Stored> storeFile(const std::filesystem::path& project,
                                         const std::filesystem::path& file);

/// Whether `file` is the file `path` or lies below the folder `path`; everything does below the empty one.
inline bool isAtOrBelow(std::string_view file, std::string_view path) {
    return path.empty() ||
           (file.starts_with(path) && (file.size() == path.size() || file[path.size()] == '/'));
}

/// Of one name there is a file or a folder, as in a file system: why a file cannot have the name `path`
/// beside `other`; nothing when it can.
std::optional<Error> fileInTheWay(std::string_view path, std::string_view other);

/// Which artifacts there are, without their content. Borrows the Database; same thread only. Calls that
/// change something follow the rules of RunWriter, and are on the disk when they return: contents that
/// nothing references any more are removed then. (Within a transaction of Durability::Points they stay.)
class ArtifactFiles {
public:
    explicit ArtifactFiles(Database& database)
        : m_database(&database) {}

    /// By path. NotFound when there is no such run.
    [[nodiscard]] Result<std::vector<model::Artifact>> ofRun(const RunId& run);
    /// One with this path already is replaced. Invalid when the path is one of a folder, or leads through a
    /// file. Without a digest it is a reference: the content lies where the
    /// tool that made the run has left it.
    [[nodiscard]] Result<void> put(const RunId& run, const model::Artifact& artifact);
    /// The file of that path, or all files below it; all of them for an empty one. None is no error.
    [[nodiscard]] Result<void> remove(const RunId& run, std::string_view path);

    /// Those that belong to no run, by path: the one of that path and those below it; all of them for an
    /// empty one.
    [[nodiscard]] Result<std::vector<model::Artifact>> loose(std::string_view path);
    /// Whether the store has the content of an artifact, or it is a reference.
    [[nodiscard]] bool isThere(const model::Artifact& artifact) const;
    [[nodiscard]] Result<void> putLoose(const model::Artifact& artifact);
    [[nodiscard]] Result<void> removeLoose(std::string_view path);

private:
    Database* m_database;
};

}  // namespace runglass::store
