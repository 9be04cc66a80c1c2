// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QDialog>
#include <QList>

class QTextBrowser;
class QListWidget;

namespace runglass::ui {

/// The help pages of resources/help, read offline. Links lead to other pages only.
class HelpDialog final : public QDialog {
    Q_OBJECT
public:
    explicit HelpDialog(QWidget* parent = nullptr);
    /// File name without `.md`; an unknown one shows the first page.
    void showPage(const QString& page);
    [[nodiscard]] QString currentPage() const;

private:
    QListWidget* m_pages;
    QTextBrowser* m_text;
};

/// All actions that have a key, by the menu that they stand in.
class ShortcutsDialog final : public QDialog {
    Q_OBJECT
public:
    struct Group {
        QString title;
        QList<QAction*> actions;
    };
    explicit ShortcutsDialog(const QList<Group>& groups, QWidget* parent = nullptr);
};

}  // namespace runglass::ui
