// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/model/run_detail.h"
#include "runglass/store/database.h"

namespace runglass::store {

struct ModelAlias {
    std::string alias;
    std::int64_t version = 0;
};

struct ModelVersion {
    std::string model;
    std::int64_t version = 0;
    std::int64_t createdMs = 0;
    std::int64_t updatedMs = 0;
    std::string description;
    std::string user;
    std::string stage = "None";
    std::string source;    ///< what was registered, as the client named it
    std::string location;  ///< where its files are
    std::string run;       ///< 32 digits, or empty
    std::string runLink;
    std::string loggedModel;  ///< id, or empty
    std::vector<model::Variable> tags;
    std::vector<std::string> aliases;
};

struct RegisteredModel {
    std::string name;
    std::int64_t createdMs = 0;
    std::int64_t updatedMs = 0;
    std::string description;
    std::vector<model::Variable> tags;
    std::vector<ModelAlias> aliases;
};

/// Named models and their versions. Borrows the Database; same thread only. Calls that change something
/// follow the rules of RunWriter; what they name must be there (NotFound).
class ModelRegistry {
public:
    explicit ModelRegistry(Database& database)
        : m_database(&database) {}

    [[nodiscard]] Result<RegisteredModel> model(std::string_view name);
    /// By name.
    [[nodiscard]] Result<std::vector<RegisteredModel>> models();
    /// Exists when the name is taken.
    [[nodiscard]] Result<void> create(const RegisteredModel& model);
    /// Its versions follow. Exists when the name is taken.
    [[nodiscard]] Result<void> rename(std::string_view name, std::string_view newName, std::int64_t nowMs);
    [[nodiscard]] Result<void> describe(std::string_view name, std::string_view description,
                                        std::int64_t nowMs);
    [[nodiscard]] Result<void> remove(std::string_view name);
    [[nodiscard]] Result<void> setTag(std::string_view name, std::string_view key, std::string_view value,
                                      std::int64_t nowMs);
    /// No such tag is no error.
    [[nodiscard]] Result<void> removeTag(std::string_view name, std::string_view key, std::int64_t nowMs);
    [[nodiscard]] Result<void> setAlias(std::string_view name, std::string_view alias, std::int64_t version,
                                        std::int64_t nowMs);
    [[nodiscard]] Result<void> removeAlias(std::string_view name, std::string_view alias, std::int64_t nowMs);

    [[nodiscard]] Result<ModelVersion> version(std::string_view name, std::int64_t version);
    /// By model and number.
    [[nodiscard]] Result<std::vector<ModelVersion>> versions();
    [[nodiscard]] Result<std::vector<ModelVersion>> versionsOf(std::string_view name);
    /// The number that the next version gets: never one that was used before.
    [[nodiscard]] Result<std::int64_t> nextVersion(std::string_view name);
    /// Its `version` is the number that it gets; 0: the next. Returns it.
    [[nodiscard]] Result<std::int64_t> createVersion(const ModelVersion& version);
    [[nodiscard]] Result<void> describeVersion(std::string_view name, std::int64_t version,
                                               std::string_view description, std::int64_t nowMs);
    [[nodiscard]] Result<void> setStage(std::string_view name, std::int64_t version, std::string_view stage,
                                        std::int64_t nowMs);
    /// Its aliases go, too.
    [[nodiscard]] Result<void> removeVersion(std::string_view name, std::int64_t version, std::int64_t nowMs);
    [[nodiscard]] Result<void> setVersionTag(std::string_view name, std::int64_t version,
                                             std::string_view key, std::string_view value);
    [[nodiscard]] Result<void> removeVersionTag(std::string_view name, std::int64_t version,
                                                std::string_view key);

private:
    Database* m_database;
};

}  // namespace runglass::store
