// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/run_change.h"

#include "record_codec.h"

namespace runglass::store {

namespace {

/// A log is read by the program that is installed when its endpoint has died, perhaps a newer one.
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kVersionWithReplaceable = 2;
constexpr std::uint8_t kVersionWithRemovals = 3;
constexpr std::uint8_t kVersionOfSupervisors = 4;

template <typename Codec, typename Change>
void changeMembers(Codec& codec, Change& change, std::uint8_t version) {
    codec.id(change.run);
    codec.flag(change.isNew);
    codec.integer(change.timeMs);
    codec.maybe(change.experiment);
    codec.maybe(change.name);
    codec.maybe(change.user);
    codec.maybe(change.note);
    codec.maybe(change.parent);
    codec.maybe(change.startMs);
    codec.maybe(change.git);
    codec.list(change.command);
    codec.maybe(change.status);
    codec.maybe(change.endMs);
    codec.list(change.params);
    codec.list(change.tags);
    codec.list(change.listedInTags);
    codec.list(change.removedTags);
    codec.list(change.inputs);
    codec.list(change.modelInputs);
    codec.list(change.modelOutputs);
    codec.list(change.artifacts);
    codec.list(change.points);
    codec.list(change.ofModels);
    if (version >= kVersionWithReplaceable) {
        codec.list(change.replaceable);
    }
    if (version >= kVersionWithRemovals) {
        codec.maybe(change.deleted);
        codec.list(change.removedFiles);
    }
    if (version >= kVersionOfSupervisors) {
        codec.maybe(change.supervised);
    }
}

std::uint8_t versionFor(const RunChange& change) {
    if (change.supervised) {
        return kVersionOfSupervisors;
    }
    if (change.deleted || !change.removedFiles.empty()) {
        return kVersionWithRemovals;
    }
    return change.replaceable.empty() ? kVersion : kVersionWithReplaceable;
}

}  // namespace

template <typename Codec, Codes<RunInput> T>
void members(Codec& codec, T& value) {
    codec.text(value.dataset.name);
    codec.text(value.dataset.digest);
    codec.text(value.dataset.sourceType);
    codec.text(value.dataset.source);
    codec.text(value.dataset.schema);
    codec.text(value.dataset.profile);
    codec.list(value.tags);
}

template <typename Codec, Codes<RunModel> T>
void members(Codec& codec, T& value) {
    codec.text(value.model);
    codec.integer(value.step);
}

template <typename Codec, Codes<RunEnd> T>
void members(Codec& codec, T& value) {
    codePart(codec, value.status);
    codec.maybe(value.exitCode);
    codec.maybe(value.signal);
    codec.integer(value.timeMs);
    codec.maybe(value.userSeconds);
    codec.maybe(value.systemSeconds);
    codec.maybe(value.peakMemoryBytes);
}

template <typename Codec, Codes<SupervisedChange> T>
void members(Codec& codec, T& value) {
    codec.text(value.spool);
    codec.integer(value.offset);
    codec.maybe(value.experiment);
    codec.list(value.datasets);
    codec.list(value.problems);
    codec.maybe(value.end);
}

template <typename Codec, Codes<MetricPoint> T>
void members(Codec& codec, T& value) {
    codec.text(value.key);
    codec.integer(value.point.step);
    codec.integer(value.point.timeMs);
    codec.real(value.point.value);
}

template <typename Codec, Codes<PointOfModel> T>
void members(Codec& codec, T& value) {
    codec.index(value.point);
    codec.text(value.model);
    codec.text(value.dataset);
    codec.text(value.digest);
}

Bytes encodeChange(const RunChange& change) {
    const auto version = versionFor(change);
    Bytes bytes{version};
    RecordWriter writer(bytes);
    changeMembers(writer, change, version);
    return bytes;
}

std::optional<RunChange> decodeChange(ByteView bytes) {
    if (bytes.empty() || bytes.front() < kVersion || bytes.front() > kVersionOfSupervisors) {
        return std::nullopt;
    }
    RunChange change;
    RecordReader reader(bytes.subspan(1));
    changeMembers(reader, change, bytes.front());
    const bool pointsExist = std::all_of(change.ofModels.begin(), change.ofModels.end(),
                                         [&](const auto& of) { return of.point < change.points.size(); });
    return reader.isWhole() && pointsExist ? std::optional(std::move(change)) : std::nullopt;
}

}  // namespace runglass::store
