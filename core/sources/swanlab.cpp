// SPDX-License-Identifier: GPL-3.0-or-later
// A run folder of SwanLab, `swanlog/run-<time>-<id>/` with the log `run-<id>.swanlab`: framed like W&B's.
#include <algorithm>
#include <unordered_map>

#include "artifact_list.h"
#include "iso_time.h"
#include "level_log_run.h"
#include "registered.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/config/flatten.h"
#include "wire.h"

namespace runglass::sources {
namespace {

constexpr std::uint64_t kMaxConfigBytes = 16U << 20U;
constexpr std::size_t kMaxConsole = std::size_t{32} << 20U;

/// A time as text, or as Timestamp{seconds=1, nanos=2}.
std::int64_t timeOf(ByteView message) {
    const std::string_view text(reinterpret_cast<const char*>(message.data()), message.size());
    if (const auto time = parseIsoTime(text)) {
        return *time;
    }
    std::uint64_t seconds = 0;
    std::uint64_t nanos = 0;
    for (Wire fields(message); fields.next();) {
        if (fields.key() == Wire::varintKey(1)) {
            seconds = fields.varint();
        } else if (fields.key() == Wire::varintKey(2)) {
            nanos = fields.varint();
        } else {
            fields.skip();
        }
    }
    constexpr std::uint64_t kLatest = 1'000'000'000'000;
    return seconds < kLatest && nanos < 1'000'000'000
               ? static_cast<std::int64_t>(seconds * 1000 + nanos / 1'000'000)
               : 0;
}

class SwanlabRun {
public:
    void collect(SeriesSink* sink) { m_sink = sink; }
    void wantConsole(std::string* console) { m_console = console; }

    /// False when the record is malformed.
    bool add(ByteView record) {
        Wire fields(record);
        bool ok = true;
        while (fields.next()) {
            switch (fields.key()) {
                case Wire::bytesKey(10):
                    ok = addStart(fields.bytes()) && ok;
                    break;
                case Wire::bytesKey(11):
                    ok = addFinish(fields.bytes()) && ok;
                    break;
                case Wire::bytesKey(13):
                    ok = addScalar(fields.bytes()) && ok;
                    break;
                case Wire::bytesKey(16):
                    ok = addLog(fields.bytes()) && ok;
                    break;
                default:
                    fields.skip();
            }
        }
        return ok && fields.ok();
    }

    std::string project;
    std::string name;
    std::string description;
    std::string group;
    std::string jobType;
    std::string id;
    std::vector<std::string> tags;
    std::string error;
    std::optional<std::int64_t> startMs;
    std::int64_t lastMs = 0;
    std::optional<model::RunStatus> end;
    std::unordered_map<std::string, model::MetricSummary> metrics;

private:
    bool addStart(ByteView message) {
        Wire fields(message);
        while (fields.next()) {
            switch (fields.key()) {
                case Wire::bytesKey(1):
                    project = toValidUtf8(fields.text());
                    break;
                case Wire::bytesKey(4):
                    name = toValidUtf8(fields.text());
                    break;
                case Wire::bytesKey(5):
                    description = toValidUtf8(fields.text());
                    break;
                case Wire::bytesKey(6):
                    tags.push_back(toValidUtf8(fields.text()));
                    break;
                case Wire::bytesKey(7):
                    group = toValidUtf8(fields.text());
                    break;
                case Wire::bytesKey(8):
                    jobType = toValidUtf8(fields.text());
                    break;
                case Wire::bytesKey(10):
                    id = toValidUtf8(fields.text());
                    break;
                case Wire::bytesKey(12):
                    startMs = timeOf(fields.bytes());
                    break;
                default:
                    fields.skip();
            }
        }
        return fields.ok();
    }

    /// state=1 (0 running, 1 finished, 2 crashed, 3 aborted), error=2, finished_at=3
    bool addFinish(ByteView message) {
        std::uint64_t state = 0;
        Wire fields(message);
        while (fields.next()) {
            switch (fields.key()) {
                case Wire::varintKey(1):
                    state = fields.varint();
                    break;
                case Wire::bytesKey(2):
                    error = toValidUtf8(fields.text());
                    break;
                case Wire::bytesKey(3):
                    lastMs = std::max(lastMs, timeOf(fields.bytes()));
                    break;
                default:
                    fields.skip();
            }
        }
        using model::RunStatus;
        end = state == 1   ? std::optional(RunStatus::Finished)
              : state == 2 ? std::optional(RunStatus::Failed)
              : state == 3 ? std::optional(RunStatus::Killed)
                           : std::nullopt;
        return fields.ok();
    }

    /// key=1, step=2, timestamp=4, value=5{number=1}
    bool addScalar(ByteView message) {
        std::string key;
        model::Point point;
        bool hasValue = false;
        Wire fields(message);
        while (fields.next()) {
            switch (fields.key()) {
                case Wire::bytesKey(1):
                    key = toValidUtf8(fields.text());
                    break;
                case Wire::varintKey(2):
                    point.step = static_cast<std::int64_t>(fields.varint());
                    break;
                case Wire::bytesKey(4):
                    point.timeMs = timeOf(fields.bytes());
                    break;
                case Wire::bytesKey(5):
                    hasValue = true;  // zero is not written
                    for (Wire value(fields.bytes()); value.next();) {
                        if (value.key() == Wire::fixed64Key(1)) {
                            point.value = value.real64();
                        } else {
                            value.skip();
                        }
                    }
                    break;
                default:
                    fields.skip();
            }
        }
        if (!fields.ok() || key.empty() || !hasValue) {
            return fields.ok();
        }
        lastMs = std::max(lastMs, point.timeMs);
        metrics[key].add(point);
        if (m_sink != nullptr) {
            m_sink->push(key, point);
        }
        return true;
    }

    bool addLog(ByteView message) {
        Wire fields(message);
        while (fields.next()) {
            if (fields.key() == Wire::bytesKey(1) && m_console != nullptr &&
                m_console->size() < kMaxConsole) {
                *m_console += fields.text();
                *m_console += m_console->ends_with('\n') ? "" : "\n";
            } else {
                fields.skip();
            }
        }
        return fields.ok();
    }

    SeriesSink* m_sink = nullptr;
    std::string* m_console = nullptr;
};

class SwanlabReader : public Reader {
public:
    explicit SwanlabReader(std::filesystem::path folder)
        : m_folder(std::move(folder))
        , m_log(levelLogIn(m_folder, ".swanlab", "run.swanlab"), kSwanlabHeader) {}

    Result<std::vector<SharedPart>> read(std::stop_token stop) override;
    [[nodiscard]] std::vector<FileStamp> stamps() const override { return m_stamps; }
    Result<model::RunDetail> detail(std::string_view key) override;
    Result<model::Series> series(std::string_view key, std::string_view metric, std::size_t from,
                                 std::stop_token stop) override;
    Result<std::string> console(std::string_view key) override;

private:
    [[nodiscard]] Result<std::vector<ArtifactFolder>> artifactFolders(std::string_view /*key*/) override {
        return std::vector{ArtifactFolder{m_folder / "files", {}},
                           ArtifactFolder{m_folder / "media", "media/"}};
    }
    [[nodiscard]] SharedPart partOf(const SwanlabRun& run) const;
    void addParams(Part& part) const;

    std::filesystem::path m_folder;
    LevelLogRun<SwanlabRun> m_log;
    std::vector<FileStamp> m_stamps;
    SharedPart m_part;
};

Result<std::vector<SharedPart>> SwanlabReader::read(std::stop_token stop) {
    std::vector<FileStamp> stamps{FileStamp::of(m_log.path()),
                                  FileStamp::of(m_folder / "files" / "config.yaml")};
    if (m_part && stamps == m_stamps) {
        return std::vector{m_part};
    }
    RUNGLASS_TRY(m_log.readOn(stop));
    m_stamps = std::move(stamps);
    m_part = partOf(m_log.run());
    return std::vector{m_part};
}

/// `key: {value: …, desc: …, sort: …}`
void SwanlabReader::addParams(Part& part) const {
    const auto path = m_folder / "files" / "config.yaml";
    const auto content = readFile(path, kMaxConfigBytes);
    if (!content.ok() && content.error().code == ErrorCode::NotFound) {
        return;
    }
    const auto values =
        content.ok() ? config::flattenYaml(*content) : Result<std::vector<model::Variable>>(content.error());
    if (!values.ok()) {
        part.damage.push_back({path, 0, 1, values.error().message});
        return;
    }
    for (const auto& [key, value] : *values) {
        const auto dot = key.find(".value");
        const auto rest = dot == std::string::npos ? std::string() : key.substr(dot + 6);
        if (dot != std::string::npos && (rest.empty() || rest.front() == '.')) {
            part.record.params.push_back(
                {Symbol(toValidUtf8(key.substr(0, dot) + rest)), Symbol(toValidUtf8(value))});
        }
    }
}

SharedPart SwanlabReader::partOf(const SwanlabRun& run) const {
    auto part = std::make_shared<Part>();
    part->rank = Rank::Tracker;
    part->folder = m_folder;
    part->ownsFolder = true;
    part->damage = m_log.damage(tr("This is not a SwanLab log."));
    auto& record = part->record;
    record.name = run.name.empty() ? run.id : run.name;
    record.experiment = Symbol(run.project);
    record.startTimeMs = run.startMs;
    if (run.lastMs > 0) {
        record.endTimeMs = run.lastMs;
    }
    record.hasNote = !run.description.empty();
    part->tellsStatus = run.end.has_value();
    record.status = run.end.value_or(model::RunStatus::Lost);
    addParams(*part);
    for (const auto& [key, value] : {std::pair("swanlab.id", &run.id),
                                     {"swanlab.group", &run.group},
                                     {"swanlab.job_type", &run.jobType}}) {
        if (!value->empty()) {
            record.tags.push_back({Symbol(key), Symbol(*value)});
        }
    }
    for (const auto& tag : run.tags) {
        record.tags.push_back({Symbol(tag), Symbol()});
    }
    for (const auto& [key, summary] : run.metrics) {
        record.metrics.push_back({Symbol(key), summary});
    }
    record.sortKeys();
    return part;
}

Result<model::RunDetail> SwanlabReader::detail(std::string_view /*key*/) {
    SwanlabRun run;
    RUNGLASS_TRY(m_log.readAll(run, {}));
    model::RunDetail detail;
    detail.record = partOf(run)->record;
    detail.note = run.description;
    if (!run.error.empty()) {
        detail.problems.push_back(run.error);
    }
    listArtifacts(*artifactFolders({}), detail.artifacts);
    return detail;
}

Result<model::Series> SwanlabReader::series(std::string_view /*key*/, std::string_view metric,
                                            std::size_t from, std::stop_token stop) {
    RUNGLASS_ASSIGN(const auto all, m_log.series(metric, stop));
    const auto found = all->find(std::string(metric));
    if (found == all->end()) {
        return Error{ErrorCode::NotFound, tr("The run has no metric {}.", toValidUtf8(metric)), {}};
    }
    return restOf(found->second, from);
}

Result<std::string> SwanlabReader::console(std::string_view /*key*/) {
    std::string console;
    SwanlabRun run;
    run.wantConsole(&console);
    RUNGLASS_TRY(m_log.readAll(run, {}));
    return console;
}

class SwanlabFormat : public Format {
public:
    [[nodiscard]] std::string_view name() const override { return "swanlab"; }

    void recognise(const Folder& folder, Findings& findings) const override {
        if (hasLevelLog(folder, ".swanlab")) {
            findings.origins.push_back(folder.path);
        }
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        return std::make_unique<SwanlabReader>(origin);
    }
};

}  // namespace

std::unique_ptr<const Format> makeSwanlab() {
    return std::make_unique<SwanlabFormat>();
}

}  // namespace runglass::sources
