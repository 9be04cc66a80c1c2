// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QActionGroup>
#include <QHash>
#include <QList>
#include <QObject>

class QMainWindow;
class QMenu;
class QMenuBar;

namespace runglass::ui {

class AppSettings;

/// The window's own actions with their keys (VISUAL.md §8), and the menus that they and the actions of the
/// present page stand in. Menus are filled when they are opened.
class WindowActions final : public QObject {
    Q_OBJECT
public:
    explicit WindowActions(QMainWindow* window);

    /// By object name, e.g. `file.open`; never null for a known one.
    [[nodiscard]] QAction* action(const char* name) const;
    void makeMenus(QMenuBar* bar);
    /// Actions of the page in front; they go into Edit, View or Run by their property `menu` or by their
    /// name.
    void setPageActions(const QList<QAction*>& actions);
    void setUndoActions(QAction* undo, QAction* redo);
    void setRecentMenu(QMenu* menu) { m_recentMenu = menu; }

    struct Group {
        QString title;
        QList<QAction*> actions;
    };
    /// All actions by menu, for the palette and the list of keys.
    [[nodiscard]] QList<Group> groups() const;
    [[nodiscard]] QList<QAction*> all() const;

Q_SIGNALS:
    void placeRequested(const QString& name);

private:
    QAction* add(const char* menu, const char* name, const QString& text, const QKeySequence& keys = {},
                 const char* icon = "");
    void addFileActions();
    void addViewActions();
    void addOtherActions();
    using Get = QString (AppSettings::*)() const;
    using Set = void (AppSettings::*)(const QString&);
    void addChoices(const char* name, Get get, Set set, const QString& title, const QStringList& values,
                    const QStringList& titles);
    /// Takes the keys that type a character from the page's actions, or gives them back, as it is set.
    void fill(QMenu* menu, const QString& name);
    void addPageActions(QMenu* menu, const QString& name);

    QMainWindow* m_window;
    QHash<QString, QAction*> m_byName;
    QHash<QString, QList<QAction*>> m_byMenu;
    QList<QAction*> m_pageActions;
    QAction* m_undo = nullptr;
    QAction* m_redo = nullptr;
    QMenu* m_recentMenu = nullptr;
};

}  // namespace runglass::ui
