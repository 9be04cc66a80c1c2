// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QPointer>
#include <vector>

#include "runglass/jobs/job.h"
#include "runglass/ui/session/project_session.h"
#include "table_roles.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace runglass::ui {

/// A person says what the columns of a CSV, TSV or JSON-lines file mean, by its first rows; remembered with
/// the project. Also for a file that has been mapped before.
class TableDialog final : public QDialog {
    Q_OBJECT
public:
    /// `file` lies in the session's project.
    TableDialog(ProjectSession* session, std::filesystem::path file, QWidget* parent = nullptr);

    [[nodiscard]] bool isLoaded() const { return !m_columns.empty(); }

Q_SIGNALS:
    /// The mapping is kept; the runs want reading again.
    void saved();

private:
    struct Start {
        std::vector<sources::PreviewColumn> columns;
        sources::TableMapping mapping;
        bool known = false;
    };
    static Result<Start> begin(const std::filesystem::path& project, const std::filesystem::path& file,
                               const std::stop_token& stop);
    void showStart(Start start);
    void showColumns(const std::vector<ColumnRole>& roles);
    void roleChosen(std::size_t column);
    void check();
    void save();
    void showProblem(const QString& problem);
    [[nodiscard]] std::vector<ColumnRole> roles() const;

    QPointer<ProjectSession> m_session;
    std::filesystem::path m_file;
    std::vector<sources::PreviewColumn> m_columns;
    sources::TableMapping m_mapping;
    std::vector<QComboBox*> m_roles;
    QLineEdit* m_name;
    QTreeWidget* m_list;
    QLabel* m_remark;
    QLabel* m_problem;
    QPushButton* m_save;
    jobs::Job m_job;
};

}  // namespace runglass::ui
