// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <string_view>

namespace runglass::ui {

/// Asks before a command runs that came with a run from elsewhere: whoever wrote the run's files wrote the
/// command. All of it is shown, and nothing in it is hidden by line ends or control characters. accepted()
/// means that it is to run; deletes itself when it is closed.
class CommandQuestion final : public QDialog {
    Q_OBJECT
public:
    /// `command` as a shell would read it; `folder` may be empty.
    CommandQuestion(std::string_view run, std::string_view command, std::string_view folder, QWidget* parent);
};

}  // namespace runglass::ui
