// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "json_writer.h"
#include "runglass/model/logged_model.h"

namespace runglass::cli {

/// The sections of `show` about models; nothing where there are none.
void printModels(const model::RunModels& models);
/// `models` and `model_versions` of the object of `show`.
void writeModels(JsonWriter& json, const model::RunModels& models);

}  // namespace runglass::cli
