// SPDX-License-Identifier: GPL-3.0-or-later
#include "header_bar.h"

#include <QMenu>
#include <QMenuBar>
#include <QToolButton>
#include <utility>

#include "gpu_item.h"
#include "header_parts.h"
#include "runglass/ui/session/project_session.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/label.h"

namespace runglass::ui {
namespace {

constexpr int kHeight = 36;
constexpr int kMark = 56;
constexpr int kGap = 10;

}  // namespace

HeaderBar::HeaderBar(QWidget* parent)
    : QWidget(parent)
    , m_menuBar(new QMenuBar(this))
    , m_project(new QToolButton(this))
    , m_branchIcon(new IconLabel(QStringLiteral("branch"), Token::TextSecondary, 16, this))
    , m_branch(new Label({}, TextRole::Body, 500, Token::TextPrimary, this))
    , m_changes(new Label({}, TextRole::Caption, 400, Token::SemanticWarn, this))
    , m_command(new CommandField(this))
    , m_running(new LiveState(StatusGlyph::Running, this))
    , m_queued(new LiveState(StatusGlyph::Scheduled, this))
    , m_gpu(new GpuItem(this))
    , m_bottom(makeIconButton(QStringLiteral("bottom"), tr("Bottom panel"), this))
    , m_inspector(makeIconButton(QStringLiteral("inspector"), tr("Inspector"), this)) {
    setObjectName(QStringLiteral("headerBar"));
    setFixedHeight(kHeight);
    m_menuBar->setNativeMenuBar(false);
    m_project->setObjectName(QStringLiteral("projectButton"));
    m_project->setIcon(themedIcon(QStringLiteral("folder")));
    m_project->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_project->setPopupMode(QToolButton::InstantPopup);
    m_project->setFocusPolicy(Qt::TabFocus);
    m_branch->setVerbatim(true);
    for (QToolButton* toggle : {m_bottom, m_inspector}) {
        toggle->setCheckable(true);
        toggle->setEnabled(false);
    }
    connect(m_command, &QAbstractButton::clicked, this, &HeaderBar::commandRequested);
    connect(m_running, &QAbstractButton::clicked, this, &HeaderBar::launchRequested);
    connect(m_queued, &QAbstractButton::clicked, this, &HeaderBar::launchRequested);
    showSession(nullptr);
}

void HeaderBar::setMenuBarRow(bool ownRow) {
    m_menuBarRow = ownRow;
    setFixedHeight(ownRow ? kHeight + 26 : kHeight);
    arrange();
}

void HeaderBar::setProjectMenu(QMenu* menu) {
    m_project->setMenu(menu);
}

void HeaderBar::showSession(const ProjectSession* session) {
    m_project->setVisible(session != nullptr);
    if (session == nullptr) {
        for (QWidget* part :
             {m_branchIcon, static_cast<QWidget*>(m_branch), static_cast<QWidget*>(m_changes)}) {
            part->hide();
        }
        m_running->setCount(0, {});
        m_queued->setCount(0, {});
        arrange();
        return;
    }
    QFont font = Theme::current().font(TextRole::Body, 600);
    m_project->setFont(Theme::verbatim(font, session->projectName()));
    m_project->setText(QFontMetrics(font).elidedText(session->projectName(), Qt::ElideMiddle, 200));
    m_project->setToolTip(projectText(session->project().string()).toHtmlEscaped());
    showGit(*session);
    m_running->setCount(session->runningCount(), tr("%n running", nullptr, session->runningCount()));
    m_queued->setCount(session->scheduledCount(), tr("%n queued", nullptr, session->scheduledCount()));
    arrange();
}

void HeaderBar::showGit(const ProjectSession& session) {
    const ProjectSession::GitState& git = session.git();
    m_branchIcon->setVisible(git.isRepository);
    m_branch->setVisible(git.isRepository);
    const QString branch = git.head.detached() ? QString::fromStdString(git.head.commit->shortHex())
                                               : projectText(git.head.branch);
    m_branch->setText(
        QFontMetrics(Theme::current().font(TextRole::Body, 500)).elidedText(branch, Qt::ElideMiddle, 180));
    m_branch->setToolTip(git.head.detached() ? tr("Detached HEAD") : branch.toHtmlEscaped());
    const int changes = static_cast<int>(git.changes.size());
    m_changes->setVisible(git.isRepository && changes > 0);
    m_changes->setText(tr("%n uncommitted", nullptr, changes));
}

void HeaderBar::showGpus(const GpuMonitor* monitor) {
    m_gpu->follow(monitor);
}

void HeaderBar::showPanel(QToolButton* toggle, bool available, bool shown) {
    const QString name = toggle == m_bottom ? tr("Bottom panel") : tr("Inspector");
    toggle->setToolTip(available ? name : tr("%1: this page has none").arg(name));
    toggle->setEnabled(available);
    toggle->setChecked(available && shown);
}

void HeaderBar::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.fillRect(rect(), themeColor(Token::SurfaceWindow));
    painter.fillRect(QRect(0, height() - 1, width(), 1), themeColor(Token::BorderDefault));
    const int top = height() - kHeight;
    paintIcon(&painter, QRectF(0, top, kMark, kHeight), QStringLiteral("mark"), themeColor(Token::AccentBase),
              18);
    for (const int x : m_separators) {
        painter.fillRect(QRect(x, top + 10, 1, 16), themeColor(Token::BorderDefault));
    }
}

void HeaderBar::resizeEvent(QResizeEvent* /*event*/) {
    arrange();
}

bool HeaderBar::event(QEvent* event) {
    if (event->type() == QEvent::LayoutRequest) {
        arrange();  // a label changed its text
    }
    return QWidget::event(event);
}

void HeaderBar::arrange() {
    const int top = height() - kHeight;
    const auto put = [&](QWidget* widget, int x, int height) {
        const int width = widget->sizeHint().width();
        widget->setGeometry(x, top + (kHeight - 1 - height) / 2, width, height);
        return x + width;
    };
    m_separators.clear();
    int x = kMark;
    if (m_menuBarRow) {
        m_menuBar->setGeometry(kMark - kGap, 0, width() - kMark, 26);
    } else {
        x = put(m_menuBar, kMark - 2, 26);
    }
    if (!m_project->isHidden()) {
        m_separators.push_back(x + kGap - 2);
        x = put(m_project, x + kGap + 2, 26);
    }
    if (!m_branch->isHidden()) {
        m_separators.push_back(x + kGap - 4);
        x = put(m_branchIcon, x + kGap + 6, 16) + 6;
        x = put(m_branch, x, 18);
    }
    if (!m_changes->isHidden()) {
        x = put(m_changes, x + 6, 18);
    }
    int right = width() - 8;
    for (QWidget* toggle : {static_cast<QWidget*>(m_inspector), static_cast<QWidget*>(m_bottom)}) {
        right -= 28;
        toggle->setGeometry(right, top + 4, 28, 26);
        right -= 4;
    }
    right -= 6;
    bool separated = false;
    for (QWidget* state :
         {static_cast<QWidget*>(m_gpu), static_cast<QWidget*>(m_queued), static_cast<QWidget*>(m_running)}) {
        if (!state->isHidden()) {
            if (std::exchange(separated, true)) {
                m_separators.push_back(right);
            }
            right -= state->sizeHint().width() + 4;
            put(state, right, 26);
        }
    }
    // In the middle of the window as long as there is room, else in the middle of what is left.
    constexpr int kWanted = 320;
    const int room = right - x - 2 * kGap;
    const int fieldWidth = qMin(kWanted, room);
    m_command->setVisible(fieldWidth >= 60);
    const int centred = (width() - fieldWidth) / 2;
    const int fieldX = qBound(x + kGap, centred, qMax(x + kGap, right - kGap - fieldWidth));
    m_command->setGeometry(fieldX, top + 4, qMax(fieldWidth, 0), 26);
    update();
}

}  // namespace runglass::ui
