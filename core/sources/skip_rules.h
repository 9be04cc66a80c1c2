// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "runglass/sources/folder.h"

namespace runglass::sources {

/// Whether a folder of this name holds no runs whatever lies beside it: version control, environments, caches
/// and object stores.
bool isNeverEntered(std::string_view name);

/// Whether what lies in `folder` marks it as one of those: an environment (`pyvenv.cfg`), a cache
/// (`CACHEDIR.TAG`), a bare repository, an array store. Its own files may still be shown to the formats.
bool isMarkedAsClosed(const Folder& folder);

/// The one thing in an environment that is worth entering: Guild keeps its runs there.
inline constexpr std::string_view kEnteredInEnvironments = ".guild";

/// A file that macOS puts beside others on foreign file systems: it has the name of a run's file and none of
/// its content. Opens the file when its name begins with `._`.
bool isAppleDouble(const Folder& folder, const Entry& entry);

}  // namespace runglass::sources
