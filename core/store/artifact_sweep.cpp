// SPDX-License-Identifier: GPL-3.0-or-later
#include "artifact_sweep.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <system_error>

#include "database_impl.h"
#include "runglass/store/aside_log.h"
#include "runglass/store/layout.h"
#include "schema_tracking.h"

namespace runglass::store {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kDigestLength = 64;
/// A copy under its temporary name that nobody has written to for so long is nobody's.
constexpr auto kOldestCopy = std::chrono::hours(24);

bool isHex(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Result<bool> isReferenced(Database::Impl& database, std::string_view sha256) {
    auto& statements = database.statements;
    // A database that is only read may be of a version without artifacts that belong to no run.
    auto query = database.report.schemaVersion >= kTrackingVersion
                     ? statements.query(
                           "SELECT EXISTS(SELECT 1 FROM artifact WHERE sha256 = ?1) OR "
                           "EXISTS(SELECT 1 FROM loose_artifact WHERE sha256 = ?1)",
                           sha256)
                     : statements.query("SELECT EXISTS(SELECT 1 FROM artifact WHERE sha256 = ?)", sha256);
    if (!query.ok()) {
        return std::move(query).error();
    }
    RUNGLASS_TRY(query->step());
    return query->integer(0) != 0;
}

/// A file below artifacts/: its digest, or nothing for a copy that was never finished.
struct StoredName {
    fs::path path;
    std::string sha256;
};

/// What lies in artifacts/ under names of ours.
std::vector<StoredName> storedNames(const Layout& layout) {
    std::vector<StoredName> names;
    std::error_code error;
    for (fs::directory_iterator it(layout.artifacts(), error), end; !error && it != end;
         it.increment(error)) {
        const auto name = it->path().filename().native();
        std::error_code ignored;
        if (name.starts_with("tmp-")) {
            const auto written = it->last_write_time(ignored);
            if (!ignored && fs::file_time_type::clock::now() - written > kOldestCopy) {
                names.push_back({it->path(), {}});
            }
        } else if (name.size() == 2 && isHex(name)) {
            for (fs::directory_iterator file(it->path(), ignored); !ignored && file != end;
                 file.increment(ignored)) {
                auto digest = name + file->path().filename().native();
                if (isDigest(digest)) {
                    names.push_back({file->path(), std::move(digest)});
                }
            }
        }
    }
    return names;
}

}  // namespace

bool isDigest(std::string_view text) {
    return text.size() == kDigestLength && isHex(text);
}

bool hasContent(const Database::Impl& database, std::string_view sha256) {
    std::error_code error;
    return isDigest(sha256) && fs::is_regular_file(Layout(database.project).artifact(sha256), error);
}

Result<std::vector<std::string>> contentsOfRun(Database::Impl& database, std::int64_t run) {
    std::vector<std::string> contents;
    RUNGLASS_TRY(
        forEachRow(database.statements.query("SELECT DISTINCT sha256 FROM artifact WHERE run = ?", run),
                   [&](const Query& row) { contents.push_back(row.string(0)); }));
    return contents;
}

Result<void> removeUnreferenced(Database::Impl& database, const std::vector<std::string>& contents) {
    const Layout layout(database.project);
    return database.write(Durability::Points, [&]() -> Result<void> {
        if (isAnythingAside(database.project)) {
            return {};  // it may name them
        }
        for (const auto& sha256 : contents) {
            RUNGLASS_ASSIGN(const bool referenced, isReferenced(database, sha256));
            if (!referenced && isDigest(sha256)) {
                ::unlink(layout.artifact(sha256).c_str());
            }
        }
        return {};
    });
}

Result<LeftoverFiles> findLeftovers(Database::Impl& database) {
    // The files first: what is recorded before the database is asked is no leftover.
    const auto names = storedNames(Layout(database.project));
    LeftoverFiles leftovers;
    RUNGLASS_TRY(database.read([&]() -> Result<void> {
        for (const auto& name : names) {
            RUNGLASS_ASSIGN(const bool referenced,
                            name.sha256.empty() ? Result<bool>(false) : isReferenced(database, name.sha256));
            std::error_code error;
            const auto size = fs::file_size(name.path, error);
            if (!referenced && !error) {
                ++leftovers.count;
                leftovers.bytes += size;
            }
        }
        return {};
    }));
    return leftovers;
}

}  // namespace runglass::store
