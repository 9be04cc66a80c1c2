// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPair>
#include <QString>
#include <QWidget>

namespace runglass::ui {

/// The card "What will run": short names with their values in code type.
class RunPreview final : public QWidget {
    Q_OBJECT
public:
    explicit RunPreview(QWidget* parent = nullptr);
    void setLines(QList<QPair<QString, QString>> lines);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {200, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QList<QPair<QString, QString>> m_lines;
};

}  // namespace runglass::ui
