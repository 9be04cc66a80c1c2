// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runglass/base/run_id.h"
#include "runglass/model/given_params.h"
#include "runglass/model/run_detail.h"
#include "runglass/model/status.h"

namespace runglass::launch {

/// Something that the script of a run can log to besides the spool, alive as long as the run. The program
/// that supervises brings it along; core/launch does not know what it is.
class ScriptEndpoint {
public:
    ScriptEndpoint() = default;
    ScriptEndpoint(const ScriptEndpoint&) = delete;
    ScriptEndpoint& operator=(const ScriptEndpoint&) = delete;
    virtual ~ScriptEndpoint() = default;

    /// The params that the run has before its script says any; before the command starts.
    virtual void setGivenParams(const model::GivenParams& given) = 0;
    /// The run is not in the run database yet, because another program holds that: what the script says of it
    /// is taken in all the same, and follows it. Before the command starts.
    virtual void setKeptRun(const model::RunDetail& run) = 0;
    /// What the command's environment gets, so that the script finds it.
    [[nodiscard]] virtual std::vector<model::Variable> environment() const = 0;
    /// Why the script cannot use it, for people; empty when it can.
    [[nodiscard]] virtual std::string problem() const = 0;
    /// Whether the script has logged a metric: what it prints is the same again then. Any thread.
    [[nodiscard]] virtual bool hasMetrics() const = 0;
    /// Whether the script has logged anything to it: what it has left behind may do so still.
    [[nodiscard]] virtual bool isUsed() const = 0;
    /// How the script has said that its run ended, if that is not well.
    [[nodiscard]] virtual std::optional<model::RunStatus> toldFailure() const = 0;
    /// The run has ended like this: nothing more is taken in, and what the script began besides ends with it.
    virtual void finish(model::RunStatus status, std::int64_t timeMs) = 0;
};

using MakeScriptEndpoint =
    std::function<std::unique_ptr<ScriptEndpoint>(const std::filesystem::path& project, const RunId& run)>;

}  // namespace runglass::launch
