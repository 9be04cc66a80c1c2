// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "runglass/base/bytes.h"
#include "runglass/base/result.h"
#include "runglass/store/artifact_files.h"
#include "runglass/store/experiments.h"
#include "runglass/store/logged_models.h"
#include "runglass/store/model_registry.h"
#include "runglass/store/run_writer.h"

namespace runglass::store {

/// What a client changes of a thing of the catalog that is there: an experiment, a logged model, a registered
/// model or a version of one, files that belong to no run.
struct CatalogEdit {
    /// The numbers are stored (AsideLog); never renumber.
    enum class What : std::uint8_t {
        ExperimentName = 0,  ///< value
        ExperimentDeleted,   ///< flag
        ExperimentTag,       ///< key, value
        ExperimentTagGone,   ///< key
        LoggedModelStatus,   ///< number, of the enumeration of that name
        LoggedModelGone,
        LoggedModelTags,      ///< pairs
        LoggedModelTagGone,   ///< key
        LoggedModelParams,    ///< pairs
        RegisteredModelName,  ///< value
        RegisteredModelText,  ///< value
        RegisteredModelGone,
        RegisteredModelTag,      ///< key, value
        RegisteredModelTagGone,  ///< key
        Alias,                   ///< key, number
        AliasGone,               ///< key
        VersionText,             ///< number, value
        VersionStage,            ///< number, value
        VersionGone,             ///< number
        VersionTag,              ///< number, key, value
        VersionTagGone,          ///< number, key
        FilesGone,               ///< `of` is a path as ArtifactFiles::removeLoose takes it
    };

    What what = What::ExperimentName;
    std::string of;           ///< id of the logged model, name of the registered model
    std::int64_t number = 0;  ///< of the experiment or version
    std::string key;
    std::string value;
    std::vector<model::Variable> pairs;
    bool flag = false;
    std::int64_t timeMs = 0;
};

/// A measurement of a logged model. It lies aside as part of a RunChange.
struct MeasuredModel {
    std::string model;
    LoggedModelMetric metric;
};

/// A new thing of the catalog, a file that belongs to no run, or a change. Like RunChange it can be kept as
/// bytes, and becomes the same whenever it is written.
using CatalogChange = std::variant<Experiment, LoggedModel, RegisteredModel, ModelVersion, model::Artifact,
                                   CatalogEdit, MeasuredModel>;
/// Of one call: written together or not at all.
using CatalogChanges = std::vector<CatalogChange>;

/// What a new thing cannot have yet (metrics, aliases, deletion) is not in it.
Bytes encodeCatalogChanges(const CatalogChanges& changes);
/// Of bytes that may be anything; nothing when they are none.
std::optional<CatalogChanges> decodeCatalogChanges(ByteView bytes);

/// Writes changes of the catalog into a Database that was opened ReadWrite. Borrows it; same thread only.
/// Calls follow the rules of RunWriter.
class CatalogWriter {
public:
    explicit CatalogWriter(Database& database)
        : m_writer(database)
        , m_experiments(database)
        , m_loggedModels(database)
        , m_registry(database)
        , m_files(database) {}

    /// The errors are those of Experiments, LoggedModels, ModelRegistry and ArtifactFiles. An experiment or
    /// version without a number gets the next one.
    [[nodiscard]] Result<void> write(CatalogChange& change);

    /// Writes what was acknowledged before, as far as it still can be: what is there already is not made
    /// again, an experiment whose name somebody else has taken meanwhile is that one (Experiments::restore),
    /// a version whose number is taken gets the next one and what is said of it behind follows, and what
    /// somebody else has removed takes its changes along.
    [[nodiscard]] Result<void> restore(const CatalogChanges& changes);
    /// What is restored from now on is another log, or the same from its beginning: the numbers of versions
    /// are its own.
    void beginLog() { m_numbers.clear(); }
    /// When the experiment was deleted last by what has been restored; nothing when it was not.
    [[nodiscard]] std::optional<std::int64_t> deletionOf(std::int64_t experiment) const;

private:
    Result<void> edit(const CatalogEdit& edit);
    Result<void> editExperiment(const CatalogEdit& edit);
    Result<void> editLoggedModel(const CatalogEdit& edit);
    Result<void> editRegisteredModel(const CatalogEdit& edit);
    Result<void> editVersion(const CatalogEdit& edit);
    Result<void> restoreOne(CatalogChange change);
    Result<void> restoreEdit(CatalogEdit edit);
    Result<void> restoreVersion(ModelVersion version);
    Result<std::int64_t> madeAs(const ModelVersion& version);
    Result<bool> isThere(const CatalogChange& change);

    RunWriter m_writer;
    Experiments m_experiments;
    LoggedModels m_loggedModels;
    ModelRegistry m_registry;
    ArtifactFiles m_files;
    std::map<std::pair<std::string, std::int64_t>, std::int64_t> m_numbers;  ///< acknowledged, and got
    std::map<std::int64_t, std::int64_t> m_deletions;                        ///< of experiments, with times
};

}  // namespace runglass::store
