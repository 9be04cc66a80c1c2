// SPDX-License-Identifier: GPL-3.0-or-later
#include "project_data.h"

#include <algorithm>

#include "output.h"
#include "runglass/base/clock.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/launch/launcher.h"
#include "runglass/query/filter.h"
#include "runglass/store/layout.h"
#include "text_width.h"

namespace runglass::cli {

bool isProject(const std::filesystem::path& folder) {
    std::error_code ignored;
    return std::filesystem::exists(folder / ".runglass", ignored) ||
           std::filesystem::exists(folder / ".git", ignored);
}

namespace {

Error noRunsError(const std::filesystem::path& folder) {
    const auto name = toValidUtf8(folder.native());
    return {
        ErrorCode::NotFound,
        isProject(folder)
            ? tr("No run is recorded in {} yet. Record one: runglass run -- COMMAND", name)
            : tr("There is no project here: {} has neither .runglass nor .git, nor has a folder above it. "
                 "Use --project DIR, or record a run: runglass run -- COMMAND",
                 name),
        {}};
}

/// The mistake with its position counted in characters from 1, as people count.
Error queryError(const char* what, std::string_view text, const query::FilterError& mistake) {
    const auto before = text.substr(0, mistake.position);
    const auto characters = std::ranges::count_if(
        before, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    return {ErrorCode::Invalid, tr(what, characters + 1) + " " + mistake.message, {}};
}

}  // namespace

Result<ProjectData> openProject(const Invocation& invocation) {
    RUNGLASS_ASSIGN(auto folder, invocation.project());
    auto database = store::Database::open(folder, store::OpenMode::ReadOnly);
    if (!database) {
        if (database.error().code == ErrorCode::NotFound) {
            return noRunsError(folder);
        }
        return std::move(database).error();
    }
    const auto& report = database->report();
    if (report.tooNew) {
        complain(report.whyNotWritable);
    } else if (report.damaged) {
        complain(tr("The run database is damaged; what can be read is shown. See runglass check."));
    }
    return ProjectData{std::move(folder), std::move(database).value()};
}

Result<model::SharedRunTable> loadRuns(ProjectData& project) {
    auto table = project.reader().runTable();
    if (!table) {
        return table;
    }
    const auto isOpen = [](const model::SharedRun& run) {
        return !model::isTerminal(run->status) && run->source.text() == "runglass";
    };
    if (std::ranges::none_of((*table)->runs, isOpen)) {
        return table;
    }
    const auto recovered =
        launch::recover(project.folder);  // a project that cannot be written stays as it is
    return recovered && !recovered->empty() ? project.reader().runTable() : std::move(table);
}

Result<RunId> resolveRun(ProjectData& project, const std::string& idOrName) {
    return project.reader().resolve(idOrName);
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
    std::ranges::reverse(runs);  // newest first
    const auto keys = invocation.value("--order-by").value_or("");
    const auto order = query::Order::parse(keys);
    if (const auto* mistake = std::get_if<query::FilterError>(&order)) {
        return queryError("--order-by has a mistake at position {}.", keys, *mistake);
    }
    std::get<query::Order>(order).sort(runs, nowMs());
    return runs;
}

}  // namespace runglass::cli
