// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/catalog_change.h"

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
    if (const auto* const edit = std::get_if<CatalogEdit>(&change);
        edit && edit->what == What::ExperimentName) {
        return m_experiments.restoreName(edit->number, edit->value, edit->timeMs);
    }
    RUNGLASS_ASSIGN(const bool there, isThere(change));
    if (there) {
        return {};
    }
    if (auto* const version = std::get_if<ModelVersion>(&change)) {
        const auto other = m_registry.version(version->model, version->version);
        version->version = other.ok() ? 0 : version->version;
    }
    return write(change);
}

/// Whether a new thing has been made already, or cannot be made any more.
Result<bool> CatalogWriter::isThere(const CatalogChange& change) {
    if (const auto* const model = std::get_if<LoggedModel>(&change)) {
        return m_loggedModels.isKnown(model->id);
    }
    if (const auto* const version = std::get_if<ModelVersion>(&change)) {
        const auto known = m_registry.version(version->model, version->version);
        RUNGLASS_ASSIGN(const bool taken, found(known));
        return taken && known->createdMs == version->createdMs && known->source == version->source;
    }
    if (const auto* const artifact = std::get_if<model::Artifact>(&change)) {
        return !m_files.isThere(*artifact);  // the content is gone: to be logged again
    }
    return false;
}

}  // namespace runglass::store
