// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

#include "runglass/launch/script_flags.h"

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace runglass::ui {

/// One flag of the form: name with a mark when it is set, type, and a field for its value.
class FlagRow final : public QWidget {
    Q_OBJECT
public:
    explicit FlagRow(const launch::ScriptFlag& flag, QWidget* parent = nullptr);

    [[nodiscard]] const launch::ScriptFlag& flag() const { return m_flag; }
    [[nodiscard]] bool isSet() const { return m_value.has_value(); }
    /// Emits nothing.
    void showValue(const std::optional<std::string>& value);

Q_SIGNALS:
    /// Nothing: the flag is to be left out.
    void valueEdited(const std::optional<std::string>& value);

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeEditor();
    void setUnsetLook(bool unset);

    launch::ScriptFlag m_flag;
    std::optional<std::string> m_value;
    QLineEdit* m_line = nullptr;
    QComboBox* m_choice = nullptr;
    QCheckBox* m_check = nullptr;
};

}  // namespace runglass::ui
