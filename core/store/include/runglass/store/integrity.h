// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"

namespace runglass::store {

struct IntegrityFinding {
    enum class Kind { Database, Run, Series, Artifact, Snapshot };
    Kind kind = Kind::Database;
    std::optional<RunId> run;
    std::string message;  ///< for people
};

struct IntegrityReport {
    std::uint64_t runs = 0;
    std::uint64_t series = 0;
    std::uint64_t points = 0;
    std::uint64_t artifacts = 0;
    std::uint64_t snapshots = 0;
    /// Files of artifacts that belong to nothing, left by a process that was killed. Harmless, so no finding.
    std::uint64_t leftoverFiles = 0;
    std::uint64_t leftoverBytes = 0;
    /// What an endpoint acknowledged before it was killed and nobody has written yet (restore_aside.h): calls
    /// of scripts. Whole, so no finding.
    std::uint64_t waitingCalls = 0;
    std::vector<IntegrityFinding> findings;
    [[nodiscard]] bool clean() const { return findings.empty(); }
};

using CheckProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Reads everything: SQLite's own check, every chunk decoded and compared with its header and with the run's
/// summary, every artifact's digest, every snapshot's objects in git. Changes nothing. Works on a damaged
/// file as far as it can be read.
Result<IntegrityReport> checkIntegrity(const std::filesystem::path& project,
                                       const CheckProgress& progress = {}, std::stop_token stop = {});

/// Copies every run that can be read from a damaged database, with its artifacts, into a new project folder
/// `target` (which must not exist); the damaged file stays as it is. The report says what could not be
/// copied.
Result<IntegrityReport> salvage(const std::filesystem::path& project, const std::filesystem::path& target,
                                const CheckProgress& progress = {}, std::stop_token stop = {});

}  // namespace runglass::store
