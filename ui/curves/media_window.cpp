// SPDX-License-Identifier: GPL-3.0-or-later
#include "media_window.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QScrollArea>
#include <QSlider>
#include <algorithm>
#include <set>

#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/segmented_control.h"

namespace runglass::ui {

namespace {

constexpr std::size_t kMostRuns = 24;
constexpr std::size_t kMostHistograms = 200;  // of one run; more are thinned evenly
constexpr int kMostPixels = 2048;             // of an image's side: more is not seen in a tile
constexpr qsizetype kMostText = 20'000;
constexpr int kHead = 24;
constexpr int kColumns = 3;

QString kindName(model::MediumKind kind) {
    switch (kind) {
        case model::MediumKind::Image:
            return MediaWindow::tr("image");
        case model::MediumKind::Text:
            return MediaWindow::tr("text");
        case model::MediumKind::Histogram:
            break;
    }
    return MediaWindow::tr("histogram");
}

}  // namespace

MediaTile::MediaTile(const QString& name, const QColor& color, QWidget* parent)
    : QWidget(parent)
    , m_name(name)
    , m_color(color) {
    setMinimumSize(220, 200);
    setAccessibleName(name);
}

void MediaTile::showImage(const QImage& image, std::int64_t step) {
    m_image = image;
    m_remark = tr("step %1").arg(formatCount(step));
    setAccessibleDescription(
        tr("image of %1 by %2 pixels, %3").arg(image.width()).arg(image.height()).arg(m_remark));
    update();
}

void MediaTile::showText(const QString& text, std::int64_t step) {
    m_text = text.left(kMostText);
    m_remark = tr("step %1").arg(formatCount(step));
    setAccessibleDescription(m_text);
    setToolTip(m_text.left(2000).toHtmlEscaped());
    update();
}

void MediaTile::showHistograms(std::vector<HistogramStep> steps) {
    if (!m_histogram) {
        m_histogram = new HistogramView(this);
        m_histogram->setGeometry(rect().adjusted(1, kHead, -1, -1));
        m_histogram->show();
    }
    m_remark = steps.size() == 1 ? tr("1 step") : tr("%1 steps").arg(steps.size());
    m_histogram->setSteps(std::move(steps), m_color);
    update();
}

void MediaTile::showNothing(const QString& why) {
    m_image = {};
    m_text.clear();
    m_remark = why;
    setAccessibleDescription(why);
    update();
}

void MediaTile::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (m_histogram) {
        m_histogram->setGeometry(rect().adjusted(1, kHead, -1, -1));
    }
}

void MediaTile::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    auto& theme = Theme::current();
    paintBox(&painter, QRectF(rect()), theme.color(Token::ChartBg), theme.color(Token::BorderDefault), 6);
    paintBox(&painter, QRectF(8, 8, 8, 8), m_color, QColor(), 2);
    painter.setFont(Theme::verbatim(theme.font(TextRole::Body, 500), m_name));
    painter.setPen(theme.color(Token::TextPrimary));
    QRect head(22, 0, width() - 30, kHead);
    const auto name = painter.fontMetrics().elidedText(m_name, Qt::ElideMiddle, head.width() - 80);
    painter.drawText(head, Qt::AlignVCenter, name);
    painter.setFont(theme.font(TextRole::Caption));
    painter.setPen(theme.color(Token::TextTertiary));
    painter.drawText(head, Qt::AlignVCenter | Qt::AlignRight, m_remark);
    const QRect body = rect().adjusted(8, kHead + 2, -8, -8);
    if (!m_image.isNull()) {
        const auto size = m_image.size().scaled(body.size(), Qt::KeepAspectRatio);
        QRect target(QPoint(), size);
        target.moveCenter(body.center());
        // Small images are looked at pixel by pixel.
        painter.setRenderHint(QPainter::SmoothPixmapTransform, m_image.width() > size.width());
        painter.drawImage(target, m_image);
    } else if (!m_text.isEmpty()) {
        painter.setFont(theme.font(TextRole::Code));
        painter.setPen(theme.color(Token::TextPrimary));
        painter.drawText(body, Qt::TextWrapAnywhere | Qt::AlignLeft | Qt::AlignTop, m_text);
    }
}

MediaWindow::MediaWindow(ProjectSession* session, std::vector<Run> runs, QWidget* parent)
    : QDialog(parent)
    , m_session(session)
    , m_runs(std::move(runs))
    , m_tags(new QComboBox(this))
    , m_slider(new QSlider(Qt::Horizontal, this))
    , m_step(new QLabel(this))
    , m_note(new QLabel(tr("Looking for media…"), this))
    , m_form(new SegmentedControl(this)) {
    setObjectName(QStringLiteral("mediaWindow"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Media of visible runs"));
    resize(960, 640);
    const auto all = m_runs.size();
    m_runs.resize(std::min(all, kMostRuns));
    m_media.resize(m_runs.size());
    m_shown.resize(m_runs.size());
    m_decoding.resize(m_runs.size());
    m_tags->setObjectName(QStringLiteral("mediaTags"));
    m_tags->setMinimumWidth(220);
    m_slider->setObjectName(QStringLiteral("mediaStep"));
    m_slider->setAccessibleName(tr("Step"));
    m_step->setMinimumWidth(90);
    m_form->addPart(tr("Ridges"));
    m_form->addPart(tr("Heat map"));
    m_form->setAccessibleName(tr("Distributions as"));
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, 8, 12, 8);
    row->setSpacing(12);
    row->addWidget(m_tags);
    row->addWidget(m_slider, 1);
    row->addWidget(m_step);
    row->addWidget(m_form);
    auto* page = new QWidget;
    m_grid = new QGridLayout(page);
    m_grid->setContentsMargins(8, 8, 8, 8);
    m_grid->setSpacing(8);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(page);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(row);
    layout->addWidget(scroll, 1);
    m_note->setContentsMargins(12, 4, 12, 8);
    layout->addWidget(m_note);
    connect(m_tags, &QComboBox::currentIndexChanged, this, &MediaWindow::showTag);
    connect(m_slider, &QSlider::valueChanged, this, &MediaWindow::showStep);
    connect(m_form, &SegmentedControl::currentChanged, this, [this](int form) {
        for (auto* tile : m_tiles) {
            if (tile && tile->histogram()) {
                tile->histogram()->setForm(static_cast<HistogramView::Form>(form));
            }
        }
    });
    m_form->hide();
    m_waiting = m_runs.size();
    if (m_runs.empty()) {
        m_note->setText(tr("No run is visible. Show one: its swatch in the run table, or Space."));
    }
    for (std::size_t i = 0; i < m_runs.size(); ++i) {
        requestMedia(*session, m_runs[i].id, this,
                     [this, i](const Result<Media>& media) { take(i, media ? *media : Media()); });
    }
    if (all > kMostRuns) {
        m_note->setText(tr("The first %1 of %2 runs.").arg(kMostRuns).arg(all));
    }
}

void MediaWindow::take(std::size_t run, const Media& media) {
    for (const auto& medium : media) {
        m_media[run][{medium.kind, medium.tag}].push_back(medium);
    }
    if (--m_waiting == 0) {
        fillTags();
    }
}

void MediaWindow::fillTags() {
    std::set<Key> keys;
    for (const auto& media : m_media) {
        for (const auto& [key, list] : media) {
            keys.insert(key);
        }
    }
    const QSignalBlocker blocker(m_tags);
    for (const auto& [kind, tag] : keys) {
        m_tags->addItem(tr("%1: %2").arg(kindName(kind), projectText(tag)),
                        QVariantList{static_cast<int>(kind), QByteArray::fromStdString(tag)});
    }
    m_note->setText(keys.empty()
                        ? tr("None of the visible runs has images, texts or histograms. A run logs them as "
                             "artifacts with the step in their name, such as images/grid/400.png.")
                        : QString());
    showTag();
}

MediaWindow::Key MediaWindow::chosen() const {
    const auto parts = m_tags->currentData().toList();
    return parts.size() == 2
               ? Key(static_cast<model::MediumKind>(parts[0].toInt()), parts[1].toByteArray().toStdString())
               : Key();
}

void MediaWindow::showTag() {
    for (auto* tile : m_tiles) {
        delete tile;
    }
    m_tiles.assign(m_runs.size(), nullptr);
    m_shown.assign(m_runs.size(), {});
    m_decoding.clear();  // of tiles that are gone
    m_decoding.resize(m_runs.size());
    std::set<std::int64_t> steps;
    const auto key = chosen();
    int place = 0;
    for (std::size_t i = 0; i < m_runs.size(); ++i) {
        const auto found = m_media[i].find(key);
        if (m_tags->count() == 0 || found == m_media[i].end()) {
            continue;
        }
        for (const auto& medium : found->second) {
            steps.insert(medium.step);
        }
        m_tiles[i] = new MediaTile(m_runs[i].name, m_runs[i].color, m_grid->parentWidget());
        m_grid->addWidget(m_tiles[i], place / kColumns, place % kColumns);
        ++place;
        if (key.first == model::MediumKind::Histogram) {
            requestHistograms(i, found->second);
        }
    }
    m_steps.assign(steps.begin(), steps.end());
    m_form->setVisible(m_tags->count() > 0 && key.first == model::MediumKind::Histogram);
    m_form->setCurrentIndex(0);
    const QSignalBlocker blocker(m_slider);
    m_slider->setRange(0, std::max(0, static_cast<int>(m_steps.size()) - 1));
    m_slider->setEnabled(m_steps.size() > 1);
    m_slider->setValue(m_slider->maximum());
    showStep();
}

void MediaWindow::showStep() {
    if (m_steps.empty()) {
        m_step->clear();
        return;
    }
    const auto step = m_steps[static_cast<std::size_t>(m_slider->value())];
    m_step->setText(tr("step %1").arg(formatCount(step)));
    const auto key = chosen();
    for (std::size_t i = 0; i < m_runs.size(); ++i) {
        if (!m_tiles[i]) {
            continue;
        }
        if (m_tiles[i]->histogram()) {
            m_tiles[i]->histogram()->setCurrent(step);
        }
        if (key.first == model::MediumKind::Histogram) {
            continue;
        }
        const auto& media = m_media[i].at(key);
        const auto after = std::upper_bound(media.begin(), media.end(), step,
                                            [](std::int64_t at, const auto& one) { return at < one.step; });
        if (after == media.begin()) {
            m_shown[i].clear();
            m_tiles[i]->showNothing(tr("nothing yet"));
        } else {
            request(i, *std::prev(after));
        }
    }
}

void MediaWindow::request(std::size_t run, const model::Medium& medium) {
    if (m_shown[run] == medium.artifact.path) {
        return;
    }
    m_shown[run] = medium.artifact.path;
    requestMedium(
        *m_session, m_runs[run].id, medium, m_tiles[run],
        [this, run, medium](const Result<std::string>& content) {
            if (m_shown[run] != medium.artifact.path) {
                return;  // the slider went on
            }
            auto* tile = m_tiles[run];
            if (!content) {
                tile->showNothing(projectText(content.error().message));
            } else if (medium.kind == model::MediumKind::Text) {
                tile->showText(QString::fromStdString(*content), medium.step);
            } else {
                m_decoding[run] = jobs::start(
                    m_session->pool(), m_session->guiExecutor(),
                    [bytes = *content](jobs::JobContext&) { return decodedImage(bytes, kMostPixels); },
                    [tile, step = medium.step](const QImage& image) {
                        image.isNull() ? tile->showNothing(tr("This image cannot be decoded."))
                                       : tile->showImage(image, step);
                    });
            }
        });
}

// Side by side they are compared: the same place is the same value in all of them.
void MediaWindow::compareHistograms() {
    std::optional<HistogramView::Range> all;
    const auto views = [this](const auto& visit) {
        for (auto* tile : m_tiles) {
            if (tile && tile->histogram()) {
                visit(tile->histogram());
            }
        }
    };
    views([&all](HistogramView* view) {
        if (const auto own = view->valueRange()) {
            all =
                all ? HistogramView::Range{std::min(all->lower, own->lower), std::max(all->upper, own->upper)}
                    : *own;
        }
    });
    views([&all](HistogramView* view) {
        if (all) {
            view->setRange(*all);
        }
    });
}

void MediaWindow::requestHistograms(std::size_t run, const Media& media) {
    auto steps = std::make_shared<std::vector<HistogramStep>>();
    const auto stride = std::max<std::size_t>(1, (media.size() + kMostHistograms - 1) / kMostHistograms);
    auto left = std::make_shared<std::size_t>((media.size() + stride - 1) / stride);
    for (std::size_t i = 0; i < media.size(); i += stride) {
        requestMedium(*m_session, m_runs[run].id, media[i], m_tiles[run],
                      [this, run, step = media[i].step, steps, left](const Result<std::string>& content) {
                          if (content) {
                              steps->push_back({step, model::histogramOf(*content)});
                          }
                          if (--*left > 0) {
                              return;
                          }
                          std::sort(steps->begin(), steps->end(),
                                    [](const auto& a, const auto& b) { return a.step < b.step; });
                          if (steps->empty()) {
                              m_tiles[run]->showNothing(tr("Its content is not stored with the project."));
                          } else {
                              m_tiles[run]->showHistograms(std::move(*steps));
                              compareHistograms();
                              showStep();
                          }
                      });
    }
}

}  // namespace runglass::ui
