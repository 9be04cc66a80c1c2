// SPDX-License-Identifier: GPL-3.0-or-later
#include "mlflow_models.h"

#include <algorithm>
#include <system_error>

#include "foreign_database.h"
#include "runglass/base/text.h"

namespace runglass::sources {
namespace {

model::ModelStatus statusOf(std::int64_t number) {
    return number >= 0 && number <= 3 ? static_cast<model::ModelStatus>(number)
                                      : model::ModelStatus::Unspecified;
}

class DatabaseModels {
public:
    DatabaseModels(const ForeignDatabase& database, std::string_view run)
        : m_database(database)
        , m_run(run) {}

    Result<model::RunModels> read() {
        if (m_database.hasTable("logged_models")) {
            RUNGLASS_TRY(readModels());
        }
        if (m_database.hasTable("model_versions")) {
            RUNGLASS_TRY(readVersions());
        }
        return std::move(m_all);
    }

private:
    Result<void> readModels() {
        // Those that the run made come first, whichever way the client told.
        RUNGLASS_TRY(m_database.each(
            "SELECT m.model_id, m.name, m.model_type, m.status, m.source_run_id = ?1 OR made.source_id IS "
            "NOT "
            "NULL, made.step FROM logged_models m LEFT JOIN inputs made ON made.source_id = ?1 AND "
            "made.source_type = 'RUN_OUTPUT' AND made.destination_type = 'MODEL_OUTPUT' AND "
            "made.destination_id = m.model_id WHERE m.lifecycle_stage <> 'deleted' AND (m.source_run_id = ?1 "
            "OR m.model_id IN (SELECT destination_id FROM inputs WHERE source_id = ?1 AND destination_type "
            "IN "
            "('MODEL_OUTPUT', 'MODEL_INPUT'))) ORDER BY 5 DESC, m.creation_timestamp_ms, m.model_id",
            [&](const ForeignRow& row) {
                auto& model = m_all.models.emplace_back();
                model.id = toValidUtf8(row.text(0));
                model.name = toValidUtf8(row.text(1));
                model.type = toValidUtf8(row.text(2));
                model.status = statusOf(row.integer(3));
                model.output = row.integer(4) != 0;
                model.step = row.optionalInteger(5);
            },
            m_run));
        for (auto& model : m_all.models) {
            RUNGLASS_TRY(
                readPairs("SELECT param_key, param_value FROM logged_model_params WHERE model_id = ? "
                          "ORDER BY param_key",
                          model.id, model.params));
            RUNGLASS_TRY(readPairs(
                "SELECT tag_key, tag_value FROM logged_model_tags WHERE model_id = ? ORDER BY tag_key",
                model.id, model.tags));
        }
        return {};
    }

    Result<void> readPairs(const std::string& sql, const std::string& id,
                           std::vector<std::pair<std::string, std::string>>& pairs) const {
        return m_database.each(
            sql,
            [&](const ForeignRow& row) {
                pairs.emplace_back(toValidUtf8(row.text(0)), toValidUtf8(row.text(1)));
            },
            std::string_view(id));
    }

    Result<void> readVersions() {
        const std::string columns = "SELECT name, version, current_stage, source FROM model_versions WHERE ";
        RUNGLASS_TRY(m_database.each(
            columns + "run_id = ?", [this](const ForeignRow& row) { take(row); }, m_run));
        for (const auto& model : m_all.models) {
            const auto source = "models:/" + model.id;
            RUNGLASS_TRY(m_database.each(
                columns + "source = ?", [this](const ForeignRow& row) { take(row); },
                std::string_view(source)));
        }
        std::ranges::sort(m_all.versions, {}, [](const auto& v) { return std::pair(v.model, v.version); });
        if (!m_database.hasTable("registered_model_aliases")) {  // before 2.3
            return {};
        }
        for (auto& version : m_all.versions) {
            RUNGLASS_TRY(m_database.each(
                "SELECT alias FROM registered_model_aliases WHERE name = ? AND version = ? ORDER BY alias",
                [&](const ForeignRow& row) { version.aliases.push_back(toValidUtf8(row.text(0))); },
                std::string_view(version.model), version.version));
        }
        return {};
    }

    void take(const ForeignRow& row) {
        model::ModelVersion version;
        version.model = toValidUtf8(row.text(0));
        version.version = row.integer(1);
        version.source = toValidUtf8(row.text(3));
        version.loggedModel = loggedModelOf(version.source);
        const auto stage = row.text(2);
        const bool known = std::ranges::any_of(m_all.versions, [&](const auto& other) {
            return other.model == version.model && other.version == version.version;
        });
        if (stage != kDeletedStage && !known) {
            version.stage = stage == kNoStage ? std::string() : toValidUtf8(stage);
            m_all.versions.push_back(std::move(version));
        }
    }

    const ForeignDatabase& m_database;
    std::string_view m_run;
    model::RunModels m_all;
};

}  // namespace

std::string_view loggedModelOf(std::string_view source) {
    constexpr std::string_view kScheme = "models:/m-";
    return source.starts_with(kScheme) ? source.substr(kScheme.size() - 2) : std::string_view();
}

Result<model::RunModels> mlflowDatabaseModels(const std::filesystem::path& file, std::string_view key) {
    return lookAtDatabase(
        file, {}, [&](const ForeignDatabase& database) { return DatabaseModels(database, key).read(); });
}

Result<model::RunModels> mlflowModels(const std::filesystem::path& store, std::string_view key) {
    std::error_code ignored;
    return std::filesystem::is_directory(store, ignored) ? mlflowFolderModels(store, key)
                                                         : mlflowDatabaseModels(store, key);
}

}  // namespace runglass::sources
