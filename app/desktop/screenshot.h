// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>

namespace runglass {

namespace ui {
class MainWindow;
}

/// Writes one picture of the window as soon as everything in it has arrived and nothing is repainted any
/// more, then ends the program: 0 when written, 1 when the file could not be. Waits for at most half a
/// minute.
class Screenshot final : public QObject {
    Q_OBJECT
public:
    Screenshot(ui::MainWindow* window, QString file);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void look();
    void take();

    ui::MainWindow* m_window;
    QString m_file;
    QTimer m_quiet;  ///< started anew by every repaint
    QElapsedTimer m_since;
    bool m_filled = false;
};

}  // namespace runglass
