// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "runglass/model/run_detail.h"

namespace runglass::launch {

/// What stands in the run database in place of a secret.
inline constexpr std::string_view kWithheldValue = "(withheld)";

/// Replaces secrets among the command line, params and configuration files of a run that is about to be
/// stored, and says so in its problems. Names are judged more strictly than those of environment variables,
/// because `--max-tokens` and
/// `--sort-key` are ordinary flags.
void withholdSecrets(model::RunDetail& detail);

}  // namespace runglass::launch
