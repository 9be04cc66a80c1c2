// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_tags.h"

#include <algorithm>

#include <fmt/format.h>

#include "protocol_error.h"
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

/// A tag given twice: the last one counts.
void setLast(std::vector<model::KeyValue>& tags, Symbol key, Symbol value) {
    const auto it =
        std::find_if(tags.begin(), tags.end(), [&](const model::KeyValue& tag) { return tag.key == key; });
    if (it == tags.end()) {
        tags.push_back({key, value});
    } else {
        it->value = value;
    }
}

}  // namespace

Result<void> applyTag(WriteSession& session, const RunId& run, std::string_view key, std::string_view value) {
    if (key == kNameTag) {
        return session.writer.setName(run, value);
    }
    if (key == kNoteTag) {
        return session.writer.setNote(run, value);
    }
    if (key == kParentTag) {
        if (const auto parent = RunId::fromHex(value); parent && *parent != run) {
            RUNGLASS_TRY(session.tracked.setParent(run, *parent));
        }
    }
    return session.writer.setTag(run, key, value);
}

Result<void> removeTag(WriteSession& session, const RunId& run, std::string_view key) {
    RUNGLASS_ASSIGN(const auto record, session.tracked.record(run));
    if (key == kNoteTag && record->hasNote) {
        return session.writer.setNote(run, {});
    }
    if (!record->tag(Symbol::find(key))) {
        return noSuchThing(
            fmt::format("No tag with name: {} in run with id {}", key.substr(0, 250), run.hex()));
    }
    return session.writer.removeTag(run, key);
}

void describeByTags(const std::vector<model::Variable>& tags, model::RunDetail& detail) {
    auto& git = detail.record.git;
    for (const auto& [key, value] : tags) {
        if (key == kNameTag) {
            continue;
        }
        if (key == kNoteTag) {
            detail.note = value;
            continue;
        }
        setLast(detail.record.tags, Symbol(key), Symbol(value));
        if (key == "mlflow.source.git.commit") {
            git.commit = value;
        } else if (key == "mlflow.source.git.branch") {
            git.branch = value;
        } else if (key == "mlflow.source.git.repoURL") {
            git.remote = withoutCredentials(value);
        } else if (key == "mlflow.source.git.dirty") {
            git.dirty = startsWithIgnoringCase(value, "true");
        } else if (key == "mlflow.source.name") {
            detail.command = {value};
        }
    }
    detail.record.sortKeys();
}

}  // namespace runglass::tracking
