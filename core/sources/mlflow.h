// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include "runglass/sources/format.h"

namespace runglass::sources {

// MLflow keeps runs in a folder (`mlruns/`) or in a database (`mlflow.db`).

/// Whether a folder is a store of files: one of experiments.
bool isMlflowStore(const Folder& folder);

void findMlflowStore(const Folder& folder, Findings& findings);
std::unique_ptr<Reader> openMlflowStore(const std::filesystem::path& store);

void findMlflowDatabases(const Folder& folder, Findings& findings);
std::unique_ptr<Reader> openMlflowDatabase(const std::filesystem::path& file);

}  // namespace runglass::sources
