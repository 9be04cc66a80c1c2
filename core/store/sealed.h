// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "runglass/base/bytes.h"

namespace runglass::store {

/// Appends the checksum (low 32 bits of XXH3-64) that every blob of ours ends with: a bit that turns on disk
/// is reported, never shown as a value.
void seal(Bytes& content);
/// The content without its checksum; nothing when they do not fit together.
std::optional<ByteView> unseal(ByteView stored);

}  // namespace runglass::store
