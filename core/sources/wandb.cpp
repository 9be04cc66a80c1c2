// SPDX-License-Identifier: GPL-3.0-or-later
// A run of Weights & Biases, offline or synced: `wandb/(offline-)run-<time>-<id>/` with the transaction log
// `run-<id>.wandb`, which is the truth, and `files/`, which are copies of parts of it.
#include <algorithm>

#include "artifact_list.h"
#include "level_log_run.h"
#include "registered.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/git/repository.h"
#include "wandb_files.h"
#include "wandb_run.h"

namespace runglass::sources {
namespace {

constexpr std::uint64_t kMaxConsole = 32U << 20U;

/// `run-20230529_231014-q1b0a7un` and `offline-run-…` → `q1b0a7un`
std::string idFromFolder(const std::filesystem::path& folder) {
    const auto name = folder.filename().native();
    const auto dash = name.rfind('-');
    return dash == std::string::npos ? name : name.substr(dash + 1);
}

class WandbReader : public Reader {
public:
    explicit WandbReader(std::filesystem::path folder)
        : m_folder(std::move(folder))
        , m_log(levelLogIn(m_folder, ".wandb", "run-" + idFromFolder(m_folder) + ".wandb"), kWandbHeader) {}

    Result<std::vector<SharedPart>> read(std::stop_token stop) override;
    [[nodiscard]] std::vector<FileStamp> stamps() const override { return m_stamps; }
    Result<model::RunDetail> detail(std::string_view key) override;
    Result<model::Series> series(std::string_view key, std::string_view metric, std::size_t from,
                                 std::stop_token stop) override;
    Result<std::string> console(std::string_view key) override;

private:
    [[nodiscard]] Result<std::vector<ArtifactFolder>> artifactFolders(std::string_view /*key*/) override {
        return std::vector{ArtifactFolder{m_folder / "files", {}}};
    }
    [[nodiscard]] std::vector<FileStamp> stampsNow() const;
    [[nodiscard]] std::vector<Damage> damage() const;
    [[nodiscard]] SharedPart partOf(WandbRun run) const;

    std::filesystem::path m_folder;
    LevelLogRun<WandbRun> m_log;
    std::vector<FileStamp> m_stamps;
    SharedPart m_part;
};

std::vector<FileStamp> WandbReader::stampsNow() const {
    std::vector<FileStamp> stamps{FileStamp::of(m_log.path())};
    for (const char* name : {"config.yaml", "wandb-summary.json", "wandb-metadata.json"}) {
        stamps.push_back(FileStamp::of(m_folder / "files" / name));
    }
    return stamps;
}

Result<std::vector<SharedPart>> WandbReader::read(std::stop_token stop) {
    auto stamps = stampsNow();
    if (m_part && stamps == m_stamps) {
        return std::vector{m_part};
    }
    RUNGLASS_TRY(m_log.readOn(stop));
    m_stamps = std::move(stamps);
    m_part = partOf(m_log.run());
    return std::vector{m_part};
}

std::vector<Damage> WandbReader::damage() const {
    auto damage = m_log.damage(tr("This is not a W&B log."));
    if (!m_log.exists()) {
        damage.assign(1, {m_log.path(), 0, 1, tr("The run's log is missing; only its summary is known.")});
    }
    return damage;
}

SharedPart WandbReader::partOf(WandbRun run) const {
    auto part = std::make_shared<Part>();
    part->rank = Rank::Tracker;
    part->folder = m_folder;
    part->ownsFolder = true;
    part->damage = damage();
    const auto inFiles = fillFromFiles(m_folder / "files", run);
    part->damage.insert(part->damage.end(), inFiles.begin(), inFiles.end());
    auto& record = part->record;
    const auto id = run.id.empty() ? toValidUtf8(idFromFolder(m_folder)) : run.id;
    // Of the same run in every folder in which it was resumed; ids are unique within a project.
    part->id = RunId::derive(std::string("wandb") + '\0' + run.entity + '\0' + run.project + '\0' + id);
    record.name = run.displayName.empty() ? id : run.displayName;
    record.experiment = Symbol(run.project);
    record.startTimeMs = run.startTimeMs;
    record.git.commit = run.gitCommit;
    record.git.remote = git::withoutCredentials(run.gitRemote);
    record.hasNote = !run.notes.empty();
    // W&B writes a last record at the end of every run that it sees end.
    part->tellsStatus = run.exitCode.has_value();
    record.status = !run.exitCode        ? model::RunStatus::Lost
                    : *run.exitCode == 0 ? model::RunStatus::Finished
                                         : model::RunStatus::Failed;
    record.exitCode = run.exitCode;
    if (run.lastTimeMs > 0) {
        record.endTimeMs = run.lastTimeMs;
    }
    for (const auto& [key, value] : run.config) {
        record.params.push_back({Symbol(key), Symbol(value)});
    }
    const std::pair<const char*, const std::string*> fields[] = {{"wandb.id", &id},
                                                                 {"wandb.entity", &run.entity},
                                                                 {"wandb.group", &run.group},
                                                                 {"wandb.job_type", &run.jobType},
                                                                 {"wandb.sweep", &run.sweep}};
    for (const auto& [key, value] : fields) {
        if (!value->empty()) {
            record.tags.push_back({Symbol(key), Symbol(*value)});
        }
    }
    for (const auto& tag : run.tags) {
        record.tags.push_back({Symbol(tag), Symbol()});
    }
    for (const auto& [key, summary] : run.metrics()) {
        record.metrics.push_back({Symbol(key), summary, Symbol(run.stepMetricOf(key))});
    }
    for (const auto& [key, value] : run.summary) {  // what was set without ever being logged
        if (!key.starts_with('_') && !run.metrics().contains(key)) {
            model::MetricSummary summary;
            summary.add({std::max<std::int64_t>(run.lastStep, 0), run.lastTimeMs, value});
            record.metrics.push_back({Symbol(key), summary});
        }
    }
    record.sortKeys();
    return part;
}

Result<model::RunDetail> WandbReader::detail(std::string_view /*key*/) {
    WandbRun run;
    RUNGLASS_TRY(m_log.readAll(run, {}));
    model::RunDetail detail;
    const auto files = m_folder / "files";
    detail.record = partOf(run)->record;
    fillFromFiles(files, run);
    detail.command = run.command;
    detail.workingDirectory = run.workingDirectory;
    detail.note = run.notes;
    detail.datasets = run.datasets;
    model::Environment environment;
    environment.pythonExecutable = run.executable;
    environment.pythonVersion = run.python;
    environment.packages = wandbPackages(files);
    environment.hardware.hostName = run.host;
    environment.hardware.operatingSystem = run.operatingSystem;
    environment.hardware.cpuCount = run.cpuCount;
    constexpr int kMostGpus = 64;
    environment.hardware.gpus.assign(
        run.gpuType.empty() ? 0 : static_cast<std::size_t>(std::clamp(run.gpuCount, 1, kMostGpus)),
        run.gpuType);
    detail.environment = std::move(environment);
    listArtifacts(*artifactFolders({}), detail.artifacts);
    return detail;
}

Result<model::Series> WandbReader::series(std::string_view /*key*/, std::string_view metric, std::size_t from,
                                          std::stop_token stop) {
    RUNGLASS_ASSIGN(const auto all, m_log.series(metric, stop));
    if (const auto found = all->find(std::string(metric)); found != all->end()) {
        return restOf(found->second, from);
    }
    WandbRun run;
    RUNGLASS_TRY(m_log.readAll(run, stop));
    fillFromFiles(m_folder / "files", run);
    const auto value = run.summary.find(metric);
    if (value == run.summary.end()) {
        return Error{ErrorCode::NotFound, tr("The run has no metric {}.", toValidUtf8(metric)), {}};
    }
    model::Series single;
    if (from == 0) {
        single.push({std::max<std::int64_t>(run.lastStep, 0), run.lastTimeMs, value->second});
    }
    return single;
}

Result<std::string> WandbReader::console(std::string_view /*key*/) {
    std::string console;
    WandbRun run;
    run.wantConsole(&console);
    RUNGLASS_TRY(m_log.readAll(run, {}));
    if (console.empty()) {
        return readFile(m_folder / "files" / "output.log", kMaxConsole).valueOr({});
    }
    return console;
}

class WandbFormat : public Format {
public:
    [[nodiscard]] std::string_view name() const override { return "wandb"; }

    void recognise(const Folder& folder, Findings& findings) const override {
        const bool hasLog = hasLevelLog(folder, ".wandb");
        const auto name = folder.path.filename().native();
        const bool byName = name.starts_with("run-") || name.starts_with("offline-run-");
        const bool inWandb = folder.path.parent_path().filename() == "wandb";
        if (hasLog || (byName && inWandb && folder.hasFolder("files"))) {
            findings.origins.push_back(folder.path);
            findings.closed.insert(findings.closed.end(), {"logs", "tmp"});
        }
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        return std::make_unique<WandbReader>(origin);
    }
};

}  // namespace

std::unique_ptr<const Format> makeWandb() {
    return std::make_unique<WandbFormat>();
}

}  // namespace runglass::sources
