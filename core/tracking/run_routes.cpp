// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <random>

#include <fmt/format.h>

#include "protocol_error.h"
#include "router.h"
#include "run_json.h"
#include "run_tags.h"
#include "runglass/base/clock.h"
#include "validation.h"

namespace runglass::tracking {

namespace {

/// A name for a run that was given none, like those that people know from MLflow.
std::string inventName() {
    static constexpr std::array kAdjectives{
        "able",   "bold",  "brave", "bright", "calm",  "clever", "crisp",  "eager", "fair",  "fast", "fine",
        "gentle", "grand", "happy", "keen",   "kind",  "light",  "lively", "lucky", "merry", "mild", "nimble",
        "quick",  "quiet", "ready", "sharp",  "sleek", "smart",  "sound",  "spry",  "warm",  "wise"};
    static constexpr std::array kNouns{"ant",  "bat",  "bear",  "bee", "bird",  "crab", "crow", "deer",
                                       "dove", "duck", "eel",   "elk", "finch", "fish", "fox",  "frog",
                                       "goat", "hare", "hawk",  "hen", "koi",   "lark", "lynx", "mole",
                                       "moth", "newt", "otter", "owl", "seal",  "swan", "toad", "wren"};
    std::random_device random;
    return fmt::format("{}-{}-{}", kAdjectives[random() % kAdjectives.size()],
                       kNouns[random() % kNouns.size()], random() % 1000);
}

/// The name that a call gives, as such or as a tag.
Result<std::string> nameOf(const Fields& fields, const std::vector<model::Variable>& tags) {
    RUNGLASS_ASSIGN(auto name, fields.text("run_name"));
    for (const auto& [key, value] : tags) {
        if (key == kNameTag && !name.empty() && name != value) {
            return invalid(
                fmt::format("Both 'run_name' argument and 'mlflow.runName' tag are specified, but with "
                            "different values "
                            "(run_name='{}', mlflow.runName='{}').",
                            name, value));
        }
        name = key == kNameTag ? std::string_view(value) : name;
    }
    return std::string(name);
}

/// The run that runs/create begins, whichever it will be.
Result<store::RunChange> begunRun(const Fields& fields) {
    store::RunChange run;
    run.isNew = true;
    run.timeMs = nowMs();
    run.experiment = store::kDefaultExperiment;
    RUNGLASS_ASSIGN(const auto experiment, fields.text("experiment_id"));
    if (!experiment.empty()) {
        RUNGLASS_ASSIGN(run.experiment, experimentIdOf(experiment));
    }
    RUNGLASS_ASSIGN(const auto user, fields.text("user_id"));
    run.user = user.empty() ? std::nullopt : std::optional(std::string(user));
    RUNGLASS_ASSIGN(const auto start, fields.integer("start_time"));
    run.startMs = start.value_or(0);
    RUNGLASS_ASSIGN(const auto tags, pairsOf(fields, "tags", kMaxTagValue));
    for (const auto& [key, value] : tags) {
        addTag(run, key, value);
    }
    RUNGLASS_ASSIGN(const auto name, nameOf(fields, tags));
    run.name = name.empty() ? std::nullopt : std::optional(name);
    return Result<store::RunChange>(std::move(run));
}

Result<Response> runResponse(Service& service, const RunId& id, bool withOutputs) {
    return service.read([&](ReadSession& session) -> Result<Response> {
        const auto run = session.run(id);
        if (!run.ok()) {
            return run.error().code == ErrorCode::NotFound ? noSuchRun(id.hex()) : run.error();
        }
        JsonOut out;
        out.beginObject();
        out.beginObject("run");
        RUNGLASS_TRY(RunJson(session, service.ownRun()).write(out, **run, withOutputs));
        out.endObject();
        out.endObject();
        return jsonResponse(std::move(out));
    });
}

/// The run that Runglass made becomes the one that the script starts, in its experiment and with its name and
/// tags. A client that names no experiment means whichever it is given.
Result<Response> adopt(const Call& call, store::RunChange run, const RunId& id) {
    run.run = id;
    run.isNew = false;
    if (run.experiment == store::kDefaultExperiment) {
        run.experiment.reset();
    }
    auto& own = call.service.ownRun();
    if (const auto adopted = call.service.change(run); !adopted.ok()) {
        own.release();
        return adopted.error();
    }
    own.tell({model::RunStatus::Running, {}});
    return runResponse(call.service, id, false);
}

Result<Response> create(const Call& call) {
    RUNGLASS_ASSIGN(auto run, begunRun(call.fields));
    auto& own = call.service.ownRun();
    const auto& ownId = own.id();
    // A child of another run is never the run that the script was started for.
    if (ownId && (!run.parent || *run.parent != *ownId) && own.adopt()) {
        return adopt(call, std::move(run), *ownId);
    }
    if (ownId && !run.parent) {
        addTag(run, kParentTag, ownId->hex());
    }
    run.run = RunId::generate();
    run.name = run.name ? run.name : std::optional(inventName());
    RUNGLASS_TRY(call.service.change(run));
    own.noteBegun(run.run);
    return runResponse(call.service, run.run, false);
}

Result<Response> get(const Call& call) {
    RUNGLASS_ASSIGN(const RunId id, runIdOf(call.fields));
    return runResponse(call.service, id, true);
}

Result<Response> infoResponse(Service& service, const RunId& id) {
    return service.read([&](ReadSession& session) -> Result<Response> {
        RUNGLASS_ASSIGN(const auto run, session.run(id));
        JsonOut out;
        out.beginObject();
        out.beginObject("run_info");
        RUNGLASS_TRY(RunJson(session, service.ownRun()).writeInfo(out, *run));
        out.endObject();
        out.endObject();
        return jsonResponse(std::move(out));
    });
}

Result<Response> update(const Call& call) {
    RUNGLASS_ASSIGN(auto change, changeOf(call.fields));
    RUNGLASS_ASSIGN(const auto status,
                    call.fields.name("status", {"RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"}));
    change.status = statusFromWire(status);
    RUNGLASS_ASSIGN(change.endMs, call.fields.integer("end_time"));
    RUNGLASS_ASSIGN(const auto name, call.fields.text("run_name"));
    change.name = name.empty() ? std::nullopt : std::optional(std::string(name));
    auto& own = call.service.ownRun();
    const OwnRun::Told told{change.status, change.endMs};
    if (own.is(change.run)) {
        change.status.reset();  // it ends when its process does
    }
    RUNGLASS_TRY(call.service.change(change));
    if (own.is(change.run)) {
        own.adopt();
        own.tell(told);
    }
    return infoResponse(call.service, change.run);
}

Result<Response> setDeleted(const Call& call, bool deleted) {
    RUNGLASS_ASSIGN(const RunId id, runIdOf(call.fields));
    store::RunChange change;
    change.run = id;
    change.timeMs = nowMs();
    change.deleted = deleted;
    RUNGLASS_TRY(call.service.change(change));
    return emptyResponse();
}

}  // namespace

void addRunRoutes(Router& router) {
    router.add(Method::Post, "runs/create", create);
    router.add(Method::Get, "runs/get", get);
    router.add(Method::Post, "runs/update", update);
    router.add(Method::Post, "runs/delete", [](const Call& call) { return setDeleted(call, true); });
    router.add(Method::Post, "runs/restore", [](const Call& call) { return setDeleted(call, false); });
}

}  // namespace runglass::tracking
