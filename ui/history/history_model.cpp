// SPDX-License-Identifier: GPL-3.0-or-later
#include "history_model.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <utility>

#include "runglass/jobs/let_go.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

// Runs that log change up to 20 times a second; joining 100,000 of them takes a worker 30 ms.
constexpr int kLiveJoinMs = 250;

}  // namespace

HistoryModel::HistoryModel(QObject* parent)
    : QAbstractTableModel(parent) {
    m_filterTimer.setSingleShot(true);
    m_filterTimer.setInterval(120);
    connect(&m_filterTimer, &QTimer::timeout, this, &HistoryModel::refilter);
    m_joinTimer.setSingleShot(true);
    m_joinTimer.setInterval(kLiveJoinMs);
    connect(&m_joinTimer, &QTimer::timeout, this, &HistoryModel::join);
}

HistoryModel::~HistoryModel() {
    m_loader.cancel();
}

void HistoryModel::setSession(ProjectSession* session) {
    if (m_session) {
        disconnect(m_session, nullptr, this, nullptr);
    }
    m_loader.cancel();
    m_filterJob = {};
    m_filterTimer.stop();
    m_session = session;
    Q_EMIT aboutToReplace();
    beginResetModel();
    m_refs = {};
    m_all.clear();
    m_allIndex.clear();
    m_incoming.clear();
    m_shown.clear();
    m_shownIndex.clear();
    m_uncommitted = false;
    m_joinTimer.stop();
    m_joinJob = {};
    m_joined = std::make_shared<const JoinedRuns>();
    m_metric = {};
    m_strip = {};
    m_lastLane = 0;
    m_branch.clear();
    m_reloading = false;
    endResetModel();
    Q_EMIT replaced();
    if (session == nullptr) {
        setState(State::NoProject);
        return;
    }
    connect(session, &ProjectSession::runsChanged, this, &HistoryModel::runsChanged);
    connect(session, &ProjectSession::gitChanged, this, &HistoryModel::gitChanged);
    setState(State::Loading);
    setMetric(defaultMetric(*session->runs()));
    load();
}

void HistoryModel::setState(State state) {
    m_state = state;
    Q_EMIT stateChanged();
}

void HistoryModel::load() {
    if (!m_session) {
        return;
    }
    m_reloading = !m_all.empty();
    m_loading = true;
    m_incoming.clear();
    HistoryLoader::Callbacks callbacks;
    callbacks.refs = [this](HistoryRefs refs) { takeRefs(std::move(refs)); };
    callbacks.batch = [this](HistoryRows rows) { takeBatch(std::move(rows)); };
    callbacks.takenBack = [this] {
        m_reloading = true;  // what is shown stays until the final order is there
        m_incoming.clear();
    };
    callbacks.finished = [this](const Result<void>& result) { takeEnd(result); };
    m_loader.start(m_session->pool(), m_session->guiExecutor(), m_session->project(), m_branch.toStdString(),
                   std::move(callbacks));
}

void HistoryModel::takeRefs(HistoryRefs refs) {
    m_refs = std::move(refs);
    Q_EMIT refsChanged();
}

void HistoryModel::takeBatch(HistoryRows rows) {
    if (m_reloading) {
        m_incoming.insert(m_incoming.end(), std::make_move_iterator(rows.begin()),
                          std::make_move_iterator(rows.end()));
        return;
    }
    const std::size_t from = m_all.size();
    m_all.insert(m_all.end(), rows.begin(), rows.end());
    for (std::size_t i = from; i < m_all.size(); ++i) {
        m_allIndex[m_all[i]->commit.id] = &m_all[i]->commit;
    }
    if (m_state != State::Ready) {
        updateUncommitted();
        setState(State::Ready);
    }
    if (filtered()) {
        m_filterTimer.start();
    } else {
        appendShown(m_all, from);
    }
    Q_EMIT countsChanged();
}

void HistoryModel::takeEnd(const Result<void>& result) {
    m_loading = false;
    if (!result.ok()) {
        m_problem = QString::fromStdString(result.error().message);
        if (m_all.empty()) {
            setState(result.error().code == ErrorCode::NotFound ? State::NotGit : State::Failed);
        }
        Q_EMIT countsChanged();
        return;
    }
    m_problem.clear();
    if (m_reloading) {
        m_reloading = false;
        m_all = std::move(m_incoming);
        m_incoming.clear();
        m_allIndex.clear();
        for (const auto& row : m_all) {
            m_allIndex[row->commit.id] = &row->commit;
        }
        refilter();
    }
    setState(m_all.empty() ? State::NoCommits : State::Ready);
    updateUncommitted();
    computeNumbers();
    Q_EMIT countsChanged();
}

void HistoryModel::appendShown(const HistoryRows& rows, std::size_t from) {
    const int first = rowCount();
    const int count = static_cast<int>(rows.size() - from);
    if (count == 0) {
        return;
    }
    beginInsertRows({}, first, first + count - 1);
    const std::size_t before = m_shown.size();
    m_shown.insert(m_shown.end(), rows.begin() + static_cast<std::ptrdiff_t>(from), rows.end());
    indexShown(before);
    endInsertRows();
    if (before == 0) {
        computeNumbers();  // the rows that follow get theirs all at once, when the last has come
    }
}

void HistoryModel::indexShown(std::size_t from) {
    for (std::size_t i = from; i < m_shown.size(); ++i) {
        m_shownIndex[m_shown[i]->commit.id] = static_cast<int>(i);
        m_lastLane = std::max(m_lastLane, static_cast<int>(m_shown[i]->lane));
    }
}

void HistoryModel::replaceShown(HistoryRows rows) {
    Q_EMIT aboutToReplace();
    beginResetModel();
    m_shown = std::move(rows);
    m_shownIndex.clear();
    m_lastLane = 0;
    indexShown(0);
    endResetModel();
    updateUncommitted();
    computeNumbers();
    Q_EMIT replaced();
    Q_EMIT countsChanged();
}

void HistoryModel::setFilter(const QString& text, bool withRunsOnly) {
    if (text == m_text && withRunsOnly == m_withRunsOnly) {
        return;
    }
    m_text = text;
    // Typing is waited for, a button is not.
    m_filterTimer.start(withRunsOnly == m_withRunsOnly ? 120 : 0);
    m_withRunsOnly = withRunsOnly;
}

void HistoryModel::refilter() {
    m_filterTimer.stop();
    if (!m_session) {
        return;
    }
    if (!filtered()) {
        m_filterJob = {};
        replaceShown(m_all);
        return;
    }
    std::unordered_set<git::ObjectId> withRuns;
    if (m_withRunsOnly) {
        for (const auto& [commit, runs] : m_joined->runs.all()) {
            withRuns.insert(commit);
        }
    }
    std::unordered_map<git::ObjectId, std::string> names;
    for (const auto& reference : m_refs.references) {
        names[reference.target] += reference.name + ' ';
    }
    m_filterJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [rows = m_all, matcher = CommitMatcher(m_text.toStdString()), withRuns = std::move(withRuns),
         names = std::move(names), onlyRuns = m_withRunsOnly,
         tip = m_refs.head.commit.value_or(git::ObjectId{})](jobs::JobContext& context) {
            const auto keep = [&](const git::Commit& commit) {
                const auto name = names.find(commit.id);
                return (!onlyRuns || withRuns.contains(commit.id)) &&
                       matcher.matches(commit, name == names.end() ? std::string_view{} : name->second);
            };
            return filterHistory(rows, keep, tip, context.stop);
        },
        [this](HistoryRows rows) { replaceShown(std::move(rows)); });
}

void HistoryModel::setBranch(const QString& branch) {
    if (branch == m_branch) {
        return;
    }
    m_branch = branch;
    load();
}

void HistoryModel::setMetric(const MetricChoice& choice) {
    m_metric = choice;
    join();
}

void HistoryModel::checkForChanges() {
    if (!m_session || m_loading) {
        return;
    }
    m_loader.checkRefs(m_session->pool(), m_session->guiExecutor(), m_session->project(),
                       [this](const Result<HistoryRefs>& refs) {
                           const bool appeared = refs.ok() && m_state != State::Ready;
                           if (appeared || (refs.ok() && !refs->sameAs(m_refs))) {
                               load();
                           }
                       });
}

void HistoryModel::runsChanged(const RunsDelta& delta) {
    if (m_metric.key.empty()) {
        m_metric = defaultMetric(*m_session->runs());
    }
    if (delta.reset || !delta.added.empty() || !delta.removed.empty()) {
        join();
    } else if (!m_joinTimer.isActive()) {
        m_joinTimer.start();
    }
}

void HistoryModel::join() {
    m_joinTimer.stop();
    if (!m_session) {
        return;
    }
    m_joinJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [table = m_session->runs(), choice = m_metric](jobs::JobContext&) {
            return joinRuns(*table, choice);
        },
        [this](SharedJoinedRuns joined) { takeJoined(std::move(joined)); });
}

void HistoryModel::takeJoined(SharedJoinedRuns joined) {
    const auto& before = m_joined->runs.all();
    const auto& after = joined->runs.all();
    const bool sameCommits = before.size() == after.size() &&
                             std::all_of(after.begin(), after.end(),
                                         [&](const auto& entry) { return before.contains(entry.first); });
    jobs::letGo(std::exchange(m_joined, std::move(joined)));
    computeNumbers();
    if (m_withRunsOnly && !sameCommits) {
        m_filterTimer.start();
    }
    Q_EMIT countsChanged();
}

void HistoryModel::gitChanged() {
    updateUncommitted();
    checkForChanges();
    if (m_uncommitted) {
        Q_EMIT dataChanged(index(0, 0), index(0, ColumnCount - 1));
    }
}

void HistoryModel::updateUncommitted() {
    const bool dirty =
        m_session && m_session->git().isRepository && !m_session->git().changes.empty() && !filtered();
    if (dirty == m_uncommitted) {
        return;
    }
    if (dirty) {
        beginInsertRows({}, 0, 0);
        m_uncommitted = true;
        endInsertRows();
    } else {
        beginRemoveRows({}, 0, 0);
        m_uncommitted = false;
        endRemoveRows();
    }
    computeNumbers();
}

void HistoryModel::computeNumbers() {
    std::vector<StripPoint> points;
    git::ObjectId next = m_refs.head.commit.value_or(git::ObjectId{});
    if (!m_branch.isEmpty()) {
        const std::string name = m_branch.toStdString();
        for (const auto& reference : m_refs.references) {
            if (reference.name == name && reference.kind != git::Reference::Kind::Tag) {
                next = reference.target;
                break;
            }
        }
    }
    // The first-parent line is followed over all commits, shown or not: a filter does not change what it is.
    std::unordered_set<git::ObjectId> mainLine;
    for (const auto& row : m_all) {
        if (row->commit.id == next) {
            mainLine.insert(next);
            next = row->commit.parents.empty() ? git::ObjectId{} : row->commit.parents.front();
        }
    }
    const int offset = m_uncommitted ? 1 : 0;
    for (std::size_t i = 0; i < m_shown.size() && !m_joined->metrics.empty(); ++i) {
        const auto& id = m_shown[i]->commit.id;
        const auto it = m_joined->metrics.find(id);
        if (it == m_joined->metrics.end() || it->second.n == 0) {
            continue;
        }
        StripPoint point;
        point.row = static_cast<int>(i) + offset;
        point.mainLine = mainLine.contains(id);
        point.mean = it->second.mean;
        point.deviation = it->second.deviation;
        point.n = it->second.n;
        points.push_back(point);
    }
    m_strip = MetricStrip(std::move(points), smallerIsBetter(m_metric));
    if (rowCount() > 0) {
        Q_EMIT dataChanged(index(0, Runs), index(rowCount() - 1, Strip));
    }
    Q_EMIT numbersChanged();
}

}  // namespace runglass::ui
