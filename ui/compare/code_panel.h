// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QTabBar>
#include <QWidget>

#include "runglass/ui/widgets/diff_view.h"
#include "runglass/ui/widgets/label.h"
#include "runglass/ui/widgets/segmented_control.h"

namespace runglass::ui {

/// Code of two runs: a tab for each file, side by side or unified.
class CodePanel final : public QWidget {
    Q_OBJECT
public:
    explicit CodePanel(QWidget* parent = nullptr);

    /// `problem` says why there is no code.
    void setCode(const SharedDiffDocument& code, const QString& problem, const QString& versions);
    [[nodiscard]] DiffView* diff() const { return m_diff; }
    [[nodiscard]] QTabBar* files() const { return m_tabs; }
    [[nodiscard]] SegmentedControl* mode() const { return m_mode; }
    /// Height at which nothing has to be scrolled, at most `most`.
    [[nodiscard]] int preferredHeight(int most) const;
    /// To the next change, also in the next file; false after the last.
    bool goToDifference(bool forward);
    /// So that the next step begins at the first or last change of all files.
    void resetDifference(bool forward);

Q_SIGNALS:
    void heightChanged();

private:
    void chooseFile(int file);

    QWidget* m_bar;
    QTabBar* m_tabs;
    Label* m_versions;
    SegmentedControl* m_mode;
    DiffView* m_diff;
    Label* m_problem;
};

}  // namespace runglass::ui
