// SPDX-License-Identifier: GPL-3.0-or-later
// How MainWindow lets a person say where runs are read from.
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>

#include "runglass/ui/shell/main_window.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/toast.h"
#include "sources_dialog.h"
#include "table_dialog.h"
#include "walk_watch.h"

namespace runglass::ui {

bool MainWindow::isTable(const QString& file) {
    static const QStringList kSuffixes{QStringLiteral("csv"), QStringLiteral("tsv"), QStringLiteral("jsonl"),
                                       QStringLiteral("ndjson")};
    return kSuffixes.contains(QFileInfo(file).suffix().toLower());
}

void MainWindow::readAgain() {
    if (m_session) {
        m_session->refresh();
        m_walk->begin();
    }
}

void MainWindow::showSources() {
    if (!m_session) {
        return;
    }
    auto* dialog = new SourcesDialog(m_session.get(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SourcesDialog::changed, this, &MainWindow::readAgain);
    connect(dialog, &SourcesDialog::tableRequested, this, [this, dialog] { chooseTable(dialog); });
    connect(dialog, &SourcesDialog::tableEditRequested, this,
            [this, dialog](const QString& file) { readTable(file, dialog); });
    dialog->open();
}

void MainWindow::chooseTable(QWidget* parent) {
    if (!m_session) {
        return;
    }
    auto* dialog = new QFileDialog(parent, tr("Read a table"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters(
        {tr("Tables (*.csv *.tsv *.txt *.dat *.log *.jsonl *.ndjson *.json)"), tr("All files (*)")});
    dialog->setDirectory(QFile::decodeName(QByteArray::fromStdString(m_session->project().native())));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, parent](const QString& file) { readTable(file, parent); });
    dialog->open();
}

void MainWindow::readTable(const QString& file, QWidget* parent) {
    const QString project = QFile::decodeName(QByteArray::fromStdString(m_session->project().native()));
    const QString place = QFileInfo(file).canonicalFilePath();
    const QString inside = QDir(QFileInfo(project).canonicalFilePath()).relativeFilePath(place);
    if (!m_session->writable()) {
        m_toasts->show(Tone::Danger, tr("The table cannot be kept as a run."), m_session->whyNotWritable());
        return;
    }
    const bool isOutside = inside.startsWith(QLatin1String("../")) || QDir::isAbsolutePath(inside);
    auto* dialog = new TableDialog(
        m_session.get(), m_session->project() / QFile::encodeName(isOutside ? place : inside).toStdString(),
        parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &TableDialog::saved, this, &MainWindow::readAgain);
    if (auto* sources = qobject_cast<SourcesDialog*>(parent)) {
        connect(dialog, &TableDialog::saved, sources, &SourcesDialog::reload);
    }
    dialog->open();
}

}  // namespace runglass::ui
