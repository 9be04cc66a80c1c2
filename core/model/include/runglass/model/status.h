// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace runglass::model {

/// The numbers are stored; never renumber.
enum class RunStatus : std::uint8_t {
    Scheduled = 0,
    Running = 1,
    Finished = 2,
    Failed = 3,
    Killed = 4,
    Lost = 5,  ///< its supervisor died without writing an end
};

/// `scheduled`, `running`, `finished`, `failed`, `killed`, `lost`: in files, filters and JSON, never
/// translated.
std::string_view statusName(RunStatus status);
std::optional<RunStatus> statusFromName(std::string_view name);
/// Whether a run in this state will not change any more by itself.
constexpr bool isTerminal(RunStatus status) {
    return status != RunStatus::Scheduled && status != RunStatus::Running;
}

}  // namespace runglass::model
