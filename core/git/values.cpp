// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/git/values.h"

#include "runglass/base/text.h"

namespace runglass::git {

namespace {

int digitOf(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

std::optional<ObjectId> ObjectId::fromHex(std::string_view hex) {
    std::array<std::uint8_t, 20> bytes{};
    if (hex.size() != 2 * bytes.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const int high = digitOf(hex[2 * i]);
        const int low = digitOf(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return ObjectId(bytes);
}

std::string ObjectId::hex() const {
    return toHex(m_bytes);
}

}  // namespace runglass::git
