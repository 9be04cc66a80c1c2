// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/kept_run.h"

#include <utility>

#include "record_codec.h"
#include "runglass/store/run_reader.h"

namespace runglass::store {

namespace {

/// Tells it from a change of a run and from one of the catalog (run_change_codec.cpp, catalog_codec.cpp).
constexpr std::uint8_t kKind = 32;
constexpr std::size_t kUsualBytes = 4096;

template <typename Codec, typename T>
void codeRecord(Codec& codec, T& record) {
    codec.id(record.id);
    codec.text(record.name);
    codePart(codec, record.experiment);
    codePart(codec, record.source);
    codePart(codec, record.status);
    codec.maybe(record.startTimeMs);
    codePart(codec, record.git);
    codec.maybe(record.parent);
    codec.list(record.params);
    codec.list(record.tags);
}

template <typename Codec, typename T>
void codeDetail(Codec& codec, T& detail) {
    codeRecord(codec, detail.record);
    codec.list(detail.command);
    codec.text(detail.workingDirectory);
    codec.maybe(detail.environment);
    codec.list(detail.configFiles);
    codec.list(detail.datasets);
    codec.list(detail.leftOut);
    codec.text(detail.note);
    codec.list(detail.problems);
}

}  // namespace

template <typename Codec, Codes<model::KeyValue> T>
void members(Codec& codec, T& value) {
    codePart(codec, value.key);
    codePart(codec, value.value);
}

template <typename Codec, Codes<model::Package> T>
void members(Codec& codec, T& value) {
    codec.text(value.name);
    codec.text(value.version);
}

template <typename Codec, Codes<model::Hardware> T>
void members(Codec& codec, T& value) {
    codec.text(value.hostName);
    codec.text(value.operatingSystem);
    codec.text(value.cpuModel);
    codePart(codec, value.cpuCount);
    codec.integer(value.memoryBytes);
    codec.list(value.gpus);
    codec.text(value.gpuDriver);
}

template <typename Codec, Codes<model::Environment> T>
void members(Codec& codec, T& value) {
    codec.text(value.pythonExecutable);
    codec.text(value.pythonVersion);
    codec.text(value.virtualEnvironment);
    codec.list(value.packages);
    codec.list(value.variables);
    codec.list(value.withheld);
    codePart(codec, value.hardware);
}

template <typename Codec, Codes<model::ConfigFile> T>
void members(Codec& codec, T& value) {
    codec.text(value.path);
    codec.text(value.sha256);
    codec.text(value.content);
}

template <typename Codec, Codes<model::LeftOutFile> T>
void members(Codec& codec, T& value) {
    codec.text(value.path);
    codec.integer(value.size);
}

Bytes encodeRun(const model::RunDetail& detail) {
    Bytes bytes;
    bytes.reserve(kUsualBytes);
    bytes.push_back(kKind);
    RecordWriter writer(bytes);
    codeDetail(writer, detail);
    return bytes;
}

std::optional<model::RunDetail> decodeRun(ByteView bytes) {
    if (bytes.empty() || bytes.front() != kKind) {
        return std::nullopt;
    }
    model::RunDetail detail;
    RecordReader reader(bytes.subspan(1));
    codeDetail(reader, detail);
    if (!reader.isWhole() || detail.record.id.isNull()) {
        return std::nullopt;
    }
    detail.record.hasNote = !detail.note.empty();
    detail.record.sortKeys();
    return detail;
}

Result<void> makeKeptRun(RunWriter& writer, Database& database, const model::RunDetail& detail) {
    return writer.transaction([&]() -> Result<void> {
        RUNGLASS_ASSIGN(const bool isThere, RunReader(database).contains(detail.record.id));
        if (isThere) {
            return {};
        }
        const auto created = writer.createRun(detail);
        return created.ok() ? Result<void>() : created.error();
    });
}

}  // namespace runglass::store
