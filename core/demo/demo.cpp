// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/demo/demo.h"

#include <chrono>
#include <deque>
#include <fstream>
#include <map>
#include <set>
#include <system_error>
#include <thread>

#include "demo_files.h"
#include "demo_plan.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/git/authoring.h"
#include "runglass/git/history.h"
#include "runglass/launch/launcher.h"
#include "runglass/store/database.h"
#include "runglass/store/layout.h"
#include "runglass/store/run_reader.h"

namespace runglass::demo {

namespace {

namespace fs = std::filesystem;

// Files in .runglass: a demo that was interrupted is gone on with, a finished one is left alone.
constexpr const char* kStartedMark = "demo-started";
constexpr const char* kFinishedMark = "demo-finished";
constexpr const char* kPython = "/usr/bin/python3";  // Debian's, which has numpy and scikit-learn
constexpr std::size_t kRunsAtOnce = 2;

using FileMap = std::map<std::string, std::string>;

Result<FileMap> filesOf(const PlannedStage& stage) {
    FileMap files;
    for (const auto& layer : stage.layers) {
        for (const auto& file : demoFiles()) {
            if (file.path.starts_with(layer + "/")) {
                std::string path(file.path.substr(layer.size() + 1));
                // A real name would make git ignore files of Runglass's own source tree.
                files[path == "gitignore" ? ".gitignore" : path] = std::string(file.content);
            }
        }
    }
    for (const auto& edit : stage.edits) {
        auto& content = files[edit.path];
        if (edit.from.empty()) {
            content = edit.to;
            continue;
        }
        const auto position = content.find(edit.from);
        if (position == std::string::npos) {
            return Error{
                ErrorCode::Internal, tr("The demo's own file {} is not as expected.", edit.path), {}};
        }
        content.replace(position, edit.from.size(), edit.to);
    }
    return files;
}

/// Makes the files of `folder` those of `files`; what an earlier stage wrote and this one lacks is removed.
Result<void> writeFiles(const fs::path& folder, const FileMap& files, FileMap& written) {
    for (const auto& [path, content] : written) {
        if (!files.contains(path)) {
            std::error_code ignored;
            fs::remove(folder / path, ignored);
        }
    }
    for (const auto& [path, content] : files) {
        std::error_code failed;
        fs::create_directories((folder / path).parent_path(), failed);
        if (failed) {
            return errorFromErrno(failed.value(), tr("The demo project cannot be written."), folder / path);
        }
        RUNGLASS_TRY(writeFileAtomically(folder / path, content));
    }
    written = files;
    return {};
}

/// Waits until `run` has logged some points; false when it ended before.
Result<bool> waitForPoints(const fs::path& project, const RunId& run, const std::stop_token& stop) {
    RUNGLASS_ASSIGN(auto database, store::Database::open(project, store::OpenMode::ReadOnly));
    store::RunReader reader(database);
    while (!stop.stop_requested()) {
        RUNGLASS_ASSIGN(const auto detail, reader.detail(run));
        if (model::isTerminal(detail.record.status)) {
            return false;
        }
        const auto* metric = detail.record.metric(Symbol("val/acc"));
        if (metric && metric->count >= 25) {
            break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return true;
}

class DemoMaker {
public:
    DemoMaker(const fs::path& folder, const DemoProgress& progress, std::stop_token stop)
        : m_folder(folder)
        , m_progress(progress)
        , m_stop(std::move(stop))
        , m_plan(demoPlan()) {
        for (const auto& stage : m_plan) {
            m_steps += (stage.commit ? 1 : 0) + static_cast<int>(stage.runs.size());
        }
    }

    Result<void> make() {
        const store::Layout layout(m_folder);
        if (fs::exists(layout.root() / kStartedMark)) {
            RUNGLASS_TRY(findEarlierWork());
        } else {
            RUNGLASS_TRY(git::initRepository(m_folder, "main"));
            RUNGLASS_TRY(layout.ensure());
            RUNGLASS_TRY(writeFileAtomically(layout.root() / kStartedMark, {}));
        }
        for (const auto& stage : m_plan) {
            RUNGLASS_ASSIGN(const auto files, filesOf(stage));
            RUNGLASS_TRY(writeFiles(m_folder, files, m_written));
            RUNGLASS_TRY(commit(stage));
            RUNGLASS_TRY(train(stage));
        }
        return {};
    }

private:
    void report(const std::string& what) {
        ++m_step;
        if (m_progress) {
            m_progress(m_step, m_steps, what);
        }
    }

    /// What an interrupted demo has done already: its commits by summary, its ended runs by name.
    Result<void> findEarlierWork() {
        RUNGLASS_TRY(git::walkHistory(m_folder, {}, [this](std::vector<git::HistoryRow>&& rows) {
            for (const auto& row : rows) {
                m_earlierCommits[row.commit.summary] = row.commit.id;
            }
            return true;
        }));
        RUNGLASS_TRY(launch::recover(m_folder));
        RUNGLASS_ASSIGN(auto database, store::Database::open(m_folder, store::OpenMode::ReadOnly));
        RUNGLASS_ASSIGN(const auto table, store::RunReader(database).runTable());
        for (const auto& run : table->runs) {
            if (run->status != model::RunStatus::Lost && model::isTerminal(run->status)) {
                m_earlierRuns.insert(run->name);
            }
        }
        return {};
    }

    Result<void> checkStop() const {
        if (m_stop.stop_requested()) {
            return Error{ErrorCode::Cancelled, tr("Making the demo was stopped."), {}};
        }
        return {};
    }

    Result<void> commit(const PlannedStage& stage) {
        if (!stage.commit) {
            m_commits.emplace_back();
            return {};
        }
        report(tr("Commit: {}", stage.commit->message));
        if (const auto earlier = m_earlierCommits.find(stage.commit->message);
            earlier != m_earlierCommits.end()) {
            m_commits.push_back(earlier->second);
            return {};
        }
        git::NewCommit commit{stage.commit->message, stage.commit->branch, {}};
        for (const auto parent : stage.commit->parents) {
            commit.parents.push_back(m_commits[parent]);
        }
        RUNGLASS_ASSIGN(const auto id, git::commitWorkTree(m_folder, commit));
        m_commits.push_back(id);
        if (!stage.commit->tag.empty()) {
            RUNGLASS_TRY(git::createTag(m_folder, stage.commit->tag, id));
        }
        return {};
    }

    Result<void> train(const PlannedStage& stage) {
        std::deque<RunId> waiting;
        for (const auto& run : stage.runs) {
            RUNGLASS_TRY(checkStop());
            if (waiting.size() >= kRunsAtOnce) {
                RUNGLASS_TRY(finishFirst(waiting));
            }
            report(tr("Train: {}", run.name));
            if (m_earlierRuns.contains(run.name)) {
                continue;
            }
            launch::LaunchSpec spec;
            spec.project = m_folder;
            spec.name = run.name;
            spec.experiment = run.experiment;
            spec.tags = run.tags;
            spec.graceMs = 5'000;
            spec.command = {kPython, "train.py"};
            spec.command.insert(spec.command.end(), run.arguments.begin(), run.arguments.end());
            RUNGLASS_ASSIGN(const auto id, launch::launch(spec));
            waiting.push_back(id);
            if (run.stopEarly) {
                RUNGLASS_ASSIGN(const bool going, waitForPoints(m_folder, id, m_stop));
                if (going) {
                    RUNGLASS_TRY(launch::requestStop(m_folder, id));
                }
            }
        }
        // The files must not change under a script that is still reading them.
        while (!waiting.empty()) {
            RUNGLASS_TRY(finishFirst(waiting));
        }
        return checkStop();
    }

    Result<void> finishFirst(std::deque<RunId>& waiting) {
        RUNGLASS_TRY(checkStop());
        const auto id = waiting.front();
        waiting.pop_front();
        const auto outcome = launch::waitForEnd(m_folder, id);
        return outcome ? Result<void>() : outcome.error();
    }

    const fs::path& m_folder;
    const DemoProgress& m_progress;
    std::stop_token m_stop;
    std::vector<PlannedStage> m_plan;
    std::vector<git::ObjectId> m_commits;  ///< by stage; null where it has none
    std::map<std::string, git::ObjectId> m_earlierCommits;
    std::set<std::string> m_earlierRuns;
    FileMap m_written;
    int m_step = 0;
    int m_steps = 0;
};

}  // namespace

Result<void> makeDemo(const fs::path& folder, const DemoProgress& progress, std::stop_token stop) {
    const store::Layout layout(folder);
    const auto mark = layout.root() / kFinishedMark;
    std::error_code failed;
    if (fs::exists(mark, failed)) {
        return {};
    }
    const bool interrupted = fs::exists(layout.root() / kStartedMark, failed);
    if (!interrupted && fs::exists(folder, failed) &&
        !(fs::is_directory(folder, failed) && fs::is_empty(folder, failed))) {
        const auto name = toValidUtf8(folder.native());
        if (fs::is_directory(folder, failed)) {
            return Error{ErrorCode::Exists,
                         tr("{} is not empty. The demo needs a new or empty folder; name another one.", name),
                         {}};
        }
        return Error{ErrorCode::Exists, tr("{} is not a folder. Name another place for the demo.", name), {}};
    }
    fs::create_directories(folder, failed);
    if (failed) {
        return errorFromErrno(failed.value(), tr("The demo project cannot be made."), folder);
    }
    RUNGLASS_TRY(DemoMaker(folder, progress, std::move(stop)).make());
    return writeFileAtomically(mark, {});
}

}  // namespace runglass::demo
