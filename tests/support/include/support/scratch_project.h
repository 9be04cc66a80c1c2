// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runglass/store/database.h"
#include "runglass/store/run_writer.h"
#include "support/test.h"

namespace runglass::test {

/// What a run of a scratch project is made of. For tests that link core_store.
struct ScratchRun {
    std::string name;
    std::string commit;
    std::vector<std::pair<std::string, double>> metrics;
    model::RunStatus status = model::RunStatus::Finished;
    bool dirty = false;
    std::function<void(model::RunDetail&)> more = {};  ///< fills in the rest
};

/// A folder with a real git repository and a real run database, made by the git program and by core/store.
class ScratchProject {
public:
    /// `repository` false: a folder without git.
    explicit ScratchProject(bool repository = true) {
        if (repository) {
            git(m_folder.path(), {"init", "-q", "-b", "main"});
        }
    }
    [[nodiscard]] const std::filesystem::path& path() const { return m_folder.path(); }
    void write(std::string_view name, std::string_view content) const { m_folder.write(name, content); }
    std::string run(const std::vector<std::string>& arguments) const {
        return git(m_folder.path(), arguments);
    }

    /// Writes `name` and commits everything; returns the full hash. `day` is the day of November 2026.
    std::string commit(std::string_view name, std::string_view content, const std::string& message,
                       int day = 1, const std::string& author = "Ada Test") const {
        write(name, content);
        run({"add", "-A"});
        const std::string date =
            "2026-11-" + std::string(day < 10 ? "0" : "") + std::to_string(day) + "T12:00:00+00:00";
        runProcess(
            {"env", "GIT_COMMITTER_DATE=" + date, "git", "-c", "user.name=" + author, "-c",
             "user.email=ada@example.org", "commit", "-q", "--allow-empty", "--date=" + date, "-m", message},
            m_folder.path());
        return head();
    }
    [[nodiscard]] std::string head() const {
        std::string hash = run({"rev-parse", "HEAD"});
        hash.resize(40);
        return hash;
    }

    /// Stores runs in one transaction; returns their ids.
    std::vector<RunId> addRuns(const std::vector<ScratchRun>& runs) const {
        auto database = store::Database::open(m_folder.path(), store::OpenMode::ReadWrite);
        if (!database.ok()) {
            QTest::qFail(describe(database.error()).c_str(), __FILE__, __LINE__);
            return {};
        }
        store::RunWriter writer(*database);
        std::vector<RunId> ids;
        const auto done = writer.transaction([&]() -> Result<void> {
            for (const auto& run : runs) {
                RUNGLASS_ASSIGN(const auto id, addRun(writer, run));
                ids.push_back(id);
            }
            return {};
        });
        if (!done.ok()) {
            QTest::qFail(describe(done.error()).c_str(), __FILE__, __LINE__);
        }
        return ids;
    }

private:
    static Result<RunId> addRun(store::RunWriter& writer, const ScratchRun& run) {
        model::RunDetail detail;
        detail.record.id = RunId::generate();
        detail.record.name = run.name;
        detail.record.experiment = Symbol("default");
        detail.record.source = Symbol("runglass");
        detail.record.status = model::RunStatus::Scheduled;
        detail.record.startTimeMs = 1'763'400'000'000;
        detail.record.git.commit = run.commit;
        detail.record.git.branch = "main";
        detail.record.git.dirty = run.dirty;
        detail.record.git.snapshot = run.commit;
        if (run.more) {
            run.more(detail);
        }
        detail.record.sortKeys();
        RUNGLASS_ASSIGN([[maybe_unused]] const auto number, writer.createRun(detail));
        std::vector<store::MetricPoint> points;
        for (const auto& [key, value] : run.metrics) {
            points.push_back({key, {0, 1'763'400'000'000, value}});
        }
        RUNGLASS_TRY(writer.appendPoints(detail.record.id, points));
        if (model::isTerminal(run.status)) {
            store::RunEnd end;
            end.status = run.status;
            end.timeMs = 1'763'400'060'000;
            RUNGLASS_TRY(writer.endRun(detail.record.id, end));
        }
        return detail.record.id;
    }

    TempFolder m_folder;
};

}  // namespace runglass::test
