// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

#include "runglass/base/result.h"
#include "runglass/model/logged_model.h"

namespace runglass::sources {

/// The models of one run of an MLflow store: those that it logged or read (MLflow 3), and the versions in the
/// store's registry that came of them or of the run. `store` is the folder or the database, `key` the run as
/// Part::key names it. What is deleted is left out.
Result<model::RunModels> mlflowModels(const std::filesystem::path& store, std::string_view key);

/// The two kinds of stores.
Result<model::RunModels> mlflowFolderModels(const std::filesystem::path& store, std::string_view key);
Result<model::RunModels> mlflowDatabaseModels(const std::filesystem::path& file, std::string_view key);

/// `None` is no stage, and versions of the stage `Deleted_Internal` are deleted.
inline constexpr std::string_view kNoStage = "None";
inline constexpr std::string_view kDeletedStage = "Deleted_Internal";
/// `m-…` of a source `models:/m-…`; empty for others.
std::string_view loggedModelOf(std::string_view source);

}  // namespace runglass::sources
