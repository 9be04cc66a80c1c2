// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_image.h"

#include <QBuffer>
#include <QPdfWriter>
#include <QRegularExpression>
#include <QSaveFile>
#include <QSvgGenerator>
#include <algorithm>
#include <cmath>

#include "chart_plot.h"
#include "hidden_remark.h"
#include "runglass/base/translate.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/theme/theme_scope.h"
#include "x_axis_text.h"

namespace runglass::ui {

namespace {

constexpr int kLegendRow = 16;
constexpr int kMargin = 8;
constexpr int kTitle = 22;
constexpr int kAxisName = 18;

/// Draws title, plot and legend with any painter.
class PagePainter {
public:
    explicit PagePainter(const ChartImage& image)
        : m_image(image)
        , m_theme(image.dark)
        , m_font(Theme::current().font(TextRole::Caption))
        , m_metrics(m_font) {
        layOutLegend();
    }

    [[nodiscard]] int plotHeight() const {
        return m_image.height - kTitle - 6 - kAxisName - legendHeight() - kMargin;
    }

    void paint(QPainter* painter) const {
        painter->fillRect(QRect(0, 0, m_image.width, m_image.height), themeColor(Token::ChartBg));
        painter->setFont(Theme::current().font(TextRole::Body, 600));
        painter->setPen(themeColor(Token::TextPrimary));
        painter->drawText(QRect(kMargin + 4, 4, m_image.width - 2 * kMargin, kTitle), Qt::AlignVCenter,
                          m_image.metric);
        const QRect area(kMargin, kTitle + 6, m_image.width - 2 * kMargin, plotHeight());
        paintPlot(painter, area);
        painter->setFont(m_font);
        painter->setPen(themeColor(Token::TextSecondary));
        painter->drawText(QRect(area.left(), area.bottom() + 1, area.width(), kAxisName), Qt::AlignCenter,
                          xName());
        paintLegend(painter, area.bottom() + 1 + kAxisName);
    }

private:
    struct Entry {
        QPoint place;
        QString text;
    };

    // What runs to the right, and what has been done to the values.
    QString xName() const {
        const auto& settings = m_image.settings;
        QStringList parts{nameOf(settings)};
        if (settings.smooths()) {
            parts << ChartPlot::tr("smoothed, %1")
                         .arg(QString::fromStdString(series::describe(settings.smoothingOf())));
        }
        if (std::any_of(m_image.curves.begin(), m_image.curves.end(),
                        [](const DrawnCurve& drawn) { return drawn.group; })) {
            series::Aggregation how;
            how.centre = settings.group.centre;
            how.band = settings.group.band;
            parts << QString::fromStdString(series::describe(how));
        }
        if (const auto hidden = remarkOnHidden(m_image.curves); !hidden.isEmpty()) {
            parts << hidden;
        }
        const auto name = parts.takeFirst();
        return parts.isEmpty() ? name : QStringLiteral("%1 (%2)").arg(name, parts.join(QStringLiteral("; ")));
    }

    static QString legendText(const DrawnCurve& drawn) {
        return drawn.group ? ChartPlot::tr("%1, n %2").arg(drawn.name).arg(drawn.members.size()) : drawn.name;
    }

    void layOutLegend() {
        int x = kMargin + 4;
        int y = 0;
        for (const auto& drawn : m_image.curves) {
            const auto text = m_metrics.elidedText(legendText(drawn), Qt::ElideMiddle, 240);
            const int width = 22 + m_metrics.horizontalAdvance(text) + 14;
            if (x > kMargin + 4 && x + width > m_image.width - kMargin) {
                x = kMargin + 4;
                y += kLegendRow;
            }
            m_legend.push_back({{x, y}, text});
            x += width;
        }
        m_rows = m_legend.empty() ? 0 : y / kLegendRow + 1;
    }

    // With very many runs the curves matter more than their names.
    int legendHeight() const {
        const int scale = m_image.colors ? 1 : 0;
        return (scale + std::min(m_rows, std::max(1, m_image.height / (3 * kLegendRow)))) * kLegendRow;
    }

    void paintPlot(QPainter* painter, const QRect& area) const {
        ChartPlot plot;
        plot.setViewport(QRect(QPoint(0, 0), area.size()));
        plot.resize(area.size());
        plot.setSettings(m_image.settings);
        plot.setCurves(m_image.curves);
        plot.setXRange(m_image.x);
        plot.setYRange(m_image.y);
        if (m_image.settings.robustY) {
            plot.setRobustLimits(robust(m_image.x));
        }
        plot.layOut();
        QCPPainter recorder;
        QPicture picture;
        recorder.begin(&picture);
        recorder.setMode(QCPPainter::pmVectorized);
        recorder.setMode(QCPPainter::pmNoCaching);
        recorder.setRenderHint(QPainter::Antialiasing);
        plot.toPainter(&recorder, area.width(), area.height());
        recorder.end();
        painter->save();
        painter->translate(area.topLeft());
        // A picture is drawn in the inches of the screen that it was made for: in pixels, please.
        painter->scale(static_cast<double>(picture.logicalDpiX()) / painter->device()->logicalDpiX(),
                       static_cast<double>(picture.logicalDpiY()) / painter->device()->logicalDpiY());
        painter->drawPicture(0, 0, picture);
        painter->restore();
    }

    series::Extent robust(const std::optional<QCPRange>& x) const {
        std::vector<SharedCurve> curves;
        for (const auto& drawn : m_image.curves) {
            curves.push_back(drawn.curve);
        }
        const double infinity = std::numeric_limits<double>::infinity();
        return robustExtent(curves, x ? x->lower : -infinity, x ? x->upper : infinity);
    }

    void paintLegend(QPainter* painter, int top) const {
        painter->setFont(m_font);
        const int bottom = top + legendHeight();
        if (m_image.colors) {
            paintScaleBar(painter, *m_image.colors, kMargin + 4, top, kLegendRow);
            top += kLegendRow;
        }
        for (std::size_t i = 0; i < m_legend.size(); ++i) {
            const auto& entry = m_legend[i];
            if (top + entry.place.y() >= bottom) {
                break;
            }
            const QPointF left(entry.place.x(), top + entry.place.y() + kLegendRow / 2.0);
            painter->setPen(QPen(m_image.curves[i].color, 2, m_image.curves[i].style));
            painter->drawLine(left, left + QPointF(16, 0));
            painter->setPen(themeColor(Token::TextPrimary));
            painter->drawText(QRectF(left.x() + 22, left.y() - kLegendRow / 2.0, 260, kLegendRow),
                              Qt::AlignVCenter, entry.text);
        }
    }

    const ChartImage& m_image;
    ThemeScope m_theme;
    QFont m_font;
    QFontMetrics m_metrics;
    std::vector<Entry> m_legend;
    int m_rows = 0;
};

QByteArray svgOf(const ChartImage& image) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(QSize(image.width, image.height));
    generator.setViewBox(QRect(0, 0, image.width, image.height));
    generator.setResolution(96);  // CSS pixels an inch: the size in millimetres is that of as many pixels
    generator.setTitle(image.metric);
    generator.setDescription(ChartPlot::tr("Made with Runglass"));
    QPainter painter(&generator);
    PagePainter(image).paint(&painter);
    painter.end();
    return bytes;
}

QByteArray pngOf(const ChartImage& image) {
    const auto canvas = chartPicture(image);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    canvas.save(&buffer, "PNG");
    return bytes;
}

QByteArray pdfOf(const ChartImage& image) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setPageSize(
        QPageSize(QSizeF(image.width, image.height), QPageSize::Point, {}, QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    writer.setResolution(72);
    writer.setTitle(image.metric);
    writer.setCreator(QStringLiteral("Runglass"));
    QPainter painter(&writer);
    PagePainter(image).paint(&painter);
    painter.end();
    // Qt writes the time of day; the same chart shall be the same file. Same length, so that offsets stay
    // right.
    static const QRegularExpression time(QStringLiteral(R"(/CreationDate \(D:[^)]*\))"));
    const auto found = time.match(QString::fromLatin1(bytes));
    if (found.hasMatch()) {
        auto fixed = found.captured().toLatin1();
        for (auto& c : fixed) {
            c = c >= '1' && c <= '9' ? '0' : c;
        }
        fixed.replace("D:00000000", "D:20000101");
        bytes.replace(found.capturedStart(), found.capturedLength(), fixed);
    }
    return bytes;
}

}  // namespace

int chartHeightAround(const ChartImage& image, int plotHeight) {
    auto fitting = image;
    for (int round = 0; round < 3; ++round) {  // a higher picture may have more rows of legend
        fitting.height = std::clamp(fitting.height + plotHeight - PagePainter(fitting).plotHeight(),
                                    kLeastChart, kMostChart);
    }
    return fitting.height;
}

std::optional<ChartFormat> chartFormatOf(const std::filesystem::path& file) {
    const auto ending = QString::fromStdString(file.extension().string()).toLower();
    for (const auto& [text, format] :
         {std::pair(".svg", ChartFormat::Svg), std::pair(".png", ChartFormat::Png),
          std::pair(".pdf", ChartFormat::Pdf), std::pair(".csv", ChartFormat::Csv)}) {
        if (ending == QLatin1String(text)) {
            return format;
        }
    }
    return std::nullopt;
}

QImage chartPicture(const ChartImage& image) {
    const double scale =
        std::min(image.scale, static_cast<double>(kMostChart) / std::max(image.width, image.height));
    QImage canvas(QSize(image.width, image.height) * scale, QImage::Format_ARGB32_Premultiplied);
    canvas.setDevicePixelRatio(scale);
    canvas.fill(Qt::white);
    QPainter painter(&canvas);
    painter.setRenderHint(QPainter::Antialiasing);
    PagePainter(image).paint(&painter);
    return canvas;
}

QByteArray chartBytes(const ChartImage& image, ChartFormat format) {
    switch (format) {
        case ChartFormat::Svg:
            return svgOf(image);
        case ChartFormat::Png:
            return pngOf(image);
        case ChartFormat::Pdf:
            return pdfOf(image);
        case ChartFormat::Csv:
            break;
    }
    return chartCsv(image);
}

Result<void> writeChart(const ChartImage& image, const std::filesystem::path& file) {
    const auto format = chartFormatOf(file);
    if (!format) {
        return Error{
            ErrorCode::Invalid,
            runglass::tr("A chart cannot be written as {}. Use a name that ends in .svg, .png, .pdf or .csv.",
                         file.filename().string()),
            {}};
    }
    const auto bytes = chartBytes(image, *format);
    QSaveFile out(QString::fromStdString(file.string()));
    if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size() || !out.commit()) {
        return Error{
            ErrorCode::Io,
            runglass::tr("{} cannot be written. {}.", file.string(), out.errorString().toStdString()),
            {}};
    }
    return {};
}

}  // namespace runglass::ui
