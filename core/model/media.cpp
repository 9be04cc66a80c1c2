// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/model/media.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <tuple>

#include "runglass/base/text.h"

namespace runglass::model {

namespace {

constexpr std::size_t kMostBuckets = 100'000;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return result;
}

std::optional<MediumKind> kindOf(std::string_view path, std::string_view ending) {
    constexpr std::array<std::string_view, 6> kImages{"png", "jpg", "jpeg", "gif", "bmp", "webp"};
    const auto known = lower(ending);
    if (std::find(kImages.begin(), kImages.end(), known) != kImages.end()) {
        return MediumKind::Image;
    }
    if (known == "md" || known == "txt") {
        return MediumKind::Text;
    }
    return known == "csv" && path.starts_with("histograms/") ? std::optional(MediumKind::Histogram)
                                                             : std::nullopt;
}

/// The last number of a text: `epoch_0012` is `epoch_` and 12.
struct Numbered {
    std::string_view before;
    std::optional<std::int64_t> number;
};

Numbered lastNumber(std::string_view text) {
    auto end = text.size();
    while (end > 0 && !isDigit(text[end - 1])) {
        --end;
    }
    auto begin = end;
    while (begin > 0 && isDigit(text[begin - 1])) {
        --begin;
    }
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text.data() + begin, text.data() + end, number);
    if (begin == end || parsed.ec != std::errc()) {
        return {text, std::nullopt};
    }
    return {text.substr(0, begin), number};
}

bool isHexDigit(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f');
}

/// The part of a file's name that ends in the step: trackers put a digest or a time behind it, in which the
/// last number would be one of those. W&B: `grid_400_` and 20 hex digits; MLflow's log_image:
/// `grid%step%400%timestamp%1700000000000%` and an id, with `+` for `%` until 2.15.
std::string_view upToStep(std::string_view name) {
    for (const std::string_view mark : {"%step%", "+step+"}) {
        if (const auto at = name.find(mark); at != std::string_view::npos) {
            return name.substr(0, name.find(mark.front(), at + mark.size()));
        }
    }
    constexpr std::size_t kDigest = 20;
    const auto digest = name.rfind('_');
    const bool hasDigest =
        digest != std::string_view::npos && digest > 0 && isDigit(name[digest - 1]) &&
        name.size() - digest - 1 == kDigest &&
        std::all_of(name.begin() + static_cast<std::ptrdiff_t>(digest) + 1, name.end(), isHexDigit);
    return hasDigest ? name.substr(0, digest) : name;
}

std::string_view withoutSeparators(std::string_view text) {
    while (!text.empty() && (text.back() == '_' || text.back() == '-' || text.back() == '=' ||
                             text.back() == '.' || text.back() == '/' || text.back() == ' ')) {
        text.remove_suffix(1);
    }
    return text;
}

// `400-2`: step and place in a batch.
bool isBatch(std::string_view name) {
    const auto dash = name.find('-');
    return dash != std::string_view::npos && dash > 0 && dash + 1 < name.size() &&
           std::all_of(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(dash), isDigit) &&
           std::all_of(name.begin() + static_cast<std::ptrdiff_t>(dash) + 1, name.end(), isDigit);
}

}  // namespace

std::optional<Medium> mediumOf(const Artifact& artifact) {
    std::string_view path = artifact.path;
    const auto slash = path.rfind('/');
    const auto nameAt = slash == std::string_view::npos ? 0 : slash + 1;
    const auto dot = path.rfind('.');
    if (dot == std::string_view::npos || dot <= nameAt) {
        return std::nullopt;
    }
    const auto kind = kindOf(path, path.substr(dot + 1));
    if (!kind) {
        return std::nullopt;
    }
    auto stem = path.substr(0, dot);
    const auto name = upToStep(stem.substr(nameAt));
    stem = stem.substr(0, nameAt + name.size());
    std::string place;
    if (isBatch(name)) {
        place = " " + std::string(name.substr(name.find('-') + 1));
        stem.remove_suffix(place.size());
    }
    const auto numbered = lastNumber(stem.substr(nameAt));
    Medium medium{*kind, {}, numbered.number.value_or(0), artifact};
    auto tag = withoutSeparators(stem.substr(0, nameAt + numbered.before.size()));
    for (const std::string_view mark : {"%step%", "+step+"}) {
        if (tag.ends_with(mark.substr(0, mark.size() - 1)) || tag.ends_with(mark)) {
            tag = tag.substr(0, tag.rfind(mark.substr(0, mark.size() - 1)));
        }
    }
    for (const std::string_view folder : {"media/images/", "images/", "histograms/", "text/"}) {
        if (tag.starts_with(folder)) {
            tag.remove_prefix(folder.size());
            break;
        }
    }
    medium.tag = std::string(tag.empty() ? stem : tag) + place;
    return medium;
}

std::vector<Medium> mediaOf(std::span<const Artifact> artifacts) {
    std::vector<Medium> media;
    for (const auto& artifact : artifacts) {
        if (auto medium = mediumOf(artifact)) {
            media.push_back(std::move(*medium));
        }
    }
    std::stable_sort(media.begin(), media.end(), [](const Medium& a, const Medium& b) {
        return std::tie(a.kind, a.tag, a.step) < std::tie(b.kind, b.tag, b.step);
    });
    return media;
}

std::vector<HistogramBucket> histogramOf(std::string_view csv) {
    std::vector<HistogramBucket> buckets;
    while (!csv.empty() && buckets.size() < kMostBuckets) {
        const auto line = csv.substr(0, csv.find('\n'));
        csv.remove_prefix(std::min(csv.size(), line.size() + 1));
        const auto first = line.find(',');
        const auto second = first == std::string_view::npos ? first : line.find(',', first + 1);
        if (second == std::string_view::npos) {
            continue;
        }
        const auto left = parseDouble(line.substr(0, first));
        const auto right = parseDouble(line.substr(first + 1, second - first - 1));
        const auto last = line.substr(second + 1);
        const auto count = parseDouble(last.ends_with('\r') ? last.substr(0, last.size() - 1) : last);
        if (left && right && count && std::isfinite(*left) && std::isfinite(*right) &&
            std::isfinite(*count) && *left <= *right && *count >= 0) {
            buckets.push_back({*left, *right, *count});
        }
    }
    return buckets;
}

}  // namespace runglass::model
