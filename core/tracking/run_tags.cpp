// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_tags.h"

#include <fmt/format.h>

#include "run_json.h"
#include "runglass/base/text.h"

namespace runglass::tracking {

namespace {

/// `https://user:secret@host/…` without what stands before the @.
std::string withoutCredentials(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) {
        return std::string(url);
    }
    const auto host = scheme + 3;
    const auto at = url.substr(0, url.find('/', host)).rfind('@');
    return at == std::string_view::npos || at < host
               ? std::string(url)
               : fmt::format("{}{}", url.substr(0, host), url.substr(at + 1));
}

void describe(store::RunChange& change, std::string_view key, std::string_view value) {
    model::GitState git = change.git.value_or(model::GitState{});
    if (key == "mlflow.source.git.commit") {
        git.commit = value;
    } else if (key == "mlflow.source.git.branch") {
        git.branch = value;
    } else if (key == "mlflow.source.git.repoURL") {
        git.remote = withoutCredentials(value);
    } else if (key == "mlflow.source.git.dirty") {
        git.dirty = startsWithIgnoringCase(value, "true");
    } else if (key == "mlflow.source.name") {
        change.command = {std::string(value)};
    }
    change.git = std::move(git);
}

}  // namespace

void addTag(store::RunChange& change, std::string_view key, std::string_view value) {
    if (key == kNameTag) {
        change.name = value;
        return;
    }
    if (key == kNoteTag) {
        change.note = value;
        return;
    }
    if (key == kParentTag) {
        if (const auto parent = RunId::fromHex(value); parent && *parent != change.run) {
            change.parent = parent;
        }
    }
    if (change.isNew) {
        describe(change, key, value);
    }
    change.tags.emplace_back(key, value);
}

void removeTag(store::RunChange& change, std::string_view key) {
    if (key == kNoteTag) {
        change.note.emplace();
    }
    change.removedTags.emplace_back(key);
}

}  // namespace runglass::tracking
