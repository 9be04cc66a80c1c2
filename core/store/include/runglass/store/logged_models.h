// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/model/run_detail.h"
#include "runglass/model/series.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// The numbers are stored; never renumber.
enum class LoggedModelStatus : std::uint8_t {
    Unspecified = 0,
    Pending = 1,
    Ready = 2,
    UploadFailed = 3,
};

/// A measurement of a model: by which run, on which dataset.
struct LoggedModelMetric {
    std::string key;
    model::Point point;
    std::string run;  ///< 32 digits
    std::string dataset;
    std::string digest;
};

/// A model that a script has logged: made by a run, kept beside it.
struct LoggedModel {
    std::string id;  ///< `m-` and 32 hex digits
    std::int64_t experiment = 0;
    std::string name;
    std::int64_t createdMs = 0;
    std::int64_t updatedMs = 0;
    LoggedModelStatus status = LoggedModelStatus::Pending;
    std::string type;
    std::string sourceRun;  ///< 32 digits, or empty
    std::vector<model::Variable> params;
    std::vector<model::Variable> tags;
    std::vector<LoggedModelMetric> metrics;  ///< of each key, dataset and run the greatest by (step, time)
};

/// Where the files of a model lie among the artifacts that belong to no run.
std::string modelFolder(std::int64_t experiment, std::string_view id);

/// Logged models of a Database. Borrows it; same thread only. Calls that change something follow the rules of
/// RunWriter; those that name a model are NotFound when there is none or it is deleted.
class LoggedModels {
public:
    explicit LoggedModels(Database& database)
        : m_database(&database) {}

    [[nodiscard]] Result<void> create(const LoggedModel& model);
    /// Whether there is or was one of that id.
    [[nodiscard]] Result<bool> isKnown(std::string_view id);
    [[nodiscard]] Result<LoggedModel> byId(std::string_view id);
    /// Of these experiments, not deleted, the newest first.
    [[nodiscard]] Result<std::vector<LoggedModel>> ofExperiments(
        const std::vector<std::int64_t>& experiments);
    [[nodiscard]] Result<void> setStatus(std::string_view id, LoggedModelStatus status, std::int64_t nowMs);
    [[nodiscard]] Result<void> remove(std::string_view id, std::int64_t nowMs);
    [[nodiscard]] Result<void> setTag(std::string_view id, std::string_view key, std::string_view value,
                                      std::int64_t nowMs);
    /// NotFound when there is no such tag, too.
    [[nodiscard]] Result<void> removeTag(std::string_view id, std::string_view key, std::int64_t nowMs);
    /// Those that are not set yet.
    [[nodiscard]] Result<void> addParams(std::string_view id, const std::vector<model::Variable>& params,
                                         std::int64_t nowMs);
    /// The same measurement twice is one; of a model that is not there it is passed over.
    [[nodiscard]] Result<void> addMetric(std::string_view id, const LoggedModelMetric& metric);

private:
    Database* m_database;
};

}  // namespace runglass::store
