// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation.h"

#include <utf8proc.h>

#include <algorithm>

#include <fmt/format.h>

#include "protocol_error.h"
#include "runglass/base/clock.h"
#include "runglass/base/text.h"

namespace runglass::tracking {

namespace {

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// What `\w` means in Python, on text: letters and numbers of any script, and the underscore.
bool isWordCharacter(std::int32_t c) {
    if (c == '_') {
        return true;
    }
    const auto category = utf8proc_category(c);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

bool hasOnlyKeyCharacters(std::string_view key) {
    while (!key.empty()) {
        utf8proc_int32_t c = 0;
        const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(key.data()),
                                             static_cast<utf8proc_ssize_t>(key.size()), &c);
        const bool other = c == '/' || c == '.' || c == '-' || c == ' ' || c == ':';
        if (length <= 0 || (!other && !isWordCharacter(c))) {
            return false;
        }
        key.remove_prefix(static_cast<std::size_t>(length));
    }
    return true;
}

/// Whether a key, read as a path, is its own normal form and stays where it is.
bool isPlainPath(std::string_view key) {
    if (key == "." || key.starts_with('/') || key.starts_with("..")) {
        return false;
    }
    while (true) {
        const auto slash = key.find('/');
        const auto part = key.substr(0, slash);
        if (part.empty() || part == "." || part == "..") {
            return false;
        }
        if (slash == std::string_view::npos) {
            return true;
        }
        key.remove_prefix(slash + 1);
    }
}

constexpr std::string_view kTokenPrefix = "offset-";

}  // namespace

std::size_t lengthOf(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !isContinuation(c); }));
}

std::string_view cutTo(std::string_view text, std::size_t count) {
    if (text.size() <= count) {
        return text;
    }
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!isContinuation(text[i]) && ++characters > count) {
            return text.substr(0, i);
        }
    }
    return text;
}

Result<void> checkKey(std::string_view key, std::string_view parameter) {
    if (key.empty()) {
        return missingParameter(parameter);
    }
    if (!hasOnlyKeyCharacters(key)) {
        return invalidValue(key, parameter,
                            "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), "
                            "spaces ( ), colon(:) and slashes (/).");
    }
    if (!isPlainPath(key)) {
        return invalidValue(key, parameter,
                            "Names may be treated as files in certain cases, and must not resolve to other "
                            "names when treated as such.");
    }
    if (lengthOf(key) > kMaxKey) {
        return invalidValue(key, parameter,
                            fmt::format("It has {} characters, the limit is {}.", lengthOf(key), kMaxKey));
    }
    return {};
}

Result<RunId> runIdOf(const Fields& fields) {
    RUNGLASS_ASSIGN(auto text, fields.text("run_id"));
    if (text.empty()) {
        RUNGLASS_ASSIGN(text, fields.text("run_uuid"));
    }
    if (text.empty()) {
        return missingParameter("run_id");
    }
    if (const auto id = RunId::fromHex(text)) {
        return *id;
    }
    return noSuchRun(text);
}

Result<store::RunChange> changeOf(const Fields& fields) {
    store::RunChange change;
    RUNGLASS_ASSIGN(change.run, runIdOf(fields));
    change.timeMs = nowMs();
    return Result<store::RunChange>(std::move(change));
}

Error noSuchRun(std::string_view id) {
    return noSuchThing(fmt::format("Run with id={} not found", id.substr(0, 200)));
}

Result<std::int64_t> experimentIdOf(std::string_view text) {
    if (const auto id = parseInt(text); id && *id >= 0) {
        return *id;
    }
    return noSuchExperiment(text);
}

Error noSuchExperiment(std::string_view id) {
    return noSuchThing(fmt::format("No Experiment with id={} exists", id.substr(0, 200)));
}

Result<std::vector<model::Variable>> pairsOf(const Fields& fields, std::string_view name,
                                             std::size_t maxValue) {
    std::vector<model::Variable> pairs;
    RUNGLASS_ASSIGN(const auto entries, fields.objects(name));
    pairs.reserve(entries.size());
    for (const auto& entry : entries) {
        RUNGLASS_ASSIGN(const auto key, entry.text("key"));
        RUNGLASS_TRY(checkKey(key, fmt::format("{}[{}].key", name, pairs.size())));
        RUNGLASS_ASSIGN(const auto value, entry.text("value"));
        pairs.emplace_back(key, cutTo(value, maxValue));
    }
    return pairs;
}

Result<std::size_t> maxResultsOf(const Fields& fields, std::int64_t standard, std::int64_t most) {
    RUNGLASS_ASSIGN(const auto given, fields.integer("max_results"));
    const auto value = given.value_or(standard);
    if (value < 1 || value > most) {
        return invalidValue(std::to_string(value), "max_results",
                            fmt::format("It must be at least 1 and at most {}.", most));
    }
    return static_cast<std::size_t>(value);
}

Result<Stage> stageOf(const Fields& fields, std::string_view parameter) {
    RUNGLASS_ASSIGN(const auto name, fields.name(parameter, {"ACTIVE_ONLY", "DELETED_ONLY", "ALL"}));
    return name == "ALL" ? Stage::All : name == "DELETED_ONLY" ? Stage::Deleted : Stage::Active;
}

std::string pageTokenOf(std::size_t offset) {
    return fmt::format("{}{}", kTokenPrefix, offset);
}

Result<std::size_t> offsetOf(std::string_view pageToken) {
    if (pageToken.empty()) {
        return std::size_t{0};
    }
    if (pageToken.starts_with(kTokenPrefix)) {
        if (const auto offset = parseInt(pageToken.substr(kTokenPrefix.size())); offset && *offset >= 0) {
            return static_cast<std::size_t>(*offset);
        }
    }
    return invalidValue(pageToken, "page_token", "It is no token that this server gave.");
}

}  // namespace runglass::tracking
