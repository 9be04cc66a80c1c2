// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QWidget>

class QVBoxLayout;

namespace runglass::ui {

/// What the window shows while no project is open: how to open one, how to get one, where to go on.
class StartPage final : public QWidget {
    Q_OBJECT
public:
    StartPage(QAction* openFolder, QAction* makeDemo, QWidget* parent = nullptr);
    void setRecentProjects(const QStringList& folders);
    /// Puts the keyboard on the first way to go on.
    void takeFocus();

Q_SIGNALS:
    void projectRequested(const QString& folder);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* m_firstRow = nullptr;
    QWidget* m_recent;
    QVBoxLayout* m_recentRows;
};

}  // namespace runglass::ui
