// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>
#include <optional>
#include <vector>

#include "runglass/model/logged_model.h"
#include "runglass/model/run_detail.h"
#include "runglass/ui/session/project_session.h"

class QStackedWidget;
class QTabBar;
class QToolButton;

namespace runglass::ui {

class ArtifactActions;
class EmptyState;
class FactList;
class InspectorPage;
class Label;
class NoteEditor;
class StatusMark;
class TagRow;

/// Everything about the first selected run, at the right of the window: overview, params, metrics, source,
/// files. Follows the session's selection and the run while it goes on.
class Inspector final : public QWidget {
    Q_OBJECT
public:
    explicit Inspector(QWidget* parent = nullptr);
    ~Inspector() override;

    /// Null: no project.
    void setSession(ProjectSession* session);
    [[nodiscard]] std::optional<RunId> run() const { return m_id; }
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void compareRequested();
    /// The run table is to show the runs that pass `expression`.
    void filterRequested(const QString& expression);

private:
    void buildHead();
    void buildTabs();
    void buildFamily(InspectorPage* page);
    void buildModels(InspectorPage* page);
    void follow();
    void setRun(const model::SharedRun& run);
    void requestDetail();
    void refreshDetail();
    void requestModels();
    void showRecord();
    void showTimes();
    void showDetail();
    void showProblems();
    void showMetrics();
    void showParams();
    void showSource();
    void requestSubject(const std::string& commit);
    void showFamily();
    void showModels();
    void showEnvironment();
    void showFiles();
    void requestSparkline(const model::Metric& metric);
    void addTag();
    [[nodiscard]] QString timesText() const;
    [[nodiscard]] model::SharedRun baseline() const;

    ProjectSession* m_session = nullptr;
    std::optional<RunId> m_id;
    model::SharedRun m_run;
    std::optional<model::RunDetail> m_detail;
    QTimer m_detailTimer;
    QTimer m_clock;  ///< ticks while the run goes on
    std::uint64_t m_detailsAsked = 0;
    std::uint64_t m_detailsCome = 0;
    model::RunModels m_models;
    jobs::Job m_modelsJob;
    bool m_modelsPending = false;
    QHash<QString, QString> m_subjects;  ///< first lines of commit messages, by full hash
    jobs::Job m_subjectJob;
    ArtifactActions* m_artifacts;

    QWidget* m_body = nullptr;
    EmptyState* m_empty = nullptr;
    StatusMark* m_status = nullptr;
    Label* m_name = nullptr;
    Label* m_id8 = nullptr;
    Label* m_times = nullptr;
    QToolButton* m_star = nullptr;
    TagRow* m_tags = nullptr;
    QTabBar* m_tabBar = nullptr;
    QStackedWidget* m_pages = nullptr;
    FactList* m_topMetrics = nullptr;
    FactList* m_allMetrics = nullptr;
    FactList* m_topParams = nullptr;
    FactList* m_allParams = nullptr;
    std::vector<FactList*> m_source;
    FactList* m_family = nullptr;
    FactList* m_modelList = nullptr;
    FactList* m_command = nullptr;
    FactList* m_environment = nullptr;
    FactList* m_packages = nullptr;
    std::vector<FactList*> m_files;
    FactList* m_problems = nullptr;
    FactList* m_remarks = nullptr;
    NoteEditor* m_note = nullptr;
};

}  // namespace runglass::ui
