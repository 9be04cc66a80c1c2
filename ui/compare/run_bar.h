// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>
#include <QToolButton>
#include <QWidget>
#include <vector>

#include "runglass/model/run.h"
#include "runglass/ui/widgets/bar.h"

namespace runglass::ui {

/// One compared run: swatch, letter, name, and a cross that takes it out.
class RunChip final : public QWidget {
    Q_OBJECT
public:
    RunChip(const model::SharedRun& run, const QString& letter, const QColor& color, bool baseline,
            QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {120, 26}; }

Q_SIGNALS:
    void removed();
    void madeBaseline();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    QString m_letter;
    QString m_name;
    QString m_remark;
    QColor m_color;
    bool m_baseline;
    QToolButton* m_close;
};

/// The compared runs in a row, with what adds to them and copies the result.
class RunBar final : public Bar {
    Q_OBJECT
public:
    explicit RunBar(QWidget* parent = nullptr);

    /// At most kMostChips chips are drawn.
    void setRuns(const std::vector<model::SharedRun>& runs, const QList<QColor>& colors,
                 std::size_t selected);
    [[nodiscard]] QPushButton* addButton() const { return m_add; }
    [[nodiscard]] QPushButton* copyButton() const { return m_copy; }
    [[nodiscard]] QToolButton* swapButton() const { return m_swap; }

Q_SIGNALS:
    void removeRequested(const runglass::RunId& run);
    void baselineRequested(const runglass::RunId& run);

private:
    QHBoxLayout* m_chips;
    QStringList m_shown;  ///< what the chips say, so that they are made anew only when that changes
    QToolButton* m_swap;
    QPushButton* m_add;
    QPushButton* m_copy;
};

}  // namespace runglass::ui
