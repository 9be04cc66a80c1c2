// SPDX-License-Identifier: GPL-3.0-or-later
#include "project_data.h"

#include <algorithm>

#include "output.h"
#include "progress_line.h"
#include "runglass/base/clock.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/launch/launcher.h"
#include "runglass/model/start_order.h"
#include "runglass/query/filter.h"
#include "runglass/sources/run_table.h"
#include "runglass/store/database_holder.h"
#include "runglass/store/kept_changes.h"
#include "runglass/store/marks.h"
#include "runglass/store/restore_aside.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/written_files.h"
#include "text_width.h"

namespace runglass::cli {

bool isProject(const std::filesystem::path& folder) {
    std::error_code ignored;
    return std::filesystem::exists(folder / ".runglass", ignored) ||
           std::filesystem::exists(folder / ".git", ignored);
}

namespace {

constexpr std::size_t kMostProblemsSaid = 8;

/// The mistake with its position counted in characters from 1, as people count.
Error queryError(const char* what, std::string_view text, const query::FilterError& mistake) {
    const auto before = text.substr(0, mistake.position);
    const auto characters = std::ranges::count_if(
        before, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    return {ErrorCode::Invalid, tr(what, characters + 1) + " " + mistake.message, {}};
}

}  // namespace

Error noRunsError(const ProjectData& project) {
    const auto name = toValidUtf8(project.folder.native());
    if (!project.unreadable.empty()) {  // which has been said: there may be runs
        return {ErrorCode::Damaged, tr("No run could be read in {}.", name), {}};
    }
    return {
        ErrorCode::NotFound,
        isProject(project.folder)
            ? tr("No run is recorded in {} yet. Record one: runglass run -- COMMAND", name)
            : tr("There is no project here: {} has neither .runglass nor .git, nor has a folder above it, "
                 "and "
                 "no tool has left runs in it. Use --project DIR, or record a run: runglass run -- COMMAND",
                 name),
        {}};
}

namespace {

bool liesAt(const std::filesystem::path& file, const std::filesystem::path& place) {
    const auto relative = file.lexically_relative(place);
    return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

bool ProjectData::isUnreadable(const std::filesystem::path& place) const {
    std::error_code ignored;
    return std::ranges::any_of(unreadable, [&](const std::filesystem::path& file) {
        return liesAt(file, place) && !std::filesystem::is_symlink(file, ignored);  // those are not followed
    });
}

bool ProjectData::isOwn(const RunId& id) {
    return database && store::RunReader(*database).contains(id).valueOr(false);
}

Result<ProjectData> openProject(const Invocation& invocation, std::vector<std::filesystem::path> folders) {
    RUNGLASS_ASSIGN(auto folder, invocation.project());
    std::optional<store::Database> database;
    (void)store::restoreAside(folder).ok();  // a project that cannot be written stays as it is
    auto opened = store::Database::open(folder, store::OpenMode::ReadOnly);
    if (opened) {
        database.emplace(std::move(opened).value());
    } else if (opened.error().code != ErrorCode::NotFound) {
        return std::move(opened).error();
    }
    if (database && database->report().tooNew) {
        complain(database->report().whyNotWritable);
    } else if (database && database->report().damaged) {
        complain(tr("The run database is damaged; what can be read is shown. See `runglass check`."));
    }
    for (const auto& given : invocation.values("--source")) {
        std::error_code failure;
        folders.push_back(std::filesystem::canonical(given, failure));
        if (failure) {
            return errorFromErrno(failure.value(), tr("The folder of --source cannot be read."), given);
        }
    }
    auto catalogue = std::make_shared<sources::Catalogue>(
        sources::CatalogueOptions{.project = folder, .folders = std::move(folders)});
    return ProjectData{folder, std::move(database), catalogue, sources::ProjectRuns(folder, catalogue)};
}

namespace {

void sayProblems(ProjectData& project, std::vector<sources::Damage> problems) {
    for (const auto& one : problems) {
        if (one.count > 0) {
            project.unreadable.push_back(one.file);
        }
    }
    const auto concerns = [&](const sources::Damage& one) {
        return project.concerned.empty() || std::ranges::any_of(project.concerned, [&](const auto& place) {
                   return liesAt(one.file, place);
               });
    };
    std::erase_if(problems, [&](const sources::Damage& one) {
        return (one.count == 0 && !project.saysRemarks) || !concerns(one);
    });
    for (std::size_t i = 0; i < std::min(problems.size(), kMostProblemsSaid); ++i) {
        complain(sources::describe(problems[i], project.folder));
    }
    if (problems.size() > kMostProblemsSaid) {
        complain(tr("… and {} more.", problems.size() - kMostProblemsSaid));
    }
}

sources::SharedForeignRuns loadForeign(sources::Catalogue& catalogue) {
    jobs::Progress progress;
    const ProgressLine line(progress);
    return catalogue.load({}, {}, &progress);
}

/// While another program holds the run database, what scripts log meanwhile is shown all the same.
model::SharedRunTable withKept(ProjectData& project, const store::KeptChanges& kept,
                               const model::SharedRunTable& stored) {
    if (kept.empty()) {
        return stored;
    }
    const auto holder = store::databaseHolder(project.folder);
    if (!holder.empty()) {
        complain(
            tr("{} holds the run database. What scripts log is kept in .runglass/aside, and shown; it is "
               "written as soon as the database is free. Waiting calls: {}.",
               holder, kept.calls()));
    }
    return kept.over(stored, *project.database);
}

/// The run database's own; empty where there is none yet.
Result<model::SharedRunTable> loadOwn(ProjectData& project) {
    if (!project.database) {
        return std::make_shared<const model::RunTable>();
    }
    store::KeptChanges kept(project.folder);
    kept.poll();
    RUNGLASS_ASSIGN(auto table, store::RunReader(*project.database).runTable());
    const auto isOpen = [](const model::SharedRun& run) {
        return !model::isTerminal(run->status) && run->source.text() == "runglass";
    };
    if (std::ranges::any_of(table->runs, isOpen) || launch::isAnyUnsettled(project.folder)) {
        const auto recovered =
            launch::recover(project.folder);  // a project that cannot be written stays as it is
        if (recovered && !recovered->empty()) {
            kept.poll();
            RUNGLASS_ASSIGN(table, store::RunReader(*project.database).runTable());
        }
    }
    return withKept(project, kept, table);
}

/// Says which runs and marks of the run database are missing.
void sayDamage(ProjectData& project, bool marksWhole) {
    const auto& report = project.database->report();
    if (report.damagedRuns > 0) {
        std::string names;
        for (const auto& run : report.namedDamage) {
            names += names.empty() ? "" : ", ";
            names += run.id.isNull() ? tr("run {}", run.number) : run.id.shortHex();
            names += run.name.empty() ? std::string() : " (" + toValidUtf8(run.name) + ")";
        }
        names += report.damagedRuns > report.namedDamage.size() ? ", …" : "";
        complain(report.damagedRuns == 1
                     ? tr("1 run cannot be read, or only in part: {}. See `runglass check`.", names)
                     : tr("{} runs cannot be read, or only in part: {}. See `runglass check`.",
                          report.damagedRuns, names));
    }
    if (!marksWhole) {
        complain(
            tr("Names, notes and tags that were given to other tools' runs cannot all be read. See `runglass "
               "check`."));
    }
    project.incomplete = project.incomplete || report.damagedRuns > 0 || !marksWhole;
}

}  // namespace

Result<model::SharedRunTable> loadRuns(ProjectData& project) {
    RUNGLASS_ASSIGN(const auto own, loadOwn(project));
    if (!project.catalogue->runs()->complete) {
        const auto foreign = loadForeign(*project.catalogue);
        sayProblems(project, foreign->problems);
        project.incomplete = project.incomplete || foreign->held;
    }
    std::vector<store::Mark> marks;
    if (project.database) {
        bool whole = true;
        RUNGLASS_ASSIGN(marks, store::readMarks(*project.database, &whole));
        sayDamage(project, whole);
    }
    sources::RunTableBuilder builder;
    project.table =
        builder.build(own, project.catalogue->runs(), marks, sources::RunTableBuilder::Order::ByStart);
    return project.table;
}

Result<RunId> resolveRun(ProjectData& project, const std::string& idOrName) {
    const auto id = RunId::fromHex(idOrName);
    if (id && project.isOwn(*id) && !store::readWrittenFiles(store::Layout(project.folder), *id)) {
        return *id;  // spares the walk over the project
    }
    if (!project.table) {
        RUNGLASS_TRY(loadRuns(project));
    }
    if (project.table->runs.empty()) {
        return noRunsError(project);
    }
    return sources::resolveRun(*project.table, idOrName);
}

Result<std::vector<model::SharedRun>> filterRuns(const std::string& text,
                                                 std::vector<model::SharedRun> runs) {
    auto filter = query::Filter::parse(text);
    if (const auto* mistake = std::get_if<query::FilterError>(&filter)) {
        return queryError("The filter has a mistake at position {}.", text, *mistake);
    }
    const auto now = nowMs();
    std::erase_if(runs, [&](const model::SharedRun& run) {
        return !std::get<query::Filter>(filter).matches(*run, now);
    });
    return runs;
}

Result<std::vector<model::SharedRun>> chooseRuns(const Invocation& invocation, const model::RunTable& table) {
    std::vector<model::SharedRun> runs(table.runs.begin(), table.runs.end());
    if (!invocation.has("--all")) {
        std::erase_if(runs, [](const model::SharedRun& run) { return run->archived; });
    }
    if (const auto filter = invocation.value("--filter")) {
        RUNGLASS_ASSIGN(runs, filterRuns(*filter, std::move(runs)));
    }
    model::sortNewestFirst(
        runs, [](const model::SharedRun& run) -> const auto& { return *run; });
    const auto keys = invocation.value("--order-by").value_or("");
    const auto order = query::Order::parse(keys);
    if (const auto* mistake = std::get_if<query::FilterError>(&order)) {
        return queryError("--order-by has a mistake at position {}.", keys, *mistake);
    }
    std::get<query::Order>(order).sort(runs, nowMs());
    return runs;
}

}  // namespace runglass::cli
