// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"

namespace runglass::store {

/// `file:///a/b` and `/a/b`; empty for what is no folder of this machine.
std::filesystem::path localPath(std::string_view uri);

/// The folder into which a tracking client writes the artifacts of a run by itself:
/// `LOCATION/RUN_ID/artifacts`, where the run's experiment was made with a location on this machine
/// (Experiment::artifactLocation). Empty when there is none, or when it is not there.
///
/// Whoever may call the endpoint can name any folder, `/etc` and a colleague's among them, and ask for what
/// lies in it. So nothing is read but below a folder that somebody has made for this very run, by an id that
/// the endpoint gave: neither that nor its `artifacts` may be a link, and both must belong to the user that
/// this process runs as. Permission when they do not.
Result<std::filesystem::path> clientFolder(std::string_view location, const RunId& run);

}  // namespace runglass::store
