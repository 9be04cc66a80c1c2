// SPDX-License-Identifier: GPL-3.0-or-later
// The format: tensorflow/core/lib/io/record_writer.cc, tensorflow/core/util/event.proto,
// tensorflow/core/framework/summary.proto.
#include <algorithm>
#include <cmath>
#include <set>

#include "runglass/base/clock.h"
#include "runglass/base/crc32c.h"
#include "runglass/base/file.h"
#include "runglass/base/new_file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/exchange/export_run.h"

namespace runglass::exchange {
namespace {

namespace fs = std::filesystem;

/// Field numbers of the messages.
enum Event : std::uint32_t { WallTime = 1, Step = 2, FileVersion = 3, EventSummary = 5 };
enum Summary : std::uint32_t { SummaryValue = 1 };
enum Value : std::uint32_t { Tag = 1, SimpleValue = 2, ValueMetadata = 9 };
enum Metadata : std::uint32_t { PluginData = 1 };
enum Plugin : std::uint32_t { PluginName = 1, PluginContent = 2 };
enum Hparams : std::uint32_t { SessionStart = 3, SessionEnd = 4 };
enum Start : std::uint32_t { Params = 1, StartSeconds = 5 };
enum End : std::uint32_t { Status = 1, EndSeconds = 2 };
/// A map's entry, and google.protobuf.Value.
enum Entry : std::uint32_t { Key = 1, Mapped = 2 };
enum AnyValue : std::uint32_t { Number = 2, Text = 3, Truth = 4 };

class Message {
public:
    explicit Message(Bytes& out)
        : m_writer(out) {
        out.reserve(kUsualBytes);
    }
    void varint(std::uint32_t field, std::uint64_t value) {
        m_writer.unsignedInt(std::uint64_t{field} << 3U);
        m_writer.unsignedInt(value);
    }
    void real64(std::uint32_t field, double value) {
        m_writer.unsignedInt(std::uint64_t{field} << 3U | 1U);
        m_writer.real(value);
    }
    void real32(std::uint32_t field, float value) {
        m_writer.unsignedInt(std::uint64_t{field} << 3U | 5U);
        m_writer.raw({reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
    }
    void text(std::uint32_t field, std::string_view value) {
        m_writer.unsignedInt(std::uint64_t{field} << 3U | 2U);
        m_writer.text(value);
    }
    void message(std::uint32_t field, ByteView value) {
        text(field, {reinterpret_cast<const char*>(value.data()), value.size()});
    }

private:
    static constexpr std::size_t kUsualBytes = 64;
    ByteWriter m_writer;
};

std::uint32_t masked(ByteView bytes) {
    const auto crc = crc32c(bytes);
    return ((crc >> 15U) | (crc << 17U)) + 0xA282EAD8U;
}

/// Length, its checksum, the record, its checksum.
void appendRecord(Bytes& out, const Bytes& record) {
    const auto append = [&out](const auto& value) {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(&value);
        out.insert(out.end(), bytes, bytes + sizeof value);
    };
    const std::uint64_t length = record.size();
    append(length);
    append(masked({reinterpret_cast<const std::uint8_t*>(&length), sizeof length}));
    out.insert(out.end(), record.begin(), record.end());
    append(masked(record));
}

void appendPoint(Bytes& out, std::string_view key, const model::Point& point) {
    Bytes value;
    Message(value).text(Tag, key);
    Message(value).real32(SimpleValue, static_cast<float>(point.value));
    Bytes summary;
    Message(summary).message(SummaryValue, value);
    Bytes event;
    Message(event).real64(WallTime, static_cast<double>(point.timeMs) / 1e3);
    Message(event).varint(Step, static_cast<std::uint64_t>(point.step));
    Message(event).message(EventSummary, summary);
    appendRecord(out, event);
}

/// TensorBoard shows numbers as numbers, and can sort and filter by them.
Bytes anyValue(std::string_view text) {
    Bytes value;
    Message message(value);
    if (text == "true" || text == "True" || text == "false" || text == "False") {
        message.varint(Truth, text.front() == 't' || text.front() == 'T' ? 1 : 0);
    } else if (const auto number = parseDouble(text); number && std::isfinite(*number)) {
        message.real64(Number, *number);
    } else {
        message.text(Text, text);
    }
    return value;
}

/// A value without data, in whose metadata the hparams plugin keeps what it wants to know.
void appendHparams(Bytes& out, std::string_view tag, std::uint32_t field, const Bytes& content, double time) {
    Bytes data;
    Message(data).message(field, content);
    Bytes plugin;
    Message(plugin).text(PluginName, "hparams");
    Message(plugin).message(PluginContent, data);
    Bytes metadata;
    Message(metadata).message(PluginData, plugin);
    Bytes value;
    Message(value).text(Tag, tag);
    Message(value).message(ValueMetadata, metadata);
    Bytes summary;
    Message(summary).message(SummaryValue, value);
    Bytes event;
    Message(event).real64(WallTime, time);
    Message(event).message(EventSummary, summary);
    appendRecord(out, event);
}

/// As tensorboard/plugins/hparams/plugin_data.proto and summary.py have it: the dashboard finds the metrics
/// by itself, among the scalars of the run.
void appendSession(Bytes& out, const model::RunRecord& run, double time) {
    enum SessionStatus : std::uint64_t { Success = 1, Failure = 2 };
    Bytes start;
    for (const auto& param : run.params) {
        Bytes entry;
        Message(entry).text(Key, param.key.text());
        Message(entry).message(Mapped, anyValue(param.value.text()));
        Message(start).message(Params, entry);
    }
    Message(start).real64(StartSeconds, time);
    appendHparams(out, "_hparams_/session_start_info", SessionStart, start, time);
    if (!model::isTerminal(run.status)) {
        return;
    }
    const auto endTime = run.endTimeMs ? static_cast<double>(*run.endTimeMs) / 1e3 : time;
    Bytes end;
    Message(end).varint(End::Status, run.status == model::RunStatus::Finished ? Success : Failure);
    Message(end).real64(EndSeconds, endTime);
    appendHparams(out, "_hparams_/session_end_info", SessionEnd, end, endTime);
}

/// In Unix milliseconds, as well as it is known: TensorBoard shows 1970 where there is none.
std::int64_t startOf(const model::RunRecord& run) {
    return run.startTimeMs ? *run.startTimeMs : run.endTimeMs ? *run.endTimeMs : nowMs();
}

/// A folder's name that no file system minds and that no other run has.
std::string folderName(const model::RunRecord& run, std::set<std::string>& taken) {
    std::string name;
    for (const char c : run.name) {
        const auto byte = static_cast<unsigned char>(c);
        name += byte < 0x20 || std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos ? '_' : c;
    }
    name = name.empty() || name.front() == '.' ? run.id.shortHex() : name.substr(0, 120);
    return taken.insert(name).second ? name : name + "-" + run.id.shortHex();
}

using NamedSeries = std::vector<std::pair<Symbol, model::Series>>;

Result<void> writeOne(const model::RunRecord& run, const NamedSeries& series, const fs::path& file) {
    const auto startMs = startOf(run);
    const double start = static_cast<double>(startMs) / 1e3;
    Bytes out;
    Bytes version;
    Message(version).real64(WallTime, start);
    Message(version).text(FileVersion, "brain.Event:2");
    appendRecord(out, version);
    appendSession(out, run, start);
    RUNGLASS_ASSIGN(auto stream, NewFile::begin(file));
    const auto flush = [&] {
        const auto written = stream.write({reinterpret_cast<const char*>(out.data()), out.size()});
        out.clear();
        return written;
    };
    for (const auto& [key, points] : series) {
        for (std::size_t i = 0; i < points.size(); ++i) {
            auto point = points.at(i);
            point.timeMs = point.timeMs != 0 ? point.timeMs : startMs;
            appendPoint(out, key.text(), point);
        }
        RUNGLASS_TRY(flush());
    }
    RUNGLASS_TRY(flush());
    return stream.finish();
}

/// The points of a run, before anything of it is written.
Result<NamedSeries> readAll(sources::ProjectRuns& from, const model::RunRecord& run,
                            const std::stop_token& stop) {
    NamedSeries all;
    for (const auto& metric : run.metrics) {
        RUNGLASS_ASSIGN(auto points, from.series(run.id, metric.key.text(), 0, stop));
        all.emplace_back(metric.key, std::move(points));
    }
    return all;
}

}  // namespace

Result<std::vector<RunFailure>> writeEventFiles(sources::ProjectRuns& from, std::span<const RunId> runs,
                                                const fs::path& folder, std::stop_token stop) {
    std::vector<RunFailure> failures;
    std::set<std::string> taken;
    for (const RunId& id : runs) {
        const auto detail = from.detail(id);
        const auto points =
            detail ? readAll(from, detail->record, stop) : Result<NamedSeries>(detail.error());
        if (!points.ok() && points.error().code == ErrorCode::Cancelled) {
            return points.error();
        }
        if (!points.ok()) {
            failures.push_back({id, points.error()});
            continue;
        }
        const auto place = folder / folderName(detail->record, taken);
        std::error_code failure;
        fs::create_directories(place, failure);
        if (failure) {
            return errorFromErrno(failure.value(), tr("The export cannot be written."), place);
        }
        const auto seconds = startOf(detail->record) / 1000;
        RUNGLASS_TRY(writeOne(detail->record, *points,
                              place / ("events.out.tfevents." + std::to_string(seconds) + ".runglass")));
    }
    return failures;
}

}  // namespace runglass::exchange
