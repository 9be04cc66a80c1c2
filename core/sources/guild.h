// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace runglass::sources::guild {

/// `pkgtype:pkgname version model op`, with backslashes before blanks and quotes around what is empty
/// (guild/opref.py).
struct OpRef {
    std::string model;
    std::string operation;
    friend bool operator==(const OpRef&, const OpRef&) = default;
};
std::optional<OpRef> parseOpRef(std::string_view text);

}  // namespace runglass::sources::guild
