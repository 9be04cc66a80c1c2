// SPDX-License-Identifier: GPL-3.0-or-later
#include "sealed.h"

#include <xxhash.h>

namespace runglass::store {

namespace {

std::uint32_t checksum(ByteView content) {
    return static_cast<std::uint32_t>(XXH3_64bits(content.data(), content.size()));
}

}  // namespace

void seal(Bytes& content) {
    const std::uint32_t sum = checksum(content);
    ByteWriter(content).raw({reinterpret_cast<const std::uint8_t*>(&sum), sizeof sum});
}

std::optional<ByteView> unseal(ByteView stored) {
    std::uint32_t sum = 0;
    if (stored.size() < sizeof sum) {
        return std::nullopt;
    }
    const auto content = stored.first(stored.size() - sizeof sum);
    std::memcpy(&sum, stored.data() + content.size(), sizeof sum);
    return sum == checksum(content) ? std::optional(content) : std::nullopt;
}

}  // namespace runglass::store
