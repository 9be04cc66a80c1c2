// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "runglass/base/file_descriptor.h"
#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// Brings what all endpoints of a project, alive or dead, have kept of runs (AsideLog) into the run database,
/// in the order of its times: what one has said of a run that another has begun, or has said something of
/// before, comes behind that, whoever gets the database first. What is taken is marked in the log of an
/// endpoint that lives, and goes with the log of a dead one. Same thread only.
class RunsTakeover {
public:
    explicit RunsTakeover(std::filesystem::path project)
        : m_project(std::move(project)) {}

    /// Whether a log has what take() has not seen. Looks at each.
    [[nodiscard]] bool anything() const;

    using Step = std::function<Result<void>()>;
    using Restore = std::function<Result<void>(std::string_view record)>;
    /// Within a transaction. `own` is the log of the caller, if it has one: when nothing is added to it
    /// meanwhile, all of it is taken. `catalog` takes over what lies aside of the catalog, which all that is
    /// taken of runs builds on. A change of a run that is in no log and not in the database goes to `restore`
    /// as well.
    [[nodiscard]] Result<void> take(Database& database, const std::filesystem::path& own, const Step& catalog,
                                    const Restore& restore);
    /// After the transaction, however it ended.
    void end(bool committed);

private:
    struct Log {
        std::filesystem::path path;
        FileDescriptor file;  ///< locked against others who take it
        std::uint64_t end = 0;
        std::uint64_t taken = 0;  ///< all before is
        std::uint64_t next = 0;   ///< where the record ends that is to be taken
        std::string record;       ///< none when `next` is 0
        std::int64_t timeMs = 0;
        RunId run;  ///< that has to be there before; null for none
    };

    void open(const std::filesystem::path& path, bool isOwn);
    static void readOn(Log& log);
    Log* following(Database& database);
    bool isReady(const Log& log, Database& database);
    [[nodiscard]] bool mayStillBegin(const Log& waiting) const;

    std::filesystem::path m_project;
    std::vector<Log> m_logs;
    std::unordered_set<RunId> m_known;
    std::map<std::filesystem::path, std::uint64_t> m_seen;  ///< sizes of logs that have been taken to the end
};

}  // namespace runglass::store
