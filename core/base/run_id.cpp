// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/base/run_id.h"

#include <openssl/sha.h>
#include <sys/random.h>

#include <random>

#include "runglass/base/text.h"

namespace runglass {

namespace {

int digitValue(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

}  // namespace

RunId RunId::generate() {
    std::array<std::uint8_t, 16> bytes{};
    if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        std::random_device device;
        for (auto& byte : bytes) {
            byte = static_cast<std::uint8_t>(device());
        }
    }
    return RunId(bytes);
}

RunId RunId::derive(std::string_view name) {
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(name.data()), name.size(), digest.data());
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), digest.data(), bytes.size());
    return RunId(bytes);
}

std::optional<RunId> RunId::fromHex(std::string_view hex) {
    if (hex.size() != 32) {
        return std::nullopt;
    }
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const int high = digitValue(hex[2 * i]);
        const int low = digitValue(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return RunId(bytes);
}

std::string RunId::hex() const {
    return toHex(m_bytes);
}

}  // namespace runglass
