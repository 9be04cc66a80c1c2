// SPDX-License-Identifier: GPL-3.0-or-later
// A call as any program on this machine can make it: `METHOD /path?query`, and from the second line on the
// body. Goes through routing, every body decoder and the real run database. A client's fault is never
// answered with a 5xx.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "endpoint.h"
#include "runglass/base/percent.h"
#include "support_folder.h"

namespace {

using namespace runglass::tracking;

Method methodOf(std::string_view name) {
    return name == "POST"     ? Method::Post
           : name == "PUT"    ? Method::Put
           : name == "PATCH"  ? Method::Patch
           : name == "DELETE" ? Method::Delete
                              : Method::Get;
}

std::string_view takeUpTo(std::string_view& text, char separator) {
    const auto end = text.find(separator);
    const auto part = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    return part;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const runglass::fuzz::ScratchFolder folder;
    static Service service(folder.path(), std::nullopt);
    static Endpoint endpoint(service, Access({}, "127.0.0.1"));
    std::string_view body(reinterpret_cast<const char*>(data), size);
    auto line = takeUpTo(body, '\n');
    RequestHead head;
    head.methodName = std::string(takeUpTo(line, ' '));
    head.method = methodOf(head.methodName);
    head.path = runglass::percentDecoded(takeUpTo(line, '?'));
    while (!line.empty()) {
        auto pair = takeUpTo(line, '&');
        auto name = runglass::percentDecoded(takeUpTo(pair, '='));
        head.query.emplace_back(std::move(name), runglass::percentDecoded(pair));
    }
    head.host = "127.0.0.1";
    head.contentType = "application/json";
    const auto sink = endpoint.begin(std::move(head));
    sink->take(body);
    const auto response = sink->finish();
    if (response.status >= 500 && response.status != 501) {
        std::abort();
    }
    return 0;
}
