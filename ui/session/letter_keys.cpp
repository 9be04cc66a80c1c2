// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/session/letter_keys.h"

#include <QAction>

#include "runglass/ui/session/app_settings.h"

namespace runglass::ui {

namespace {

constexpr const char* kFollows = "followsLetterKeys";

// Space stays: speech input does not produce it by accident, and lists toggle with it everywhere.
bool isCharacterKey(const QKeySequence& keys) {
    if (keys.count() != 1) {
        return false;
    }
    const QKeyCombination combination = keys[0];
    const bool plain = (combination.keyboardModifiers() & ~Qt::ShiftModifier) == 0;
    return plain && combination.key() > Qt::Key_Space && combination.key() <= Qt::Key_AsciiTilde;
}

}  // namespace

void followLetterKeys(QAction* action) {
    if (action->property(kFollows).toBool() || !isCharacterKey(action->shortcut())) {
        return;
    }
    action->setProperty(kFollows, true);
    auto& settings = AppSettings::instance();
    const auto apply = [action, &settings, keys = action->shortcut()] {
        action->setShortcut(settings.singleLetterShortcuts() ? keys : QKeySequence());
    };
    QObject::connect(&settings, &AppSettings::changed, action, apply);
    apply();
}

}  // namespace runglass::ui
