// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_entry.h"

#include <thread>
#include <utility>

#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/git/snapshot.h"
#include "runglass/launch/capture.h"
#include "runglass/store/patience.h"
#include "runglass/store/run_writer.h"

namespace runglass::launch {

namespace {

constexpr std::size_t kMostNamed = 5;  ///< of the files that are not in the snapshot
/// Other writers of Runglass take milliseconds; somebody else's VACUUM is not waited for.
constexpr std::int64_t kPatienceMs = 100;

void addSnapshot(const Result<git::Snapshot>& taken, model::RunDetail& detail) {
    if (!taken.ok()) {
        const bool noRepository = taken.error().code == ErrorCode::NotFound;
        detail.problems.push_back(
            noRepository ? tr("No snapshot: the project is not in a git repository.")
                         : tr("No snapshot of the source could be taken. {}", taken.error().message));
        return;
    }
    auto& git = detail.record.git;
    git.commit = taken->head.commit ? taken->head.commit->hex() : std::string();
    git.branch = toValidUtf8(taken->head.branch);
    git.snapshot = taken->commit.isNull() ? std::string() : taken->commit.hex();
    git.remote = toValidUtf8(taken->remote);
    git.dirty = taken->dirty;
    for (const auto& file : taken->leftOut) {
        if (detail.leftOut.size() < kMostNamed) {
            detail.problems.push_back(
                tr("Not in the snapshot: {}, which {}.", toValidUtf8(file.path), file.reason));
        }
        detail.leftOut.push_back({toValidUtf8(file.path), file.size});
    }
    if (detail.leftOut.size() > kMostNamed) {
        detail.problems.push_back(
            tr("Not in the snapshot: {} more files.", detail.leftOut.size() - kMostNamed));
    }
}

Result<void> create(Result<store::Database>& database, const model::RunDetail& detail) {
    if (!database.ok()) {
        return database.error();
    }
    if (!database->report().writable) {
        return Error{ErrorCode::ReadOnly, database->report().whyNotWritable, {}};
    }
    const auto created = store::RunWriter(*database).createRun(detail);
    return created.ok() ? Result<void>() : created.error();
}

}  // namespace

Result<std::optional<store::Database>> createRunEntry(const RunFolder& folder, const LaunchSpec& spec,
                                                      model::RunStatus status,
                                                      std::optional<std::int64_t> startTimeMs) {
    const store::Patience patience(kPatienceMs);
    // The snapshot reads the work tree and the capture reads packages: side by side they take as long as the
    // longer of the two. Opening the database fits in, too.
    std::optional<Result<git::Snapshot>> snapshot;
    std::thread snapshotThread;
    if (spec.takeSnapshot) {
        snapshotThread = std::thread([&] {
            snapshot =
                git::takeSnapshot(spec.project, folder.id(), {.maxUntrackedBytes = spec.maxUntrackedBytes});
        });
    }
    auto detail = captureRun(spec);
    auto database = store::Database::open(spec.project, store::OpenMode::ReadWrite);
    if (snapshotThread.joinable()) {
        snapshotThread.join();
    }
    detail.record.id = folder.id();
    detail.record.status = status;
    detail.record.startTimeMs = startTimeMs;
    if (snapshot) {
        addSnapshot(*snapshot, detail);
    }
    RUNGLASS_TRY(writeGivenParams(folder, detail.record.params));
    const auto created = create(database, detail);
    if (created.ok()) {
        return std::optional(std::move(database).value());
    }
    if (created.error().code != ErrorCode::Busy) {
        return created.error();
    }
    RUNGLASS_TRY(writeEntry(folder, detail));
    return std::optional<store::Database>();
}

}  // namespace runglass::launch
