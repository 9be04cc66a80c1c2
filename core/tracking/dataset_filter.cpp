// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset_filter.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "protocol_error.h"
#include "run_json.h"
#include "runglass/base/text.h"

namespace runglass::tracking {

namespace {

constexpr std::string_view kContextTag = "mlflow.data.context";

std::string tagOf(std::string_view attribute) {
    return fmt::format("@datasets.{}", attribute);
}

/// `datasets.name` to `name`; empty for what is no field of a dataset.
std::string_view attributeOf(std::string_view word) {
    for (const std::string_view group : {"datasets.", "dataset."}) {
        if (startsWithIgnoringCase(word, group)) {
            word.remove_prefix(group.size());
            const bool quoted = word.size() >= 2 && (word.front() == '`' || word.front() == '"') &&
                                word.back() == word.front();
            return quoted ? word.substr(1, word.size() - 2) : word;
        }
    }
    return {};
}

bool isArtifactUri(std::string_view word) {
    for (const std::string_view group : {"attributes.", "attribute.", "attr.", "run."}) {
        if (startsWithIgnoringCase(word, group)) {
            word.remove_prefix(group.size());
            break;
        }
    }
    return word == "artifact_uri" || word == "`artifact_uri`" || word == "\"artifact_uri\"";
}

}  // namespace

std::string artifactUriAsTag(std::string_view text) {
    std::string changed;
    std::size_t copied = 0;
    for (const auto& token : query::tokenize(text)) {
        if (token.kind == query::Token::Kind::Field &&
            isArtifactUri(text.substr(token.position, token.length))) {
            changed += text.substr(copied, token.position - copied);
            changed += fmt::format("tags.`{}`", kArtifactUriTag);
            copied = token.position + token.length;
        }
    }
    return changed.append(text.substr(copied));
}

Result<DatasetQuery> datasetsAsTags(std::string_view filter) {
    static constexpr std::array<std::string_view, 3> kAttributes{"name", "digest", "context"};
    DatasetQuery query;
    std::size_t copied = 0;
    for (const auto& token : query::tokenize(filter)) {
        const auto attribute = token.kind == query::Token::Kind::Field
                                   ? attributeOf(filter.substr(token.position, token.length))
                                   : std::string_view();
        if (attribute.empty()) {
            continue;
        }
        if (std::find(kAttributes.begin(), kAttributes.end(), attribute) == kAttributes.end()) {
            return invalid(fmt::format(
                "Invalid dataset attribute key '{}' specified. Valid keys are name, digest, context.",
                attribute.substr(0, 200)));
        }
        query.asks = true;
        query.text += filter.substr(copied, token.position - copied);
        query.text += fmt::format("tags.`{}`", tagOf(attribute));
        copied = token.position + token.length;
    }
    query.text += filter.substr(copied);
    return query;
}

bool matchesByInput(const query::Filter& filter, const model::RunRecord& run,
                    const std::vector<store::RunInput>& inputs, std::int64_t nowMs) {
    return std::any_of(inputs.begin(), inputs.end(), [&](const store::RunInput& input) {
        auto copy = run;
        copy.tags.push_back({Symbol(tagOf("name")), Symbol(input.dataset.name)});
        copy.tags.push_back({Symbol(tagOf("digest")), Symbol(input.dataset.digest)});
        for (const auto& [key, value] : input.tags) {
            if (key == kContextTag) {
                copy.tags.push_back({Symbol(tagOf("context")), Symbol(value)});
            }
        }
        copy.sortKeys();
        return filter.matches(copy, nowMs);
    });
}

}  // namespace runglass::tracking
