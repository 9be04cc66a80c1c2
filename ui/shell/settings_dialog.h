// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QFormLayout;

namespace runglass::ui {

/// Everything that can be set. Changes act at once and are kept; there is nothing to confirm.
class SettingsDialog final : public QDialog {
    Q_OBJECT
public:
    explicit SettingsDialog(QWidget* parent = nullptr);

private:
    void addAppearance(QFormLayout* form);
    void addKeyboard(QFormLayout* form);
    void addRuns(QFormLayout* form);
};

}  // namespace runglass::ui
