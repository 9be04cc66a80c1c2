// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/catalog_change.h"

#include <algorithm>
#include <utility>

namespace runglass::store {

namespace {

using What = CatalogEdit::What;

template <typename... Bodies>
struct Overloaded : Bodies... {
    using Bodies::operator()...;
};
template <typename... Bodies>
Overloaded(Bodies...) -> Overloaded<Bodies...>;

/// What cannot be written any more, now or later, does not keep the rest from it.
bool isInVain(const Error& error) {
    return error.code == ErrorCode::NotFound || error.code == ErrorCode::Exists ||
           error.code == ErrorCode::Invalid || error.code == ErrorCode::Internal;
}

/// Whether a thing has been found.
template <typename T>
Result<bool> found(const Result<T>& result) {
    if (!result.ok() && result.error().code != ErrorCode::NotFound) {
        return result.error();
    }
    return result.ok();
}

bool isSame(const ModelVersion& a, const ModelVersion& b) {
    return a.createdMs == b.createdMs && a.source == b.source && a.run == b.run &&
           a.loggedModel == b.loggedModel;
}

template <typename Numbers>
void renameKeys(Numbers& numbers, const std::string& model, const std::string& name) {
    Numbers renamed;
    for (const auto& [key, number] : numbers) {
        renamed[{key.first == model ? name : key.first, key.second}] = number;
    }
    numbers = std::move(renamed);
}

}  // namespace

Result<void> CatalogWriter::write(CatalogChange& change) {
    return std::visit(Overloaded{[&](Experiment& experiment) -> Result<void> {
                                     RUNGLASS_ASSIGN(experiment.id, m_experiments.create(experiment));
                                     return {};
                                 },
                                 [&](const LoggedModel& model) { return m_loggedModels.create(model); },
                                 [&](const RegisteredModel& model) { return m_registry.create(model); },
                                 [&](ModelVersion& version) -> Result<void> {
                                     RUNGLASS_ASSIGN(version.version, m_registry.createVersion(version));
                                     return {};
                                 },
                                 [&](const model::Artifact& artifact) { return m_files.putLoose(artifact); },
                                 [&](const CatalogEdit& known) { return edit(known); },
                                 [&](const MeasuredModel& measured) {
                                     return m_loggedModels.addMetric(measured.model, measured.metric);
                                 }},
                      change);
}

Result<void> CatalogWriter::edit(const CatalogEdit& edit) {
    if (edit.what == What::FilesGone) {
        return m_files.removeLoose(edit.of);
    }
    if (edit.what <= What::ExperimentTagGone) {
        return editExperiment(edit);
    }
    if (edit.what <= What::LoggedModelParams) {
        return editLoggedModel(edit);
    }
    return edit.what <= What::AliasGone ? editRegisteredModel(edit) : editVersion(edit);
}

Result<void> CatalogWriter::editExperiment(const CatalogEdit& edit) {
    switch (edit.what) {
        case What::ExperimentName:
            return m_experiments.rename(edit.number, edit.value, edit.timeMs);
        case What::ExperimentDeleted:
            return m_experiments.setDeleted(edit.number, edit.flag, edit.timeMs);
        case What::ExperimentTag:
            return m_experiments.setTag(edit.number, edit.key, edit.value, edit.timeMs);
        default:
            return m_experiments.removeTag(edit.number, edit.key, edit.timeMs);
    }
}

Result<void> CatalogWriter::editLoggedModel(const CatalogEdit& edit) {
    switch (edit.what) {
        case What::LoggedModelStatus:
            return m_loggedModels.setStatus(edit.of, static_cast<LoggedModelStatus>(edit.number),
                                            edit.timeMs);
        case What::LoggedModelGone:
            return m_loggedModels.remove(edit.of, edit.timeMs);
        case What::LoggedModelTags:
            return m_writer.transaction([&]() -> Result<void> {
                for (const auto& [key, value] : edit.pairs) {
                    RUNGLASS_TRY(m_loggedModels.setTag(edit.of, key, value, edit.timeMs));
                }
                return {};
            });
        case What::LoggedModelTagGone:
            return m_loggedModels.removeTag(edit.of, edit.key, edit.timeMs);
        default:
            return m_loggedModels.addParams(edit.of, edit.pairs, edit.timeMs);
    }
}

Result<void> CatalogWriter::editRegisteredModel(const CatalogEdit& edit) {
    switch (edit.what) {
        case What::RegisteredModelName:
            return m_registry.rename(edit.of, edit.value, edit.timeMs);
        case What::RegisteredModelText:
            return m_registry.describe(edit.of, edit.value, edit.timeMs);
        case What::RegisteredModelGone:
            return m_registry.remove(edit.of);
        case What::RegisteredModelTag:
            return m_registry.setTag(edit.of, edit.key, edit.value, edit.timeMs);
        case What::RegisteredModelTagGone:
            return m_registry.removeTag(edit.of, edit.key, edit.timeMs);
        case What::Alias:
            return m_registry.setAlias(edit.of, edit.key, edit.number, edit.timeMs);
        default:
            return m_registry.removeAlias(edit.of, edit.key, edit.timeMs);
    }
}

Result<void> CatalogWriter::editVersion(const CatalogEdit& edit) {
    switch (edit.what) {
        case What::VersionText:
            return m_registry.describeVersion(edit.of, edit.number, edit.value, edit.timeMs);
        case What::VersionStage:
            return m_registry.setStage(edit.of, edit.number, edit.value, edit.timeMs);
        case What::VersionGone:
            return m_registry.removeVersion(edit.of, edit.number, edit.timeMs);
        case What::VersionTag:
            return m_registry.setVersionTag(edit.of, edit.number, edit.key, edit.value);
        default:
            return m_registry.removeVersionTag(edit.of, edit.number, edit.key);
    }
}

Result<void> CatalogWriter::restore(const CatalogChanges& changes) {
    return m_writer.transaction([&]() -> Result<void> {
        for (const auto& change : changes) {
            auto done = m_writer.transaction([&] { return restoreOne(change); });
            if (!done.ok() && !isInVain(done.error())) {
                return done;
            }
        }
        return {};
    });
}

Result<void> CatalogWriter::restoreOne(CatalogChange change) {
    if (const auto* const experiment = std::get_if<Experiment>(&change)) {
        return m_experiments.restore(*experiment);
    }
    if (auto* const edit = std::get_if<CatalogEdit>(&change)) {
        return restoreEdit(std::move(*edit));
    }
    if (auto* const version = std::get_if<ModelVersion>(&change)) {
        return restoreVersion(std::move(*version));
    }
    RUNGLASS_ASSIGN(const bool there, isThere(change));
    return there ? Result<void>() : write(change);
}

Result<void> CatalogWriter::restoreEdit(CatalogEdit edit) {
    if (edit.what == What::ExperimentName || edit.what == What::ExperimentDeleted) {
        RUNGLASS_ASSIGN(const auto number, m_experiments.ownNumber(edit.number));
        if (number != edit.number) {
            return {};  // it was said of one that nobody else had; the runs of others stay as they are
        }
    }
    if (edit.what == What::ExperimentName) {
        return m_experiments.restoreName(edit.number, edit.value, edit.timeMs);
    }
    if (edit.what >= What::Alias && edit.what <= What::VersionTagGone) {
        const auto it = m_numbers.find({edit.of, edit.number});
        edit.number = it != m_numbers.end() ? it->second : edit.number;
    }
    RUNGLASS_TRY(this->edit(edit));
    if (edit.what == What::RegisteredModelName) {
        renameKeys(m_numbers, edit.of, edit.value);
    }
    if (edit.what == What::ExperimentDeleted && edit.flag) {
        m_deletions[edit.number] = edit.timeMs;
    }
    return {};
}

std::optional<std::int64_t> CatalogWriter::deletionOf(std::int64_t experiment) const {
    const auto it = m_deletions.find(experiment);
    return it != m_deletions.end() ? std::optional(it->second) : std::nullopt;
}

Result<void> CatalogWriter::restoreVersion(ModelVersion version) {
    const std::pair acknowledged(version.model, version.version);
    RUNGLASS_ASSIGN(auto number, madeAs(version));
    if (number == 0) {
        RUNGLASS_ASSIGN(const bool taken, found(m_registry.version(version.model, version.version)));
        version.version = taken ? 0 : version.version;
        RUNGLASS_ASSIGN(number, m_registry.createVersion(version));
    }
    m_numbers[acknowledged] = number;
    return {};
}

/// The number of a version that an attempt before has made already; 0 when none has.
Result<std::int64_t> CatalogWriter::madeAs(const ModelVersion& version) {
    const auto known = m_registry.version(version.model, version.version);
    RUNGLASS_ASSIGN(const bool taken, found(known));
    if (!taken || isSame(*known, version)) {
        return taken ? version.version : 0;
    }
    RUNGLASS_ASSIGN(const auto others, m_registry.versionsOf(version.model));
    for (const auto& other : others) {
        const bool isGiven = std::any_of(m_numbers.begin(), m_numbers.end(), [&](const auto& entry) {
            return entry.first.first == other.model && entry.second == other.version;
        });
        if (isSame(other, version) && !isGiven) {
            return other.version;
        }
    }
    return 0;
}

/// Whether a new thing has been made already, or cannot be made any more.
Result<bool> CatalogWriter::isThere(const CatalogChange& change) {
    if (const auto* const model = std::get_if<LoggedModel>(&change)) {
        return m_loggedModels.isKnown(model->id);
    }
    if (const auto* const artifact = std::get_if<model::Artifact>(&change)) {
        return !m_files.isThere(*artifact);  // the content is gone: to be logged again
    }
    return false;
}

}  // namespace runglass::store
