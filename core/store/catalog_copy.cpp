// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/catalog_copy.h"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "database_impl.h"
#include "runglass/store/layout.h"
#include "schema.h"

namespace runglass::store {

namespace {

/// Each after those that it refers to.
constexpr std::array<std::string_view, 12> kTables{"word",
                                                   "experiment",
                                                   "experiment_tag",
                                                   "logged_model",
                                                   "logged_model_tag",
                                                   "loose_artifact",
                                                   "logged_model_metric",
                                                   "registered_model",
                                                   "registered_model_tag",
                                                   "model_version",
                                                   "registered_model_alias",
                                                   "model_version_tag"};

std::string copyStatements() {
    std::string sql = "BEGIN; DELETE FROM experiment; DELETE FROM word; ";
    for (const auto table : kTables) {
        sql += "INSERT INTO main." + std::string(table) + " SELECT * FROM source." + std::string(table);
        // Of the words only the names of experiments: the others are keys of runs.
        sql += table == "word" ? " WHERE id IN (SELECT word FROM source.experiment); " : "; ";
    }
    return sql + "COMMIT";
}

Result<std::int64_t> versionOf(const Database& database) {
    return pragma(database.impl().connection.get(), "data_version");
}

Result<void> copyFrom(sqlite3* copy, const std::filesystem::path& file) {
    RUNGLASS_TRY(attachToRead(copy, file, "source"));
    auto copied = execute(copy, copyStatements());
    if (!copied.ok()) {
        rollback(copy);
        return copied;
    }
    return execute(copy, "DETACH source");
}

}  // namespace

Result<CatalogCopy> CatalogCopy::of(const std::filesystem::path& project) {
    RUNGLASS_ASSIGN(auto source, Database::open(project, OpenMode::ReadOnly));
    if (source.report().schemaVersion != currentSchemaVersion()) {
        return Error{ErrorCode::Busy, {}, {}};  // somebody has yet to bring it up to date
    }
    RUNGLASS_ASSIGN(const std::int64_t version, versionOf(source));  // before it is read
    RUNGLASS_ASSIGN(auto connection, openMemory());
    RUNGLASS_TRY(migrate(connection.get()));
    RUNGLASS_TRY(copyFrom(connection.get(), Layout(project).database()));
    OpenReport report;
    report.writable = true;
    report.schemaVersion = currentSchemaVersion();
    Database copy(std::make_unique<Database::Impl>(project, std::move(connection), std::move(report)));
    return CatalogCopy(std::move(source), std::move(copy), version);
}

Result<bool> CatalogCopy::isOutdated() {
    RUNGLASS_ASSIGN(const std::int64_t version, versionOf(m_source));
    return version != m_version;
}

}  // namespace runglass::store
