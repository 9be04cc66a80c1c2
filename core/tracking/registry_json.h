// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "fields.h"
#include "json_out.h"
#include "runglass/base/result.h"
#include "runglass/store/model_registry.h"

namespace runglass::tracking {

/// Members of `registered_model`; `versions` are all of the model's.
void writeRegisteredModel(JsonOut& out, const store::RegisteredModel& model,
                          const std::vector<store::ModelVersion>& versions);
/// Members of `model_version`.
void writeModelVersion(JsonOut& out, const store::ModelVersion& version);
/// The newest of each stage.
std::vector<store::ModelVersion> latestOfStages(const std::vector<store::ModelVersion>& versions);

/// `None`, `Staging`, `Production`, `Archived` in any case.
Result<std::string_view> stageFrom(std::string_view text);
/// A name of a registered model: no `/` and no `:`.
Result<std::string_view> checkedModelName(const Fields& fields, std::string_view parameter);
Result<std::int64_t> versionNumberOf(const Fields& fields);
Error noSuchRegisteredModel(std::string_view name);

}  // namespace runglass::tracking
