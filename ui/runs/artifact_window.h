// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QImage>

#include "runglass/jobs/job.h"
#include "runglass/model/run_detail.h"
#include "runglass/sources/artifact_content.h"
#include "runglass/ui/session/project_session.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace runglass::ui {

class ArtifactActions;
class ImagePane;

/// One file of a run to look at: an image, a text or a table; of anything else what can be done with it.
class ArtifactWindow final : public QDialog {
    Q_OBJECT
public:
    ArtifactWindow(ProjectSession* session, ArtifactActions* actions, const RunId& run,
                   const model::Artifact& artifact, QWidget* parent);
    ~ArtifactWindow() override;

private:
    struct Read {
        Result<sources::ArtifactContent> content;
        QImage image;
    };
    void build(ArtifactActions* actions, const RunId& run, const model::Artifact& artifact);
    void take(Read read);
    void showImage(const QImage& image);
    void showText(const sources::ArtifactContent& content);
    void showTable(sources::ArtifactContent content);
    void showMessage(const QString& text);

    QStackedWidget* m_pages;
    QLabel* m_message;
    ImagePane* m_image;
    QPlainTextEdit* m_text;
    QTableView* m_table;
    QPushButton* m_actualSize;
    QLabel* m_note;
    jobs::Job m_job;
};

}  // namespace runglass::ui
