// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "http_message.h"

namespace runglass::tracking {

/// Who may call. A page in a browser on this machine can reach loopback, too: by a name that it makes resolve
/// to 127.0.0.1 (DNS rebinding: the Host is foreign) or by posting across sites (the Origin is foreign).
class Access {
public:
    /// `token` empty: none is asked for. `address` is what the endpoint listens on.
    Access(std::string token, std::string address)
        : m_token(std::move(token))
        , m_address(std::move(address)) {}

    /// The answer of a call that is refused; nothing when it is welcome. A token in the path is taken out of
    /// it.
    [[nodiscard]] std::optional<Response> refusal(RequestHead& head) const;

private:
    [[nodiscard]] bool isOurHost(std::string_view host) const;
    [[nodiscard]] bool takeToken(std::string& path) const;
    [[nodiscard]] bool hasToken(std::string_view authorization) const;

    std::string m_token;
    std::string m_address;
};

}  // namespace runglass::tracking
