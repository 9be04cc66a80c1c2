// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QHBoxLayout;
class QProgressBar;
class QToolButton;

namespace runglass::ui {

class Label;

/// Bottom of the window: what the page says at the left; the job that runs and whether the window follows the
/// project at the right.
class StatusBar final : public QWidget {
    Q_OBJECT
public:
    explicit StatusBar(QWidget* parent = nullptr);

    void setText(const QString& text);
    /// Warnings stand in their colour after the text; empty for none.
    void setWarning(const QString& text);
    void setRightText(const QString& text);
    void setLive(bool live);
    /// Shows a job; `total` 0 when its length is not known.
    void showJob(const QString& what, int done, int total);
    void hideJob();
    /// Something of its own kind, left of Live; the bar owns it.
    void addItem(QWidget* item);

Q_SIGNALS:
    void cancelRequested();
    void warningClicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    QHBoxLayout* m_row;
    Label* m_text;
    Label* m_warning;
    QWidget* m_warningIcon;
    Label* m_job;
    QProgressBar* m_progress;
    QToolButton* m_cancel;
    Label* m_right;
    QWidget* m_dot;
    Label* m_live;
};

}  // namespace runglass::ui
