// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "runglass/base/bytes.h"

namespace runglass {

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78; RFC 3720 appendix B.4). `crc` is the checksum of
/// what came before, so that a long record can be checked a piece at a time. Uses the processor's instruction
/// where it has one.
std::uint32_t crc32c(ByteView bytes, std::uint32_t crc = 0);

/// The same in portable code; public so that a test can hold both against each other.
std::uint32_t crc32cPortable(ByteView bytes, std::uint32_t crc = 0);

}  // namespace runglass
