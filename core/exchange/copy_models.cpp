// SPDX-License-Identifier: GPL-3.0-or-later
#include "copy_models.h"

#include <algorithm>
#include <optional>

#include "runglass/base/clock.h"
#include "runglass/base/translate.h"
#include "runglass/store/artifact_files.h"
#include "runglass/store/experiments.h"
#include "runglass/store/logged_models.h"
#include "runglass/store/model_registry.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/tracked_runs.h"

namespace runglass::exchange {
namespace {

bool hasKey(const std::vector<model::Variable>& all, const std::string& key) {
    return std::ranges::any_of(all, [&](const auto& one) { return one.first == key; });
}

class ModelCopier {
public:
    ModelCopier(const model::RunRecord& run, store::Database* from, store::Database& to,
                std::vector<std::string>& problems)
        : m_run(&run)
        , m_from(from)
        , m_to(&to)
        , m_problems(&problems)
        , m_nowMs(nowMs()) {}

    Result<bool> copy(const model::RunModels& all) {
        RUNGLASS_ASSIGN(m_experiment, store::Experiments(*m_to).idOf(m_run->experiment.text(), m_nowMs));
        for (const auto& model : all.models) {
            RUNGLASS_TRY(copyModel(model));
        }
        for (const auto& version : all.versions) {
            RUNGLASS_TRY(copyVersion(version, all));
        }
        return m_news;
    }

private:
    /// As the database has it that it comes from; what another tool has kept is less.
    Result<store::LoggedModel> whole(const model::LoggedModel& seen) {
        if (m_from != nullptr) {
            auto model = store::LoggedModels(*m_from).byId(seen.id);
            if (model || model.error().code != ErrorCode::NotFound) {
                return model;
            }
        }
        store::LoggedModel model;
        model.id = seen.id;
        model.name = seen.name;
        model.type = seen.type;
        model.status = static_cast<store::LoggedModelStatus>(seen.status);
        model.params = seen.params;
        model.tags = seen.tags;
        for (const auto& metric : seen.metrics) {
            model.metrics.push_back({metric.key, metric.point, metric.run, metric.dataset, metric.digest});
        }
        model.sourceRun = seen.output ? m_run->id.hex() : std::string();
        model.createdMs = seen.createdMs != 0 ? seen.createdMs : m_run->startTimeMs.value_or(m_nowMs);
        model.updatedMs = model.createdMs;
        return model;
    }

    Result<void> copyModel(const model::LoggedModel& seen) {
        RUNGLASS_ASSIGN(auto model, whole(seen));
        store::LoggedModels models(*m_to);
        RUNGLASS_ASSIGN(const bool known, models.isKnown(model.id));
        const auto cameFrom = std::exchange(model.experiment, m_experiment);
        if (!known) {
            RUNGLASS_TRY(models.create(model));
            m_news = true;
        }
        const auto there = models.byId(model.id);
        if (!there.ok()) {  // deleted here
            return there.error().code == ErrorCode::NotFound ? Result<void>() : there.error();
        }
        RUNGLASS_TRY(update(*there, model));
        RUNGLASS_TRY(link(seen, *there));
        return m_from == nullptr ? Result<void>() : copyFiles(cameFrom, *there);
    }

    Result<void> update(const store::LoggedModel& there, const store::LoggedModel& model) {
        store::LoggedModels models(*m_to);
        if (there.status != model.status) {
            RUNGLASS_TRY(models.setStatus(model.id, model.status, m_nowMs));
            m_news = true;
        }
        std::vector<model::Variable> params;
        std::ranges::copy_if(model.params, std::back_inserter(params),
                             [&](const auto& one) { return !hasKey(there.params, one.first); });
        if (!params.empty()) {
            RUNGLASS_TRY(models.addParams(model.id, params, m_nowMs));
            m_news = true;
        }
        for (const auto& [key, value] : model.tags) {
            if (!hasKey(there.tags, key)) {
                RUNGLASS_TRY(models.setTag(model.id, key, value, m_nowMs));
                m_news = true;
            }
        }
        for (const auto& metric : model.metrics) {
            RUNGLASS_TRY(models.addMetric(model.id, metric));
        }
        RUNGLASS_ASSIGN(const auto now, models.byId(model.id));
        m_news = m_news || now.metrics.size() != there.metrics.size();
        return {};
    }

    /// Unless the model itself says that the run made it.
    Result<void> link(const model::LoggedModel& seen, const store::LoggedModel& there) {
        store::TrackedRuns runs(*m_to);
        RUNGLASS_ASSIGN(const auto links, runs.models(m_run->id, seen.output));
        const bool linked = std::ranges::any_of(links, [&](const auto& one) { return one.model == seen.id; });
        if (!linked && (!seen.output || seen.step || there.sourceRun != m_run->id.hex())) {
            RUNGLASS_TRY(runs.addModel(m_run->id, seen.output, {seen.id, seen.step.value_or(0)}));
            m_news = true;
        }
        return {};
    }

    /// Their content has come with the run, among whose files they are shown; clients ask for it at the
    /// model.
    Result<void> copyFiles(std::int64_t cameFrom, const store::LoggedModel& there) {
        const auto before = store::modelFolder(cameFrom, there.id);
        const auto now = store::modelFolder(there.experiment, there.id);
        RUNGLASS_ASSIGN(auto files, store::ArtifactFiles(*m_from).loose(before));
        store::ArtifactFiles mine(*m_to);
        RUNGLASS_ASSIGN(const auto known, mine.loose(now));
        for (auto& file : files) {
            file.path = now + file.path.substr(before.size());
            const auto same = std::ranges::find(known, file.path, &model::Artifact::path);
            if (mine.isThere(file) && (same == known.end() || same->sha256 != file.sha256)) {
                RUNGLASS_TRY(mine.putLoose(file));
                m_news = true;
            }
        }
        return {};
    }

    Result<store::ModelVersion> whole(const model::ModelVersion& seen, const model::RunModels& all) {
        m_exact = m_from != nullptr;
        if (m_from != nullptr) {
            auto version = store::ModelRegistry(*m_from).version(seen.model, seen.version);
            if (version || version.error().code != ErrorCode::NotFound) {
                return version;
            }
        }
        m_exact = false;
        store::ModelVersion version;
        version.model = seen.model;
        version.version = seen.version;
        version.stage = seen.stage.empty() ? "None" : seen.stage;
        version.source = seen.source;
        version.loggedModel = seen.loggedModel;
        const auto model = std::ranges::find(all.models, seen.loggedModel, &model::LoggedModel::id);
        const bool isMaker = seen.loggedModel.empty() || (model != all.models.end() && model->output);
        version.run =
            isMaker ? m_run->id.hex() : std::string();  // of a model that was only read, nobody says
        version.aliases = seen.aliases;
        version.createdMs = version.updatedMs = m_run->startTimeMs.value_or(0);  // the same each time
        return version;
    }

    Result<void> ensureModel(const std::string& name) {
        store::ModelRegistry registry(*m_to);
        const auto there = registry.model(name);
        if (there.ok() || there.error().code != ErrorCode::NotFound) {
            return there.ok() ? Result<void>() : there.error();
        }
        store::RegisteredModel model;
        model.name = name;
        model.createdMs = model.updatedMs = m_nowMs;
        if (m_from != nullptr) {
            if (auto known = store::ModelRegistry(*m_from).model(name); known.ok()) {
                model = std::move(*known);
                model.aliases.clear();  // those of the versions that come
            }
        }
        return registry.create(model);
    }

    /// The version here that is this one; nothing where there is none.
    Result<std::optional<store::ModelVersion>> find(const store::ModelVersion& version) {
        RUNGLASS_ASSIGN(const auto all, store::ModelRegistry(*m_to).versionsOf(version.model));
        const auto known = std::ranges::find_if(all, [&](const store::ModelVersion& one) {
            const bool same = m_exact ? one.run == version.run && one.createdMs == version.createdMs
                                      : one.version == version.version;
            return same && one.loggedModel == version.loggedModel && one.source == version.source;
        });
        return known == all.end() ? std::optional<store::ModelVersion>() : std::optional(*known);
    }

    Result<void> copyVersion(const model::ModelVersion& seen, const model::RunModels& all) {
        RUNGLASS_ASSIGN(auto version, whole(seen, all));
        RUNGLASS_TRY(ensureModel(version.model));
        RUNGLASS_ASSIGN(auto there, find(version));
        store::ModelRegistry registry(*m_to);
        if (!there) {
            if (registry.version(version.model, version.version).ok()) {
                version.version = 0;
            }
            RUNGLASS_ASSIGN(const auto number, registry.createVersion(version));
            if (number != seen.version) {
                m_problems->push_back(
                    tr("Version {} of the model {} is another one here: it has become version "
                       "{}.",
                       seen.version, seen.model, number));
            }
            m_news = true;
            RUNGLASS_ASSIGN(there, registry.version(version.model, number));
        }
        return update(*there, version);
    }

    Result<void> update(const store::ModelVersion& there, const store::ModelVersion& version) {
        store::ModelRegistry registry(*m_to);
        if (there.stage == "None" && version.stage != there.stage) {
            RUNGLASS_TRY(registry.setStage(there.model, there.version, version.stage, m_nowMs));
            m_news = true;
        }
        if (there.description.empty() && !version.description.empty()) {
            RUNGLASS_TRY(registry.describeVersion(there.model, there.version, version.description, m_nowMs));
            m_news = true;
        }
        for (const auto& [key, value] : version.tags) {
            if (!hasKey(there.tags, key)) {
                RUNGLASS_TRY(registry.setVersionTag(there.model, there.version, key, value));
                m_news = true;
            }
        }
        RUNGLASS_ASSIGN(const auto model, registry.model(there.model));
        for (const auto& alias : version.aliases) {
            // Where it means another version here, that is what somebody wants here.
            if (std::ranges::find(model.aliases, alias, &store::ModelAlias::alias) == model.aliases.end()) {
                RUNGLASS_TRY(registry.setAlias(there.model, alias, there.version, m_nowMs));
                m_news = true;
            }
        }
        return {};
    }

    const model::RunRecord* m_run;
    store::Database* m_from;  // null: only another tool knows
    store::Database* m_to;
    std::vector<std::string>* m_problems;
    std::int64_t m_nowMs;
    std::int64_t m_experiment = store::kDefaultExperiment;
    bool m_exact = false;  ///< the version at hand is known with its run and its time
    bool m_news = false;
};

}  // namespace

Result<bool> copyModels(const sources::ProjectRuns& from, const model::RunModels& all,
                        const model::RunRecord& run, store::Database& to,
                        std::vector<std::string>& problems) {
    if (all.empty()) {
        return false;
    }
    // Where both are one project, what the database has is there.
    std::error_code ignored;
    const bool same = std::filesystem::equivalent(from.project(), to.project(), ignored);
    auto database = same ? Result<store::Database>(Error{ErrorCode::NotFound, {}, {}})
                         : store::Database::open(from.project(), store::OpenMode::ReadOnly);
    if (!database && database.error().code != ErrorCode::NotFound) {
        return std::move(database).error();
    }
    return ModelCopier(run, database ? &*database : nullptr, to, problems).copy(all);
}

}  // namespace runglass::exchange
