// SPDX-License-Identifier: GPL-3.0-or-later
#include "mlflow_models.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <system_error>
#include <tuple>

#include "foreign_database.h"
#include "runglass/base/text.h"
#include "runglass/sources/catalogue.h"

namespace runglass::sources {
namespace {

model::ModelStatus statusOf(std::int64_t number) {
    return number >= 0 && number <= 3 ? static_cast<model::ModelStatus>(number)
                                      : model::ModelStatus::Unspecified;
}

/// Each table on its own: one that is damaged costs what is in it.
class DatabaseModels {
public:
    DatabaseModels(const ForeignDatabase& database, const std::filesystem::path& file, std::string_view run)
        : m_database(database)
        , m_file(file)
        , m_run(run) {}

    Result<model::RunModels> read() {
        if (m_database.hasTable("logged_models")) {
            RUNGLASS_TRY(readModels());
        }
        if (m_database.hasTable("model_versions")) {
            RUNGLASS_TRY(readVersions());
        }
        for (const auto& damage : damagedTables(m_file, m_damaged)) {
            m_all.problems.push_back(describe(damage, m_file.parent_path()));
        }
        return std::move(m_all);
    }

private:
    /// What `inputs` says of a model at the run.
    struct Link {
        bool made = false;
        std::optional<std::int64_t> step;
    };

    /// Gives the rows of `SELECT columns FROM table WHERE condition`, as far as they can be read.
    template <typename Take, typename... Arguments>
    Result<void> rows(const std::string& columns, const char* table, const std::string& condition,
                      Take&& take, const Arguments&... arguments) {
        std::vector<std::string> damaged;
        const auto read = pastDamagedIndices([&](const std::string& hint) {
            const auto sql = "SELECT " + columns + " FROM " + table + hint + " WHERE " + condition;
            return m_database.each(sql, take, arguments...);
        });
        RUNGLASS_TRY(upToDamage(read, table, damaged));
        if (!damaged.empty() && std::ranges::find(m_damaged, table) == m_damaged.end()) {
            m_damaged.emplace_back(table);
        }
        return {};
    }

    Result<void> readModels() {
        RUNGLASS_TRY(readLinks());
        RUNGLASS_TRY(readModelsWhere("source_run_id = ?", m_run));
        for (const auto& [id, link] : m_links) {
            RUNGLASS_TRY(readModelsWhere("model_id = ?", std::string_view(id)));
        }
        // Those that the run made come first, whichever way the client told.
        std::ranges::sort(m_found, {}, [](const auto& one) {
            return std::tuple(!one.second.output, one.second.createdMs, one.first);
        });
        for (auto& [id, found] : m_found) {
            auto& model = m_all.models.emplace_back(std::move(found));
            RUNGLASS_TRY(readPairs("param_key, param_value", "logged_model_params", model.id, model.params));
            RUNGLASS_TRY(readPairs("tag_key, tag_value", "logged_model_tags", model.id, model.tags));
            if (m_database.hasTable("logged_model_metrics")) {
                RUNGLASS_TRY(readMetrics(model));
            }
        }
        return {};
    }

    Result<void> readLinks() {
        return rows(
            "destination_id, source_type = 'RUN_OUTPUT' AND destination_type = 'MODEL_OUTPUT', step",
            "inputs", "source_id = ? AND destination_type IN ('MODEL_OUTPUT', 'MODEL_INPUT')",
            [&](const ForeignRow& row) {
                auto& link = m_links[std::string(row.text(0))];
                if (row.integer(1) != 0) {
                    link = {true, row.optionalInteger(2)};
                }
            },
            m_run);
    }

    Result<void> readModelsWhere(const std::string& condition, std::string_view value) {
        return rows(
            "model_id, name, model_type, status, source_run_id, creation_timestamp_ms", "logged_models",
            "lifecycle_stage <> 'deleted' AND " + condition,
            [&](const ForeignRow& row) {
                const std::string id(row.text(0));
                if (std::ranges::any_of(m_found, [&](const auto& one) { return one.first == id; })) {
                    return;
                }
                const auto link = m_links.find(id);
                const bool made = link != m_links.end() && link->second.made;
                model::LoggedModel model;
                model.createdMs = row.integer(5);
                model.id = toValidUtf8(id);
                model.name = toValidUtf8(row.text(1));
                model.type = toValidUtf8(row.text(2));
                model.status = statusOf(row.integer(3));
                model.output = made || row.text(4) == m_run;
                model.step = made ? link->second.step : std::nullopt;
                m_found.emplace_back(id, std::move(model));
            },
            value);
    }

    Result<void> readPairs(const std::string& columns, const char* table, const std::string& id,
                           std::vector<std::pair<std::string, std::string>>& pairs) {
        RUNGLASS_TRY(rows(
            columns, table, "model_id = ?",
            [&](const ForeignRow& row) {
                pairs.emplace_back(toValidUtf8(row.text(0)), toValidUtf8(row.text(1)));
            },
            std::string_view(id)));
        std::ranges::sort(pairs);
        // Where an index was damaged, some came twice.
        pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
        return {};
    }

    Result<void> readMetrics(model::LoggedModel& model) {
        return rows(
            "metric_name, metric_step, metric_timestamp_ms, metric_value, run_id, dataset_name, "
            "dataset_digest",
            "logged_model_metrics", "model_id = ?",
            [&](const ForeignRow& row) {
                // There is no column that says NaN: it is kept as nothing.
                const auto value =
                    row.isNull(3) ? std::optional(std::numeric_limits<double>::quiet_NaN()) : row.number(3);
                if (value) {
                    model.metrics.push_back({toValidUtf8(row.text(0)),
                                             {row.integer(1), row.integer(2), *value},
                                             toValidUtf8(row.text(4)),
                                             toValidUtf8(row.text(5)),
                                             toValidUtf8(row.text(6))});
                }
            },
            std::string_view(model.id));
    }

    Result<void> readVersions() {
        const auto takeRow = [this](const ForeignRow& row) { take(row); };
        const std::string columns = "name, version, current_stage, source";
        RUNGLASS_TRY(rows(columns, "model_versions", "run_id = ?", takeRow, m_run));
        for (const auto& model : m_all.models) {
            const auto source = "models:/" + model.id;
            RUNGLASS_TRY(rows(columns, "model_versions", "source = ?", takeRow, std::string_view(source)));
        }
        std::ranges::sort(m_all.versions, {}, [](const auto& v) { return std::pair(v.model, v.version); });
        if (!m_database.hasTable("registered_model_aliases")) {  // before 2.3
            return {};
        }
        for (auto& version : m_all.versions) {
            RUNGLASS_TRY(rows(
                "alias", "registered_model_aliases", "name = ? AND version = ?",
                [&](const ForeignRow& row) { version.aliases.push_back(toValidUtf8(row.text(0))); },
                std::string_view(version.model), version.version));
            std::ranges::sort(version.aliases);
            version.aliases.erase(std::unique(version.aliases.begin(), version.aliases.end()),
                                  version.aliases.end());
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
    const std::filesystem::path& m_file;
    std::string_view m_run;
    std::map<std::string, Link, std::less<>> m_links;                 ///< by id of the model
    std::vector<std::pair<std::string, model::LoggedModel>> m_found;  ///< with its id
    std::vector<std::string> m_damaged;  ///< tables that could not be read to their end
    model::RunModels m_all;
};

}  // namespace

std::string_view loggedModelOf(std::string_view source) {
    constexpr std::string_view kScheme = "models:/m-";
    return source.starts_with(kScheme) ? source.substr(kScheme.size() - 2) : std::string_view();
}

Result<model::RunModels> mlflowDatabaseModels(const std::filesystem::path& file, std::string_view key) {
    return lookAtDatabase(file, {}, [&](const ForeignDatabase& database) {
        return DatabaseModels(database, file, key).read();
    });
}

Result<model::RunModels> mlflowModels(const std::filesystem::path& store, std::string_view key) {
    std::error_code ignored;
    return std::filesystem::is_directory(store, ignored) ? mlflowFolderModels(store, key)
                                                         : mlflowDatabaseModels(store, key);
}

}  // namespace runglass::sources
