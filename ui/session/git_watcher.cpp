// SPDX-License-Identifier: GPL-3.0-or-later
#include "git_watcher.h"

#include <QFile>

#include "runglass/base/clock.h"
#include "runglass/git/repository.h"

namespace runglass::ui {
namespace {

constexpr std::size_t kMostCounted = 200;  ///< changed files whose lines are counted

bool same(const git::Head& a, const git::Head& b) {
    return a.branch == b.branch && a.commit == b.commit;
}

bool same(const git::StatusEntry& a, const git::StatusEntry& b) {
    return a.path == b.path && a.kind == b.kind && a.staged == b.staged && a.unstaged == b.unstaged &&
           a.size == b.size && a.addedLines == b.addedLines && a.removedLines == b.removedLines;
}

bool same(const ProjectSession::GitState& a, const ProjectSession::GitState& b) {
    return a.isRepository == b.isRepository && a.problem == b.problem && same(a.head, b.head) &&
           std::equal(a.changes.begin(), a.changes.end(), b.changes.begin(), b.changes.end(),
                      [](const auto& x, const auto& y) { return same(x, y); });
}

QString pathText(const std::filesystem::path& path) {
    return QFile::decodeName(QByteArray::fromStdString(path.string()));
}

}  // namespace

GitWatcher::GitWatcher(std::filesystem::path project, jobs::ThreadPool* pool, jobs::Executor executor,
                       QObject* parent)
    : QObject(parent)
    , m_project(std::move(project))
    , m_pool(pool)
    , m_executor(std::move(executor)) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(150);
    m_slow.setSingleShot(true);
    connect(&m_soon, &QTimer::timeout, this, &GitWatcher::refresh);
    connect(&m_slow, &QTimer::timeout, this, &GitWatcher::refresh);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, &m_soon, qOverload<>(&QTimer::start));
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, &m_soon, qOverload<>(&QTimer::start));
}

void GitWatcher::refresh() {
    if (m_job.running()) {
        m_soon.start();
        return;
    }
    m_job = jobs::start(
        *m_pool, m_executor,
        [project = m_project](jobs::JobContext& context) { return look(project, context.stop); },
        [this](Look look) { take(std::move(look)); });
}

GitWatcher::Look GitWatcher::look(const std::filesystem::path& project, const std::stop_token& stop) {
    Look look;
    const std::int64_t from = monotonicMs();
    const auto repository = git::Repository::open(project);
    if (!repository) {
        if (repository.error().code != ErrorCode::NotFound) {
            look.state.problem = QString::fromStdString(repository.error().message);
        }
        return look;
    }
    look.state.isRepository = true;
    look.watch = {pathText(repository->gitFolder()), pathText(repository->gitFolder() / "HEAD"),
                  pathText(repository->gitFolder() / "index"),
                  pathText(repository->commonFolder() / "refs" / "heads")};
    if (auto head = repository->head()) {
        look.state.head = std::move(*head);
    } else {
        look.state.problem = QString::fromStdString(head.error().message);
    }
    if (!repository->isBare()) {
        auto changes = repository->status(false, stop);
        if (changes && !changes->empty() && changes->size() < kMostCounted) {
            changes = repository->status(true, stop);
        }
        if (changes) {
            look.state.changes = std::move(*changes);
        } else if (changes.error().code != ErrorCode::Cancelled) {
            look.state.problem = QString::fromStdString(changes.error().message);
        }
    }
    look.tookMs = monotonicMs() - from;
    return look;
}

void GitWatcher::take(Look look) {
    // Files that are replaced (git renames a new index over the old one) fall out of the watcher.
    const QStringList watched = m_watcher.files() + m_watcher.directories();
    QStringList missing;
    for (const QString& path : look.watch) {
        if (!watched.contains(path) && QFile::exists(path)) {
            missing.push_back(path);
        }
    }
    if (!missing.isEmpty()) {
        m_watcher.addPaths(missing);
    }
    constexpr std::int64_t kOftenMs = 5000;
    constexpr std::int64_t kShare = 50;  // at most two percent of one core
    m_slow.start(static_cast<int>(std::max(kOftenMs, kShare * look.tookMs)));
    if (m_first || !same(look.state, m_state)) {
        m_first = false;
        m_state = std::move(look.state);
        Q_EMIT changed();
    }
}

}  // namespace runglass::ui
