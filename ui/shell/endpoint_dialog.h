// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QPointer>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QTreeWidget;
class QVBoxLayout;

namespace runglass::ui {

class Endpoint;
class Label;
class LiveMark;

/// Start, stop and use of the project's tracking endpoint, and the calls that it could not answer.
class EndpointDialog final : public QDialog {
    Q_OBJECT
public:
    explicit EndpointDialog(Endpoint* endpoint, QWidget* parent = nullptr);
    ~EndpointDialog() override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    void addState(QVBoxLayout* column);
    void addInstructions(QVBoxLayout* column);
    void addCalls(QVBoxLayout* column);
    void showEndpoint();
    void showCalls();
    void makeRoom();
    void startOrStop();
    void copyInstructions();

    QPointer<Endpoint> m_endpoint;  ///< a window that goes takes it along before its dialogs
    LiveMark* m_mark = nullptr;
    Label* m_state = nullptr;
    Label* m_process = nullptr;
    QSpinBox* m_port = nullptr;
    QPushButton* m_startStop = nullptr;
    QLabel* m_problem = nullptr;
    QPlainTextEdit* m_instructions = nullptr;
    QLabel* m_remark = nullptr;
    QPushButton* m_copy = nullptr;
    Label* m_callsTitle = nullptr;
    QPushButton* m_forget = nullptr;
    QLabel* m_noCalls = nullptr;
    QTreeWidget* m_calls = nullptr;
};

}  // namespace runglass::ui
