// SPDX-License-Identifier: GPL-3.0-or-later
// A run folder of Sacred's FileStorageObserver: run.json, config.json, metrics.json, cout.txt. Each file is
// written anew as a whole, so that a look may find half of one: what was last read whole stays until then.
#include <algorithm>

#include "artifact_list.h"
#include "decoded_series.h"
#include "iso_time.h"
#include "json_reader.h"
#include "registered.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/git/repository.h"
#include "sacred_metrics.h"
#include "stand_in.h"

namespace runglass::sources {
namespace {

constexpr std::uint64_t kMaxJsonBytes = 256U << 20U;
constexpr std::uint64_t kMaxConsole = 32U << 20U;
constexpr const char* kOwnFiles[] = {"run.json", "config.json", "metrics.json", "cout.txt", "info.json"};

/// What run.json tells.
struct SacredRun {
    std::string experiment;
    std::string status;
    std::string command;
    std::string comment;
    std::string mainFile;
    std::string baseFolder;
    std::string result;
    std::string failTrace;
    std::string gitUrl;
    std::string gitCommit;
    bool gitDirty = false;
    std::optional<std::int64_t> startMs;
    std::optional<std::int64_t> stopMs;
    std::optional<std::int64_t> heartbeatMs;
    model::Environment environment;
    std::vector<model::Dataset> resources;
};

void readRepositories(JsonReader json, SacredRun& run) {
    for (json.enterArray(); json.nextItem();) {
        if (!run.gitCommit.empty()) {
            break;
        }
        std::string key;
        forEachJsonLeaf(json, key, [&](std::string_view name, const JsonLeaf& leaf) {
            if (name == "url") {
                run.gitUrl = toValidUtf8(leaf.text);
            } else if (name == "commit") {
                run.gitCommit = toValidUtf8(leaf.text);
            } else if (name == "dirty") {
                run.gitDirty = leaf.text == "true";
            }
        });
    }
}

void readPackages(JsonReader json, model::Environment& environment) {
    for (json.enterArray(); json.nextItem();) {
        const auto text = toValidUtf8(json.string().value_or(""));
        if (const auto equals = text.find("=="); equals != std::string::npos) {
            environment.packages.push_back({text.substr(0, equals), text.substr(equals + 2)});
        }
    }
}

/// [[path, stored name], …]
void readResources(JsonReader json, SacredRun& run) {
    for (json.enterArray(); json.nextItem();) {
        JsonReader pair(json.skip());
        model::Dataset dataset;
        if (pair.enterArray() && pair.nextItem()) {
            dataset.location = toValidUtf8(pair.string().value_or(""));
            dataset.name = std::filesystem::path(dataset.location).filename().native();
            run.resources.push_back(std::move(dataset));
        }
    }
}

void readFailTrace(JsonReader json, SacredRun& run) {
    for (json.enterArray(); json.nextItem();) {
        run.failTrace += toValidUtf8(json.string().value_or(""));
    }
}

void readField(std::string_view key, const JsonLeaf& leaf, SacredRun& run) {
    const auto text = toValidUtf8(leaf.text);
    const bool isList = leaf.kind == JsonKind::Array;
    if (key == "experiment.name") {
        run.experiment = text;
    } else if (key == "experiment.mainfile") {
        run.mainFile = text;
    } else if (key == "experiment.base_dir") {
        run.baseFolder = text;
    } else if (key == "experiment.dependencies" && isList) {
        readPackages(JsonReader(leaf.text), run.environment);
    } else if (key == "experiment.repositories" && isList) {
        readRepositories(JsonReader(leaf.text), run);
    } else if (key == "resources" && isList) {
        readResources(JsonReader(leaf.text), run);
    } else if (key == "fail_trace" && isList) {
        readFailTrace(JsonReader(leaf.text), run);
    } else if (key == "status") {
        run.status = text;
    } else if (key == "command") {
        run.command = text;
    } else if (key == "meta.comment") {
        run.comment = text;
    } else if (key == "result" && leaf.kind != JsonKind::Null) {
        run.result = text;
    } else if (key == "start_time") {
        run.startMs = parseIsoTime(text);
    } else if (key == "stop_time") {
        run.stopMs = parseIsoTime(text);
    } else if (key == "heartbeat") {
        run.heartbeatMs = parseIsoTime(text);
    } else if (key == "host.hostname") {
        run.environment.hardware.hostName = text;
    } else if (key == "host.python_version") {
        run.environment.pythonVersion = text;
    } else if (key == "host.cpu") {
        run.environment.hardware.cpuModel = text;
    } else if (key == "host.os" && isList) {
        JsonReader names(leaf.text);
        for (names.enterArray(); names.nextItem();) {
            auto& system = run.environment.hardware.operatingSystem;
            system += (system.empty() ? "" : " ") + toValidUtf8(names.string().value_or(""));
        }
    }
}

std::optional<SacredRun> readRun(std::string_view content) {
    SacredRun run;
    JsonReader json(content);
    std::string key;
    if (json.peek() != JsonKind::Object ||
        !forEachJsonLeaf(json, key,
                         [&](std::string_view name, const JsonLeaf& leaf) { readField(name, leaf, run); })) {
        return std::nullopt;
    }
    return run;
}

class SacredReader : public Reader {
public:
    explicit SacredReader(std::filesystem::path folder)
        : m_folder(std::move(folder)) {}

    Result<std::vector<SharedPart>> read(std::stop_token stop) override;
    [[nodiscard]] std::vector<FileStamp> stamps() const override { return m_stamps; }
    Result<model::RunDetail> detail(std::string_view key) override;
    Result<model::Series> series(std::string_view key, std::string_view metric, std::size_t from,
                                 std::stop_token stop) override;
    Result<std::string> console(std::string_view /*key*/) override {
        return readFile(m_folder / "cout.txt", kMaxConsole).valueOr({});
    }

private:
    [[nodiscard]] Result<std::vector<ArtifactFolder>> artifactFolders(std::string_view /*key*/) override {
        return std::vector{ArtifactFolder{m_folder, {}}};
    }
    [[nodiscard]] std::vector<FileStamp> stampsNow() const;
    void fill(const SacredRun& run, Part& part) const;
    /// False where the file is there and is no JSON, or only half of it.
    bool readConfig(Part& part) const;
    bool readMetrics(Part& part) const;

    std::filesystem::path m_folder;
    std::vector<FileStamp> m_stamps;
    SharedPart m_part;
};

std::vector<FileStamp> SacredReader::stampsNow() const {
    std::vector<FileStamp> stamps;
    for (const char* name : {"run.json", "config.json", "metrics.json"}) {
        stamps.push_back(FileStamp::of(m_folder / name));
    }
    return stamps;
}

void SacredReader::fill(const SacredRun& run, Part& part) const {
    using model::RunStatus;
    auto& record = part.record;
    record.experiment = Symbol(run.experiment);
    record.startTimeMs = run.startMs;
    record.endTimeMs = run.stopMs ? run.stopMs : run.heartbeatMs;
    record.git.commit = run.gitCommit;
    record.git.remote = git::withoutCredentials(run.gitUrl);
    record.git.dirty = run.gitDirty;
    record.hasNote = !run.comment.empty();
    record.status = run.status == "COMPLETED"                                ? RunStatus::Finished
                    : run.status == "QUEUED"                                 ? RunStatus::Scheduled
                    : run.status == "INTERRUPTED" || run.status == "TIMEOUT" ? RunStatus::Killed
                    : run.status == "RUNNING" || run.status.empty()          ? RunStatus::Lost
                                                                             : RunStatus::Failed;
    // A run that was killed says RUNNING for ever; one that lives renews its heartbeat every ten seconds.
    part.tellsStatus = record.status != RunStatus::Lost;
    for (const auto& [key, value] : {std::pair("sacred.command", &run.command),
                                     {"sacred.result", &run.result},
                                     {"sacred.status", &run.status}}) {
        if (!value->empty()) {
            record.tags.push_back({Symbol(key), Symbol(*value)});
        }
    }
}

bool SacredReader::readConfig(Part& part) const {
    const auto content = readFile(m_folder / "config.json", kMaxJsonBytes);
    if (!content.ok()) {
        return content.error().code == ErrorCode::NotFound;
    }
    JsonReader json(*content);
    std::string key;
    return json.peek() == JsonKind::Object &&
           forEachJsonLeaf(json, key, [&](std::string_view name, const JsonLeaf& leaf) {
               if (leaf.kind == JsonKind::Nothing) {
                   part.damage.push_back({m_folder / "config.json", json.offset() - leaf.text.size(), 1,
                                          tr("The value of {} is not JSON.", toValidUtf8(name))});
               } else if (!name.starts_with("__")) {
                   part.record.params.push_back({Symbol(toValidUtf8(name)), Symbol(toValidUtf8(leaf.text))});
               }
           });
}

bool SacredReader::readMetrics(Part& part) const {
    const auto path = m_folder / "metrics.json";
    const auto content = readFile(path, kMaxJsonBytes);
    if (!content.ok()) {
        return content.error().code == ErrorCode::NotFound;
    }
    std::vector<SacredSeries> all;
    const bool whole = readSacredMetrics(*content, all);
    for (const auto& series : all) {
        if (series.leftOut > 0) {
            part.damage.push_back(
                {path, 0, series.leftOut,
                 tr("A value or step of {} is not a number: point {}.", series.name, series.firstLeftOut)});
        }
        if (series.withoutStep > 0) {
            part.damage.push_back(
                {path, 0, 0,
                 tr("{} has more values than steps. Values without a step are numbered: {}.", series.name,
                    series.withoutStep)});
        }
        if (series.points.empty()) {
            continue;
        }
        model::MetricSummary summary;
        for (std::size_t i = 0; i < series.points.size(); ++i) {
            summary.add(series.points.at(i));
        }
        part.record.metrics.push_back({Symbol(series.name), summary});
    }
    return whole;
}

Result<std::vector<SharedPart>> SacredReader::read(std::stop_token stop) {
    auto stamps = stampsNow();
    if (m_part && stamps == m_stamps) {
        return std::vector{m_part};
    }
    const auto path = m_folder / "run.json";
    RUNGLASS_ASSIGN(const auto content, readFile(path, kMaxJsonBytes));
    auto part = std::make_shared<Part>();
    part->rank = Rank::Tracker;
    part->folder = m_folder;
    part->ownsFolder = true;
    const auto run = readRun(content);
    fill(run.value_or(SacredRun()), *part);
    const bool whole = run.has_value();
    const bool config = readConfig(*part);
    const bool metrics = readMetrics(*part);
    if (stop.stop_requested()) {
        return Error{ErrorCode::Cancelled, tr("Cancelled."), {}};
    }
    if (m_part && !(whole && config && metrics)) {
        return std::vector{m_part};  // m_stamps still differ, so that it is read again
    }
    for (const auto& [name, good] :
         {std::pair("run.json", whole), {"config.json", config}, {"metrics.json", metrics}}) {
        if (!good) {
            const auto file = m_folder / name;
            const auto head = readFile(file, kMaxJsonBytes).valueOr({});
            part->damage.push_back(
                {file, placeOfMistake(head), 1,
                 standInFor(file, head).value_or(tr("This is not JSON, or only the beginning of it."))});
        }
    }
    part->record.sortKeys();
    m_stamps = std::move(stamps);
    m_part = std::move(part);
    return std::vector{m_part};
}

Result<model::RunDetail> SacredReader::detail(std::string_view /*key*/) {
    RUNGLASS_ASSIGN(const auto parts, SacredReader(m_folder).read({}));
    model::RunDetail detail;
    detail.record = parts.front()->record;
    const auto content = readFile(m_folder / "run.json", kMaxJsonBytes);
    auto run = content.ok() ? readRun(*content).value_or(SacredRun()) : SacredRun();
    if (!run.mainFile.empty()) {
        detail.command = {run.mainFile, run.command};
    }
    detail.workingDirectory = run.baseFolder;
    detail.environment = std::move(run.environment);
    detail.datasets = std::move(run.resources);
    detail.note = run.comment;
    if (!run.failTrace.empty()) {
        detail.problems.push_back(run.failTrace);
    }
    listArtifacts(*artifactFolders({}), detail.artifacts);
    std::erase_if(detail.artifacts, [](const model::Artifact& artifact) {
        return std::find(std::begin(kOwnFiles), std::end(kOwnFiles), artifact.path) != std::end(kOwnFiles);
    });
    return detail;
}

Result<model::Series> SacredReader::series(std::string_view /*key*/, std::string_view metric,
                                           std::size_t from, std::stop_token /*stop*/) {
    const auto file = m_folder / "metrics.json";
    const auto stamp = FileStamp::of(file);
    auto all = DecodedSeries::shared().find(stamp);
    if (!all) {
        RUNGLASS_ASSIGN(const auto content, readFile(file, kMaxJsonBytes));
        std::vector<SacredSeries> decoded;
        readSacredMetrics(content, decoded);
        SeriesSink sink{std::string(metric)};
        for (const auto& series : decoded) {
            for (std::size_t i = 0; i < series.points.size(); ++i) {
                sink.push(series.name, series.points.at(i));
            }
        }
        all = DecodedSeries::shared().keep(stamp, std::move(sink));
    }
    const auto found = all->find(std::string(metric));
    if (found == all->end()) {
        return Error{ErrorCode::NotFound, tr("The run has no metric {}.", toValidUtf8(metric)), {}};
    }
    return restOf(found->second, from);
}

class SacredFormat : public Format {
public:
    [[nodiscard]] std::string_view name() const override { return "sacred"; }

    void recognise(const Folder& folder, Findings& findings) const override {
        if (folder.hasFile("run.json") &&
            (folder.hasFile("config.json") || folder.hasFile("cout.txt") || folder.hasFile("metrics.json"))) {
            findings.origins.push_back(folder.path);
        }
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        return std::make_unique<SacredReader>(origin);
    }
};

}  // namespace

std::unique_ptr<const Format> makeSacred() {
    return std::make_unique<SacredFormat>();
}

}  // namespace runglass::sources
