// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGridLayout>
#include <QWidget>

#include "runglass/jobs/job.h"
#include "runglass/ui/session/project_session.h"
#include "runglass/ui/widgets/label.h"
#include "runglass/ui/widgets/section_header.h"

namespace runglass::ui {

/// What surrounded the runs of a commit (packages, system, hardware, data), against those of the commit
/// before: a regression without a change in the code has its reason there. Compares the newest run of each.
class CommitEnvironment final : public QWidget {
    Q_OBJECT
public:
    explicit CommitEnvironment(QWidget* parent = nullptr);

    /// Hidden without both. `where` names the commit of `before`.
    void show(ProjectSession* session, const model::SharedRun& before, const model::SharedRun& here,
              const QString& where);
    [[nodiscard]] bool isSettled() const { return !m_job.running(); }
    /// `Packages: equal, 64`, a line each.
    [[nodiscard]] QStringList lines() const { return m_lines; }

private:
    struct Line {
        QString name;
        QString text;
        bool differs = false;
    };
    void setLines(const std::vector<Line>& lines);

    SectionHeader* m_header;
    QGridLayout* m_grid;
    QStringList m_lines;
    std::optional<std::pair<RunId, RunId>> m_shown;
    jobs::Job m_job;
};

}  // namespace runglass::ui
