// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "http_message.h"
#include "runglass/base/result.h"

namespace runglass::tracking {

// The codes of the protocol are those of Error: Invalid is INVALID_PARAMETER_VALUE, NotFound is
// RESOURCE_DOES_NOT_EXIST, Exists is RESOURCE_ALREADY_EXISTS … What a client did wrong must never become a
// 5xx: clients repeat those for minutes.

/// The answer for a failure: `{"error_code": …, "message": …}`.
Response errorResponse(const Error& error);
/// The same with a code that Error has no word for.
Response errorResponse(int status, std::string_view code, std::string_view message);

Error invalid(std::string message);
Error missingParameter(std::string_view name);
Error invalidValue(std::string_view value, std::string_view name, std::string_view why);
Error noSuchThing(std::string message);

}  // namespace runglass::tracking
