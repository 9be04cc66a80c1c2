// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QMenu>
#include <QTest>
#include <QTimer>

namespace runglass::test {

/// Chooses an item of the menu that opens next.
inline void chooseInNextMenu(const QStringList& path) {
    QTimer::singleShot(0, qApp, [path] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        for (qsizetype i = 0; menu && i < path.size(); ++i) {
            QAction* found = nullptr;
            for (auto* action : menu->actions()) {
                found = action->text() == path[i] ? action : found;
            }
            if (!found) {
                QTest::qFail(qPrintable(path[i] + QStringLiteral(" is not in the menu")), __FILE__, __LINE__);
                break;
            }
            if (auto* sub = found->menu()) {
                menu = sub;
            } else {
                found->trigger();
            }
        }
        while (auto* popup = QApplication::activePopupWidget()) {
            popup->close();
        }
    });
}

}  // namespace runglass::test
