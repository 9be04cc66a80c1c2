// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/theme/icons.h"

#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

namespace runglass::ui {
namespace {

constexpr int kGrid = 16;

QByteArray svgOf(const QString& name, int size) {
    QFile file(QStringLiteral(":/runglass/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        qWarning("no icon named %s", qPrintable(name));
        return {};
    }
    QByteArray svg = file.readAll();
    if (size > kGrid) {
        // The drawing grows with the icon, its lines do not.
        svg.replace("stroke-width=\"1.5\"",
                    QByteArray("stroke-width=\"") + QByteArray::number(1.5 * kGrid / size) + '"');
    }
    return svg;
}

QPixmap render(const QString& name, int size, const QColor& color, qreal ratio) {
    const int device = static_cast<int>(std::lround(size * ratio));
    QPixmap pixmap(device, device);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(svgOf(name, size));
    if (renderer.isValid()) {
        QPainter painter(&pixmap);
        renderer.render(&painter, QRectF(0, 0, device, device));
        painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
        painter.fillRect(pixmap.rect(), color);
    }
    pixmap.setDevicePixelRatio(ratio);
    return pixmap;
}

class ThemedIconEngine final : public QIconEngine {
public:
    ThemedIconEngine(QString name, std::optional<Token> color)
        : m_name(std::move(name))
        , m_color(color) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
        const int size = qMin(rect.width(), rect.height());
        paintIcon(painter, rect, m_name, colorFor(mode, state), size);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        return scaledPixmap(size, mode, state, 1);
    }

    /// Qt passes the size in device pixels here.
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) override {
        const int side = qRound(qMin(size.width(), size.height()) / scale);
        return iconPixmap(m_name, side, colorFor(mode, state), scale);
    }

    [[nodiscard]] QIconEngine* clone() const override { return new ThemedIconEngine(*this); }

private:
    [[nodiscard]] QColor colorFor(QIcon::Mode mode, QIcon::State state) const {
        if (mode == QIcon::Disabled) {
            return themeColor(Token::TextDisabled);
        }
        if (m_color) {
            return themeColor(*m_color);
        }
        if (state == QIcon::On) {
            return themeColor(Token::AccentBase);
        }
        return themeColor(mode == QIcon::Normal ? Token::TextSecondary : Token::TextPrimary);
    }

    QString m_name;
    std::optional<Token> m_color;
};

}  // namespace

QIcon themedIcon(const QString& name) {
    return QIcon(new ThemedIconEngine(name, std::nullopt));
}

QIcon themedIcon(const QString& name, Token color) {
    return QIcon(new ThemedIconEngine(name, color));
}

QPixmap iconPixmap(const QString& name, int size, const QColor& color, qreal devicePixelRatio) {
    using Key = std::tuple<QString, int, QRgb, int>;
    static std::map<Key, QPixmap>
        cache;  // some hundred small pixmaps at most: names × sizes × colours in use
    const Key key(name, size, color.rgba(), qRound(devicePixelRatio * 100));
    const auto found = cache.find(key);
    if (found != cache.end()) {
        return found->second;
    }
    return cache.emplace(key, render(name, size, color, devicePixelRatio)).first->second;
}

void paintIcon(QPainter* painter, const QRectF& rect, const QString& name, const QColor& color, int size) {
    const qreal ratio = painter->device()->devicePixelRatioF();
    const QPixmap pixmap = iconPixmap(name, size, color, ratio);
    // Whole device pixels, so that the strokes stay as crisp as they were rendered.
    const auto snap = [ratio](qreal v) { return std::round(v * ratio) / ratio; };
    painter->drawPixmap(QPointF(snap(rect.center().x() - size / 2.0), snap(rect.center().y() - size / 2.0)),
                        pixmap);
}

}  // namespace runglass::ui
