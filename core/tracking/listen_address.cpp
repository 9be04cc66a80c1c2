// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstring>

#include "runglass/tracking/server.h"

namespace runglass::tracking {

namespace {

constexpr std::uint8_t kLoopbackNet = 127;  // 127.0.0.0/8

}  // namespace

std::optional<ListenAddress> ListenAddress::parse(std::string_view address, std::uint16_t port) {
    const bool isBracketed = address.starts_with('[') && address.ends_with(']');  // as in a URL: IPv6
    const std::string text(isBracketed ? address.substr(1, address.size() - 2) : address);
    ListenAddress parsed;
    sockaddr_in four{};
    sockaddr_in6 six{};
    if (!isBracketed && ::inet_pton(AF_INET, text.c_str(), &four.sin_addr) == 1) {
        four.sin_family = AF_INET;
        four.sin_port = htons(port);
        std::memcpy(&parsed.m_storage, &four, sizeof four);
    } else if (::inet_pton(AF_INET6, text.c_str(), &six.sin6_addr) == 1) {
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(port);
        std::memcpy(&parsed.m_storage, &six, sizeof six);
    } else {
        return std::nullopt;
    }
    return parsed;
}

bool ListenAddress::isLoopback() const {
    if (!isIpv6()) {
        const auto& address = reinterpret_cast<const sockaddr_in&>(m_storage).sin_addr;
        return ntohl(address.s_addr) >> 24U == kLoopbackNet;
    }
    const auto& address = reinterpret_cast<const sockaddr_in6&>(m_storage).sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(&address) ||
           (IN6_IS_ADDR_V4MAPPED(&address) && address.s6_addr[12] == kLoopbackNet);
}

bool ListenAddress::isAny() const {
    return isIpv6() ? IN6_IS_ADDR_UNSPECIFIED(&reinterpret_cast<const sockaddr_in6&>(m_storage).sin6_addr)
                    : reinterpret_cast<const sockaddr_in&>(m_storage).sin_addr.s_addr == INADDR_ANY;
}

std::string ListenAddress::host() const {
    if (isAny()) {
        return isIpv6() ? "[::1]" : "127.0.0.1";
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    const auto& four = reinterpret_cast<const sockaddr_in&>(m_storage).sin_addr;
    const auto& six = reinterpret_cast<const sockaddr_in6&>(m_storage).sin6_addr;
    ::inet_ntop(isIpv6() ? AF_INET6 : AF_INET,
                isIpv6() ? static_cast<const void*>(&six) : static_cast<const void*>(&four), text.data(),
                text.size());
    return isIpv6() ? '[' + std::string(text.data()) + ']' : std::string(text.data());
}

bool isLoopback(std::string_view address) {
    const auto parsed = ListenAddress::parse(address, 0);
    return parsed && parsed->isLoopback();
}

}  // namespace runglass::tracking
