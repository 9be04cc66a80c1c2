// SPDX-License-Identifier: GPL-3.0-or-later
// What RunTablePane shows in place of the table.
#include <QPushButton>
#include <QStackedLayout>
#include <utility>

#include "run_table_view.h"
#include "runglass/ui/runs/run_table_pane.h"
#include "runglass/ui/widgets/empty_state.h"

namespace runglass::ui {

namespace {

constexpr int kLookAgainMs = 200;  ///< whether there really are no runs

}  // namespace

void RunTablePane::setEmptyActions(const QList<QAction*>& actions) {
    auto* empty = new EmptyState(tr("No runs yet"),
                                 tr("Runs that other tools left in this folder appear by themselves. In a "
                                    "terminal: runglass run -- python train.py"),
                                 actions, this);
    m_stack->addWidget(empty);
    delete std::exchange(m_noRuns, empty);
    chooseEmptyState();
}

void RunTablePane::chooseEmptyState() {
    const auto& shown = m_model->arrangement();
    bool waiting = m_session && (!m_session->loaded() || !m_arranged);
    if (!waiting && shown.candidates == 0 && m_session && m_session->walk().running) {
        waiting = true;  // nobody knows yet that there are none
        m_emptyTimer.start(kLookAgainMs);
    }
    const bool hidden = m_session && shown.candidates == 0 && !m_session->runs()->runs.empty();
    const bool unreadable = m_session && m_session->runs()->runs.empty() && m_session->damagedRuns() > 0;
    if (hidden) {
        m_nothing->setText(tr("All runs are archived"),
                           tr("Undo with Ctrl+Z, or see them in a terminal: runglass runs --all"));
    } else if (unreadable) {
        m_nothing->setText(tr("No run can be read"),
                           tr("The run database is damaged; see the message above."));
    }
    showInStack(shown.matching > 0 || waiting ? static_cast<QWidget*>(m_view)
                : shown.candidates > 0        ? m_noMatch
                : hidden || unreadable        ? m_nothing
                                              : m_noRuns);
}

/// The keyboard stays with what is shown: hiding what has it would give it to some button of the window.
void RunTablePane::showInStack(QWidget* shown) {
    auto* before = m_stack->currentWidget();
    const auto* focus = window()->focusWidget();
    const bool hadFocus =
        before != nullptr && focus != nullptr && (focus == before || before->isAncestorOf(focus));
    m_stack->setCurrentWidget(shown);
    if (!hadFocus || shown == before) {
        return;
    }
    auto* button = shown->findChild<QPushButton*>();
    (button != nullptr && shown != m_view ? button : shown)->setFocus(Qt::OtherFocusReason);
}

}  // namespace runglass::ui
