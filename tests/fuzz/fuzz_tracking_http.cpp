// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes as they come over a socket, to the whole server. It lives on, and answers the next client.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include "runglass/base/file_descriptor.h"
#include "runglass/tracking/server.h"
#include "support_folder.h"

namespace {

/// Empty when the server did not take the connection, or did not come to answer before it gave it up.
std::string exchange(std::uint16_t port, std::string_view bytes) {
    const runglass::FileDescriptor connection(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return {};
    }
    ::send(connection.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    ::shutdown(connection.get(), SHUT_WR);
    std::string answer;
    char buffer[4096];
    for (ssize_t count = 0; (count = ::recv(connection.get(), buffer, sizeof buffer, 0)) > 0;) {
        answer.append(buffer, static_cast<std::size_t>(count));
    }
    return answer;
}

/// A server that nobody gives any time answers late, and one that has died never does: then the fuzzer's own
/// limit of time ends this.
void waitForHealth(std::uint16_t port) {
    while (!exchange(port, "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .ends_with("OK")) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const runglass::fuzz::ScratchFolder folder;
    static const auto server = [] {
        runglass::tracking::ServerOptions options;
        options.project = folder.path();
        return runglass::tracking::Server::start(options);
    }();
    if (!server.ok()) {
        std::abort();
    }
    const auto port = (*server)->port();
    const auto answer = exchange(port, {reinterpret_cast<const char*>(data), size});
    const bool isServerFault = answer.starts_with("HTTP/1.1 5") && !answer.starts_with("HTTP/1.1 501") &&
                               !answer.starts_with("HTTP/1.1 505");
    if (isServerFault) {
        std::abort();
    }
    waitForHealth(port);
    return 0;
}
