// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/run_models.h"

#include <algorithm>

#include "mlflow_models.h"
#include "runglass/sources/catalogue.h"
#include "runglass/store/aside_log.h"
#include "runglass/store/database.h"
#include "runglass/store/kept_models.h"
#include "runglass/store/run_models.h"
#include "runglass/store/run_reader.h"

namespace runglass::sources {
namespace {

Result<model::RunModels> ownModels(const std::filesystem::path& project, const RunId& id) {
    if (store::isAnythingAside(project)) {
        auto models = store::readKeptModels(project, id);
        if (models.ok()) {
            return models;
        }  // else it is another tool's, or what is stored has to do
    }
    auto database = store::Database::open(project, store::OpenMode::ReadOnly);
    if (!database.ok()) {
        return database.error().code == ErrorCode::NotFound ? Result<model::RunModels>(model::RunModels())
                                                            : std::move(database).error();
    }
    RUNGLASS_ASSIGN(const bool own, store::RunReader(*database).contains(id));
    return own ? store::readRunModels(*database, id) : Result<model::RunModels>(model::RunModels());
}

void append(model::RunModels& to, model::RunModels from) {
    for (auto& model : from.models) {
        if (std::ranges::find(to.models, model.id, &model::LoggedModel::id) == to.models.end()) {
            to.models.push_back(std::move(model));
        }
    }
    to.problems.insert(to.problems.end(), from.problems.begin(), from.problems.end());
    for (auto& version : from.versions) {
        const bool known = std::ranges::any_of(to.versions, [&](const auto& other) {
            return other.model == version.model && other.version == version.version;
        });
        if (!known) {
            to.versions.push_back(std::move(version));
        }
    }
}

}  // namespace

Result<model::RunModels> readModels(const std::filesystem::path& project, const Catalogue* catalogue,
                                    const RunId& id) {
    RUNGLASS_ASSIGN(auto models, ownModels(project, id));
    if (catalogue == nullptr) {
        return models;
    }
    for (const auto& origin : catalogue->origins(id)) {
        if (origin.source.text() == "mlflow") {
            RUNGLASS_ASSIGN(auto more,
                            mlflowModels((project / origin.location).lexically_normal(), origin.key));
            append(models, std::move(more));
        }
    }
    return models;
}

}  // namespace runglass::sources
