// SPDX-License-Identifier: GPL-3.0-or-later
// What MainWindow does with the tracking endpoint of the project.
#include <QApplication>
#include <QClipboard>

#include "endpoint.h"
#include "endpoint_dialog.h"
#include "runglass/ui/shell/main_window.h"
#include "runglass/ui/widgets/toast.h"
#include "window_actions.h"

namespace runglass::ui {

void MainWindow::showEndpoint() {
    if (m_session) {
        auto* dialog = new EndpointDialog(m_endpoint, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    }
}

void MainWindow::startEndpoint() {
    m_endpointAsked = true;
    m_endpoint->start(m_endpoint->usualPort());
}

void MainWindow::noteEndpoint() {
    const bool idle = m_endpoint->change() == Endpoint::Change::None;
    const bool served = m_endpoint->standing().has_value();
    for (const char* name : {"file.sources", "file.table", "run.console"}) {
        m_actions->action(name)->setEnabled(m_session != nullptr);
    }
    m_actions->action("run.endpoint")->setEnabled(m_session != nullptr);
    m_actions->action("run.startEndpoint")->setEnabled(m_session && m_session->writable() && idle && !served);
    m_actions->action("run.stopEndpoint")->setEnabled(idle && served);
    if (!idle || !std::exchange(m_endpointAsked, false)) {
        return;
    }
    if (!m_endpoint->problem().isEmpty()) {
        m_toasts->show(Tone::Danger, tr("The tracking endpoint did not start."), m_endpoint->problem());
    } else if (served) {
        m_toasts->show(Tone::Ok, tr("Served at %1").arg(QString::fromStdString(m_endpoint->standing()->uri)),
                       m_endpoint->instructions(), tr("Copy"), [text = m_endpoint->instructions()] {
                           QApplication::clipboard()->setText(text + QLatin1Char('\n'));
                       });
    }
}

}  // namespace runglass::ui
