// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "runglass/sources/reader.h"

namespace runglass::sources {

/// Equal for parts that say the same of the same run.
std::uint64_t fingerprintOf(const Part& part);

/// For readers that make all parts anew when their file has changed: hands out last time's object where the
/// new one says the same.
class PartKeeper {
public:
    std::vector<SharedPart> publish(std::vector<Part> parts);
    /// What was handed out last.
    [[nodiscard]] const std::vector<SharedPart>& parts() const { return m_parts; }

private:
    struct Kept {
        std::uint64_t fingerprint = 0;
        SharedPart part;
    };
    std::unordered_map<std::string, Kept> m_kept;  ///< by key
    std::vector<SharedPart> m_parts;
};

}  // namespace runglass::sources
