// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QList>
#include <QWidget>

#include "runglass/ui/widgets/label.h"

class QLabel;

namespace runglass::ui {

/// What is missing, what to do about it, and up to three actions with their keys, in the centre of a pane.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    explicit EmptyState(const QString& missing, const QString& remedy, const QList<QAction*>& actions = {},
                        QWidget* parent = nullptr);
    void setText(const QString& missing, const QString& remedy);

private:
    Label* m_missing;
    QLabel* m_remedy;
};

}  // namespace runglass::ui
