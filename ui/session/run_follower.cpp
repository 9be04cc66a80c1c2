// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_follower.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>

#include "holder_watch.h"
#include "runglass/base/clock.h"
#include "runglass/base/translate.h"
#include "runglass/launch/launcher.h"
#include "runglass/sources/run_table.h"
#include "runglass/store/kept_changes.h"
#include "runglass/store/layout.h"
#include "runglass/store/run_reader.h"
#include "table_delta.h"

namespace runglass::ui {
namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 100ms;
constexpr auto kShortestGap = 50ms;  ///< between two updates: at most 20 a second
constexpr std::int64_t kRecoverEveryMs = 2000;
constexpr std::int64_t kLongestWaitMs = 1500;  ///< for the first run of another tool

/// Tells one database file from another at the same path.
struct FileIdentity {
    dev_t device = 0;
    ino_t inode = 0;
    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

std::optional<FileIdentity> identityOf(const std::filesystem::path& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        return std::nullopt;
    }
    return FileIdentity{info.st_dev, info.st_ino};
}

void summarize(RunsUpdate* update) {
    const Symbol own("runglass");
    update->notArchived.reserve(update->table->runs.size());
    for (const model::SharedRun& run : update->table->runs) {
        // What runs with another tool cannot be stopped here, and what waits there is not in the queue.
        update->running += run->status == model::RunStatus::Running && run->source == own ? 1 : 0;
        update->scheduled += run->status == model::RunStatus::Scheduled && run->source == own ? 1 : 0;
        if (!run->archived) {
            update->notArchived.push_back(run->id);
        }
    }
}

}  // namespace

class RunFollower::Worker {
public:
    Worker(std::filesystem::path project, jobs::Executor executor, Callbacks callbacks,
           std::shared_ptr<std::atomic<bool>> alive)
        : m_layout(std::move(project))
        , m_executor(std::move(executor))
        , m_callbacks(std::make_shared<Callbacks>(std::move(callbacks)))
        , m_alive(std::move(alive)) {}

    void run(std::stop_token stop) {
        open(stop);
        while (!stop.stop_requested()) {
            const auto from = std::chrono::steady_clock::now();
            step(stop);
            std::unique_lock lock(m_mutex);
            m_wake.wait_for(lock, stop, kTick, [this] { return m_woken; });
            m_woken = false;
            const auto spent = std::chrono::steady_clock::now() - from;
            if (spent < kShortestGap) {
                m_wake.wait_for(lock, stop, kShortestGap - spent, [] { return false; });
            }
        }
    }

    /// From the thread of the catalogue.
    void takeForeign(sources::SharedForeignRuns foreign) {
        const std::lock_guard lock(m_mutex);
        m_foundForeign = std::move(foreign);
        m_woken = true;
        m_wake.notify_one();
    }

    void wake(bool fromScratch) {
        const std::lock_guard lock(m_mutex);
        m_woken = true;
        m_fromScratch = m_fromScratch || fromScratch;
        m_wake.notify_one();
    }

private:
    template <typename Call>
    void post(Call call) {
        m_executor([alive = m_alive, callbacks = m_callbacks, call = std::move(call)] {
            if (alive->load()) {
                call(*callbacks);
            }
        });
    }

    void report(const Error& error) {
        if (error.message != m_lastProblem && error.code != ErrorCode::Cancelled) {
            m_lastProblem = error.message;
            post([error](const Callbacks& callbacks) { callbacks.problem(error.message, error.detail); });
        }
    }

    void open(std::stop_token stop) {
        m_identity = identityOf(m_layout.database());
        if (!m_identity) {
            publishOpenState(folderState());
            publishNothing();
            return;
        }
        auto opened = store::Database::open(m_layout.project(), store::OpenMode::ReadWrite);
        if (!opened) {
            opened = store::Database::open(m_layout.project(), store::OpenMode::ReadOnly);
        }
        if (!opened) {
            report(opened.error());
            publishOpenState({false, opened.error().message, false, 0});
            publishNothing();
            return;
        }
        m_database.emplace(std::move(*opened));
        m_writable = m_database->report().writable;
        publishReport();
        recover();
        reload(stop);
    }

    /// Before the first run there is no database to ask; the folder decides.
    [[nodiscard]] OpenState folderState() const {
        const auto& folder = std::filesystem::exists(m_layout.root()) ? m_layout.root() : m_layout.project();
        if (::access(folder.c_str(), W_OK) == 0) {
            return {true, {}, false, 0};
        }
        return {false,
                tr("Runs cannot be recorded here. {} is read-only. Copy the project, or change the "
                   "permission of the folder.",
                   folder.string()),
                false, 0};
    }

    void step(std::stop_token stop) {
        bool fromScratch = false;
        sources::SharedForeignRuns found;
        {
            const std::lock_guard lock(m_mutex);
            fromScratch = std::exchange(m_fromScratch, false);
            found = std::exchange(m_foundForeign, nullptr);
        }
        if (found) {
            publishForeign(std::move(found));
        }
        if (m_waiting && monotonicMs() - m_beginMs > kLongestWaitMs) {
            publishTable(everything());
        }
        if (identityOf(m_layout.database()) != m_identity) {
            m_database.reset();  // made, replaced or removed since
            open(stop);
            return;
        }
        if (!m_database) {
            return;
        }
        if (fromScratch) {
            m_lastProblem.clear();
            recover();
            reload(stop);
            return;
        }
        if (m_unfinished && m_writable && monotonicMs() - m_recoveredMs > kRecoverEveryMs) {
            recover();
        }
        const bool keptChanged = m_kept.poll();  // before the database is read: nothing falls between them
        store::RunReader reader(*m_database);
        const auto revision = reader.revision();
        if (!revision) {
            report(revision.error());
        } else if (!m_stored || *revision != m_stored->revision) {
            follow(&reader, stop);
        } else if (keptChanged) {
            publish(m_stored, {});
        }
        if (const auto holder = m_holder.changed(!m_kept.empty())) {
            post([holder = *holder](const Callbacks& callbacks) { callbacks.waiting(holder); });
        }
    }

    void recover() {
        m_recoveredMs = monotonicMs();
        if (m_writable) {
            if (const auto changed = launch::recover(m_layout.project()); !changed) {
                report(changed.error());
            }
        }
    }

    void reload(std::stop_token stop) {
        m_kept.poll();
        store::RunReader reader(*m_database);
        auto table = reader.runTable(stop);
        if (table) {
            readMarks();
            publish(std::move(*table), everything());
        } else {
            report(table.error());
        }
        publishReport();
    }

    void follow(store::RunReader* reader, std::stop_token stop) {
        if (!m_stored) {
            reload(stop);
            return;
        }
        const auto changes = reader->changesSince(m_stored->revision);
        if (!changes) {
            report(changes.error());
            reload(stop);
            return;
        }
        RunsDelta delta;
        for (const model::SharedRun& run : changes->changed) {
            (m_stored->find(run->id) != nullptr ? delta.changed : delta.added).push_back(run->id);
        }
        delta.removed = changes->deleted;
        readMarks();
        publish(store::RunReader::apply(m_stored, *changes), std::move(delta));
    }

    void readMarks() {
        auto marks = store::readMarks(*m_database);
        if (marks) {
            m_marks = std::move(*marks);
        } else {
            report(marks.error());
        }
    }

    /// The run database's own runs as they are now, and how they differ from those of before.
    void publish(model::SharedRunTable stored, RunsDelta delta) {
        m_stored = std::move(stored);
        auto own = m_database ? m_kept.over(m_stored, *m_database) : m_stored;
        const bool isOver = own != m_stored;
        if ((isOver || m_isOver) && m_own && !delta.reset) {
            delta = between(*m_own, *own);
        }
        m_isOver = isOver;
        m_own = std::move(own);
        if (m_foreign == nullptr && m_own->runs.empty()) {
            m_waiting = true;  // other tools' runs come in a moment: no blink of an empty table
            return;
        }
        publishTable(std::move(delta));
    }

    void publishForeign(sources::SharedForeignRuns foreign) {
        const bool wasLoading = m_foreign == nullptr || !m_foreign->complete;
        reportForeign(*foreign);
        m_foreign = std::move(foreign);
        if (m_own) {
            // While more is being found, each table is in its own order.
            publishTable(wasLoading ? everything() : RunsDelta());
        }
    }

    /// What cannot be read now; an empty list when nothing is wrong any more.
    void reportForeign(const sources::ForeignRuns& foreign) {
        const bool wasTold = m_foreign != nullptr && m_foreign->complete;
        if (!foreign.complete || (wasTold && m_foreign->problems == foreign.problems)) {
            return;
        }
        QStringList sentences;
        for (const sources::Damage& damage : foreign.problems) {
            if (damage.count > 0) {  // remarks on what lies about are nothing that went wrong
                sentences << QString::fromStdString(sources::describe(damage, m_layout.project()));
            }
        }
        if (sentences == m_unreadable) {
            return;
        }
        m_unreadable = sentences;
        post([sentences = std::move(sentences)](const Callbacks& callbacks) {
            callbacks.unreadable(sentences);
        });
    }

    void publishTable(RunsDelta delta) {
        m_waiting = false;
        static const auto kNone = std::make_shared<const sources::ForeignRuns>();
        const auto foreign = m_foreign ? m_foreign : kNone;
        const auto order =
            delta.reset ? sources::RunTableBuilder::Order::ByStart : sources::RunTableBuilder::Order::Kept;
        auto table = m_builder.build(m_own, foreign, m_marks, order);
        const bool hasForeign = !foreign->runs.empty() || !foreign->attached.empty();
        if (!delta.reset && m_table && (hasForeign || m_hadForeign)) {
            delta = between(*m_table, *table);
        }
        m_hadForeign = hasForeign;
        m_table = table;
        if (isNothing(delta)) {
            return;
        }
        RunsUpdate update;
        update.table = std::move(table);
        update.delta = std::move(delta);
        update.loading = m_foreign == nullptr || !m_foreign->complete;
        summarize(&update);
        m_unfinished = update.running + update.scheduled > 0;
        update.shownMayDiffer = update.notArchived != m_notArchived;
        if (update.shownMayDiffer) {
            m_notArchived = update.notArchived;
        } else {
            update.notArchived.clear();
        }
        post([shared = std::make_shared<RunsUpdate>(std::move(update))](const Callbacks& callbacks) {
            callbacks.updated(std::move(*shared));
        });
    }

    /// There is no database (any more), or none that can be read.
    void publishNothing() {
        m_marks.clear();
        if (!m_own || !m_own->runs.empty()) {
            publish(std::make_shared<const model::RunTable>(), everything());
        }
    }

    /// Reading finds damage that opening did not, so this is asked again after each reading of everything.
    void publishReport() {
        const store::OpenReport& found = m_database->report();
        publishOpenState(
            {found.writable, found.whyNotWritable, found.damaged, found.damagedRuns, found.namedDamage});
    }

    void publishOpenState(OpenState state) {
        if (std::exchange(m_openState, state) == state) {
            return;
        }
        post([state = std::move(state)](const Callbacks& callbacks) { callbacks.opened(state); });
    }

    store::Layout m_layout;
    jobs::Executor m_executor;
    std::shared_ptr<Callbacks> m_callbacks;
    std::shared_ptr<std::atomic<bool>> m_alive;

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_woken = false;                       // guarded by m_mutex
    bool m_fromScratch = false;                 // guarded by m_mutex
    sources::SharedForeignRuns m_foundForeign;  // guarded by m_mutex

    std::optional<FileIdentity> m_identity;
    std::optional<store::Database> m_database;
    std::optional<OpenState> m_openState;  ///< as published
    bool m_writable = false;
    store::KeptChanges m_kept{m_layout.project()};
    HolderWatch m_holder{m_layout.project()};
    model::SharedRunTable m_stored;  ///< of the run database
    model::SharedRunTable m_own;     ///< with what another program keeps out of it
    bool m_isOver = false;           ///< the two differ
    std::vector<store::Mark> m_marks;
    sources::SharedForeignRuns m_foreign;  ///< null until the first arrive
    QStringList m_unreadable;              ///< as reported last
    bool m_hadForeign = false;             ///< other tools have a part in m_table
    sources::RunTableBuilder m_builder;
    model::SharedRunTable m_table;  ///< of both, as published
    bool m_waiting = false;         ///< nothing is published yet, for want of any run
    std::int64_t m_beginMs = monotonicMs();
    std::vector<RunId> m_notArchived;
    bool m_unfinished = false;
    std::int64_t m_recoveredMs = 0;
    std::string m_lastProblem;
};

RunFollower::RunFollower(std::filesystem::path project, std::shared_ptr<sources::Catalogue> catalogue,
                         jobs::Executor executor, Callbacks callbacks)
    : m_alive(std::make_shared<std::atomic<bool>>(true))
    , m_worker(
          std::make_shared<Worker>(std::move(project), std::move(executor), std::move(callbacks), m_alive))
    , m_thread([worker = m_worker](std::stop_token stop) { worker->run(std::move(stop)); })
    , m_foreign(std::make_unique<CatalogueFollower>(std::move(catalogue),
                                                    [worker = m_worker](sources::SharedForeignRuns foreign) {
                                                        worker->takeForeign(std::move(foreign));
                                                    })) {}

RunFollower::~RunFollower() {
    m_alive->store(false);
    m_thread.request_stop();
    m_worker->wake(false);
}

void RunFollower::wake(bool fromScratch) {
    m_worker->wake(fromScratch);
    if (fromScratch) {
        m_foreign->reload();
    }
}

}  // namespace runglass::ui
