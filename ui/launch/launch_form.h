// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

#include "command_check.h"
#include "runglass/jobs/job.h"
#include "runglass/launch/launch_spec.h"

class QComboBox;
class QLineEdit;
class QPushButton;

namespace runglass::ui {

class Banner;
class CommandEdit;
class FieldFrame;
class FlagsForm;
class Label;
class ProjectSession;
class RunPreview;

/// Command, flags, name and experiment of the run to be launched, and the button that does it.
class LaunchForm final : public QWidget {
    Q_OBJECT
public:
    explicit LaunchForm(QWidget* parent = nullptr);

    void setSession(ProjectSession* session);
    void setCommand(const QString& command);
    [[nodiscard]] CommandEdit* commandEdit() const { return m_command; }
    /// What Launch would start now.
    [[nodiscard]] launch::LaunchSpec spec() const;
    [[nodiscard]] bool canLaunch() const;
    /// Whether the command has been looked at.
    [[nodiscard]] bool isSettled() const { return !m_checkTimer.isActive() && !m_checkJob.running(); }
    void setBusy(bool busy);
    /// Why the last launch failed; empty: nothing to say.
    void showError(const QString& message);
    /// Puts the command into the history.
    void rememberCommand();
    /// Offers the experiments of the project's runs.
    void offerExperiments();

Q_SIGNALS:
    void launchRequested();

private:
    void buildCommand(class QVBoxLayout* column);
    void buildFlags(QVBoxLayout* column);
    void buildNames(QVBoxLayout* column);
    QWidget* buildFooter();
    void onCommandChanged();
    void checkNow();
    void present(CommandCheck check);
    void showFlagsTitle();
    void updateButton();
    void proposeCommand();
    [[nodiscard]] QString settingsKey(const char* name) const;

    ProjectSession* m_session = nullptr;
    QTimer m_checkTimer;
    jobs::Job m_checkJob;
    jobs::Job m_proposeJob;
    CommandCheck m_check;
    bool m_busy = false;

    Banner* m_readOnly = nullptr;
    Banner* m_error = nullptr;
    CommandEdit* m_command = nullptr;
    FieldFrame* m_commandFrame = nullptr;
    Label* m_mistake = nullptr;
    Label* m_flagsTitle = nullptr;
    Label* m_flagsRemark = nullptr;
    QPushButton* m_onlySet = nullptr;
    FlagsForm* m_flags = nullptr;
    QLineEdit* m_name = nullptr;
    QComboBox* m_experiment = nullptr;
    RunPreview* m_preview = nullptr;
    Label* m_remark = nullptr;
    QPushButton* m_launch = nullptr;
};

}  // namespace runglass::ui
