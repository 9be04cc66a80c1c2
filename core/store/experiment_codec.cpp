// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/experiments.h"

namespace runglass::store {

namespace {

/// Tells it from a change of a run (run_change_codec.cpp), which begins with another number.
constexpr std::uint8_t kKind = 2;

}  // namespace

Bytes encodeExperiment(const Experiment& experiment) {
    Bytes bytes{kKind};
    ByteWriter out(bytes);
    out.signedInt(experiment.id);
    out.text(experiment.name);
    out.text(experiment.artifactLocation);
    out.signedInt(experiment.createdMs);
    out.unsignedInt(experiment.tags.size());
    for (const auto& [key, value] : experiment.tags) {
        out.text(key);
        out.text(value);
    }
    return bytes;
}

std::optional<Experiment> decodeExperiment(ByteView bytes) {
    if (bytes.empty() || bytes.front() != kKind) {
        return std::nullopt;
    }
    ByteReader in(bytes.subspan(1));
    Experiment experiment;
    experiment.id = in.signedInt();
    experiment.name = in.text();
    experiment.artifactLocation = in.text();
    experiment.createdMs = experiment.updatedMs = in.signedInt();
    const auto count = in.count(2);
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        auto& [key, value] = experiment.tags.emplace_back();
        key = in.text();
        value = in.text();
    }
    return in.ok() && in.atEnd() && experiment.id > 0 ? std::optional(std::move(experiment)) : std::nullopt;
}

}  // namespace runglass::store
