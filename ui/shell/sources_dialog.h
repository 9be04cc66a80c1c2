// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QPointer>
#include <functional>
#include <vector>

#include "runglass/jobs/job.h"
#include "runglass/sources/table_mapping.h"
#include "runglass/ui/session/project_session.h"

class QLabel;
class QPushButton;
class QTreeWidget;
class QVBoxLayout;

namespace runglass::ui {

/// Where the project's runs are read from: how many each tool has left in it, further folders that are
/// searched, and tables that a person has pointed at.
class SourcesDialog final : public QDialog {
    Q_OBJECT
public:
    explicit SourcesDialog(ProjectSession* session, QWidget* parent = nullptr);

    /// Searches `folder` too, from now on.
    void addFolder(const QString& folder);

Q_SIGNALS:
    void tableRequested();
    void tableEditRequested(const QString& file);
    /// Folders or tables are other ones; the runs want reading again.
    void changed();

public Q_SLOTS:
    /// Reads again what is set.
    void reload();

private:
    struct Settings {
        std::vector<std::filesystem::path> folders;
        std::vector<sources::TableMapping> tables;
        std::string problem;
    };
    static Settings read(const std::filesystem::path& project);
    void addFound(QVBoxLayout* column);
    QTreeWidget* addList(QVBoxLayout* column, const QString& title, const QString& name,
                         const QString& remark, const QList<QPushButton*>& buttons);
    void showSettings(Settings settings);
    void showFound();
    void chooseFolder();
    void removeFolder();
    void removeTable();
    void editTable();
    void keep(std::function<Result<void>(const std::filesystem::path& project)> change);
    void enableButtons();

    QPointer<ProjectSession> m_session;
    Settings m_settings;
    QLabel* m_found = nullptr;
    QPushButton* m_addFolder;
    QPushButton* m_removeFolder;
    QPushButton* m_addTable;
    QPushButton* m_editTable;
    QPushButton* m_removeTable;
    QTreeWidget* m_folders = nullptr;
    QTreeWidget* m_tables = nullptr;
    QLabel* m_problem;
    jobs::Job m_read;
    jobs::Job m_keep;
};

}  // namespace runglass::ui
