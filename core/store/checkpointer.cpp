// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/checkpointer.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "database_impl.h"
#include "runglass/store/layout.h"
#include "runglass/store/patience.h"

namespace runglass::store {

namespace {

/// A writer that is faster than the copying is not caught up with by trying on.
constexpr int kMostPasses = 4;

/// Copies what no reader still needs and nobody else is copying; how many pages of the log are in the file
/// then, none when it could not.
std::optional<int> copy(sqlite3* connection) {
    int copied = 0;
    const int code =
        sqlite3_wal_checkpoint_v2(connection, "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, &copied);
    return code == SQLITE_OK && copied >= 0 ? std::optional(copied) : std::nullopt;
}

/// SQLite asks the disk for what it has copied only when that was the whole log, which it is not while a
/// writer adds to it: the one who copies the rest would wait for all.
void sync(sqlite3* connection) {
    sqlite3_file* file = nullptr;
    if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file)) ==
            SQLITE_OK &&
        file != nullptr && file->pMethods != nullptr) {
        (void)file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
    }
}

}  // namespace

class Checkpointer::Copying {
public:
    Copying(const Database& database, Limits limits)
        : m_limits(limits)
        , m_file(Layout(database.project()).database())
        , m_writer(database.impl().connection.get()) {
        sqlite3_wal_hook(m_writer, &Copying::onCommit, this);
    }
    Copying(const Copying&) = delete;
    Copying& operator=(const Copying&) = delete;
    ~Copying() {
        sqlite3_wal_autocheckpoint(m_writer, m_limits.begin);  // in place of the hook
        {
            const std::lock_guard lock(m_mutex);
            m_ending = true;
        }
        m_changed.notify_all();
        if (m_thread.joinable()) {
            m_thread.join();
        }
    }

private:
    static int onCommit(void* self, sqlite3* /*writer*/, const char* /*schema*/, int pages) {
        static_cast<Copying*>(self)->committed(pages);
        return SQLITE_OK;
    }

    void committed(int pages) {
        std::unique_lock lock(m_mutex);
        if (pages < m_pages) {
            m_copied = 0;  // the log has begun anew
        }
        m_pages = pages;
        const bool tooMany = pages >= m_limits.most && pages - m_copied >= m_limits.begin;
        if (tooMany) {
            m_changed.wait(lock, [this] { return !m_wanted; });
        }
        const int left = m_pages - m_copied;
        if (tooMany || (pages >= m_limits.finish && m_mayFinish && !m_wanted && left <= m_limits.rest)) {
            m_mayFinish = false;
            note(copy(m_writer));
        } else if (left >= m_limits.begin && !m_wanted) {
            wake();
        }
    }

    void wake() {
        m_wanted = true;
        if (m_thread.joinable()) {
            m_changed.notify_all();
            return;
        }
        try {
            m_thread = std::thread([this] { run(); });
        } catch (const std::system_error&) {
            m_wanted = false;  // the writer copies when there are too many
        }
    }

    void run() {
        const Patience none(0);
        std::unique_lock lock(m_mutex);
        for (;;) {
            m_changed.wait(lock, [this] { return m_wanted || m_ending; });
            if (m_ending) {
                return;
            }
            int pass = 0;
            bool goesOn = true;
            while (goesOn && pass++ < kMostPasses && !m_ending) {
                const int before = m_copied;
                lock.unlock();
                const auto copied = copyBeside();
                lock.lock();
                note(copied);
                goesOn = copied && m_copied != before && m_pages - m_copied > m_limits.rest;
            }
            m_mayFinish = true;
            m_wanted = false;
            m_changed.notify_all();
        }
    }

    std::optional<int> copyBeside() {
        if (!m_connection) {
            auto opened = openFile(m_file, FileAccess::ReadWrite);
            if (!opened.ok() || !execute(opened->get(), "PRAGMA synchronous = NORMAL").ok()) {
                return std::nullopt;
            }
            m_connection = std::move(opened).value();
        }
        const auto copied = copy(m_connection.get());
        if (copied) {
            sync(m_connection.get());
        }
        return copied;
    }

    void note(std::optional<int> copied) {
        if (copied) {
            m_copied = *copied <= m_pages ? *copied : 0;  // more: of the log before this one
        }
    }

    const Limits m_limits;
    const std::filesystem::path m_file;
    sqlite3* const m_writer;
    Connection m_connection;  ///< of the thread
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::thread m_thread;
    int m_pages = 0;   ///< in the log, at the last commit
    int m_copied = 0;  ///< of these, as far as known
    bool m_wanted = false;
    bool m_mayFinish = false;  ///< the thread has copied since the writer did
    bool m_ending = false;
};

Checkpointer::Checkpointer(const Database& database)
    : Checkpointer(database, Limits{}) {}
Checkpointer::Checkpointer(const Database& database, Limits limits)
    : m_copying(std::make_unique<Copying>(database, limits)) {}
Checkpointer::~Checkpointer() = default;

}  // namespace runglass::store
