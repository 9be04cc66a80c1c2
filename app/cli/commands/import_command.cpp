// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <algorithm>
#include <unordered_set>

#include "command_table.h"
#include "copy_report.h"
#include "output.h"
#include "project_data.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/exchange/copy_run.h"
#include "runglass/exchange/export_run.h"
#include "runglass/store/run_reader.h"

namespace runglass::cli {

namespace {

namespace fs = std::filesystem;

Result<void> copyInto(const fs::path& project, sources::ProjectRuns& from, const std::vector<RunId>& ids,
                      const exchange::CopyOptions& options, exchange::CopyTally& tally) {
    RUNGLASS_ASSIGN(auto database, store::Database::open(project, store::OpenMode::ReadWrite));
    if (!database.report().writable) {
        return Error{ErrorCode::ReadOnly, database.report().whyNotWritable, {}};
    }
    return exchange::copyRuns(from, ids, database, tally, options);
}

/// Adds what was counted; what went wrong is said by then.
void add(const exchange::CopyTally& some, exchange::CopyTally& all) {
    all.imported += some.imported;
    all.updated += some.updated;
    all.unchanged += some.unchanged;
    all.points += some.points;
    all.failures.insert(all.failures.end(), some.failures.begin(), some.failures.end());
}

/// A folder that goes with the object.
class TemporaryFolder {
public:
    static Result<TemporaryFolder> make() {
        std::error_code failure;
        auto pattern = (fs::temp_directory_path(failure) / "runglass-import-XXXXXX").native();
        if (::mkdtemp(pattern.data()) == nullptr) {
            return errorFromErrno(errno, tr("The import cannot be unpacked."), pattern);
        }
        return TemporaryFolder(pattern);
    }
    TemporaryFolder(TemporaryFolder&& other) noexcept
        : m_path(std::exchange(other.m_path, {})) {}
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        if (!m_path.empty()) {
            fs::remove_all(m_path, ignored);
        }
    }
    [[nodiscard]] const fs::path& path() const { return m_path; }

private:
    explicit TemporaryFolder(fs::path path)
        : m_path(std::move(path)) {}
    fs::path m_path;
};

Result<void> importExport(const fs::path& project, const fs::path& file, exchange::CopyTally& all) {
    RUNGLASS_ASSIGN(const auto folder, TemporaryFolder::make());
    RUNGLASS_ASSIGN(const bool checked, exchange::unpackRuns(file, folder.path()));
    if (!checked) {
        complain(
            tr("{} was made by an older version, without checksums: what is in it is imported unchecked.",
               toValidUtf8(file.native())));
    }
    model::SharedRunTable table;
    std::vector<RunId> ids;
    {
        RUNGLASS_ASSIGN(auto database, store::Database::open(folder.path(), store::OpenMode::ReadOnly));
        RUNGLASS_ASSIGN(table, store::RunReader(database).runTable());
        for (const auto& run : table->runs) {
            ids.push_back(run->id);
        }
    }
    sources::ProjectRuns from(folder.path(), nullptr);
    exchange::CopyTally tally;
    const auto copied = copyInto(project, from, ids, {.artifacts = true, .fromHere = false}, tally);
    sayLeftOut(tally, *table);
    add(tally, all);
    return copied;
}

/// The foreign runs that lie at or below `place`.
std::vector<RunId> runsAt(const ProjectData& project, const fs::path& place) {
    std::vector<RunId> ids;
    for (const auto& run : project.catalogue->runs()->runs) {
        const auto origins = project.catalogue->origins(run->id);
        const bool lies = std::ranges::any_of(origins, [&](const model::Origin& origin) {
            const fs::path at = (project.folder / origin.location).lexically_normal();
            const auto relative = at.lexically_relative(place);
            return !relative.empty() && *relative.begin() != "..";
        });
        if (lies) {
            ids.push_back(run->id);
        }
    }
    return ids;
}

/// The runs whose folder is the nearest around `file`: a log is a part of the run that it lies in.
std::vector<RunId> runsOfFile(const ProjectData& project, const fs::path& file) {
    std::vector<RunId> ids;
    for (auto folder = file.parent_path(); ids.empty() && folder.has_relative_path();
         folder = folder.parent_path()) {
        for (const auto& run : project.catalogue->runs()->runs) {
            const auto origins = project.catalogue->origins(run->id);
            if (std::ranges::any_of(origins, [&](const model::Origin& origin) {
                    return (project.folder / origin.location).lexically_normal() == folder;
                })) {
                ids.push_back(run->id);
            }
        }
    }
    return ids;
}

/// What one argument means: a place with runs, or runs by id or name.
Result<std::vector<RunId>> chosenBy(ProjectData& project, const std::string& argument) {
    std::error_code failure;
    const fs::path place = fs::canonical(argument, failure);
    if (failure && argument.find('/') != std::string::npos) {
        return Error{ErrorCode::NotFound, tr("There is no file or folder {}.", toValidUtf8(argument)), {}};
    }
    if (failure) {
        RUNGLASS_ASSIGN(const auto id, resolveRun(project, argument));
        return std::vector{id};
    }
    auto ids = runsAt(project, place);
    if (ids.empty() && fs::is_regular_file(place, failure)) {
        ids = runsOfFile(project, place);
    }
    if (ids.empty()) {
        const auto name = toValidUtf8(place.native());
        return Error{ErrorCode::NotFound,
                     project.isUnreadable(place) ? tr("No run could be read in {}.", name)
                                                 : tr("No run of another tool was found in {}.", name),
                     {}};
    }
    return ids;
}

/// What the arguments mean. One that means nothing is said and stops none of the others; an error where it is
/// `alone`.
Result<std::vector<RunId>> chosenByAll(ProjectData& project, const std::vector<std::string>& arguments,
                                       bool alone, bool& failed) {
    std::vector<RunId> ids;
    for (const auto& argument : arguments) {
        auto some = chosenBy(project, argument);
        if (!some.ok() && alone) {
            return some;
        }
        if (some.ok()) {
            ids.insert(ids.end(), some->begin(), some->end());
        } else {
            complain(some.error().message);
            failed = true;
        }
    }
    std::unordered_set<RunId> seen;  // by several arguments
    std::erase_if(ids, [&](const RunId& id) {
        return !seen.insert(id).second || !project.catalogue->has(id) ||
               project.catalogue->attached(id) != nullptr;
    });
    return ids;
}

Result<void> importForeign(const Invocation& invocation, const std::vector<std::string>& arguments,
                           exchange::CopyTally& all, bool& failed) {
    std::vector<fs::path> folders;
    std::vector<fs::path> places;
    for (const auto& argument : arguments) {
        std::error_code failure;
        const fs::path place = fs::canonical(argument, failure);
        if (!failure) {
            places.push_back(place);
            folders.push_back(fs::is_directory(place, failure) ? place : place.parent_path());
        }
    }
    RUNGLASS_ASSIGN(auto project, openProject(invocation, folders));
    if (places.size() == arguments.size()) {
        project.concerned = places;
    }
    RUNGLASS_TRY(loadRuns(project));
    failed = failed || std::ranges::any_of(places, [&](const auto& at) { return project.isUnreadable(at); });
    RUNGLASS_ASSIGN(const auto ids,
                    chosenByAll(project, arguments, invocation.arguments().size() == 1, failed));
    sources::ProjectRuns from(project.folder, project.catalogue, sources::ProjectRuns::Look::ForeignOnly);
    exchange::CopyTally tally;
    const exchange::CopyOptions options{.artifacts = invocation.has("--copy-artifacts")};
    const auto copied = copyInto(project.folder, from, ids, options, tally);
    sayLeftOut(tally, *project.table);
    add(tally, all);
    return copied;
}

Result<int> import(const Invocation& invocation) {
    RUNGLASS_ASSIGN(const auto folder, invocation.project());
    exchange::CopyTally tally;
    std::vector<std::string> others;
    bool failed = false;
    for (const auto& argument : invocation.arguments()) {
        std::error_code failure;
        if (!fs::is_regular_file(argument, failure) || !exchange::isPacked(argument)) {
            others.push_back(argument);
            continue;
        }
        const auto imported = importExport(folder, argument, tally);
        if (!imported.ok() && invocation.arguments().size() == 1) {
            return imported.error();
        }
        if (!imported.ok()) {
            complain(imported.error().message);
            failed = true;
        }
    }
    if (!others.empty()) {
        RUNGLASS_TRY(importForeign(invocation, others, tally, failed));
    }
    auto said = tr("{} imported, {} updated, {} as they were; {} points.", tally.imported, tally.updated,
                   tally.unchanged, tally.points);
    if (!tally.failures.empty()) {
        said += " " + tr("{} could not be read.", tally.failures.size());
    }
    print(said + "\n");
    return failed || !tally.failures.empty() ? 1 : 0;
}

}  // namespace

Command importCommand() {
    return {
        .name = "import",
        .summary = "copy runs of other tools, or an export, into the run database",
        .description =
            "Runs of other tools are shown where they lie; a copy is for keeping them when those files go. "
            "All points are copied, bit for bit. Importing again brings the copy up to date and doubles "
            "nothing.",
        .arguments = {{.name = "WHAT",
                       .help = "Files or folders that hold runs, files made by runglass export, or ids and "
                               "names of runs.",
                       .completes = Completes::File,
                       .many = true}},
        .options = {{.name = "--copy-artifacts",
                     .value = "",
                     .help = "Copies artifacts too; without it they stay where they are."}},
        .examples = {{"runglass import mlruns", "All runs of an MLflow store."},
                     {"runglass import 8f3a1c20 c41b07e9 --copy-artifacts", "Two runs, with their files."},
                     {"runglass import from-ada.runs", "Runs that somebody has exported."}},
        .run = import};
}

}  // namespace runglass::cli
