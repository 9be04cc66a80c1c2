// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runglass/launch/script_endpoint.h"

namespace runglass::cli {

/// The tracking endpoint of one run, for its script alone: on a free port of loopback, behind a token that
/// only the command's environment has. A MLFLOW_TRACKING_URI of the person's own stays, and the run says so,
/// unless it is the address of the project's standing endpoint: there the script's run would be another one.
std::unique_ptr<launch::ScriptEndpoint> makeRunEndpoint(const std::filesystem::path& project,
                                                        const RunId& run);

}  // namespace runglass::cli
