// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runglass/model/series.h"

namespace runglass::model {

/// As MLflow numbers them.
enum class ModelStatus : std::uint8_t {
    Unspecified = 0,
    Pending = 1,  ///< its files are on their way
    Ready = 2,
    UploadFailed = 3,
};

/// `pending`, `ready`, `upload failed`; empty for Unspecified and for numbers that are none.
std::string_view modelStatusName(ModelStatus status);

/// A measurement of a model: by which run, on which dataset.
struct ModelMetric {
    std::string key;
    Point point;
    std::string run;      ///< as its tool names it: 32 hex digits
    std::string dataset;  ///< its name; often empty
    std::string digest;
};

/// A model that a script has logged, seen from a run that made or read it (MLflow 3).
struct LoggedModel {
    std::string id;  ///< `m-` and 32 hex digits
    std::string name;
    std::string type;  ///< free text, often empty
    ModelStatus status = ModelStatus::Unspecified;
    bool output = true;                ///< made by the run; else read by it
    std::optional<std::int64_t> step;  ///< of the run when it was made, where it was told
    std::vector<std::pair<std::string, std::string>> params;
    std::vector<std::pair<std::string, std::string>> tags;
    std::vector<ModelMetric> metrics = {};  ///< at least the latestMetrics(); in no order
    std::int64_t createdMs = 0;             ///< 0 where nobody says
};

/// A version of a model of the registry that came of a run, or of a model that the run made or read.
struct ModelVersion {
    std::string model;  ///< the registered name
    std::int64_t version = 0;
    std::string stage;  ///< `Staging`, `Production` …; empty for none
    std::vector<std::string> aliases;
    std::string loggedModel;  ///< its id; empty where files of the run were registered
    std::string source;       ///< what was registered, as the client named it
};

/// What is known of models at a run.
struct RunModels {
    std::vector<LoggedModel> models;         ///< those that the run made before those that it read
    std::vector<ModelVersion> versions;      ///< by registered name and number
    std::vector<std::string> problems = {};  ///< what could not be read of them, for people
    [[nodiscard]] bool empty() const { return models.empty() && versions.empty(); }
};

/// Of each metric, run and dataset the greatest by step and time, which is the one that counts; by name.
std::vector<ModelMetric> latestMetrics(const LoggedModel& model);

/// What the names of a model's files begin with among the artifacts of the run that made it: its name, or its
/// id where that is not enough. With a slash at the end.
std::string artifactPrefix(const LoggedModel& model, const std::vector<LoggedModel>& all);

}  // namespace runglass::model
