// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QScrollArea>

namespace runglass::ui {

/// An image, as large as there is room, or pixel by pixel and scrolled.
class ImagePane final : public QScrollArea {
    Q_OBJECT
public:
    explicit ImagePane(QWidget* parent = nullptr);
    void setImage(const QImage& image);
    [[nodiscard]] const QImage& image() const { return m_image; }
    void setActualSize(bool actual);

private:
    class Canvas;
    QImage m_image;
    Canvas* m_canvas;
    bool m_actual = false;
};

}  // namespace runglass::ui
