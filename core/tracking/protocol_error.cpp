// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol_error.h"

#include <fmt/format.h>

#include "json_out.h"

namespace runglass::tracking {

namespace {

struct Code {
    int status;
    std::string_view name;
};

Code codeOf(ErrorCode code) {
    switch (code) {
        case ErrorCode::Invalid:
        case ErrorCode::Ambiguous:
        case ErrorCode::TooLarge:
            return {400, "INVALID_PARAMETER_VALUE"};
        case ErrorCode::Exists:
            return {400, "RESOURCE_ALREADY_EXISTS"};
        case ErrorCode::NotFound:
            return {404, "RESOURCE_DOES_NOT_EXIST"};
        case ErrorCode::Permission:
            return {403, "PERMISSION_DENIED"};
        case ErrorCode::Unsupported:
            return {501, "NOT_IMPLEMENTED"};
        // These pass, or a person can help: the client tries again.
        case ErrorCode::Busy:
        case ErrorCode::Full:
        case ErrorCode::ReadOnly:
        case ErrorCode::Cancelled:
        case ErrorCode::TooNew:
            return {503, "TEMPORARILY_UNAVAILABLE"};
        case ErrorCode::Damaged:
        case ErrorCode::Io:
        case ErrorCode::Internal:
            break;
    }
    return {500, "INTERNAL_ERROR"};
}

constexpr std::size_t kLongestQuote = 200;

}  // namespace

Response errorResponse(int status, std::string_view code, std::string_view message) {
    JsonOut out;
    out.beginObject();
    out.text("error_code", code);
    out.text("message", message);
    out.endObject();
    Response response;
    response.status = status;
    response.body = std::move(out).take();
    return response;
}

Response errorResponse(const Error& error) {
    const Code code = codeOf(error.code);
    return errorResponse(code.status, code.name, error.message);
}

Error invalid(std::string message) {
    return {ErrorCode::Invalid, std::move(message), {}};
}

Error missingParameter(std::string_view name) {
    return invalid(fmt::format(
        "Missing value for required parameter '{}'. See the API docs for more information about request "
        "parameters.",
        name));
}

Error invalidValue(std::string_view value, std::string_view name, std::string_view why) {
    const bool cut = value.size() > kLongestQuote;
    return invalid(fmt::format("Invalid value \"{}{}\" for parameter '{}' supplied: {}",
                               value.substr(0, kLongestQuote), cut ? "…" : "", name, why));
}

Error noSuchThing(std::string message) {
    return {ErrorCode::NotFound, std::move(message), {}};
}

}  // namespace runglass::tracking
