// SPDX-License-Identifier: GPL-3.0-or-later
// MLflow's database, `mlflow.db`, of any revision: what a table or column brought later is probed for, the
// revision itself is not looked at (new ones appear every month, and the tables of runs have only been added
// to since 2019).
#include <algorithm>
#include <map>
#include <tuple>

#include "artifact_list.h"
#include "foreign_database.h"
#include "mlflow.h"
#include "mlflow_database_points.h"
#include "mlflow_run.h"
#include "part_keeper.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/model/logged_model.h"
#include "runglass/sources/catalogue.h"

namespace runglass::sources {
namespace {

struct Experiment {
    std::string name;
    bool deleted = false;
    std::filesystem::path folder;  ///< of its artifacts on this machine; empty where there is none
};

bool isFolder(const std::filesystem::path& path) {
    std::error_code ignored;
    return !path.empty() && std::filesystem::is_directory(path, ignored);
}

/// `column` of `table`, or `otherwise` in a schema of before it.
class Schema {
public:
    Schema(const ForeignDatabase& database, std::string_view table)
        : m_columns(database.columns(table)) {}
    [[nodiscard]] std::string column(const std::string& name, const std::string& otherwise = "NULL") const {
        const bool has = std::find(m_columns.begin(), m_columns.end(), name) != m_columns.end();
        return has ? name : otherwise;
    }

private:
    std::vector<std::string> m_columns;
};

class MlflowDatabaseReader : public Reader {
public:
    explicit MlflowDatabaseReader(std::filesystem::path file)
        : m_file(std::move(file)) {}

    Result<std::vector<SharedPart>> read(std::stop_token stop) override;
    [[nodiscard]] std::vector<FileStamp> stamps() const override { return m_stamps; }
    Result<model::RunDetail> detail(std::string_view key) override;
    Result<model::Series> series(std::string_view key, std::string_view metric, std::size_t from,
                                 std::stop_token stop) override;

private:
    struct Row {
        MlflowRun run;
        std::string sourceVersion;
        std::string artifactUri;
        std::filesystem::path folder;
        std::vector<model::KeyValue> params;
    };

    /// Tables that could not be read to their end.
    using Damaged = std::vector<std::string>;

    Result<std::map<std::string, Experiment>> readExperiments(const ForeignDatabase& database,
                                                              Damaged& damaged) const;
    /// All runs, or the one with this id.
    Result<std::vector<Row>> readRuns(const ForeignDatabase& database, Damaged& damaged,
                                      std::string_view only = {}) const;
    Result<void> readRunRows(const ForeignDatabase& database,
                             const std::map<std::string, Experiment>& experiments, const std::string& where,
                             std::string_view only, std::vector<Row>& rows) const;
    static Result<void> readTags(const ForeignDatabase& database, const MlflowRunIndex& index,
                                 std::vector<Row>& rows, Damaged& damaged, std::string_view only);
    [[nodiscard]] Part partOf(Row& row) const;
    Result<void> addDatasets(const ForeignDatabase& database, std::string_view key, model::RunDetail& detail,
                             Damaged& damaged) const;
    Result<std::vector<ArtifactFolder>> artifactFolders(std::string_view key) override;
    Result<std::vector<ArtifactFolder>> artifactFoldersOf(const ForeignDatabase& database, const Row& row,
                                                          Damaged& damaged) const;
    [[nodiscard]] Error noSuchRun(std::string_view key) const;

    std::filesystem::path m_file;
    std::vector<FileStamp> m_stamps;
    MlflowDatabasePoints m_points;
    PartKeeper m_keeper;
};

Result<std::map<std::string, Experiment>> MlflowDatabaseReader::readExperiments(
    const ForeignDatabase& database, Damaged& damaged) const {
    std::map<std::string, Experiment> experiments;
    const Schema schema(database, "experiments");
    const auto folder = m_file.parent_path();
    const auto read =
        database.each("SELECT experiment_id, name, " + schema.column("lifecycle_stage") + ", " +
                          schema.column("artifact_location") + " FROM experiments",
                      [&](const ForeignRow& row) {
                          const std::string id(row.text(0));
                          auto& experiment = experiments[id];
                          experiment.name = row.text(1);
                          experiment.deleted = row.text(2) == "deleted";
                          // What a server keeps, and what a project has that was moved or cloned.
                          for (const auto& place : {mlflowLocalPath(row.text(3), folder),
                                                    folder / "mlruns" / id, folder / "mlartifacts" / id}) {
                              if (experiment.folder.empty() && isFolder(place)) {
                                  experiment.folder = place;
                              }
                          }
                      });
    RUNGLASS_TRY(upToDamage(read, "experiments", damaged));
    return experiments;
}

Result<std::vector<MlflowDatabaseReader::Row>> MlflowDatabaseReader::readRuns(const ForeignDatabase& database,
                                                                              Damaged& damaged,
                                                                              std::string_view only) const {
    RUNGLASS_ASSIGN(const auto experiments, readExperiments(database, damaged));
    std::vector<Row> rows;
    const auto read = pastDamagedIndices([&](const std::string& hint) {
        rows.clear();
        return readRunRows(
            database, experiments,
            only.empty() ? " NOT INDEXED WHERE ? = '' ORDER BY rowid" : hint + " WHERE run_uuid = ?", only,
            rows);
    });
    if (rows.empty() && !read.ok()) {
        return read.error();
    }
    RUNGLASS_TRY(upToDamage(read, "runs", damaged));
    // Not by SQL, which would have to have read all rows before it tells the first.
    std::ranges::stable_sort(rows, {}, [](const Row& row) { return row.run.startTimeMs; });
    return rows;
}

Result<void> MlflowDatabaseReader::readRunRows(const ForeignDatabase& database,
                                               const std::map<std::string, Experiment>& experiments,
                                               const std::string& where, std::string_view only,
                                               std::vector<Row>& rows) const {
    const Schema schema(database, "runs");
    const std::string sql = "SELECT run_uuid, name, status, start_time, end_time, " +
                            schema.column("lifecycle_stage") + ", experiment_id, " +
                            schema.column("source_version") + ", " + schema.column("artifact_uri") +
                            " FROM runs" + where;
    return database.each(
        sql,
        [&](const ForeignRow& row) {
            auto& made = rows.emplace_back();
            made.run.id = row.text(0);
            made.run.name = row.text(1);
            made.run.status = row.text(2);
            made.run.startTimeMs = row.optionalInteger(3);
            made.run.endTimeMs = row.optionalInteger(4);
            made.run.deleted = row.text(5) == "deleted";
            made.sourceVersion = row.text(7);
            made.artifactUri = row.text(8);
            const auto experiment = experiments.find(std::string(row.text(6)));
            const bool known = experiment != experiments.end();
            made.run.experiment = known ? experiment->second.name : std::string(row.text(6));
            made.run.deleted = made.run.deleted || (known && experiment->second.deleted);
            // Without artifacts here, a place of which nothing else is a part, and that ends in the id.
            made.folder = (known && !experiment->second.folder.empty() ? experiment->second.folder : m_file) /
                          made.run.id;
        },
        only);
}

Result<void> MlflowDatabaseReader::readTags(const ForeignDatabase& database, const MlflowRunIndex& index,
                                            std::vector<Row>& rows, Damaged& damaged, std::string_view only) {
    const std::string where = only.empty() ? " WHERE ? = ''" : " WHERE run_uuid = ?";
    const auto tags = pastDamagedIndices([&](const std::string& hint) {
        std::ranges::for_each(rows, [](Row& row) { row.run.tags.clear(); });
        return database.each(
            "SELECT run_uuid, key, value FROM tags" + hint + where,
            [&](const ForeignRow& row) {
                if (const auto at = index.find(row.text(0))) {
                    rows[*at].run.tags.emplace_back(row.text(1), row.text(2));
                }
            },
            only);
    });
    RUNGLASS_TRY(upToDamage(tags, "tags", damaged));
    const auto params = pastDamagedIndices([&](const std::string& hint) {
        std::ranges::for_each(rows, [](Row& row) { row.params.clear(); });
        return database.each(
            "SELECT run_uuid, key, value FROM params" + hint + where,
            [&](const ForeignRow& row) {
                if (const auto at = index.find(row.text(0))) {
                    rows[*at].params.push_back(
                        {Symbol(toValidUtf8(row.text(1))), Symbol(toValidUtf8(row.text(2)))});
                }
            },
            only);
    });
    return upToDamage(params, "params", damaged);
}

Part MlflowDatabaseReader::partOf(Row& row) const {
    Part part;
    part.folder = row.folder;
    part.ownsFolder = row.folder.parent_path() != m_file;
    fillPart(row.run, part);
    if (part.record.git.commit.empty()) {  // before 1.0
        part.record.git.commit = toValidUtf8(row.sourceVersion);
    }
    part.record.params = std::move(row.params);
    return part;
}

Result<std::vector<SharedPart>> MlflowDatabaseReader::read(std::stop_token stop) {
    if (!m_stamps.empty() && databaseStamps(m_file) == m_stamps) {
        return m_keeper.parts();
    }
    std::vector<FileStamp> stamps;
    auto parts =
        lookAtDatabase(m_file, stop, [&](const ForeignDatabase& database) -> Result<std::vector<Part>> {
            stamps = database.stamps();
            Damaged damaged;
            RUNGLASS_ASSIGN(auto rows, readRuns(database, damaged));
            MlflowRunIndex index;
            for (const auto& row : rows) {
                index.add(row.run.id);
            }
            RUNGLASS_TRY(readTags(database, index, rows, damaged, {}));
            RUNGLASS_TRY(m_points.read(database, index, damaged));
            const auto tables = damagedTables(m_file, damaged);
            std::vector<Part> made;
            made.reserve(rows.size());
            for (std::size_t i = 0; i < rows.size(); ++i) {
                auto& part = made.emplace_back(partOf(rows[i]));
                part.record.metrics = m_points.metricsOf(rows[i].run.id);
                part.damage = notNumbers(m_file, m_points.badRowsOf(rows[i].run.id));
                part.damage.insert(part.damage.end(), tables.begin(), tables.end());
                part.record.sortKeys();
            }
            return made;
        });
    if (!parts.ok()) {
        return std::move(parts).error();
    }
    m_stamps = std::move(stamps);
    return m_keeper.publish(std::move(*parts));
}

Error MlflowDatabaseReader::noSuchRun(std::string_view key) const {
    return {ErrorCode::NotFound,
            tr("The MLflow store {} has no run {}.", toValidUtf8(m_file.native()), toValidUtf8(key)),
            {}};
}

Result<void> MlflowDatabaseReader::addDatasets(const ForeignDatabase& database, std::string_view key,
                                               model::RunDetail& detail, Damaged& damaged) const {
    if (!database.hasTable("inputs") || !database.hasTable("datasets")) {
        return {};
    }
    std::vector<std::string> ids;
    const auto links = pastDamagedIndices([&](const std::string& hint) {
        ids.clear();
        return database.each(
            "SELECT source_id FROM inputs" + hint + " WHERE destination_id = ? AND source_type = 'DATASET'",
            [&](const ForeignRow& row) { ids.emplace_back(row.text(0)); }, key);
    });
    RUNGLASS_TRY(upToDamage(links, "inputs", damaged));
    for (const auto& id : ids) {
        model::Dataset found;
        const auto read = pastDamagedIndices([&](const std::string& hint) {
            return database.each(
                "SELECT name, digest, dataset_source, dataset_profile FROM datasets" + hint +
                    " WHERE dataset_uuid = ?",
                [&](const ForeignRow& row) {
                    found = {toValidUtf8(row.text(0)), toValidUtf8(row.text(1)),
                             mlflowDatasetLocation(row.text(2)), toValidUtf8(row.text(3))};
                },
                std::string_view(id));
        });
        if (!read.ok()) {
            return upToDamage(read, "datasets", damaged);
        }
        if (!found.name.empty()) {
            detail.datasets.push_back(std::move(found));
        }
    }
    std::ranges::sort(detail.datasets, {}, [](const auto& one) { return std::tie(one.name, one.digest); });
    return {};
}

Result<model::RunDetail> MlflowDatabaseReader::detail(std::string_view key) {
    return lookAtDatabase(m_file, {}, [&](const ForeignDatabase& database) -> Result<model::RunDetail> {
        Damaged saidByTheRun;
        RUNGLASS_ASSIGN(auto rows, readRuns(database, saidByTheRun, key));
        if (rows.empty()) {
            return noSuchRun(key);
        }
        MlflowRunIndex index;
        index.add(key);
        RUNGLASS_TRY(readTags(database, index, rows, saidByTheRun, key));
        auto& row = rows.front();
        const auto tags = row.run.tags;
        MlflowDatabasePoints points;
        RUNGLASS_TRY(points.read(database, index, saidByTheRun, key));
        model::RunDetail detail;
        detail.record = partOf(row).record;
        detail.record.metrics = points.metricsOf(row.run.id);
        detail.record.sortKeys();
        fillDetail(tags, detail);
        Damaged others;
        RUNGLASS_TRY(addDatasets(database, key, detail, others));
        RUNGLASS_ASSIGN(const auto folders, artifactFoldersOf(database, row, others));
        listArtifacts(folders, detail.artifacts);
        for (const auto& damage : damagedTables(m_file, others)) {
            detail.problems.push_back(describe(damage, m_file.parent_path()));
        }
        return detail;
    });
}

/// The run's own, and those of the models that it logged.
Result<std::vector<ArtifactFolder>> MlflowDatabaseReader::artifactFoldersOf(const ForeignDatabase& database,
                                                                            const Row& row,
                                                                            Damaged& damaged) const {
    std::vector<ArtifactFolder> folders;
    auto own =
        mlflowArtifactFolder(row.artifactUri, m_file.parent_path(), row.run.id, {row.folder / "artifacts"});
    if (!own.empty()) {
        folders.push_back({std::move(own), {}});
    }
    if (database.hasTable("logged_models")) {
        std::vector<model::LoggedModel> models;
        const auto read = pastDamagedIndices([&](const std::string& hint) {
            models.clear();
            return database.each(
                "SELECT model_id, name FROM logged_models" + hint +
                    " WHERE source_run_id = ? AND lifecycle_stage <> 'deleted'",
                [&](const ForeignRow& found) {
                    const std::string id(found.text(0));
                    if (id.find('/') == std::string::npos && id.starts_with("m-")) {
                        auto& model = models.emplace_back();
                        model.id = id;
                        model.name = found.text(1);
                    }
                },
                row.run.id);
        });
        RUNGLASS_TRY(upToDamage(read, "logged_models", damaged));
        std::ranges::sort(models, {}, &model::LoggedModel::id);
        for (const auto& model : models) {
            folders.push_back({row.folder.parent_path() / "models" / model.id / "artifacts",
                               artifactPrefix(model, models)});
        }
    }
    return folders;
}

Result<std::vector<ArtifactFolder>> MlflowDatabaseReader::artifactFolders(std::string_view key) {
    return lookAtDatabase(
        m_file, {}, [&](const ForeignDatabase& database) -> Result<std::vector<ArtifactFolder>> {
            Damaged saidByTheRun;
            RUNGLASS_ASSIGN(const auto rows, readRuns(database, saidByTheRun, key));
            return rows.empty() ? noSuchRun(key) : artifactFoldersOf(database, rows.front(), saidByTheRun);
        });
}

Result<model::Series> MlflowDatabaseReader::series(std::string_view key, std::string_view metric,
                                                   std::size_t from, std::stop_token stop) {
    return lookAtDatabase(m_file, std::move(stop), [&](const ForeignDatabase& database) {
        return mlflowDatabaseSeries(database, key, metric, from);
    });
}

}  // namespace

void findMlflowDatabases(const Folder& folder, Findings& findings) {
    for (const auto& database : databasesIn(folder, findings)) {
        // The alembic table is younger than the first stores (0.9).
        const bool unreadable = !database.opened && database.file.filename() == "mlflow.db";
        if (unreadable || (database.has("runs") && database.has("experiments") && database.has("metrics") &&
                           database.has("params"))) {
            findings.origins.push_back(database.file);
        }
    }
}

std::unique_ptr<Reader> openMlflowDatabase(const std::filesystem::path& file) {
    return std::make_unique<MlflowDatabaseReader>(file);
}

}  // namespace runglass::sources
