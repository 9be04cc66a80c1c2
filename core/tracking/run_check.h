// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "read_session.h"
#include "runglass/base/result.h"
#include "runglass/store/run_change.h"

namespace runglass::tracking {

/// How an error tells of a param that is set to another value already.
enum class Wording {
    OfBatch,
    OfParameter,  ///< of a call that brings one
};

/// NotFound when there is no such run.
Result<void> existingRun(ReadSession& session, const RunId& id);
/// NotFound, or Invalid when the run is deleted: then nothing may change it.
Result<void> activeRun(ReadSession& session, const RunId& id);
/// The name of an experiment that is not deleted.
Result<std::string> experimentName(ReadSession& session, std::int64_t id);

/// Whether the protocol allows a change of what `session` sees: of the database alone, or of what lies aside
/// as well.
Result<void> checkChange(ReadSession& session, const store::RunChange& change, Wording wording);
/// Whether its artifacts have names that no folder or file is in the way of. To be asked where a change is
/// kept; the run database finds out itself when it is written.
Result<void> checkFiles(ReadSession& session, const store::RunChange& change);

}  // namespace runglass::tracking
