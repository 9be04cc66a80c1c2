// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/session/palette_slot.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace runglass::ui {
namespace {

constexpr std::uint32_t kColors = 12;
constexpr std::uint32_t kStyles = 3;

/// FNV-1a: the same on every machine and in every version, unlike std::hash.
std::uint32_t firstColor(std::string_view source) {
    if (source.empty() || source == "runglass") {
        return 0;
    }
    std::uint32_t hash = 2'166'136'261U;
    for (const char c : source) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
    }
    return (hash >> 16U) % kColors;  // its upper bits are mixed better
}

}  // namespace

int paletteSlot(const model::RunRecord& run) {
    const auto place = static_cast<std::uint64_t>(std::max<std::int64_t>(run.number, 1) - 1);
    const auto color = (place + firstColor(run.source.text())) % kColors;
    const auto style = place / kColors % kStyles;
    return static_cast<int>(style * kColors + color);
}

}  // namespace runglass::ui
