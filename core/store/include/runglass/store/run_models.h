// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runglass/base/result.h"
#include "runglass/model/logged_model.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// The models that a run made or read, and what is registered of them and of its files. Deleted ones are left
/// out. NotFound when there is no such run. The files are among the artifacts of RunReader::detail.
[[nodiscard]] Result<model::RunModels> readRunModels(Database& database, const RunId& id);

}  // namespace runglass::store
