// SPDX-License-Identifier: GPL-3.0-or-later
#include "endpoint_dialog.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTreeWidget>
#include <algorithm>

#include "endpoint.h"
#include "runglass/base/clock.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/label.h"
#include "runglass/ui/widgets/remark.h"

namespace runglass::ui {
namespace {

constexpr int kMargin = 16;
constexpr int kBoxFrame = 14;  ///< of the box of code, above and below its lines

}  // namespace

/// A disc while the project is served, a ring while it is not.
class LiveMark final : public QWidget {
public:
    explicit LiveMark(QWidget* parent = nullptr)
        : QWidget(parent) {
        setFixedSize(12, 18);
    }
    void setLive(bool live) {
        m_live = live;
        update();
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        QPainter painter(this);
        paintStatus(&painter, rect(), m_live ? StatusGlyph::Finished : StatusGlyph::Scheduled);
    }

private:
    bool m_live = false;
};

EndpointDialog::EndpointDialog(Endpoint* endpoint, QWidget* parent)
    : QDialog(parent)
    , m_endpoint(endpoint) {
    setObjectName(QStringLiteral("endpointDialog"));
    setWindowTitle(tr("Tracking endpoint"));
    setMinimumWidth(620);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    column->setSpacing(8);
    addState(column);
    addInstructions(column);
    addCalls(column);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    auto* close = makeButton(tr("Close"));
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    buttons->addWidget(close);
    column->addSpacing(4);
    column->addLayout(buttons);
    endpoint->setWatched(true);
    connect(endpoint, &Endpoint::changed, this, &EndpointDialog::showEndpoint);
    showEndpoint();
    m_startStop->setFocus();
}

EndpointDialog::~EndpointDialog() {
    if (m_endpoint) {
        m_endpoint->setWatched(false);
    }
}

void EndpointDialog::addState(QVBoxLayout* column) {
    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    m_mark = new LiveMark;
    m_state = new Label({}, TextRole::Strong, 600);
    m_state->setObjectName(QStringLiteral("endpointState"));
    m_process = new Label({}, TextRole::Caption, 400, Token::TextTertiary);
    m_process->setElideMode(Qt::ElideRight);
    auto* portLabel = new QLabel(tr("Port"));
    m_port = new QSpinBox;
    m_port->setObjectName(QStringLiteral("endpointPort"));
    m_port->setRange(0, 65535);
    m_port->setSpecialValueText(tr("any free"));
    m_port->setFixedWidth(92);
    m_port->setToolTip(tr("0 takes any free port"));
    m_port->setValue(m_endpoint->usualPort());
    portLabel->setBuddy(m_port);
    m_startStop = makeButton(tr("Start"), {}, ButtonKind::Primary);
    m_startStop->setObjectName(QStringLiteral("endpointStart"));
    m_startStop->setMinimumWidth(72);
    m_startStop->setDefault(true);
    connect(m_startStop, &QPushButton::clicked, this, &EndpointDialog::startOrStop);
    row->addWidget(m_mark);
    row->addWidget(m_state);
    row->addWidget(m_process, 1);
    row->addWidget(portLabel);
    row->addWidget(m_port);
    row->addWidget(m_startStop);
    column->addLayout(row);
    m_problem = new Remark(QString(), Token::SemanticDanger);
    m_problem->setObjectName(QStringLiteral("endpointProblem"));
    column->addWidget(m_problem);
    column->addWidget(new Remark(
        tr("Takes in what scripts log with an unchanged MLflow client, on this machine alone. Runs "
           "launched by Runglass have an endpoint of their own and need none. It goes on when this "
           "window is closed.")));
}

void EndpointDialog::addInstructions(QVBoxLayout* column) {
    column->addSpacing(8);
    column->addWidget(new Label(tr("In the shell that starts the script"), TextRole::Body, 600));
    m_instructions = new QPlainTextEdit;
    m_instructions->setObjectName(QStringLiteral("endpointInstructions"));
    m_instructions->setAccessibleName(tr("In the shell that starts the script"));
    m_instructions->setReadOnly(true);
    m_instructions->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_instructions->setFont(Theme::current().font(TextRole::Code));
    m_instructions->setPlaceholderText(tr("Start the endpoint to see what to export."));
    m_instructions->setTabChangesFocus(true);
    m_copy = makeButton(tr("Copy"), QStringLiteral("copy"));
    m_copy->setObjectName(QStringLiteral("endpointCopy"));
    connect(m_copy, &QPushButton::clicked, this, &EndpointDialog::copyInstructions);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_instructions, 1);
    row->addWidget(m_copy, 0, Qt::AlignTop);
    column->addLayout(row);
    m_remark = new Remark(tr("Add the token that it was started with: the window does not know it."));
    column->addWidget(m_remark);
}

void EndpointDialog::addCalls(QVBoxLayout* column) {
    column->addSpacing(8);
    m_callsTitle = new Label({}, TextRole::Body, 600);
    m_callsTitle->setObjectName(QStringLiteral("endpointCallsTitle"));
    m_forget = makeButton(tr("Clear"), {}, ButtonKinds(ButtonKind::Quiet) | ButtonKind::Small);
    m_forget->setObjectName(QStringLiteral("endpointForget"));
    m_forget->setToolTip(tr("Begin to count the calls anew"));
    connect(m_forget, &QPushButton::clicked, m_endpoint.data(), &Endpoint::forgetCalls);
    auto* row = new QHBoxLayout;
    row->addWidget(m_callsTitle, 1);
    row->addWidget(m_forget);
    column->addLayout(row);
    m_noCalls = new Remark(tr("No client has made a call that Runglass does not answer."));
    column->addWidget(m_noCalls);
    m_calls = new QTreeWidget;
    m_calls->setObjectName(QStringLiteral("endpointCalls"));
    m_calls->setAccessibleName(tr("Calls that were not answered"));
    m_calls->setHeaderLabels({tr("Times"), tr("Call"), tr("Client"), tr("Last")});
    m_calls->setRootIsDecorated(false);
    m_calls->setUniformRowHeights(true);
    m_calls->setTextElideMode(Qt::ElideMiddle);
    m_calls->headerItem()->setTextAlignment(0, Qt::AlignRight | Qt::AlignVCenter);
    m_calls->header()->setStretchLastSection(false);
    m_calls->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_calls->setMinimumHeight(6 * Theme::current().rowHeight());
    m_calls->setColumnWidth(0, 56);
    m_calls->setColumnWidth(2, 130);
    m_calls->setColumnWidth(3, 64);
    column->addWidget(m_calls, 1);
    column->addStretch(0);
}

void EndpointDialog::showEndpoint() {
    const auto& standing = m_endpoint->standing();
    const auto change = m_endpoint->change();
    const bool idle = change == Endpoint::Change::None;
    m_mark->setLive(standing.has_value());
    m_state->setText(change == Endpoint::Change::Starting   ? tr("Starting")
                     : change == Endpoint::Change::Stopping ? tr("Stopping")
                     : standing ? tr("Served at %1").arg(QString::fromStdString(standing->uri))
                                : tr("Not served"));
    m_process->setText(!standing              ? QString()
                       : m_endpoint->isOurs() ? tr("process %1").arg(standing->pid)
                                              : tr("process %1, started elsewhere").arg(standing->pid));
    m_port->setEnabled(!standing && idle);
    if (standing) {
        m_port->setValue(standing->port);
    }
    m_startStop->setText(standing ? tr("Stop") : tr("Start"));
    setButtonKind(m_startStop, standing ? ButtonKinds(ButtonKind::Danger) : ButtonKind::Primary);
    const auto* session = m_endpoint->session();
    const bool readOnly = session != nullptr && session->loaded() && !session->writable();
    m_startStop->setEnabled(session != nullptr && idle && (standing || !readOnly));
    const QString problem = !standing && readOnly ? session->whyNotWritable() : m_endpoint->problem();
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    if (const QString text = m_endpoint->instructions(); text != m_instructions->toPlainText()) {
        m_instructions->setPlainText(text);
    }
    m_instructions->setFixedHeight(
        m_instructions->blockCount() * Theme::current().lineHeight(TextRole::Code) + kBoxFrame);
    m_copy->setEnabled(standing.has_value());
    m_remark->setVisible(standing && standing->needsToken);
    showCalls();
    if (isVisible()) {
        makeRoom();
    }
}

void EndpointDialog::showEvent(QShowEvent* event) {
    QDialog::showEvent(event);
    makeRoom();
}

// The hints of a window do not know how high wrapped text is at its width.
void EndpointDialog::makeRoom() {
    layout()->activate();
    const int needed = std::max(layout()->totalHeightForWidth(width()), minimumSizeHint().height());
    if (height() < needed) {
        resize(width(), needed);
    }
}

void EndpointDialog::showCalls() {
    const auto& calls = m_endpoint->unanswered();
    const auto count = static_cast<int>(m_endpoint->unansweredCount());
    m_callsTitle->setText(count > 0 ? tr("%n call(s) not answered", nullptr, count)
                                    : tr("Calls that were not answered"));
    m_noCalls->setVisible(calls.empty());
    m_forget->setVisible(!calls.empty());
    m_calls->setVisible(!calls.empty());
    m_calls->clear();
    for (const auto& call : calls) {
        const QString what = QString::fromStdString(call.method) + QLatin1Char(' ') + projectText(call.path);
        auto* item = new QTreeWidgetItem(m_calls, {formatCount(call.count), what, projectText(call.client),
                                                   formatTime(call.lastMs, nowMs())});
        item->setTextAlignment(0, Qt::AlignRight | Qt::AlignVCenter);
        item->setToolTip(1, what.toHtmlEscaped());
        item->setToolTip(2, projectText(call.client).toHtmlEscaped());
        item->setToolTip(3, formatFullTime(call.lastMs));
    }
}

void EndpointDialog::startOrStop() {
    if (m_endpoint->standing()) {
        m_endpoint->stop();
        return;
    }
    m_endpoint->start(m_port->value());
}

void EndpointDialog::copyInstructions() {
    QApplication::clipboard()->setText(m_endpoint->instructions() + QLatin1Char('\n'));
}

}  // namespace runglass::ui
