// SPDX-License-Identifier: GPL-3.0-or-later
#include "record_codec.h"
#include "runglass/store/catalog_change.h"

namespace runglass::store {

namespace {

/// Tells them from a change of a run (run_change_codec.cpp), which begins with the number of its version.
constexpr std::uint8_t kKind = 16;

}  // namespace

template <typename Codec, Codes<Experiment> T>
void members(Codec& codec, T& value) {
    codec.integer(value.id);
    codec.text(value.name);
    codec.text(value.artifactLocation);
    codec.integer(value.createdMs);
    codec.integer(value.updatedMs);
    codec.list(value.tags);
}

template <typename Codec, Codes<LoggedModel> T>
void members(Codec& codec, T& value) {
    codec.text(value.id);
    codec.integer(value.experiment);
    codec.text(value.name);
    codec.integer(value.createdMs);
    codec.integer(value.updatedMs);
    codec.choice(value.status, LoggedModelStatus::UploadFailed);
    codec.text(value.type);
    codec.text(value.sourceRun);
    codec.list(value.params);
    codec.list(value.tags);
}

template <typename Codec, Codes<RegisteredModel> T>
void members(Codec& codec, T& value) {
    codec.text(value.name);
    codec.integer(value.createdMs);
    codec.integer(value.updatedMs);
    codec.text(value.description);
    codec.list(value.tags);
}

template <typename Codec, Codes<ModelVersion> T>
void members(Codec& codec, T& value) {
    codec.text(value.model);
    codec.integer(value.version);
    codec.integer(value.createdMs);
    codec.integer(value.updatedMs);
    codec.text(value.description);
    codec.text(value.user);
    codec.text(value.stage);
    codec.text(value.source);
    codec.text(value.location);
    codec.text(value.run);
    codec.text(value.runLink);
    codec.text(value.loggedModel);
    codec.list(value.tags);
}

template <typename Codec, Codes<CatalogEdit> T>
void members(Codec& codec, T& value) {
    codec.choice(value.what, CatalogEdit::What::FilesGone);
    codec.text(value.of);
    codec.integer(value.number);
    codec.text(value.key);
    codec.text(value.value);
    codec.list(value.pairs);
    codec.flag(value.flag);
    codec.integer(value.timeMs);
}

template <typename Codec, Codes<MeasuredModel> T>
void members(Codec& codec, T& value) {
    codec.text(value.model);
    codec.text(value.metric.key);
    codec.integer(value.metric.point.step);
    codec.integer(value.metric.point.timeMs);
    codec.real(value.metric.point.value);
    codec.text(value.metric.run);
    codec.text(value.metric.dataset);
    codec.text(value.metric.digest);
}

namespace {

/// One of the alternatives, told by its place among them.
template <std::size_t I = 0>
bool emplace(CatalogChange& change, std::size_t index) {
    if constexpr (I < std::variant_size_v<CatalogChange>) {
        if (index != I) {
            return emplace<I + 1>(change, index);
        }
        change.emplace<I>();
        return true;
    } else {
        return false;
    }
}

}  // namespace

template <Codes<CatalogChange> T>
void members(RecordWriter& codec, T& change) {
    codec.index(change.index());
    std::visit([&](const auto& value) { codePart(codec, value); }, change);
}

inline void members(RecordReader& codec, CatalogChange& change) {
    std::size_t index = 0;
    codec.index(index);
    if (!emplace(change, index)) {
        codec.fail();
        return;
    }
    std::visit([&](auto& value) { codePart(codec, value); }, change);
}

Bytes encodeCatalogChanges(const CatalogChanges& changes) {
    Bytes bytes{kKind};
    RecordWriter writer(bytes);
    writer.list(changes);
    return bytes;
}

std::optional<CatalogChanges> decodeCatalogChanges(ByteView bytes) {
    if (bytes.empty() || bytes.front() != kKind) {
        return std::nullopt;
    }
    CatalogChanges changes;
    RecordReader reader(bytes.subspan(1));
    reader.list(changes);
    return reader.isWhole() ? std::optional(std::move(changes)) : std::nullopt;
}

}  // namespace runglass::store
