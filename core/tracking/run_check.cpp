// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_check.h"

#include <fmt/format.h>

#include "protocol_error.h"
#include "run_json.h"
#include "runglass/model/given_params.h"
#include "validation.h"

namespace runglass::tracking {

namespace {

Result<store::TrackedRun> stateOf(ReadSession& session, const RunId& id) {
    auto run = session.state(id);
    return !run.ok() && run.error().code == ErrorCode::NotFound ? noSuchRun(id.hex()) : run;
}

Result<void> checkParams(const model::RunRecord& record, const store::RunChange& change, Wording wording) {
    std::string list;
    for (const auto& [key, value] : change.params) {
        const auto old = record.param(Symbol::find(key));
        if (!old || *old == value || model::mayReplace(change.replaceable, key, *old)) {
            continue;
        }
        if (wording == Wording::OfParameter) {
            return invalid(
                fmt::format("Changing param values is not allowed. Param with key='{}' was already logged "
                            "with value='{}' "
                            "for run ID='{}'. Attempted logging new value '{}'.",
                            key, *old, change.run.hex(), value));
        }
        list += fmt::format("{}{{'key': '{}', 'old_value': '{}', 'new_value': '{}'}}",
                            list.empty() ? "" : ", ", key, *old, value);
    }
    if (list.empty()) {
        return {};
    }
    return invalid(
        fmt::format("Changing param values is not allowed. Params were already logged='[{}]' for run "
                    "ID='{}'.",
                    list, change.run.hex()));
}

Result<void> checkRemovedTags(const model::RunRecord& record, const store::RunChange& change) {
    for (const auto& key : change.removedTags) {
        if (!record.tag(Symbol::find(key)) && !(key == kNoteTag && record.hasNote)) {
            return noSuchThing(
                fmt::format("No tag with name: {} in run with id {}", key.substr(0, 250), record.id.hex()));
        }
    }
    return {};
}

}  // namespace

Result<void> existingRun(ReadSession& session, const RunId& id) {
    const auto run = stateOf(session, id);
    return run.ok() ? Result<void>() : run.error();
}

Result<void> activeRun(ReadSession& session, const RunId& id) {
    RUNGLASS_ASSIGN(const auto run, stateOf(session, id));
    if (run.deletion != store::Deletion::None) {
        return invalid(
            fmt::format("The run {} must be in the 'active' state. Current state is deleted.", id.hex()));
    }
    return {};
}

Result<std::string> experimentName(ReadSession& session, std::int64_t id) {
    const auto experiment = session.experiment(id);
    if (!experiment.ok()) {
        return experiment.error().code == ErrorCode::NotFound ? noSuchExperiment(std::to_string(id))
                                                              : experiment.error();
    }
    if (experiment->deleted) {
        return invalid(
            fmt::format("The experiment {} must be in the 'active' state. Current state is deleted.", id));
    }
    return experiment->name;
}

Result<void> checkChange(ReadSession& session, const store::RunChange& change, Wording wording) {
    if (change.experiment) {
        const auto name = experimentName(session, *change.experiment);
        RUNGLASS_TRY(name);
    }
    if (change.isNew) {
        return {};
    }
    const bool mayBeDeleted = change.deleted || !change.artifacts.empty() || !change.removedFiles.empty();
    RUNGLASS_TRY(mayBeDeleted ? existingRun(session, change.run) : activeRun(session, change.run));
    if (change.params.empty() && change.removedTags.empty()) {
        return {};
    }
    RUNGLASS_ASSIGN(const auto record, session.run(change.run));
    RUNGLASS_TRY(checkParams(*record, change, wording));
    return checkRemovedTags(*record, change);
}

Result<void> checkFiles(ReadSession& session, const store::RunChange& change) {
    if (change.artifacts.empty()) {
        return {};
    }
    RUNGLASS_ASSIGN(const auto files, session.artifacts(change.run));
    for (const auto& artifact : change.artifacts) {
        for (const auto& file : files) {
            if (auto inTheWay = store::fileInTheWay(artifact.path, file.path)) {
                return std::move(*inTheWay);
            }
        }
    }
    return {};
}

}  // namespace runglass::tracking
