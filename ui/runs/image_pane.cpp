// SPDX-License-Identifier: GPL-3.0-or-later
#include "image_pane.h"

#include <QPainter>

#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

class ImagePane::Canvas final : public QWidget {
public:
    explicit Canvas(ImagePane* pane)
        : QWidget(pane)
        , m_pane(pane) {}

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.fillRect(rect(), Theme::current().color(Token::ChartBg));
        const auto& image = m_pane->m_image;
        if (image.isNull()) {
            return;
        }
        const auto size =
            m_pane->m_actual ? image.size() : image.size().scaled(this->size(), Qt::KeepAspectRatio);
        QRect target(QPoint(), size);
        target.moveCenter(rect().center());
        // Small images are looked at pixel by pixel.
        painter.setRenderHint(QPainter::SmoothPixmapTransform, image.width() > size.width());
        painter.drawImage(target, image);
    }

private:
    ImagePane* m_pane;
};

ImagePane::ImagePane(QWidget* parent)
    : QScrollArea(parent)
    , m_canvas(new Canvas(this)) {
    setFrameShape(NoFrame);
    setWidgetResizable(true);
    setWidget(m_canvas);
}

void ImagePane::setImage(const QImage& image) {
    m_image = image;
    setAccessibleDescription(tr("image of %1 by %2 pixels").arg(image.width()).arg(image.height()));
    setActualSize(m_actual);
}

void ImagePane::setActualSize(bool actual) {
    m_actual = actual;
    m_canvas->setMinimumSize(actual ? m_image.size() : QSize(0, 0));
    m_canvas->update();
}

}  // namespace runglass::ui
