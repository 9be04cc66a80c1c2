// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/model/run_detail.h"

/// The spool: how a script in any language logs to its run.
///
/// `$RUNGLASS_SPOOL` names a file. Append lines to it, each one JSON object in UTF-8 with `\n` at its end,
/// written with one write() to a file opened with O_APPEND (so that several processes can share it). A line
/// may hold any of these members; others are ignored:
///
///   {"metrics": {"loss": 0.12, "acc": "NaN"}, "step": 3, "time_ms": 1750000000000}
///   {"params": {"lr": 0.001, "model": {"depth": 4}}}
///   {"tags": {"stage": "prod", "old": null}}
///   {"artifact": {"path": "out/model.pt", "name": "model.pt"}}
///   {"dataset": {"name": "train", "path": "data/train.csv", "digest": "…"}}
///   {"name": "warm start"}   {"experiment": "ablation"}   {"note": "Markdown"}
///   {"run": {"command": ["python", "train.py"], "cwd": "/path", "start_time_ms": 1750000000000}}
///   {"end": {"exit_code": 0, "error": "ValueError: …"}}
///
/// - Values of metrics are numbers, booleans, or "NaN", "Infinity", "-Infinity" (also without quotes, as many
///   JSON writers put them). Without `step` a metric counts on from its last one; without `time_ms` the
///   time of reading is taken.
/// - Nested objects become keys joined with `/`. Param and tag values are kept as written; `null` removes a
///   tag. A param is set once.
/// - Paths are relative to the working directory of the run. An artifact may be a folder.
/// - `run` is only read where Runglass did not start the command itself: it tells what it was. `end`
/// likewise.
///
/// A line over 1 MiB, or one that is not such an object, costs that line, with its reason. A last line
/// without `\n` is waited for.
namespace runglass::launch {

inline constexpr std::size_t kMaxSpoolLine = 1U << 20U;

struct SpoolMetric {
    std::string key;
    double value = 0;
};

struct SpoolArtifact {
    std::string path;
    std::string name;  ///< empty: made from the path
};

struct SpoolStart {
    std::vector<std::string> command;
    std::string workingDirectory;
    std::optional<std::int64_t> startTimeMs;
    std::string pythonExecutable;
    std::string pythonVersion;
};

struct SpoolEnd {
    std::optional<int> exitCode;
    std::string error;
};

/// What one line says.
struct SpoolRecord {
    std::vector<SpoolMetric> metrics;
    std::optional<std::int64_t> step;
    std::optional<std::int64_t> timeMs;
    std::vector<model::Variable> params;
    std::vector<model::Variable> tags;
    std::vector<std::string> removedTags;
    std::optional<SpoolArtifact> artifact;
    std::optional<model::Dataset> dataset;
    std::optional<std::string> name;
    std::optional<std::string> experiment;
    std::optional<std::string> note;
    std::optional<SpoolStart> start;
    std::optional<SpoolEnd> end;
};

/// Reads lines of a spool. Keeps its buffers between lines; same thread only.
class SpoolParser {
public:
    SpoolParser();
    ~SpoolParser();
    SpoolParser(SpoolParser&&) noexcept;
    SpoolParser& operator=(SpoolParser&&) noexcept;

    /// One line without its end. The error says what is wrong with it.
    Result<SpoolRecord> parse(std::string_view line);

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

/// `name` as the name of an artifact: relative, with `/`, valid UTF-8, without `.`, `..`, empty parts and
/// control characters, at most 200 bytes a part. Empty when nothing is left.
std::string sanitizedArtifactName(std::string_view name);

}  // namespace runglass::launch
