// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_actions.h"

#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>

#include "place.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/session/letter_keys.h"
#include "runglass/ui/theme/icons.h"

namespace runglass::ui {
namespace {

const QStringList& menuNames() {
    static const QStringList kNames{QStringLiteral("file"), QStringLiteral("edit"), QStringLiteral("view"),
                                    QStringLiteral("run"), QStringLiteral("help")};
    return kNames;
}

QString menuTitle(const QString& name) {
    if (name == QLatin1String("file")) {
        return WindowActions::tr("&File");
    }
    if (name == QLatin1String("edit")) {
        return WindowActions::tr("&Edit");
    }
    if (name == QLatin1String("view")) {
        return WindowActions::tr("&View");
    }
    return name == QLatin1String("run") ? WindowActions::tr("&Run") : WindowActions::tr("&Help");
}

/// Where an action of a page belongs: what it says itself, else by the page that it is of.
QString menuOf(const QAction& action) {
    const QString told = action.property("menu").toString();
    if (!told.isEmpty()) {
        return told;
    }
    const QString page = action.objectName().section(QLatin1Char('.'), 0, 0);
    return page == QLatin1String("runs") || page == QLatin1String("launch") ? QStringLiteral("run")
                                                                            : QStringLiteral("view");
}

}  // namespace

WindowActions::WindowActions(QMainWindow* window)
    : QObject(window)
    , m_window(window) {
    addFileActions();
    addViewActions();
    addOtherActions();
}

QAction* WindowActions::add(const char* menu, const char* name, const QString& text, const QKeySequence& keys,
                            const char* icon) {
    auto* action = new QAction(text, this);
    action->setObjectName(QLatin1String(name));
    action->setShortcut(keys);
    if (*icon != '\0') {
        action->setIcon(themedIcon(QLatin1String(icon)));
        action->setProperty("icon", QLatin1String(icon));
    }
    m_window->addAction(action);
    m_byName.insert(action->objectName(), action);
    m_byMenu[QLatin1String(menu)].push_back(action);
    return action;
}

void WindowActions::addFileActions() {
    add("file", "file.open", tr("Open folder…"), QKeySequence::Open, "folder");
    add("file", "file.recent", tr("Open recent project…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O),
        "clock");
    add("file", "file.demo", tr("Make the demo project"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D),
        "play");
    add("file", "file.sources", tr("Sources…"), {}, "data");
    add("file", "file.table", tr("Read a table…"), {}, "file");
    add("file", "file.settings", tr("Settings…"), QKeySequence(Qt::CTRL | Qt::Key_Comma), "settings");
    add("file", "file.close", tr("Close project"), QKeySequence(Qt::CTRL | Qt::Key_W), "close");
    add("file", "file.quit", tr("Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q))->setMenuRole(QAction::QuitRole);
}

void WindowActions::addViewActions() {
    int number = 0;
    for (const Place& place : places()) {
        ++number;
        const QByteArray name = QByteArray("place.") + place.name;
        QAction* action = add("view", name.constData(), placeTitle(place),
                              QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + number)), place.icon);
        connect(action, &QAction::triggered, this,
                [this, target = QString::fromLatin1(place.name)] { Q_EMIT placeRequested(target); });
    }
    add("view", "view.back", tr("Back"), QKeySequence(Qt::ALT | Qt::Key_Left));
    add("view", "view.forward", tr("Forward"), QKeySequence(Qt::ALT | Qt::Key_Right));
    add("view", "view.inspector", tr("Inspector"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_I), "inspector")
        ->setCheckable(true);
    add("view", "view.bottom", tr("Bottom panel"), QKeySequence(Qt::CTRL | Qt::Key_J), "bottom")
        ->setCheckable(true);
    add("view", "view.nextPane", tr("Next pane"), QKeySequence(Qt::Key_F6));
    add("view", "view.previousPane", tr("Previous pane"), QKeySequence(Qt::SHIFT | Qt::Key_F6));
    addChoices("theme", &AppSettings::theme, &AppSettings::setTheme, tr("Theme: %1"),
               {QStringLiteral("system"), QStringLiteral("light"), QStringLiteral("dark")},
               {tr("System"), tr("Light"), tr("Dark")});
    addChoices("contrast", &AppSettings::contrast, &AppSettings::setContrast, tr("Contrast: %1"),
               {QStringLiteral("system"), QStringLiteral("normal"), QStringLiteral("high")},
               {tr("System"), tr("Normal"), tr("High")});
    addChoices("density", &AppSettings::density, &AppSettings::setDensity, tr("Density: %1"),
               {QStringLiteral("compact"), QStringLiteral("normal"), QStringLiteral("comfortable")},
               {tr("Compact"), tr("Normal"), tr("Comfortable")});
    add("view", "view.refresh", tr("Read sources again"), QKeySequence(Qt::Key_F5), "retry");
    add("view", "view.fullScreen", tr("Full screen"), QKeySequence(Qt::Key_F11))->setCheckable(true);
}

void WindowActions::addChoices(const char* name, Get get, Set set, const QString& title,
                               const QStringList& values, const QStringList& titles) {
    auto* group = new QActionGroup(this);
    for (qsizetype i = 0; i < values.size(); ++i) {
        const QByteArray full = QByteArray(name) + '.' + values[i].toLatin1();
        QAction* action = add("view", full.constData(), titles[i]);
        action->setProperty("paletteText", title.arg(titles[i]));
        action->setCheckable(true);
        group->addAction(action);
        connect(action, &QAction::triggered, this,
                [set, value = values[i]] { (AppSettings::instance().*set)(value); });
        const auto show = [action, get, value = values[i]] {
            action->setChecked((AppSettings::instance().*get)() == value);
        };
        connect(&AppSettings::instance(), &AppSettings::changed, action, show);
        show();
    }
}

void WindowActions::addOtherActions() {
    add("edit", "edit.find", tr("Find in this view"), QKeySequence::Find, "search");
    if (findPlace(QStringLiteral("launch")) != nullptr) {
        add("run", "run.new", tr("New run"), QKeySequence::New, "launch");
    }
    add("run", "run.stop", tr("Stop selected run…"), QKeySequence(Qt::CTRL | Qt::Key_Period), "stop");
    add("run", "run.console", tr("Console of selected run"), QKeySequence(Qt::CTRL | Qt::Key_L), "terminal");
    add("run", "run.endpoint", tr("Tracking endpoint…"), {}, "link");
    add("run", "run.startEndpoint", tr("Start the tracking endpoint"), {}, "play");
    add("run", "run.stopEndpoint", tr("Stop the tracking endpoint"), {}, "stop");
    add("help", "help.view", tr("Help on this view"), QKeySequence::HelpContents, "help");
    add("help", "help.palette", tr("Command palette"), QKeySequence(Qt::CTRL | Qt::Key_K), "search")
        ->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_K), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P)});
    add("help", "help.shortcuts", tr("Keyboard shortcuts"), {}, "info");
    add("help", "help.problems", tr("What went wrong"), {}, "warn");
    add("help", "help.about", tr("About Runglass"), {}, "mark");
}

QAction* WindowActions::action(const char* name) const {
    QAction* action = m_byName.value(QLatin1String(name));
    Q_ASSERT(action != nullptr);
    return action;
}

void WindowActions::makeMenus(QMenuBar* bar) {
    for (const QString& name : menuNames()) {
        QMenu* menu = bar->addMenu(menuTitle(name));
        menu->setObjectName(QStringLiteral("menu.") + name);
        connect(menu, &QMenu::aboutToShow, this, [this, menu, name] { fill(menu, name); });
    }
}

void WindowActions::setPageActions(const QList<QAction*>& actions) {
    m_pageActions = actions;
    for (QAction* action : actions) {
        followLetterKeys(action);
    }
}

void WindowActions::setUndoActions(QAction* undo, QAction* redo) {
    m_undo = undo;
    m_redo = redo;
}

void WindowActions::fill(QMenu* menu, const QString& name) {
    menu->clear();
    if (name == QLatin1String("edit") && m_undo != nullptr) {
        menu->addActions({m_undo, m_redo});
        menu->addSeparator();
    }
    QString section;
    QMenu* choices = nullptr;
    for (QAction* action : m_byMenu.value(name)) {
        const QString own = action->objectName().section(QLatin1Char('.'), 0, 0);
        const bool choice = action->actionGroup() != nullptr;
        if (own != section) {
            if (!section.isEmpty() && !(choice && choices != nullptr)) {
                menu->addSeparator();
            }
            section = own;
            choices =
                choice ? menu->addMenu(own == QLatin1String("theme") ? tr("Theme") : tr("Density")) : nullptr;
        }
        (choices != nullptr ? choices : menu)->addAction(action);
        if (action->objectName() == QLatin1String("file.recent") && m_recentMenu != nullptr) {
            menu->addMenu(m_recentMenu);
        }
    }
    addPageActions(menu, name);
}

void WindowActions::addPageActions(QMenu* menu, const QString& name) {
    // What belongs to charts or history goes one level down, since there is a lot of it.
    QHash<QString, QMenu*> below;
    bool first = true;
    for (QAction* action : m_pageActions) {
        if (menuOf(*action) != name) {
            continue;
        }
        if (std::exchange(first, false)) {
            menu->addSeparator();
        }
        const Place* place = name == QLatin1String("view")
                                 ? findPlace(action->objectName().section(QLatin1Char('.'), 0, 0))
                                 : nullptr;
        if (place == nullptr) {
            menu->addAction(action);
            continue;
        }
        QMenu*& submenu = below[QLatin1String(place->name)];
        if (submenu == nullptr) {
            submenu = menu->addMenu(themedIcon(QLatin1String(place->icon)), placeTitle(*place));
        }
        submenu->addAction(action);
    }
}

QList<WindowActions::Group> WindowActions::groups() const {
    QList<Group> groups;
    for (const QString& name : menuNames()) {
        Group group{menuTitle(name).remove(QLatin1Char('&')), {}};
        if (name == QLatin1String("edit") && m_undo != nullptr) {
            group.actions = {m_undo, m_redo};
        }
        group.actions += m_byMenu.value(name);
        for (QAction* action : m_pageActions) {
            if (menuOf(*action) == name) {
                group.actions.push_back(action);
            }
        }
        groups.push_back(std::move(group));
    }
    return groups;
}

QList<QAction*> WindowActions::all() const {
    QList<QAction*> actions;
    for (const Group& group : groups()) {
        actions += group.actions;
    }
    return actions;
}

}  // namespace runglass::ui
