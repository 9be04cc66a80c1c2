// SPDX-License-Identifier: GPL-3.0-or-later
#include "words.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <ctime>

#include "runglass/base/text.h"

namespace runglass::cli {

std::string shortNumber(double value) {
    if (!std::isfinite(value)) {
        return formatDouble(value);
    }
    const double size = std::abs(value);
    if (value == std::trunc(value) && size < 1e6) {
        return fmt::format("{:.0f}", value);
    }
    return size < 1e-3 || size >= 1e6 ? fmt::format("{:.3e}", value) : fmt::format("{:.4g}", value);
}

std::string durationWords(std::optional<std::int64_t> ms) {
    if (!ms) {
        return {};
    }
    if (*ms < 1'000) {
        return fmt::format("{}ms", *ms);
    }
    const std::int64_t seconds = *ms / 1'000;
    if (seconds < 60) {
        return fmt::format("{}s", seconds);
    }
    if (seconds < 3'600) {
        return fmt::format("{}m {}s", seconds / 60, seconds % 60);
    }
    if (seconds < 86'400) {
        return fmt::format("{}h {}m", seconds / 3'600, seconds / 60 % 60);
    }
    return fmt::format("{}d {}h", seconds / 86'400, seconds / 3'600 % 24);
}

std::string localTime(std::optional<std::int64_t> ms) {
    if (!ms) {
        return {};
    }
    const std::time_t seconds = *ms / 1'000;
    std::tm calendar{};
    std::array<char, 64> text{};
    if (localtime_r(&seconds, &calendar) == nullptr ||
        std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &calendar) == 0) {
        return std::to_string(*ms);
    }
    return text.data();
}

std::string commitWords(const model::GitState& git) {
    return git.commit.substr(0, 7) + (git.dirty ? "+" : "");
}

std::string byteWords(std::int64_t bytes) {
    constexpr std::array kUnits{"B", "kB", "MB", "GB", "TB", "PB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1'000 && unit + 1 < kUnits.size()) {
        value /= 1'000;
        ++unit;
    }
    return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

bool isSystemMetric(Symbol key) {
    return key.text().starts_with("system/");
}

}  // namespace runglass::cli
