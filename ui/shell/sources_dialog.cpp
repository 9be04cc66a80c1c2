// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources_dialog.h"

#include <QBoxLayout>
#include <QFile>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QMap>
#include <QPushButton>
#include <QTreeWidget>

#include "runglass/sources/catalogue.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/label.h"
#include "runglass/ui/widgets/remark.h"

namespace runglass::ui {
namespace {

constexpr int kMargin = 16;
constexpr int kListRows = 4;  ///< of a list, at least
constexpr int kButtonWidth = 96;

QString rolesText(const sources::TableMapping& mapping) {
    QStringList parts;
    if (!mapping.step.empty()) {
        parts << SourcesDialog::tr("step: %1").arg(projectText(mapping.step));
    }
    if (!mapping.time.empty()) {
        parts << SourcesDialog::tr("time: %1").arg(projectText(mapping.time));
    }
    if (!mapping.run.empty()) {
        parts << SourcesDialog::tr("runs by: %1").arg(projectText(mapping.run));
    }
    QStringList metrics;
    for (const auto& metric : mapping.metrics) {
        metrics << projectText(metric);
    }
    parts << (metrics.isEmpty() ? SourcesDialog::tr("all numbers are metrics")
                                : SourcesDialog::tr("metrics: %1").arg(metrics.join(QStringLiteral(", "))));
    return parts.join(QStringLiteral("; "));
}

}  // namespace

SourcesDialog::SourcesDialog(ProjectSession* session, QWidget* parent)
    : QDialog(parent)
    , m_session(session)
    , m_addFolder(makeButton(tr("Add folder…")))
    , m_removeFolder(makeButton(tr("Remove")))
    , m_addTable(makeButton(tr("Add table…")))
    , m_editTable(makeButton(tr("Edit…")))
    , m_removeTable(makeButton(tr("Remove")))
    , m_problem(new Remark(QString(), Token::SemanticDanger)) {
    setObjectName(QStringLiteral("sourcesDialog"));
    setWindowTitle(tr("Sources"));
    resize(620, 460);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    column->setSpacing(6);
    addFound(column);
    m_folders = addList(column, tr("Further folders"), QStringLiteral("sourceFolders"),
                        tr("Searched as the project's own folder is; nothing is written there."),
                        {m_addFolder, m_removeFolder});
    m_tables =
        addList(column, tr("Tables"), QStringLiteral("sourceTables"),
                tr("CSV, TSV and JSON-lines files of this project or elsewhere, each read as a run. A file "
                   "can also be dropped on the window."),
                {m_addTable, m_editTable, m_removeTable});
    m_tables->setColumnCount(2);
    m_tables->header()->setStretchLastSection(true);
    m_tables->setColumnWidth(0, 220);
    m_problem->setObjectName(QStringLiteral("sourcesProblem"));
    column->addWidget(m_problem);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    auto* close = makeButton(tr("Close"));
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    buttons->addWidget(close);
    column->addLayout(buttons);
    m_addFolder->setObjectName(QStringLiteral("addFolder"));
    m_removeFolder->setObjectName(QStringLiteral("removeFolder"));
    m_addTable->setObjectName(QStringLiteral("addTable"));
    m_editTable->setObjectName(QStringLiteral("editTable"));
    m_removeTable->setObjectName(QStringLiteral("removeTable"));
    connect(m_addFolder, &QPushButton::clicked, this, &SourcesDialog::chooseFolder);
    connect(m_removeFolder, &QPushButton::clicked, this, &SourcesDialog::removeFolder);
    connect(m_addTable, &QPushButton::clicked, this, &SourcesDialog::tableRequested);
    connect(m_editTable, &QPushButton::clicked, this, &SourcesDialog::editTable);
    connect(m_removeTable, &QPushButton::clicked, this, &SourcesDialog::removeTable);
    connect(m_folders, &QTreeWidget::itemSelectionChanged, this, &SourcesDialog::enableButtons);
    connect(m_tables, &QTreeWidget::itemSelectionChanged, this, &SourcesDialog::enableButtons);
    connect(m_tables, &QTreeWidget::itemActivated, this, &SourcesDialog::editTable);
    connect(session, &ProjectSession::runsChanged, this, &SourcesDialog::showFound);
    showFound();
    showSettings({});
    reload();
}

void SourcesDialog::addFound(QVBoxLayout* column) {
    column->addWidget(new Label(tr("Found in this project"), TextRole::Body, 600));
    m_found = new Remark(QString(), Token::TextSecondary);
    m_found->setObjectName(QStringLiteral("sourcesFound"));
    column->addWidget(m_found);
}

QTreeWidget* SourcesDialog::addList(QVBoxLayout* column, const QString& title, const QString& name,
                                    const QString& remark, const QList<QPushButton*>& buttons) {
    column->addSpacing(10);
    column->addWidget(new Label(title, TextRole::Body, 600));
    column->addWidget(new Remark(remark));
    auto* list = new QTreeWidget;
    list->setObjectName(name);
    list->setAccessibleName(title);
    list->setHeaderHidden(true);
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    list->setTextElideMode(Qt::ElideMiddle);
    list->setMinimumHeight(kListRows * Theme::current().rowHeight());
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(list, 1);
    auto* stack = new QVBoxLayout;
    stack->setSpacing(6);
    for (auto* button : buttons) {
        button->setAutoDefault(false);
        button->setMinimumWidth(kButtonWidth);
        stack->addWidget(button);
    }
    stack->addStretch(1);
    row->addLayout(stack);
    column->addLayout(row, 1);
    return list;
}

SourcesDialog::Settings SourcesDialog::read(const std::filesystem::path& project) {
    Settings settings;
    settings.folders = sources::furtherFolders(project);
    if (auto tables = sources::readTableMappings(project)) {
        settings.tables = std::move(*tables);
    } else {
        settings.problem = tables.error().message;
    }
    return settings;
}

void SourcesDialog::reload() {
    if (m_session) {
        m_read = jobs::start(
            m_session->pool(), m_session->guiExecutor(),
            [project = m_session->project()](jobs::JobContext&) { return read(project); },
            [this](Settings settings) { showSettings(std::move(settings)); });
    }
}

void SourcesDialog::showSettings(Settings settings) {
    m_settings = std::move(settings);
    m_folders->clear();
    for (const auto& folder : m_settings.folders) {
        auto* item = new QTreeWidgetItem(m_folders, {projectText(folder.native())});
        item->setToolTip(0, item->text(0).toHtmlEscaped());
    }
    m_tables->clear();
    for (const auto& table : m_settings.tables) {
        auto* item = new QTreeWidgetItem(m_tables, {projectText(table.path), rolesText(table)});
        item->setToolTip(0, item->text(0).toHtmlEscaped());
        item->setToolTip(1, item->text(1).toHtmlEscaped());
        item->setForeground(1, themeColor(Token::TextTertiary));
    }
    m_problem->setText(projectText(m_settings.problem));
    m_problem->setVisible(!m_settings.problem.empty());
    enableButtons();
}

void SourcesDialog::showFound() {
    QMap<QString, int> counts;
    if (m_session) {
        for (const auto& run : m_session->runs()->runs) {
            ++counts[projectText(run->source.text())];
        }
    }
    QStringList parts;
    for (auto it = counts.cbegin(); it != counts.cend(); ++it) {
        parts << QStringLiteral("%1 %2").arg(it.key(), formatCount(it.value()));
    }
    m_found->setText(parts.isEmpty() ? tr("No runs so far.") : parts.join(QStringLiteral(",  ")));
}

void SourcesDialog::enableButtons() {
    const bool writable = m_session && m_session->writable();
    m_addFolder->setEnabled(writable);
    m_addTable->setEnabled(writable);
    m_removeFolder->setEnabled(writable && !m_folders->selectedItems().isEmpty());
    const bool table = writable && !m_tables->selectedItems().isEmpty();
    m_editTable->setEnabled(table);
    m_removeTable->setEnabled(table);
}

void SourcesDialog::chooseFolder() {
    auto* dialog = new QFileDialog(this, tr("Search this folder too"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &SourcesDialog::addFolder);
    dialog->open();
}

void SourcesDialog::addFolder(const QString& folder) {
    keep([added = std::filesystem::path(QFile::encodeName(folder).toStdString())](
             const std::filesystem::path& project) {
        auto folders = sources::furtherFolders(project);
        folders.push_back(added);
        return sources::setFurtherFolders(project, folders);
    });
}

void SourcesDialog::removeFolder() {
    const auto row = static_cast<std::size_t>(m_folders->indexOfTopLevelItem(m_folders->currentItem()));
    keep([removed = m_settings.folders.at(row)](const std::filesystem::path& project) {
        auto folders = sources::furtherFolders(project);
        std::erase(folders, removed);
        return sources::setFurtherFolders(project, folders);
    });
}

void SourcesDialog::removeTable() {
    const auto row = static_cast<std::size_t>(m_tables->indexOfTopLevelItem(m_tables->currentItem()));
    keep([path = m_settings.tables.at(row).path](const std::filesystem::path& project) {
        return sources::removeTableMapping(project, path);
    });
}

void SourcesDialog::editTable() {
    if (m_session && m_session->writable() && m_tables->currentItem() != nullptr) {
        const auto row = static_cast<std::size_t>(m_tables->indexOfTopLevelItem(m_tables->currentItem()));
        const auto file = m_session->project() / m_settings.tables.at(row).path;
        Q_EMIT tableEditRequested(QFile::decodeName(QByteArray::fromStdString(file.native())));
    }
}

/// Changes the settings in a job, one change after the other.
void SourcesDialog::keep(std::function<Result<void>(const std::filesystem::path& project)> change) {
    if (!m_session || m_keep.running()) {
        return;
    }
    m_keep = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [project = m_session->project(), change = std::move(change)](jobs::JobContext&) {
            const auto kept = change(project);
            auto settings = read(project);
            if (!kept) {
                settings.problem = kept.error().message;
            }
            return settings;
        },
        [this](Settings settings) {
            const bool kept = settings.problem.empty();
            showSettings(std::move(settings));
            if (kept) {
                Q_EMIT changed();
            }
        });
}

}  // namespace runglass::ui
