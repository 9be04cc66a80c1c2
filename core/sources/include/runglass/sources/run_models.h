// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/model/logged_model.h"

namespace runglass::sources {

class Catalogue;

/// The models that a run made or read, and what is registered of them, wherever the run lives: in the
/// project's run database, in MLflow stores beside it, or in both. Of a run that is in neither there are
/// none. `catalogue` may be null: the run database alone. Reads files: call it in a job.
Result<model::RunModels> readModels(const std::filesystem::path& project, const Catalogue* catalogue,
                                    const RunId& id);

}  // namespace runglass::sources
