// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/model/run_detail.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// An experiment as a thing of its own: runs only name theirs.
struct Experiment {
    std::int64_t id = 0;
    std::string name;
    std::string artifactLocation;  ///< as a client gave it; empty for the place of this project
    bool deleted = false;
    std::int64_t createdMs = 0;
    std::int64_t updatedMs = 0;
    std::vector<model::Variable> tags;  ///< by key
};

/// The experiment of runs that name none. It exists always.
inline constexpr std::int64_t kDefaultExperiment = 0;

/// Experiments of a Database. Borrows it; same thread only. Calls that change something follow the rules of
/// RunWriter.
class Experiments {
public:
    explicit Experiments(Database& database)
        : m_database(&database) {}

    /// The number under which an experiment is kept that was acknowledged as `id`: `id` itself unless
    /// restore() has made it another number of an older one. All calls take either.
    [[nodiscard]] Result<std::int64_t> ownNumber(std::int64_t id);
    /// NotFound when there is none. Deleted ones are found, too.
    [[nodiscard]] Result<Experiment> byId(std::int64_t id);
    /// Nothing when there is none, or when only runs name it and ensure() has not been called.
    [[nodiscard]] Result<std::optional<Experiment>> byName(std::string_view name);
    /// By id, deleted ones too.
    [[nodiscard]] Result<std::vector<Experiment>> all();

    /// Gives each experiment that only runs name an identity.
    [[nodiscard]] Result<void> ensure(std::int64_t nowMs);
    /// The number of the experiment of that name, made when there is none.
    [[nodiscard]] Result<std::int64_t> idOf(std::string_view name, std::int64_t nowMs);

    /// Exists when the name is taken, by a deleted experiment too. Its `id` is the number that it gets, and
    /// that of runs which name it already; 0: the next free one, and a name of runs is taken.
    [[nodiscard]] Result<std::int64_t> create(const Experiment& experiment);
    /// Writes one whose creation was acknowledged before. When somebody else has made one of its name
    /// meanwhile, it is that one, and its number another one of it (ownNumber); beside a deleted one it gets
    /// a number behind its name, as files do that are copied twice.
    [[nodiscard]] Result<void> restore(Experiment experiment);
    /// The same for a name that was given to one that is there.
    [[nodiscard]] Result<void> restoreName(std::int64_t id, std::string_view name, std::int64_t nowMs);
    /// Its runs follow. Exists when the name is taken.
    [[nodiscard]] Result<void> rename(std::int64_t id, std::string_view name, std::int64_t nowMs);
    /// Deleting takes the runs along; restoring brings back those that were deleted with it, and not those
    /// deleted before.
    [[nodiscard]] Result<void> setDeleted(std::int64_t id, bool deleted, std::int64_t nowMs);
    /// Deletes a run as with its experiment, unless it is deleted already.
    [[nodiscard]] Result<void> deleteRunWith(const RunId& run);
    [[nodiscard]] Result<void> setTag(std::int64_t id, std::string_view key, std::string_view value,
                                      std::int64_t nowMs);
    /// NotFound when there is no such tag.
    [[nodiscard]] Result<void> removeTag(std::int64_t id, std::string_view key, std::int64_t nowMs);

private:
    [[nodiscard]] Result<void> join(const Experiment& into, const Experiment& same);

    Database* m_database;
};

}  // namespace runglass::store
