// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json_reader.h"
#include "run_files.h"
#include "runglass/model/series.h"
#include "runglass/sources/folder.h"
#include "runglass/sources/reader.h"

/// trainer_state.json of Hugging Face's Trainer (transformers/trainer_callback.py, TrainerState).
namespace runglass::sources::huggingface {

/// What a state tells beside its points.
struct State {
    std::filesystem::path path;
    std::int64_t globalStep = 0;
    std::int64_t maxSteps = 0;
    std::uint64_t malformed = 0;       ///< rows of the log history, and values beside it, that were left out
    std::uint64_t firstMalformed = 0;  ///< where the first is, in bytes
    std::vector<model::Variable> params;
    std::vector<model::Variable> tags;
};

using PointSink = std::function<void(const std::string& metric, const model::Point& point)>;

/// Hands every number of the log history to `sink`, in the order of the file. Nothing when the text is not
/// whole; points before the break have been handed out then.
std::optional<State> readState(std::string_view text, const PointSink& sink);

/// Names of the `checkpoint-<step>` folders that hold a state, by step.
std::vector<std::string> checkpointsIn(const Folder& folder);

/// All checkpoints of an output folder are one run: the state that has come farthest tells the whole history.
class TrainerReader : public Reader {
public:
    explicit TrainerReader(std::filesystem::path folder)
        : m_folder(std::move(folder)) {}

    Result<std::vector<SharedPart>> read(std::stop_token stop) override;
    [[nodiscard]] std::vector<FileStamp> stamps() const override;
    Result<model::RunDetail> detail(std::string_view key) override;
    Result<model::Series> series(std::string_view key, std::string_view metric, std::size_t from,
                                 std::stop_token stop) override;
    Result<ArtifactFile> openArtifact(std::string_view key, std::string_view path) override;

private:
    [[nodiscard]] RunFiles files() const;
    Result<std::vector<std::filesystem::path>> listStates();
    Result<State> readNewest(const PointSink& sink, std::vector<Damage>& damage);
    static void addConfig(const std::filesystem::path& path, Part& part);

    std::filesystem::path m_folder;
    std::vector<FileStamp> m_stamps;
    SharedPart m_part;
    std::int64_t m_globalStep = 0;  ///< of the state that m_part rests on
};

}  // namespace runglass::sources::huggingface
