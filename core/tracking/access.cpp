// SPDX-License-Identifier: GPL-3.0-or-later
#include "access.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>

#include "listen_address.h"
#include "protocol_error.h"
#include "runglass/base/text.h"

namespace runglass::tracking {

namespace {

/// `name:port` or `[::1]:port` without the port.
std::string_view hostOnly(std::string_view host) {
    if (host.starts_with('[')) {
        const auto end = host.find(']');
        return end == std::string_view::npos ? host : host.substr(0, end + 1);
    }
    const auto colon = host.rfind(':');
    const bool isPort = colon != std::string_view::npos &&
                        std::all_of(host.begin() + static_cast<std::ptrdiff_t>(colon) + 1, host.end(),
                                    [](char c) { return c >= '0' && c <= '9'; });
    return isPort ? host.substr(0, colon) : host;
}

/// In a time that does not tell how much of it was right.
bool sameSecret(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// The password of `Basic …`; empty when it cannot be read.
std::string basicPassword(std::string_view encoded) {
    constexpr std::size_t kLongest = 4096;
    if (encoded.empty() || encoded.size() % 4 != 0 || encoded.size() > kLongest) {
        return {};
    }
    std::string decoded(encoded.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                                     reinterpret_cast<const unsigned char*>(encoded.data()),
                                     static_cast<int>(encoded.size()));
    if (size < 0) {
        return {};
    }
    const auto padding = static_cast<std::size_t>(std::count(encoded.end() - 2, encoded.end(), '='));
    decoded.resize(static_cast<std::size_t>(size) - padding);
    const auto colon = decoded.find(':');
    return colon == std::string::npos ? std::string() : decoded.substr(colon + 1);
}

bool isPublic(std::string_view path) {
    return path == "/health" || path == "/version";
}

}  // namespace

std::optional<Response> Access::refusal(RequestHead& head) const {
    const bool isTokenInPath = takeToken(head.path);
    if (!isOurHost(hostOnly(head.host))) {
        return errorResponse(
            403, "PERMISSION_DENIED",
            "This server answers requests for 127.0.0.1, ::1 and localhost alone, not for another Host.");
    }
    if (head.method != Method::Get && !head.origin.empty()) {
        const auto scheme = head.origin.find("://");
        const auto host = scheme == std::string::npos ? std::string_view()
                                                      : std::string_view(head.origin).substr(scheme + 3);
        if (!isOurHost(hostOnly(host))) {
            return errorResponse(403, "PERMISSION_DENIED", "Requests of a page of another site are refused.");
        }
    }
    if (!m_token.empty() && !isTokenInPath && !isPublic(head.path) && !hasToken(head.authorization)) {
        return errorResponse(401, "UNAUTHENTICATED",
                             "This endpoint needs a token: in MLFLOW_TRACKING_TOKEN, or in the path of "
                             "MLFLOW_TRACKING_URI as runglass run sets it.");
    }
    return std::nullopt;
}

bool Access::isOurHost(std::string_view host) const {
    const auto is = [host](std::string_view name) {
        return host.size() == name.size() && startsWithIgnoringCase(host, name);
    };
    const auto own = ListenAddress::parse(m_address, 0);
    if (is("127.0.0.1") || is("localhost") || is("[::1]") || (own && is(own->host()))) {
        return true;
    }
    // A person opened it to the network, with a token, which no page of another site has: any name may be
    // this machine's.
    return !host.empty() && !m_token.empty() && !(own && own->isLoopback());
}

/// Mostly it is the first part; a client before 1.24 puts the path of its tracking address between that of
/// the artifacts and the artifact.
bool Access::takeToken(std::string& path) const {
    for (std::size_t at = path.find('/'); !m_token.empty() && at != std::string::npos;) {
        const auto end = std::min(path.find('/', at + 1), path.size());
        if (sameSecret(std::string_view(path).substr(at + 1, end - at - 1), m_token)) {
            path.erase(at, end - at);
            return true;
        }
        at = end < path.size() ? end : std::string::npos;
    }
    return false;
}

bool Access::hasToken(std::string_view authorization) const {
    constexpr std::string_view kBearer = "Bearer ";
    constexpr std::string_view kBasic = "Basic ";
    if (startsWithIgnoringCase(authorization, kBearer)) {
        return sameSecret(authorization.substr(kBearer.size()), m_token);
    }
    return startsWithIgnoringCase(authorization, kBasic) &&
           sameSecret(basicPassword(authorization.substr(kBasic.size())), m_token);
}

}  // namespace runglass::tracking
