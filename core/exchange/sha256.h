// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

namespace runglass::exchange {

/// The SHA-256 of what comes in pieces (FIPS 180-4).
class Sha256 {
public:
    Sha256();
    void update(std::string_view piece);
    /// Hex digits. The end: nothing can be added any more.
    [[nodiscard]] std::string finish();

private:
    struct Free {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    std::unique_ptr<EVP_MD_CTX, Free> m_context;
};

}  // namespace runglass::exchange
