// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QAction;

namespace runglass::ui {

/// Takes the shortcut of an action away while AppSettings::singleLetterShortcuts is off, if it is a single
/// letter, digit or sign, with or without Shift (WCAG 2.1 success criterion 2.1.4), and gives it back when it
/// is on again. To be called after the shortcut was set; a second call changes nothing.
void followLetterKeys(QAction* action);

}  // namespace runglass::ui
