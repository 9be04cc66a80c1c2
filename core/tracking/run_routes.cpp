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

struct NewRun {
    std::int64_t experiment = store::kDefaultExperiment;
    std::string name;
    std::string user;
    std::int64_t startMs = 0;
    std::vector<model::Variable> tags;
    std::optional<RunId> parent;
};

Result<NewRun> newRunOf(const Fields& fields) {
    NewRun run;
    RUNGLASS_ASSIGN(const auto experiment, fields.text("experiment_id"));
    if (!experiment.empty()) {
        RUNGLASS_ASSIGN(run.experiment, experimentIdOf(experiment));
    }
    RUNGLASS_ASSIGN(run.name, fields.text("run_name"));
    RUNGLASS_ASSIGN(run.user, fields.text("user_id"));
    RUNGLASS_ASSIGN(const auto start, fields.integer("start_time"));
    run.startMs = start.value_or(0);
    RUNGLASS_ASSIGN(run.tags, pairsOf(fields, "tags", kMaxTagValue));
    for (const auto& [key, value] : run.tags) {
        if (key == kNameTag) {
            if (!run.name.empty() && run.name != value) {
                return invalid(
                    fmt::format("Both 'run_name' argument and 'mlflow.runName' tag are specified, but with "
                                "different values "
                                "(run_name='{}', mlflow.runName='{}').",
                                run.name, value));
            }
            run.name = value;
        } else if (key == kParentTag) {
            run.parent = RunId::fromHex(value);
        }
    }
    return Result<NewRun>(std::move(run));
}

Result<std::string> experimentName(WriteSession& session, std::int64_t id) {
    const auto experiment = session.experiments.byId(id);
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

Result<void> storeNewRun(WriteSession& session, const RunId& id, const NewRun& run) {
    RUNGLASS_ASSIGN(const auto experiment, experimentName(session, run.experiment));
    model::RunDetail detail;
    auto& record = detail.record;
    record.id = id;
    record.name = run.name.empty() ? inventName() : run.name;
    record.experiment = Symbol(experiment);
    record.status = model::RunStatus::Running;
    record.startTimeMs = run.startMs;
    record.parent = run.parent;
    describeByTags(run.tags, detail);
    RUNGLASS_TRY(session.writer.createRun(detail));
    session.series.addNew(id);
    return run.user.empty() ? Result<void>() : session.tracked.setUser(id, run.user);
}

/// The run that Runglass made becomes the one that the script starts.
Result<void> adoptRun(WriteSession& session, const RunId& id, const NewRun& run) {
    if (run.experiment != store::kDefaultExperiment) {
        RUNGLASS_ASSIGN(const auto experiment, experimentName(session, run.experiment));
        RUNGLASS_TRY(session.writer.setExperiment(id, experiment));
    }
    if (!run.name.empty()) {
        RUNGLASS_TRY(session.writer.setName(id, run.name));
    }
    for (const auto& [key, value] : run.tags) {
        RUNGLASS_TRY(applyTag(session, id, key, value));
    }
    return run.user.empty() ? Result<void>() : session.tracked.setUser(id, run.user);
}

Result<Response> runResponse(Service& service, const RunId& id, bool withOutputs) {
    return service.read([&](ReadSession& session) -> Result<Response> {
        const auto run = session.tracked.record(id);
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

Result<Response> create(const Call& call) {
    RUNGLASS_ASSIGN(auto run, newRunOf(call.fields));
    auto& own = call.service.ownRun();
    const auto& ownId = own.id();
    // A child of another run is never the run that the script was started for.
    if (ownId && (!run.parent || *run.parent != *ownId) && own.adopt()) {
        RUNGLASS_TRY(
            call.service.write([&](WriteSession& session) { return adoptRun(session, *ownId, run); }));
        return runResponse(call.service, *ownId, false);
    }
    if (ownId && !run.parent) {
        run.parent = ownId;
        run.tags.emplace_back(kParentTag, ownId->hex());
    }
    const RunId id = RunId::generate();
    const auto written =
        call.service.write([&](WriteSession& session) { return storeNewRun(session, id, run); });
    RUNGLASS_TRY(written);
    return runResponse(call.service, id, false);
}

/// A client compares the experiment of a run that it is told to use with the one that the script set. The run
/// goes there first, as long as nobody has started it.
Result<void> followSelection(Service& service, const RunId& id) {
    auto& own = service.ownRun();
    const auto selected = own.selectedExperiment();
    if (!own.is(id) || !selected || own.isAdopted()) {
        return {};
    }
    return service.write([&](WriteSession& session) -> Result<void> {
        const auto name = experimentName(session, *selected);
        return name.ok() ? session.writer.setExperiment(id, *name) : Result<void>();
    });
}

Result<Response> get(const Call& call) {
    RUNGLASS_ASSIGN(const RunId id, runIdOf(call.fields));
    RUNGLASS_TRY(followSelection(call.service, id));
    return runResponse(call.service, id, true);
}

struct Update {
    std::optional<model::RunStatus> status;
    std::optional<std::int64_t> endMs;
    std::string name;
};

Result<void> applyUpdate(WriteSession& session, const RunId& id, const Update& update, OwnRun& own) {
    RUNGLASS_TRY(activeRun(session, id));
    if (!update.name.empty()) {
        RUNGLASS_TRY(session.writer.setName(id, update.name));
    }
    if (own.is(id)) {
        own.adopt();
        own.tell({update.status, update.endMs});
        return {};
    }
    if (update.status && model::isTerminal(*update.status)) {
        store::RunEnd end;
        end.status = *update.status;
        end.timeMs = update.endMs.value_or(nowMs());
        return session.writer.endRun(id, end);
    }
    return update.status ? session.writer.setStatus(id, *update.status) : Result<void>();
}

Result<Response> update(const Call& call) {
    RUNGLASS_ASSIGN(const RunId id, runIdOf(call.fields));
    Update update;
    RUNGLASS_ASSIGN(const auto status,
                    call.fields.name("status", {"RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"}));
    update.status = statusFromWire(status);
    RUNGLASS_ASSIGN(update.endMs, call.fields.integer("end_time"));
    RUNGLASS_ASSIGN(update.name, call.fields.text("run_name"));
    auto& service = call.service;
    const auto written = service.write(
        [&](WriteSession& session) { return applyUpdate(session, id, update, service.ownRun()); });
    RUNGLASS_TRY(written);
    return service.read([&](ReadSession& session) -> Result<Response> {
        RUNGLASS_ASSIGN(const auto run, session.tracked.record(id));
        JsonOut out;
        out.beginObject();
        out.beginObject("run_info");
        RUNGLASS_TRY(RunJson(session, service.ownRun()).writeInfo(out, *run));
        out.endObject();
        out.endObject();
        return jsonResponse(std::move(out));
    });
}

Result<Response> setDeleted(const Call& call, bool deleted) {
    RUNGLASS_ASSIGN(const RunId id, runIdOf(call.fields));
    const auto written = call.service.write([&](WriteSession& session) -> Result<void> {
        const auto done = session.tracked.setDeleted(id, deleted);
        return !done.ok() && done.error().code == ErrorCode::NotFound ? noSuchRun(id.hex()) : done;
    });
    RUNGLASS_TRY(written);
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
