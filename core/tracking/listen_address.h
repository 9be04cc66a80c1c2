// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace runglass::tracking {

/// An address of this machine, IPv4 or IPv6, and a port.
class ListenAddress {
public:
    /// Of `127.0.0.1`, `::1`, `[::1]` or another number; nothing when it is none.
    static std::optional<ListenAddress> parse(std::string_view address, std::uint16_t port);

    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&m_storage); }
    [[nodiscard]] bool isIpv6() const { return m_storage.ss_family == AF_INET6; }
    /// Whether other machines cannot reach it.
    [[nodiscard]] bool isLoopback() const;
    /// As a URL names the host; any address of this machine is named by that of loopback.
    [[nodiscard]] std::string host() const;

private:
    [[nodiscard]] bool isAny() const;
    sockaddr_storage m_storage{};
};

}  // namespace runglass::tracking
