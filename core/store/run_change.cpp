// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/run_change.h"

#include <algorithm>

#include <fmt/format.h>

#include "runglass/model/given_params.h"

namespace runglass::store {

namespace {

template <typename Entries>
auto findKey(Entries& entries, Symbol key) {
    return std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.key == key; });
}

void setTag(model::RunRecord& record, Symbol key, Symbol value) {
    if (const auto it = findKey(record.tags, key); it != record.tags.end()) {
        it->value = value;
    } else {
        record.tags.push_back({key, value});
    }
}

void applyPairs(model::RunRecord& record, const RunChange& change) {
    for (const auto& [key, value] : change.params) {
        const Symbol symbol(key);
        if (const auto it = findKey(record.params, symbol); it == record.params.end()) {
            record.params.push_back({symbol, Symbol(value)});
        } else if (model::mayReplace(change.replaceable, key, it->value.text())) {
            it->value = Symbol(value);
        }
    }
    for (const auto& [key, value] : change.tags) {
        setTag(record, Symbol(key), Symbol(value));
    }
    for (const auto& [key, entry] : change.listedInTags) {
        const Symbol symbol(key);
        const auto it = findKey(record.tags, symbol);
        const auto list = it == record.tags.end() ? std::string_view() : it->value.text();
        setTag(record, symbol, Symbol(appendedToList(list, entry)));
    }
    for (const auto& key : change.removedTags) {
        std::erase_if(record.tags, [&](const model::KeyValue& tag) { return tag.key.text() == key; });
    }
    record.sortKeys();
}

void applyStatus(model::RunRecord& record, const RunChange& change) {
    if (!change.status) {
        return;
    }
    record.status = *change.status;
    if (model::isTerminal(*change.status)) {
        record.endTimeMs = change.endMs.value_or(change.timeMs);
        record.exitCode.reset();
        record.signal.reset();
    } else {
        record.startTimeMs = change.startMs ? change.startMs : record.startTimeMs;
    }
}

void applySupervised(model::RunRecord& record, const SupervisedChange& told) {
    if (told.experiment) {
        record.experiment = Symbol(*told.experiment);
    }
    if (told.end) {
        record.status = told.end->status;
        record.endTimeMs = told.end->timeMs;
        record.exitCode = told.end->exitCode;
        record.signal = told.end->signal;
    }
}

}  // namespace

bool RunChange::hasOnlyPoints() const {
    return !isNew && !experiment && !name && !user && !note && !parent && !status && !deleted &&
           params.empty() && tags.empty() && listedInTags.empty() && removedTags.empty() && inputs.empty() &&
           modelInputs.empty() && modelOutputs.empty() && artifacts.empty() && removedFiles.empty() &&
           (!supervised || supervised->isEmpty());
}

std::string appendedToList(std::string_view list, std::string_view entry) {
    if (list.size() < 2 || !list.starts_with('[') || !list.ends_with(']')) {
        list = "[]";
    }
    list.remove_suffix(1);
    return fmt::format("{}{}{}]", list, list.size() > 1 ? "," : "", entry);
}

void applyTo(model::RunRecord& record, const RunChange& change, Symbol experiment) {
    if (change.isNew) {
        record.id = change.run;
        record.source = Symbol("runglass");
        record.status = model::RunStatus::Running;
        record.startTimeMs = change.startMs;
        record.git = change.git.value_or(model::GitState{});
    }
    record.experiment = change.experiment ? experiment : record.experiment;
    record.name = change.name.value_or(record.name);
    record.parent = change.parent ? change.parent : record.parent;
    record.hasNote = change.note ? !change.note->empty() : record.hasNote;
    record.archived = change.deleted.value_or(record.archived);
    applyStatus(record, change);
    applyPairs(record, change);
    if (change.supervised) {
        applySupervised(record, *change.supervised);
    }
}

}  // namespace runglass::store
