// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <map>
#include <vector>

#include "histogram_view.h"
#include "runglass/jobs/job.h"
#include "runglass/ui/session/media.h"

class QComboBox;
class QGridLayout;
class QLabel;
class QSlider;

namespace runglass::ui {

class SegmentedControl;

/// One run's medium of the chosen tag: an image, a text, or its histograms.
class MediaTile final : public QWidget {
    Q_OBJECT
public:
    MediaTile(const QString& name, const QColor& color, QWidget* parent);
    void showImage(const QImage& image, std::int64_t step);
    void showText(const QString& text, std::int64_t step);
    void showHistograms(std::vector<HistogramStep> steps);
    void showNothing(const QString& why);
    [[nodiscard]] HistogramView* histogram() const { return m_histogram; }
    [[nodiscard]] const QImage& image() const { return m_image; }
    [[nodiscard]] QString text() const { return m_text; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QString m_name;
    QColor m_color;
    QString m_remark;
    QImage m_image;
    QString m_text;
    HistogramView* m_histogram = nullptr;
};

/// Images, texts and distributions of the visible runs side by side, with one slider for the step. A run
/// shows the newest that it logged up to the step.
class MediaWindow final : public QDialog {
    Q_OBJECT
public:
    struct Run {
        RunId id;
        QString name;
        QColor color;
    };
    MediaWindow(ProjectSession* session, std::vector<Run> runs, QWidget* parent);

private:
    using Key = std::pair<model::MediumKind, std::string>;
    using Media = std::vector<model::Medium>;

    void take(std::size_t run, const Media& media);
    void fillTags();
    void showTag();
    void showStep();
    void request(std::size_t run, const model::Medium& medium);
    void compareHistograms();
    void requestHistograms(std::size_t run, const Media& media);
    [[nodiscard]] Key chosen() const;

    ProjectSession* m_session;
    std::vector<Run> m_runs;
    std::vector<std::map<Key, Media>> m_media;  ///< by run
    std::vector<MediaTile*> m_tiles;            ///< by run
    std::vector<std::string> m_shown;           ///< by run: digest of what its tile has, or is waiting for
    std::vector<jobs::Job> m_decoding;          ///< by run
    std::vector<std::int64_t> m_steps;          ///< that any run has of the tag
    std::size_t m_waiting = 0;
    QComboBox* m_tags;
    QSlider* m_slider;
    QLabel* m_step;
    QLabel* m_note;
    SegmentedControl* m_form;
    QGridLayout* m_grid;
};

}  // namespace runglass::ui
