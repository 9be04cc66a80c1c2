// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "runglass/launch/script_flags.h"

class QGridLayout;

namespace runglass::ui {

class FlagRow;

/// The flags of a script as a form in two columns (one where there is little room). Defaults stand as
/// placeholders, flags that the command gives are marked.
class FlagsForm final : public QWidget {
    Q_OBJECT
public:
    explicit FlagsForm(QWidget* parent = nullptr);

    /// Rebuilds the rows only when the flags differ.
    void setFlags(const launch::ScriptFlags& flags);
    [[nodiscard]] const launch::ScriptFlags& flags() const { return m_flags; }
    /// Shows what the command says; emits nothing.
    void showCommand(const QString& command);
    void setOnlySet(bool onlySet);
    [[nodiscard]] int setCount() const;

Q_SIGNALS:
    /// A person changed a flag: `command` with the change.
    void commandEdited(const QString& command);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();

    launch::ScriptFlags m_flags;
    std::vector<FlagRow*> m_rows;
    QGridLayout* m_grid;
    QString m_command;
    bool m_onlySet = false;
    int m_columns = 0;
};

}  // namespace runglass::ui
