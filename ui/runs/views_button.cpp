// SPDX-License-Identifier: GPL-3.0-or-later
#include "views_button.h"

#include <QInputDialog>
#include <QMenu>

#include "runglass/ui/theme/icons.h"
#include "runglass/ui/widgets/buttons.h"

namespace runglass::ui {

ViewsButton::ViewsButton(std::function<SavedView()> current, QWidget* parent)
    : QPushButton(parent)
    , m_current(std::move(current))
    , m_save(new QAction(tr("Save view"), this))
    , m_saveAs(new QAction(tr("Save view as…"), this)) {
    setObjectName(QStringLiteral("viewsButton"));
    setButtonKind(this, {});
    m_save->setObjectName(QStringLiteral("runs.saveView"));
    m_saveAs->setObjectName(QStringLiteral("runs.saveViewAs"));
    m_save->setShortcut(QKeySequence::Save);
    m_saveAs->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_S);
    for (auto* action : {m_save, m_saveAs}) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        parent->addAction(action);
    }
    connect(m_save, &QAction::triggered, this, [this] { m_name.isEmpty() ? askName() : saveAs(m_name); });
    connect(m_saveAs, &QAction::triggered, this, &ViewsButton::askName);
    connect(this, &QPushButton::clicked, this, [this] {
        QMenu menu(this);
        fillMenu(&menu);
        menu.exec(mapToGlobal(QPoint(0, height())));
    });
    showName();
}

void ViewsButton::setProject(const std::filesystem::path& project) {
    m_project = project;
    m_views = project.empty() ? SavedViews() : SavedViews::load(project);
    m_name.clear();
    m_changed = false;
    setEnabled(!project.empty());
    m_save->setEnabled(!project.empty());
    m_saveAs->setEnabled(!project.empty());
    showName();
}

void ViewsButton::noteChange() {
    m_changed = true;
    showName();
}

void ViewsButton::showName() {
    const auto name = fontMetrics().elidedText(m_name, Qt::ElideMiddle, 140);
    const auto text = m_name.isEmpty() ? tr("Views") : m_changed ? tr("%1, changed").arg(name) : name;
    setText(QString(text).replace(QLatin1Char('&'), QLatin1String("&&")));
    setToolTip(tr("Saved views: filter, columns, groups and order"));
}

void ViewsButton::fillMenu(QMenu* menu) {
    for (const auto& view : m_views.all()) {
        auto* action = menu->addAction(QString(view.name).replace(QLatin1Char('&'), QLatin1String("&&")));
        action->setCheckable(true);
        action->setChecked(view.name == m_name);
        connect(action, &QAction::triggered, this, [this, name = view.name] { choose(name); });
    }
    if (m_views.all().empty()) {
        menu->addAction(tr("No view is saved yet"))->setEnabled(false);
    }
    menu->addSeparator();
    menu->addAction(m_save);
    menu->addAction(m_saveAs);
    auto* removal = menu->addAction(tr("Remove this view"), this, &ViewsButton::remove);
    removal->setEnabled(!m_name.isEmpty());
}

void ViewsButton::choose(const QString& name) {
    if (const auto* view = m_views.find(name)) {
        m_name = name;
        Q_EMIT viewChosen(*view);
        m_changed = false;
        showName();
    }
}

void ViewsButton::saveAs(const QString& name) {
    auto view = m_current();
    view.name = name;
    m_views.put(std::move(view));
    m_views.save(m_project);
    m_name = name;
    m_changed = false;
    showName();
}

void ViewsButton::askName() {
    bool given = false;
    const auto name = QInputDialog::getText(this, tr("Save view"), tr("Name of the view"), QLineEdit::Normal,
                                            m_name, &given)
                          .trimmed();
    if (given && !name.isEmpty()) {
        saveAs(name);
    }
}

void ViewsButton::remove() {
    m_views.remove(m_name);
    m_views.save(m_project);
    m_name.clear();
    showName();
}

}  // namespace runglass::ui
