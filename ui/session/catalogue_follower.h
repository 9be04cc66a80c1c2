// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "runglass/sources/catalogue.h"
#include "runglass/ui/session/project_session.h"

namespace runglass::ui {

/// Reads what other tools have left in the project, in a thread of its own, and then looks for changes: soon
/// after one, and the less often the more a look costs.
class CatalogueFollower {
public:
    /// `published` runs in the follower's thread.
    CatalogueFollower(std::shared_ptr<sources::Catalogue> catalogue,
                      std::function<void(sources::SharedForeignRuns)> published);
    CatalogueFollower(const CatalogueFollower&) = delete;
    CatalogueFollower& operator=(const CatalogueFollower&) = delete;
    ~CatalogueFollower();

    /// Walks everything again.
    void reload();
    /// Ends the walk that is under way. What it has found stays and is followed.
    void cancelWalk();
    /// How far the walk is, or how the last one ended.
    [[nodiscard]] ProjectSession::Walk walk() const;

private:
    void run(const std::stop_token& stop);
    void walkAll(const std::stop_token& stop);

    std::shared_ptr<sources::Catalogue> m_catalogue;
    std::function<void(sources::SharedForeignRuns)> m_published;
    jobs::Progress m_progress;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_reload = false;      // guarded by m_mutex
    bool m_walking = true;      // guarded by m_mutex
    bool m_cancelled = false;   // guarded by m_mutex
    std::stop_source m_cancel;  // guarded by m_mutex
    std::jthread m_thread;      // last: uses the rest
};

}  // namespace runglass::ui
