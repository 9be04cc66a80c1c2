// SPDX-License-Identifier: GPL-3.0-or-later
#include "endpoint.h"

#include <unistd.h>
#include <QFile>
#include <QProcess>
#include <algorithm>
#include <numeric>

#include "runglass/launch/launcher.h"
#include "runglass/ui/session/app_settings.h"

namespace runglass::ui {
namespace {

constexpr int kLookMs = 2000;
constexpr int kWatchedLookMs = 500;
constexpr int kUsualPort = 5000;  // that of `mlflow server`

QString portKey() {
    return QStringLiteral("endpointPort");
}

bool same(const std::optional<tracking::Standing>& a, const std::optional<tracking::Standing>& b) {
    return a.has_value() == b.has_value() &&
           (!a || (a->pid == b->pid && a->uri == b->uri && a->needsToken == b->needsToken));
}

bool same(const store::UnansweredCall& a, const store::UnansweredCall& b) {
    return a.count == b.count && a.lastMs == b.lastMs && a.method == b.method && a.path == b.path;
}

/// What `runglass` has said on stderr, without its name in front.
QString complaintOf(QProcess* process) {
    auto text = QString::fromUtf8(process->readAllStandardError()).trimmed();
    const auto prefix = QStringLiteral("runglass: ");
    return text.startsWith(prefix) ? text.mid(prefix.size()) : text;
}

}  // namespace

Endpoint::Endpoint(QObject* parent)
    : QObject(parent) {
    m_timer.setInterval(kLookMs);
    connect(&m_timer, &QTimer::timeout, this, &Endpoint::look);
}

Endpoint::~Endpoint() = default;

void Endpoint::setSession(ProjectSession* session) {
    m_look.cancel();
    m_stop.cancel();
    if (m_start) {  // what it starts is not ours to tell of any more
        m_start->disconnect(this);
        connect(m_start, &QProcess::finished, m_start, &QObject::deleteLater);
        m_start = nullptr;
    }
    m_session = session;
    m_seen = {};
    m_startedHere = false;
    m_ours = 0;
    setChange(Change::None);
    if (session == nullptr) {
        m_timer.stop();
        return;
    }
    m_timer.start();
    look();
}

bool Endpoint::isOurs() const {
    return m_seen.standing && m_seen.standing->pid == m_ours;
}

std::int64_t Endpoint::unansweredCount() const {
    return std::accumulate(m_seen.unanswered.begin(), m_seen.unanswered.end(), std::int64_t{0},
                           [](std::int64_t sum, const auto& call) { return sum + call.count; });
}

int Endpoint::usualPort() const {
    const QByteArray port = AppSettings::instance().projectState(m_session->project(), portKey());
    return port.isEmpty() ? kUsualPort : port.toInt();
}

void Endpoint::setWatched(bool watched) {
    m_timer.setInterval(watched ? kWatchedLookMs : kLookMs);
}

Endpoint::Seen Endpoint::lookAt(const std::filesystem::path& project) {
    Seen seen;
    seen.standing = tracking::findStanding(project);
    // A database that cannot be read is said by the session; here it has no calls to tell of.
    seen.unanswered = tracking::unansweredCalls(project).valueOr({});
    return seen;
}

void Endpoint::look() {
    if (!m_session || m_look.running()) {
        return;
    }
    m_look = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [project = m_session->project()](jobs::JobContext&) { return lookAt(project); },
        [this](Seen seen) { take(std::move(seen)); });
}

void Endpoint::take(Seen seen) {
    const bool news =
        !same(seen.standing, m_seen.standing) ||
        !std::equal(seen.unanswered.begin(), seen.unanswered.end(), m_seen.unanswered.begin(),
                    m_seen.unanswered.end(), [](const auto& a, const auto& b) { return same(a, b); });
    m_seen = std::move(seen);
    if (m_startedHere && m_seen.standing) {
        m_startedHere = false;
        m_ours = m_seen.standing->pid;
        m_change = Change::None;
        Q_EMIT changed();
    } else if (news) {
        Q_EMIT changed();
    }
}

void Endpoint::start(int port) {
    if (!m_session || m_change != Change::None) {
        return;
    }
    AppSettings::instance().setProjectState(m_session->project(), portKey(), QByteArray::number(port));
    auto* process = new QProcess(this);
    m_start = process;
    process->setProgram(QFile::decodeName(launch::supervisorProgram().c_str()));
    process->setArguments({QStringLiteral("serve"), QStringLiteral("--detach"), QStringLiteral("--port"),
                           QString::number(port), QStringLiteral("--project"), QStringLiteral(".")});
    // The folder goes by chdir, because its name need not be text.
    process->setChildProcessModifier([folder = m_session->project().native()] {
        if (::chdir(folder.c_str()) != 0) {
            ::_exit(2);
        }
    });
    connect(process, &QProcess::finished, this, &Endpoint::startEnded);
    connect(process, &QProcess::errorOccurred, this, [this, process](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) {
            const auto why =
                tr("%1 could not be run. Set RUNGLASS_BIN to the program runglass.").arg(process->program());
            process->deleteLater();
            setChange(Change::None, why);
        }
    });
    setChange(Change::Starting);
    process->start(QIODevice::ReadOnly);
}

void Endpoint::startEnded() {
    auto* process = m_start.data();
    process->deleteLater();
    if (process->exitStatus() == QProcess::NormalExit && process->exitCode() == 0) {
        m_startedHere = true;  // until it is seen, it is being started
        m_look.cancel();
        look();
        return;
    }
    const auto why = complaintOf(process);
    setChange(Change::None, why.isEmpty() ? tr("The endpoint ended before it began.") : why);
}

void Endpoint::stop() {
    if (!m_session || m_change != Change::None) {
        return;
    }
    setChange(Change::Stopping);
    m_stop = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [project = m_session->project()](jobs::JobContext&) {
            const auto stopped = tracking::stopStanding(project);
            return stopped.ok() ? std::string() : stopped.error().message;
        },
        [this](const std::string& problem) {
            m_seen.standing.reset();
            setChange(Change::None, QString::fromStdString(problem));
            m_look.cancel();
            look();
        });
}

void Endpoint::forgetCalls() {
    if (!m_session || m_forget.running()) {
        return;
    }
    m_forget = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [project = m_session->project()](jobs::JobContext&) {
            const auto forgotten = tracking::forgetUnansweredCalls(project);
            return forgotten.ok() ? std::string() : forgotten.error().message;
        },
        [this](const std::string& problem) {
            setChange(m_change, QString::fromStdString(problem));
            m_look.cancel();
            look();
        });
}

void Endpoint::setChange(Change change, const QString& problem) {
    m_change = change;
    m_problem = problem;
    Q_EMIT changed();
}

QString Endpoint::instructions() const {
    if (!m_seen.standing) {
        return {};
    }
    auto text = QStringLiteral("export MLFLOW_TRACKING_URI=") + QString::fromStdString(m_seen.standing->uri);
    if (m_seen.standing->needsToken) {
        text += QStringLiteral("\nexport MLFLOW_TRACKING_TOKEN=");
    }
    return text;
}

}  // namespace runglass::ui
