// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/buttons.h"

#include <QStringList>
#include <QVariant>

#include "runglass/ui/theme/icons.h"

namespace runglass::ui {

void setButtonKind(QWidget* button, ButtonKinds kinds) {
    static const std::pair<ButtonKind, const char*> kNames[] = {
        {ButtonKind::Primary, "primary"}, {ButtonKind::Quiet, "quiet"},   {ButtonKind::Danger, "danger"},
        {ButtonKind::Small, "small"},     {ButtonKind::Framed, "framed"}, {ButtonKind::Form, "form"},
    };
    QStringList names;
    for (const auto& [kind, name] : kNames) {
        if (kinds.testFlag(kind)) {
            names.push_back(QLatin1String(name));
        }
    }
    button->setProperty("runglassKind", names);
    button->updateGeometry();
    button->update();
}

QPushButton* makeButton(const QString& text, const QString& icon, ButtonKinds kinds, QWidget* parent) {
    auto* button = new QPushButton(text, parent);
    button->setAutoDefault(false);
    button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setButtonKind(button, kinds);
    if (!icon.isEmpty()) {
        const bool primary = kinds.testFlag(ButtonKind::Primary);
        const bool danger = kinds.testFlag(ButtonKind::Danger);
        button->setIcon(primary  ? themedIcon(icon, Token::TextOnAccent)
                        : danger ? themedIcon(icon, Token::SemanticDanger)
                                 : themedIcon(icon));
    }
    return button;
}

QToolButton* makeIconButton(const QString& icon, const QString& tip, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setIcon(themedIcon(icon));
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

}  // namespace runglass::ui
