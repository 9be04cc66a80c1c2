// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

namespace runglass::series {

inline constexpr float kLeastCoverage = 1.0F / 512;  ///< of a pixel; less is nothing

/// 0 … 256 parts of a premultiplied colour.
inline std::uint32_t share(std::uint32_t color, std::uint32_t parts) {
    const std::uint32_t even = ((color & 0x00ff00ffU) * parts >> 8U) & 0x00ff00ffU;
    const std::uint32_t odd = ((color >> 8U) & 0x00ff00ffU) * parts & 0xff00ff00U;
    return even | odd;
}

/// `color` under what the pixel has already, both premultiplied; `parts` of 256 of the pixel are covered.
inline std::uint32_t under(std::uint32_t pixel, std::uint32_t color, std::uint32_t parts) {
    const std::uint32_t alpha = pixel >> 24U;
    return alpha == 255 ? pixel : pixel + share(share(color, parts), 256U - alpha - (alpha >> 7U));
}

/// `from` over what the pixel has already, both premultiplied; rounded as QPainter does.
inline std::uint32_t over(std::uint32_t to, std::uint32_t from) {
    const std::uint32_t rest = 255 - (from >> 24U);
    const auto scaled = [rest](std::uint32_t twoChannels) {
        const std::uint32_t product = twoChannels * rest + 0x00800080U;
        return ((product + ((product >> 8U) & 0x00ff00ffU)) >> 8U) & 0x00ff00ffU;
    };
    return from + (scaled(to & 0x00ff00ffU) | scaled((to >> 8U) & 0x00ff00ffU) << 8U);
}

/// A coverage in parts of 256.
inline std::uint32_t partsOf(float coverage) {
    return static_cast<std::uint32_t>(std::clamp(coverage, 0.0F, 1.0F) * 256.0F + 0.5F);
}

/// The same of a sum: sums of parts of 1 are not always 1.
inline std::uint32_t wholeParts(float coverage) {
    const auto parts = partsOf(coverage);
    return parts >= 255 ? 256 : parts;
}

}  // namespace runglass::series
