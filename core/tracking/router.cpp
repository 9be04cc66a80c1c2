// SPDX-License-Identifier: GPL-3.0-or-later
#include "router.h"

#include <algorithm>
#include <array>

#include "runglass/base/text.h"

namespace runglass::tracking {

namespace {

std::string_view nextPart(std::string_view& rest) {
    const auto slash = rest.find('/');
    const auto part = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    return part;
}

std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
    std::vector<std::string> parts;
    while (!pattern.empty()) {
        const auto wanted = nextPart(pattern);
        if (wanted == "**") {
            parts.emplace_back(path);
            return path.empty() ? std::nullopt : std::optional(std::move(parts));
        }
        if (path.empty()) {
            return std::nullopt;
        }
        const auto part = nextPart(path);
        if (wanted == "*") {
            parts.emplace_back(part);
        } else if (part != wanted) {
            return std::nullopt;
        }
    }
    return path.empty() ? std::optional(std::move(parts)) : std::nullopt;
}

/// What a browser asks for by itself where a person opens the address.
bool isOfBrowsers(std::string_view path) {
    constexpr std::array<std::string_view, 2> kFiles{"/favicon.ico", "/robots.txt"};
    return path.find_first_not_of('/') == std::string_view::npos || path.starts_with("/apple-touch-icon") ||
           path.starts_with("/.well-known/") || std::find(kFiles.begin(), kFiles.end(), path) != kFiles.end();
}

}  // namespace

void Router::add(Method method, std::string pattern, Handler handler) {
    Route route{method, std::move(pattern), std::move(handler), {}};
    if (route.pattern.find('*') == std::string::npos) {
        m_exact[route.pattern].push_back(std::move(route));
    } else {
        m_patterns.push_back(std::move(route));
    }
}

void Router::addUpload(Method method, std::string pattern, Upload upload) {
    Route route{method, std::move(pattern), {}, std::move(upload)};
    if (route.pattern.find('*') == std::string::npos) {
        m_exact[route.pattern].push_back(std::move(route));
    } else {
        m_patterns.push_back(std::move(route));
    }
}

std::optional<Router::Found> Router::find(Method method, std::string_view path) const {
    const auto inner = withinService(path);
    if (const auto it = m_exact.find(std::string(inner)); it != m_exact.end()) {
        for (const auto& route : it->second) {
            if (route.method == method) {
                return Found{&route, {}};
            }
        }
    }
    for (const auto& route : m_patterns) {
        if (route.method == method) {
            if (auto parts = match(route.pattern, inner)) {
                return Found{&route, std::move(*parts)};
            }
        }
    }
    return std::nullopt;
}

std::string_view Router::withinService(std::string_view path) {
    // A tracking address may have a path of its own in front, of a proxy.
    static constexpr std::array kPrefixes{"/api/2.0/mlflow/preview/",
                                          "/api/2.0/preview/mlflow/",
                                          "/api/2.0/mlflow/",
                                          "/api/3.0/mlflow/",
                                          "/api/2.0/",
                                          "/api/3.0/"};
    for (auto at = path.find('/'); at != std::string_view::npos; at = path.find('/', at + 1)) {
        auto service = path.substr(at);
        service = service.starts_with("/ajax-api/") ? service.substr(5) : service;
        for (const std::string_view prefix : kPrefixes) {
            const auto tail = prefix.substr(1);
            if (service.substr(1).starts_with(tail)) {
                return service.substr(prefix.size());
            }
        }
    }
    for (const std::string_view plain : {"/health", "/version"}) {
        if (path.ends_with(plain)) {
            return plain.substr(1);
        }
    }
    while (path.starts_with('/')) {
        path.remove_prefix(1);
    }
    return path;
}

std::string Router::countedPath(std::string_view path) {
    constexpr std::size_t kLongest = 120;
    if (isOfBrowsers(path) || !isValidUtf8(path)) {
        return {};
    }
    const bool endsWithSlash = path.ends_with('/');
    std::string counted;
    auto rest = path.substr(path.starts_with('/') ? 1 : 0);
    while (!rest.empty()) {
        const auto part = nextPart(rest);
        // Ids hold digits; the versions of the interface do, too.
        const bool isId = part.size() > 8 && part.find_first_of("0123456789") != std::string_view::npos;
        counted += '/';
        counted += isId ? std::string_view("*") : part;
    }
    counted += endsWithSlash ? "/" : "";  // it may be all that is wrong with it
    return counted.size() > kLongest ? std::string() : counted;
}

Response jsonResponse(JsonOut&& out) {
    Response response;
    response.body = std::move(out).take();
    return response;
}

Response emptyResponse() {
    Response response;
    response.body = "{}";
    return response;
}

}  // namespace runglass::tracking
