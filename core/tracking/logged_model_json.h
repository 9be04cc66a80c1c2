// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "json_out.h"
#include "protocol_error.h"
#include "read_session.h"
#include "runglass/store/logged_models.h"

namespace runglass::tracking {

/// `LOGGED_MODEL_READY` …
std::string_view statusName(store::LoggedModelStatus status);
/// Where a client is to put the files of a model, and under which path they lie here.
Result<std::string> artifactUri(ReadSession& session, const store::LoggedModel& model);
std::string artifactPath(const store::LoggedModel& model);
/// `info` and `data`.
Result<void> writeModel(JsonOut& out, ReadSession& session, const store::LoggedModel& model);

/// NotFound in the words of the protocol.
template <typename T>
Result<T> found(Result<T> result, std::string_view id) {
    if (!result.ok() && result.error().code == ErrorCode::NotFound) {
        return noSuchThing(fmt::format("Logged model with ID '{}' not found.", id.substr(0, 200)));
    }
    return result;
}

}  // namespace runglass::tracking
