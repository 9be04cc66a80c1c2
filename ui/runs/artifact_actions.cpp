// SPDX-License-Identifier: GPL-3.0-or-later
#include "artifact_actions.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QFile>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenu>
#include <QProgressDialog>
#include <QTimer>
#include <QUrl>

#include "artifact_window.h"
#include "runglass/base/text.h"
#include "runglass/sources/artifact_content.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {
namespace {

constexpr int kSteps = 1000;      // of a progress bar
constexpr int kPatienceMs = 400;  // a copy that is quicker shows nothing

QString localName(const std::filesystem::path& path) {
    return QFile::decodeName(QByteArray::fromStdString(path.native()));
}

/// A name for the copy: the last part of the artifact's, without what a path would read into it.
QString proposedName(const model::Artifact& artifact) {
    const auto slash = artifact.path.rfind('/');
    auto name = projectText(slash == std::string::npos ? artifact.path : artifact.path.substr(slash + 1));
    while (name.startsWith(QLatin1Char('.'))) {
        name.remove(0, 1);
    }
    return name.isEmpty() ? QStringLiteral("artifact") : name;
}

}  // namespace

ArtifactActions::ArtifactActions(QWidget* window)
    : QObject(window)
    , m_window(window) {}

void ArtifactActions::setSession(ProjectSession* session) {
    qDeleteAll(findChildren<ArtifactSave*>(QString(), Qt::FindDirectChildrenOnly));
    qDeleteAll(m_window->findChildren<ArtifactWindow*>(QString(), Qt::FindDirectChildrenOnly));
    m_session = session;
}

void ArtifactActions::open(const RunId& run, const model::Artifact& artifact) {
    if (m_session) {
        auto* shown = new ArtifactWindow(m_session, this, run, artifact, m_window);
        shown->setAttribute(Qt::WA_DeleteOnClose);
        shown->show();
    }
}

void ArtifactActions::saveAs(const RunId& run, const model::Artifact& artifact) {
    auto* dialog = new QFileDialog(m_window, tr("Save as"));
    dialog->setObjectName(QStringLiteral("saveArtifact"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->selectFile(proposedName(artifact));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, run, artifact](const QString& file) { save(run, artifact, file); });
    dialog->open();
}

void ArtifactActions::save(const RunId& run, const model::Artifact& artifact, const QString& file) {
    if (m_session) {
        new ArtifactSave(m_session, run, artifact, file, m_window, this);
    }
}

void ArtifactActions::copyPath(const RunId& run, const model::Artifact& artifact) {
    withPath(run, artifact, [](const std::filesystem::path& path) {
        QGuiApplication::clipboard()->setText(localName(path));
    });
}

void ArtifactActions::openFolder(const RunId& run, const model::Artifact& artifact) {
    withPath(run, artifact, [](const std::filesystem::path& path) {
        QDesktopServices::openUrl(QUrl::fromLocalFile(localName(path.parent_path())));
    });
}

void ArtifactActions::withPath(const RunId& run, const model::Artifact& artifact,
                               std::function<void(const std::filesystem::path&)> use) {
    if (!m_session) {
        return;
    }
    m_session->pool().post([project = m_session->project(), catalogue = m_session->catalogue(), run, artifact,
                            gui = m_session->guiExecutor(), guard = QPointer<ArtifactActions>(this),
                            use = std::move(use)] {
        const auto file = sources::ProjectRuns(project, catalogue).openArtifact(run, artifact);
        gui([guard, use, artifact, path = file ? file->path : std::filesystem::path()] {
            if (guard.isNull() || !guard->m_session) {
                return;
            }
            if (!path.empty()) {
                use(path);
            } else {
                guard->m_session->raiseProblem(
                    tr("%1 is no file of its own on this machine.").arg(projectText(artifact.path)),
                    tr("It lies within another file, or only its name was kept. \"Save as…\" makes a file of "
                       "what is there."));
            }
        });
    });
}

void ArtifactActions::fillMenu(QMenu* menu, const RunId& run, const model::Artifact& artifact) {
    const auto add = [&](const QString& icon, const QString& text, auto method) {
        connect(menu->addAction(themedIcon(icon), text), &QAction::triggered, this,
                [this, method, run, artifact] { (this->*method)(run, artifact); });
    };
    add(QStringLiteral("eye"), tr("Open"), &ArtifactActions::open);
    add(QStringLiteral("export"), tr("Save as…"), &ArtifactActions::saveAs);
    add(QStringLiteral("folder"), tr("Open folder"), &ArtifactActions::openFolder);
    add(QStringLiteral("copy"), tr("Copy path"), &ArtifactActions::copyPath);
}

ArtifactSave::ArtifactSave(ProjectSession* session, const RunId& run, const model::Artifact& artifact,
                           const QString& file, QWidget* window, QObject* parent)
    : QObject(parent)
    , m_dialog(new QProgressDialog(tr("Saving %1").arg(projectText(artifact.path)), tr("Cancel"), 0, kSteps,
                                   window))
    , m_poll(new QTimer(this)) {
    m_dialog->setWindowTitle(tr("Save as"));
    m_dialog->setMinimumDuration(kPatienceMs);
    m_dialog->setAutoClose(false);
    m_dialog->setValue(0);
    connect(m_dialog, &QProgressDialog::canceled, this, &QObject::deleteLater);
    connect(m_poll, &QTimer::timeout, this, &ArtifactSave::poll);
    m_poll->start(100);
    const std::filesystem::path target(QFile::encodeName(file).toStdString());
    m_job = jobs::start(
        session->pool(), session->guiExecutor(),
        [project = session->project(), catalogue = session->catalogue(), run, artifact,
         target](jobs::JobContext& context) {
            sources::ProjectRuns runs(project, catalogue);
            return sources::saveArtifact(runs, run, artifact, target, context.stop, &context.progress);
        },
        [this, session, name = projectText(artifact.path)](const Result<void>& saved) {
            if (!saved) {
                session->raiseProblem(tr("%1 was not saved.").arg(name), projectText(saved.error().message));
            }
            deleteLater();
        });
}

ArtifactSave::~ArtifactSave() {
    delete m_dialog;
}

void ArtifactSave::poll() {
    const auto* progress = m_job.progress();
    if (m_dialog && progress != nullptr && progress->total() > 0) {
        m_dialog->setValue(static_cast<int>(progress->done() * (kSteps - 1) / progress->total()));
    }
}

}  // namespace runglass::ui
