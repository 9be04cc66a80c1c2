// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/search_field.h"

#include <QAction>
#include <QKeyEvent>

#include "runglass/ui/theme/icons.h"

namespace runglass::ui {

SearchField::SearchField(const QString& placeholder, QWidget* parent, const QString& icon)
    : QLineEdit(parent) {
    setPlaceholderText(placeholder);
    setAccessibleName(placeholder);
    addAction(themedIcon(icon), QLineEdit::LeadingPosition);
    QAction* clear = addAction(themedIcon(QStringLiteral("close")), QLineEdit::TrailingPosition);
    clear->setToolTip(tr("Clear"));
    clear->setVisible(false);
    connect(clear, &QAction::triggered, this, &QLineEdit::clear);
    connect(this, &QLineEdit::textChanged, clear,
            [clear](const QString& text) { clear->setVisible(!text.isEmpty()); });
}

void SearchField::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
        clear();
        event->accept();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

}  // namespace runglass::ui
