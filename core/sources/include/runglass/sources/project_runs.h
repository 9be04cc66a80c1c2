// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "runglass/base/result.h"
#include "runglass/model/logged_model.h"
#include "runglass/model/run_detail.h"
#include "runglass/sources/catalogue.h"
#include "runglass/store/database.h"
#include "runglass/store/kept_changes.h"

namespace runglass::sources {

/// One run at a time, wherever it lives: in the project's run database, or where another tool left it. The
/// run database is opened at the first need, for reading, and wins where both have a run of the same id. What
/// another program keeps out of the run database (store/kept_changes.h) is read as if it were there.
/// Belongs to one thread; the catalogue may be shared.
class ProjectRuns {
public:
    enum class Look {
        Everywhere,
        ForeignOnly,  ///< a run that was imported is read where its tool left it
    };
    /// `catalogue` may be null: the run database alone.
    ProjectRuns(std::filesystem::path project, std::shared_ptr<const Catalogue> catalogue,
                Look look = Look::Everywhere);

    /// A launched run comes with what it has written with other tools, and `origins` says where that lies.
    /// With the marks that a person has put on it; `origins` says where a foreign run lies.
    [[nodiscard]] Result<model::RunDetail> detail(const RunId& id);
    /// NotFound when the run has no such metric.
    [[nodiscard]] Result<model::Series> series(const RunId& id, std::string_view key, std::size_t from = 0,
                                               std::stop_token stop = {});
    /// The bytes of an artifact, by its name in RunDetail::artifacts: out of the project's own store, as
    /// Catalogue::artifact, or from where an imported run was read. TooLarge beyond `limit` bytes. Reads a
    /// file: call it in a job.
    [[nodiscard]] Result<std::string> artifact(const RunId& id, const model::Artifact& artifact,
                                               std::uint64_t limit, const std::stop_token& stop = {});
    /// The same as an open file; NotFound for what is no file of its own.
    [[nodiscard]] Result<ArtifactFile> openArtifact(const RunId& id, const model::Artifact& artifact);
    /// What a foreign run printed, as far as its tool has kept it; nothing for a run of the run database
    /// whose console lies in its runFolder(), to be read with launch::ConsoleReader.
    [[nodiscard]] Result<std::optional<std::string>> foreignConsole(const RunId& id);
    [[nodiscard]] std::filesystem::path runFolder(const RunId& id) const;
    [[nodiscard]] const std::filesystem::path& project() const { return m_project; }
    /// What is known of models at a run: readModels(). Reads files: call it in a job.
    [[nodiscard]] Result<model::RunModels> models(const RunId& id) const;
    /// Whether part of the run database cannot be read, as far as known.
    [[nodiscard]] bool damaged() const;

private:
    /// Null where nothing has been recorded yet.
    Result<store::Database*> database();
    Result<bool> isOwn(const RunId& id);
    std::string locationOf(const model::RunRecord& run);
    void addClientFiles(model::RunDetail& detail);
    Result<ArtifactFile> openClientArtifact(const RunId& id, const model::Artifact& artifact);
    Result<model::RunDetail> ownDetail(const RunId& id);
    Result<model::Series> ownSeries(const RunId& id, std::string_view key, std::size_t from,
                                    const std::stop_token& stop);
    template <typename T, typename Open>
    Result<T> whereItCameFrom(const RunId& id, std::string_view path, Open&& open);

    std::filesystem::path m_project;
    std::shared_ptr<const Catalogue> m_catalogue;
    std::optional<store::Database> m_database;
    store::KeptChanges m_kept;
    Look m_look;
    bool m_opened = false;
};

}  // namespace runglass::sources
