// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "runglass/base/result.h"

namespace runglass::ui {

/// Whether a folder can be opened as a project; if not, one message that names it and says what to do.
Result<void> checkProjectFolder(const std::filesystem::path& folder);

}  // namespace runglass::ui
