// SPDX-License-Identifier: GPL-3.0-or-later
#include "change.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::compare {

namespace {

constexpr double kLeastFactor = 1.5;  // below, the difference says more than the quotient

std::optional<bool> truth(std::string_view text) {
    const auto is = [&](std::string_view word) {
        return text.size() == word.size() && startsWithIgnoringCase(text, word);
    };
    if (is("true") || is("on") || is("yes")) {
        return true;
    }
    return is("false") || is("off") || is("no") ? std::optional(false) : std::nullopt;
}

std::string presence(const std::optional<std::string>& before, const std::optional<std::string>& after) {
    return before ? tr("removed") : after ? tr("added") : std::string();
}

std::string numberWords(double before, double after) {
    if (before == after) {
        return tr("same number");
    }
    const double factor = after / before;
    if (std::isfinite(factor) && factor >= kLeastFactor) {
        return fmt::format("× {:.3g}", factor);
    }
    if (factor > 0 && factor <= 1 / kLeastFactor) {
        return fmt::format("÷ {:.3g}", before / after);
    }
    const double difference = after - before;
    return std::isfinite(difference) ? fmt::format("{:+.4g}", difference) : std::string();
}

/// Parts of a version that are numbers; the rest of the text as it is.
struct Version {
    std::array<long long, 3> parts{};
    std::size_t count = 0;
    std::string rest;

    static Version parse(std::string_view text) {
        Version version;
        while (version.count < version.parts.size()) {
            const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
            const auto number = parseInt(text.substr(0, end));
            if (!number) {
                break;
            }
            version.parts[version.count++] = *number;
            text.remove_prefix(end);
            if (!text.starts_with('.')) {
                break;
            }
            text.remove_prefix(1);
        }
        version.rest = text;
        return version;
    }
};

}  // namespace

std::string changeWords(const std::optional<std::string>& before, const std::optional<std::string>& after) {
    if (!before || !after) {
        return presence(before, after);
    }
    if (*before == *after) {
        return {};
    }
    const auto truthBefore = truth(*before);
    const auto truthAfter = truth(*after);
    if (truthBefore && truthAfter && *truthBefore != *truthAfter) {
        return *truthAfter ? tr("on") : tr("off");
    }
    const auto numberBefore = parseDouble(*before);
    const auto numberAfter = parseDouble(*after);
    if (numberBefore && numberAfter && !std::isnan(*numberBefore) && !std::isnan(*numberAfter)) {
        return numberWords(*numberBefore, *numberAfter);
    }
    return {};
}

std::string versionChangeWords(const std::optional<std::string>& before,
                               const std::optional<std::string>& after) {
    if (!before || !after) {
        return presence(before, after);
    }
    if (*before == *after) {
        return {};
    }
    const auto from = Version::parse(*before);
    const auto to = Version::parse(*after);
    if (from.count == 0 || to.count == 0) {
        return {};
    }
    const std::array names{tr("major"), tr("minor"), tr("patch")};
    for (std::size_t i = 0; i < names.size(); ++i) {  // a part that is not written counts as 0
        if (from.parts[i] != to.parts[i]) {
            return from.parts[i] < to.parts[i] ? names[i] : tr("{}, older", names[i]);
        }
    }
    return tr("build");
}

}  // namespace runglass::compare
