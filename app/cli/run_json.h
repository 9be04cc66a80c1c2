// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "json_writer.h"
#include "runglass/model/logged_model.h"
#include "runglass/model/run_detail.h"

// The JSON of runs as DESIGN §8 fixes it; the man page documents it.
namespace runglass::cli {

/// One object of `runs`: the record without what belongs to the machine (system metrics).
void writeRun(JsonWriter& json, const model::RunRecord& run);
/// The members of one object of its artifacts, as `artifacts` lists them, too.
void writeArtifact(JsonWriter& json, const model::Artifact& artifact);
/// The object of `show`: the same members and the details.
void writeRunDetail(JsonWriter& json, const model::RunDetail& detail, const model::RunModels& models);

}  // namespace runglass::cli
