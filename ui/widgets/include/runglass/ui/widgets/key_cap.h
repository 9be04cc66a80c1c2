// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QPainter>
#include <QStringList>
#include <QWidget>

namespace runglass::ui {

/// The keys of a sequence as people read them: `Ctrl`, `Shift`, `B`.
QStringList keyNames(const QKeySequence& keys);
/// Paints caps in a row, ending at the right edge of `rect`; returns the width taken.
qreal paintKeyCaps(QPainter* painter, const QRectF& rect, const QStringList& keys);
qreal keyCapsWidth(const QStringList& keys);

/// One or more key caps.
class KeyCap : public QWidget {
    Q_OBJECT
public:
    explicit KeyCap(const QStringList& keys, QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QStringList m_keys;
};

}  // namespace runglass::ui
