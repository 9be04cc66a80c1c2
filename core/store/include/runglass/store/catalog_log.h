// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>
#include <utility>

#include "runglass/base/file_descriptor.h"
#include "runglass/base/result.h"

namespace runglass::store {

/// What the endpoints of a project acknowledged of the catalog (experiments, logged models, the registry,
/// files of no run) while another program held the run database: one log for all of them,
/// `.runglass/aside/catalog`, since a name or the number of a version is given once in a project. It is read
/// and added to in turns. The lock of a turn (flock, of the folder) goes with the process that has it. As
/// durable as AsideLog; whoever writes to the run database takes it over first (CatalogTakeover). Where the
/// file system knows no locks each endpoint decides for itself. Not thread-safe, but for empty().
class CatalogLog {
public:
    explicit CatalogLog(const std::filesystem::path& project);

    /// Whether nothing lies in it. Costs a look at a name.
    [[nodiscard]] bool empty() const;

    /// As long as it lives, nobody else in the project reads or changes the log. Borrows it.
    class Turn {
    public:
        using Take = std::function<Result<void>(std::string_view record)>;
        /// Whether what was read in turns before is still there: else it is in the run database.
        [[nodiscard]] bool goesOn() const { return m_goesOn; }
        /// From the beginning.
        void readAgain() { m_log->m_read = 0; }
        /// What nobody has read or added through this object.
        [[nodiscard]] Result<void> readOn(const Take& take);
        /// After everything has been read. False when it cannot be kept, or when there is too much already.
        [[nodiscard]] bool add(std::string_view record);
        /// All of it is in the run database.
        void clear();

    private:
        friend class CatalogLog;
        Turn(CatalogLog& log, FileDescriptor lock, bool goesOn)
            : m_log(&log)
            , m_lock(std::move(lock))
            , m_goesOn(goesOn) {}

        CatalogLog* m_log;
        FileDescriptor m_lock;
        bool m_goesOn;
    };

    /// Busy when another has it for longer.
    [[nodiscard]] Result<Turn> turn(std::int64_t patienceMs);

private:
    bool look();
    bool open();

    std::filesystem::path m_folder;
    std::filesystem::path m_path;
    FileDescriptor m_file;
    std::uint64_t m_read = 0;
};

}  // namespace runglass::store
