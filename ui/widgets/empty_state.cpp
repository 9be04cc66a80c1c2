// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/empty_state.h"

#include <QBoxLayout>
#include <QLabel>

#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/key_cap.h"

namespace runglass::ui {

EmptyState::EmptyState(const QString& missing, const QString& remedy, const QList<QAction*>& actions,
                       QWidget* parent)
    : QWidget(parent)
    , m_missing(new Label(missing, TextRole::Strong, 600))
    , m_remedy(new QLabel(remedy)) {
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(24, 24, 24, 24);
    outer->addStretch(1);
    m_missing->setAlignment(Qt::AlignCenter);
    m_remedy->setAlignment(Qt::AlignCenter);
    m_remedy->setWordWrap(true);
    m_remedy->setTextFormat(Qt::PlainText);
    m_remedy->setForegroundRole(QPalette::PlaceholderText);
    outer->addWidget(m_missing);
    outer->addSpacing(2);
    outer->addWidget(m_remedy);
    if (!actions.isEmpty()) {
        auto* row = new QHBoxLayout;
        row->setSpacing(6);
        row->addStretch(1);
        for (QAction* action : actions) {
            auto* button = makeButton(action->text().remove(QLatin1Char('&')));
            button->setEnabled(action->isEnabled());
            connect(button, &QPushButton::clicked, action, &QAction::trigger);
            row->addWidget(button);
            if (!action->shortcut().isEmpty()) {
                row->addWidget(new KeyCap(keyNames(action->shortcut())));
                row->addSpacing(6);
            }
        }
        row->addStretch(1);
        outer->addSpacing(10);
        outer->addLayout(row);
    }
    outer->addStretch(1);
}

void EmptyState::setText(const QString& missing, const QString& remedy) {
    m_missing->setText(missing);
    m_remedy->setText(remedy);
}

}  // namespace runglass::ui
