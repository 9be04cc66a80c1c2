// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace runglass::ui {

/// The border of an input around a widget that has none: focus ring while it has the focus, danger when it is
/// mistaken.
class FieldFrame final : public QWidget {
    Q_OBJECT
public:
    explicit FieldFrame(QWidget* field, QWidget* parent = nullptr);
    void setMistaken(bool mistaken);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* m_field;
    bool m_mistaken = false;
};

}  // namespace runglass::ui
