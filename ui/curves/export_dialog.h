// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include "chart_image.h"
#include "runglass/jobs/job.h"
#include "runglass/ui/session/project_session.h"

class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace runglass::ui {

class Remark;

/// Writes a chart into a file: format, size, and the scale of a picture.
class ExportDialog final : public QDialog {
    Q_OBJECT
public:
    /// The same chart in the colours of both themes: light for a page, whatever the screen looks like, and
    /// dark when asked for. `session` lends its workers, for the points of long series.
    ExportDialog(ChartImage light, ChartImage dark, ProjectSession* session, QWidget* parent);

private:
    void chooseFile();
    void showFormat();
    void write();
    void finish(const Result<void>& written);

    ChartImage m_light;
    ChartImage m_dark;
    ProjectSession* m_session;
    jobs::Job m_job;
    QComboBox* m_format;
    QComboBox* m_theme;
    QSpinBox* m_width;
    QSpinBox* m_height;
    QDoubleSpinBox* m_scale;
    QLineEdit* m_file;
    Remark* m_message;
    QString m_mayReplace;  ///< the file that the person agreed to write over
};

}  // namespace runglass::ui
