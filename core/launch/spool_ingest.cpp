// SPDX-License-Identifier: GPL-3.0-or-later
#include "spool_ingest.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "runglass/base/clock.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/model/experiment_name.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"

namespace runglass::launch {

namespace {

constexpr std::size_t kReadBytes = 256U << 10U;
constexpr std::size_t kMaxRows = 500;  // a transaction (PLATFORM 3b: more makes other writers wait)
constexpr std::int64_t kBadLinesTold = 3;
constexpr const char* kSpoolName = "spool.jsonl";

/// Whether it is the line that the run database does not want, rather than the database that is in trouble.
bool isFaultOfLine(const Error& error) {
    return error.code == ErrorCode::Invalid || error.code == ErrorCode::TooLarge;
}

std::size_t rowsOf(const SpoolRecord& record) {
    return std::max<std::size_t>(1, record.metrics.size() + record.params.size() + record.tags.size());
}

}  // namespace

SpoolIngest::SpoolIngest(std::filesystem::path spool, const RunId& run, Options options)
    : m_path(std::move(spool))
    , m_run(run)
    , m_options(std::move(options)) {}

Result<void> SpoolIngest::takeIn(RunSink& sink) {
    RUNGLASS_TRY(begin(sink.database()));
    for (;;) {
        RUNGLASS_TRY(takeLines(sink, false));
        RUNGLASS_ASSIGN(const bool more, readMore());
        if (!more) {
            return {};
        }
    }
}

Result<void> SpoolIngest::finish(RunSink& sink) {
    RUNGLASS_TRY(takeIn(sink));
    RUNGLASS_TRY(takeLines(sink, true));
    if (m_progress.badLines > kBadLinesTold) {
        RUNGLASS_TRY(
            sink.addProblem(m_run, tr("{} lines of the spool could not be read.", m_progress.badLines)));
        m_progress.badLines = 0;
    }
    return {};
}

/// Of a run that is still kept aside nothing has been taken in.
Result<void> SpoolIngest::readProgress(store::Database& database) {
    const auto offset = store::RunWriter(database).spoolOffset(m_run, kSpoolName);
    if (!offset.ok()) {
        return offset.error().code == ErrorCode::NotFound ? Result<void>() : offset.error();
    }
    m_progress.offset = *offset;
    if (m_progress.offset > 0) {
        RUNGLASS_ASSIGN(const auto detail, store::RunReader(database).detail(m_run));
        for (const auto& metric : detail.record.metrics) {
            m_progress.nextStep[metric.key.str()] = metric.summary.lastStep + 1;
        }
    }
    return {};
}

Result<void> SpoolIngest::begin(store::Database& database) {
    if (!m_begun) {
        m_given = readGivenParams(m_path.parent_path());
        RUNGLASS_TRY(readProgress(database));
        m_begun = true;
    }
    if (!m_file.valid()) {
        m_file.reset(::open(m_path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        if (!m_file.valid() && errno != ENOENT) {
            return errorFromErrno(errno, tr("The spool of the run cannot be read."), m_path);
        }
    }
    return {};
}

Result<bool> SpoolIngest::readMore() {
    if (!m_file.valid()) {
        return false;
    }
    const std::size_t before = m_pending.size();
    m_pending.resize(before + kReadBytes);
    const ssize_t count = ::pread(m_file.get(), m_pending.data() + before, kReadBytes,
                                  m_progress.offset + static_cast<std::int64_t>(before));
    m_pending.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0) {
        return errorFromErrno(errno, tr("The spool of the run cannot be read."), m_path);
    }
    return count > 0;
}

SpoolIngest::Line SpoolIngest::cutLine(std::string_view rest, bool atEnd) {
    Line line;
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos && !atEnd && rest.size() <= kMaxSpoolLine) {
        return line;  // half-written: waited for
    }
    line.bytes = end == std::string_view::npos ? rest.size() : end + 1;
    const std::string_view text = trimmed(rest.substr(0, end));
    if (!m_progress.insideLongLine && !text.empty()) {
        line.record = m_parser.parse(text);
    }
    return line;
}

std::vector<SpoolIngest::Line> SpoolIngest::nextLines(bool atEnd, std::size_t most) {
    std::vector<Line> lines;
    std::string_view rest = m_pending;
    std::size_t rows = 0;
    while (!rest.empty() && rows < kMaxRows && lines.size() < most) {
        Line line = cutLine(rest, atEnd);
        if (line.bytes == 0) {
            break;
        }
        const bool unended = rest[line.bytes - 1] != '\n';
        const bool artifact = line.record && line.record->ok() && (*line.record)->artifact;
        if (artifact && !lines.empty()) {
            break;  // copying a file can take long, so it gets a transaction of its own
        }
        if (line.record && line.record->ok() && (*line.record)->dataset) {
            completeDataset(*(*line.record)->dataset);
        }
        rest.remove_prefix(line.bytes);
        rows += line.record && line.record->ok() ? rowsOf(**line.record) : 1;
        const bool isLast = unended || (line.record && line.record->ok() && endsChange(**line.record));
        lines.push_back(std::move(line));
        if (isLast) {
            break;
        }
    }
    return lines;
}

/// Whether what comes after the record cannot be said in one change with it.
bool SpoolIngest::endsChange(const SpoolRecord& record) const {
    const bool mayReplace = !record.params.empty() && !m_given.values.empty();
    return record.artifact || !record.removedTags.empty() || mayReplace;
}

Result<void> SpoolIngest::takeLines(RunSink& sink, bool atEnd) {
    std::size_t most = kMaxRows;
    for (;;) {
        const auto lines = nextLines(atEnd, most);
        if (lines.empty()) {
            return {};
        }
        auto committed = commit(sink, lines);
        if (!committed.ok()) {
            if (!isFaultOfLine(committed.error()) || lines.size() > 1) {
                if (isFaultOfLine(committed.error()) && most > 1) {
                    most = 1;  // finds the line
                    continue;
                }
                return committed;
            }
            Line refused;
            refused.bytes = lines.front().bytes;
            refused.record = Result<SpoolRecord>(committed.error());
            RUNGLASS_TRY(commit(sink, std::span(&refused, 1)));
        }
    }
}

Result<void> SpoolIngest::commit(RunSink& sink, std::span<const Line> lines) {
    const auto& first = lines.front().record;
    if (first && first->ok() && (*first)->artifact) {
        RUNGLASS_TRY(addArtifact(sink, *(*first)->artifact));
    }
    Progress next = m_progress;
    std::size_t bytes = 0;
    for (const auto& line : lines) {
        bytes += line.bytes;
    }
    next.offset += static_cast<std::int64_t>(bytes);
    next.insideLongLine = m_pending[bytes - 1] != '\n';
    RUNGLASS_ASSIGN(const auto kept, sink.write(changeOf(lines, next)));
    next.refusedParams.insert(kept.begin(), kept.end());
    m_progress = std::move(next);
    m_pending.erase(0, bytes);
    for (const auto& line : lines) {
        if (line.record && line.record->ok()) {
            m_end = (*line.record)->end ? (*line.record)->end : m_end;
            m_start = (*line.record)->start ? (*line.record)->start : m_start;
        }
    }
    return {};
}

/// Points into the lines.
store::RunChange SpoolIngest::changeOf(std::span<const Line> lines, Progress& progress) const {
    store::RunChange change;
    change.run = m_run;
    auto& told = change.supervised.emplace();
    told.spool = kSpoolName;
    told.offset = progress.offset;
    for (const auto& line : lines) {
        if (!line.record) {
            continue;
        }
        if (!line.record->ok()) {
            refuse(line.record->error().message, progress, told.problems);
            continue;
        }
        collectPoints(**line.record, progress, change.points);
        if (!(*line.record)->params.empty()) {
            collectParams((*line.record)->params, progress, change);
        }
        collectRest(**line.record, change);
    }
    return change;
}

void SpoolIngest::collectPoints(const SpoolRecord& record, Progress& progress,
                                std::vector<store::MetricPoint>& points) const {
    const std::int64_t timeMs = record.timeMs.value_or(0) != 0 ? *record.timeMs : nowMs();
    for (const auto& metric : record.metrics) {
        auto& next = progress.nextStep[metric.key];
        const std::int64_t step = record.step.value_or(next);
        // Unsigned, because the largest step has no next one.
        next = static_cast<std::int64_t>(static_cast<std::uint64_t>(step) + 1U);
        points.push_back({metric.key, {step, timeMs, metric.value}});
    }
}

void SpoolIngest::collectRest(const SpoolRecord& record, store::RunChange& change) {
    change.tags.insert(change.tags.end(), record.tags.begin(), record.tags.end());
    change.removedTags.insert(change.removedTags.end(), record.removedTags.begin(), record.removedTags.end());
    auto& told = *change.supervised;
    if (record.name) {
        change.name = record.name;
    }
    if (record.note) {
        change.note = record.note;
    }
    if (record.experiment) {
        told.experiment = model::experimentName(*record.experiment);
    }
    if (record.dataset) {
        told.datasets.push_back(*record.dataset);
    }
}

void SpoolIngest::collectParams(const std::vector<model::Variable>& logged, Progress& progress,
                                store::RunChange& change) const {
    auto params = m_given.storable(logged);
    // What was refused once has been said.
    std::erase_if(params, [&](const auto& param) { return progress.refusedParams.contains(param.first); });
    const auto replaceable = m_given.replaceableBy(params, progress.saidParams);
    for (const auto& [key, value] : replaceable) {
        progress.saidParams.insert(key);
    }
    change.params.insert(change.params.end(), params.begin(), params.end());
    change.replaceable.insert(change.replaceable.end(), replaceable.begin(), replaceable.end());
}

void SpoolIngest::refuse(const std::string& reason, Progress& progress, std::vector<std::string>& problems) {
    ++progress.badLines;
    if (progress.badLines <= kBadLinesTold) {
        problems.push_back(tr("A line of the spool was left out. {}", reason));
    }
}

Result<SpoolRecord> firstSpoolRecord(const RunFolder& folder) {
    const FileDescriptor file(::open(folder.spool().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    std::string line(kMaxSpoolLine, '\0');
    const ssize_t count = file.valid() ? ::pread(file.get(), line.data(), line.size(), 0) : 0;
    line.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (line.find('\n') == std::string::npos) {
        return SpoolRecord{};
    }
    auto record = SpoolParser().parse(line.substr(0, line.find('\n')));
    return record.ok() ? record : SpoolRecord{};
}

}  // namespace runglass::launch
