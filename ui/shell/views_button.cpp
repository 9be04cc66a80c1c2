// SPDX-License-Identifier: GPL-3.0-or-later
#include "views_button.h"

#include <QInputDialog>
#include <QMenu>
#include <utility>

#include "runglass/ui/session/saved_views.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

ViewsButton::ViewsButton(QWidget* page)
    : m_save(new QAction(tr("Save view"), this))
    , m_saveAs(new QAction(tr("Save view as…"), this)) {
    setObjectName(QStringLiteral("viewsButton"));
    setButtonKind(this, {});
    m_save->setObjectName(QStringLiteral("view.save"));
    m_saveAs->setObjectName(QStringLiteral("view.saveAs"));
    m_save->setShortcut(QKeySequence::Save);
    m_saveAs->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_S);
    for (auto* action : {m_save, m_saveAs}) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        page->addAction(action);
    }
    connect(m_save, &QAction::triggered, this, [this] { m_name.isEmpty() ? askName() : saveAs(m_name); });
    connect(m_saveAs, &QAction::triggered, this, &ViewsButton::askName);
    connect(this, &QPushButton::clicked, this, [this] {
        QMenu menu(this);
        m_menu = &menu;
        fillMenu(&menu);
        loadNames();
        menu.exec(mapToGlobal(QPoint(0, height())));
    });
    showName();
}

void ViewsButton::addPart(Part part) {
    m_parts.push_back(std::move(part));
}

void ViewsButton::setSession(ProjectSession* session) {
    m_job.cancel();
    m_namesJob.cancel();
    m_session = session;
    m_names.clear();
    m_name.clear();
    m_changed = false;
    setEnabled(session != nullptr);
    m_save->setEnabled(session != nullptr);
    m_saveAs->setEnabled(session != nullptr);
    showName();
    loadNames();
}

void ViewsButton::noteChange() {
    m_changed = true;
    showName();
}

void ViewsButton::showName() {
    const auto name = fontMetrics().elidedText(m_name, Qt::ElideMiddle, 140);
    const auto text = m_name.isEmpty() ? tr("Views") : m_changed ? tr("%1, changed").arg(name) : name;
    setText(QString(text).replace(QLatin1Char('&'), QLatin1String("&&")));
    setToolTip(tr("Saved views: filter, columns, groups, order and charts"));
}

void ViewsButton::fillMenu(QMenu* menu) {
    for (const auto& name : m_names) {
        auto* action = menu->addAction(QString(name).replace(QLatin1Char('&'), QLatin1String("&&")));
        action->setCheckable(true);
        action->setChecked(name == m_name);
        connect(action, &QAction::triggered, this, [this, name] { choose(name); });
    }
    if (m_names.isEmpty()) {
        menu->addAction(tr("No view is saved yet"))->setEnabled(false);
    }
    menu->addSeparator();
    menu->addAction(m_save);
    menu->addAction(m_saveAs);
    auto* removal = menu->addAction(tr("Remove this view"), this, &ViewsButton::remove);
    removal->setEnabled(!m_name.isEmpty());
}

template <typename Value>
void ViewsButton::run(std::function<Result<Value>(const std::filesystem::path&)> body,
                      std::function<void(const Result<Value>&)> done) {
    if (!m_session) {
        return;
    }
    m_job = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [project = m_session->project(), body = std::move(body)](jobs::JobContext&) { return body(project); },
        [this, done = std::move(done)](const Result<Value>& result) {
            if (result) {
                done(result);
            } else {
                m_session->raiseProblem(projectText(result.error().message));
            }
            loadNames();
        });
}

void ViewsButton::loadNames() {
    if (m_session) {
        m_namesJob = jobs::start(
            m_session->pool(), m_session->guiExecutor(),
            [project = m_session->project()](jobs::JobContext&) { return saved_views::names(project); },
            [this](const QStringList& names) {
                if (names != std::exchange(m_names, names) && m_menu) {
                    m_menu->clear();
                    fillMenu(m_menu);
                }
            });
    }
}

void ViewsButton::choose(const QString& name) {
    run<QJsonObject>([name](const auto& project) { return saved_views::read(project, name); },
                     [this, name](const Result<QJsonObject>& view) {
                         m_name = name;
                         for (const auto& part : m_parts) {
                             if (const auto state = (*view)[part.name]; state.isObject()) {
                                 part.setState(state.toObject());
                             }
                         }
                         m_changed = false;
                         showName();
                     });
}

void ViewsButton::saveAs(const QString& name) {
    QJsonObject view;
    for (const auto& part : m_parts) {
        if (const auto state = part.state(); !state.isEmpty()) {
            view[part.name] = state;
        }
    }
    run<void>([name, view](const auto& project) { return saved_views::write(project, name, view); },
              [this, name](const Result<void>&) {
                  m_name = name;
                  m_changed = false;
                  showName();
              });
}

void ViewsButton::askName() {
    QInputDialog dialog(this);
    dialog.setWindowTitle(tr("Save view"));
    dialog.setLabelText(tr("Name of the view"));
    dialog.setTextValue(m_name);
    dialog.setOkButtonText(tr("Save"));
    const bool given = dialog.exec() == QDialog::Accepted;
    if (const auto name = dialog.textValue().trimmed(); given && !name.isEmpty()) {
        saveAs(name);
    }
}

void ViewsButton::remove() {
    run<void>([name = m_name](const auto& project) { return saved_views::remove(project, name); },
              [this](const Result<void>&) {
                  m_name.clear();
                  showName();
              });
}

}  // namespace runglass::ui
