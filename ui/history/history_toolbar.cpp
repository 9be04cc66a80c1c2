// SPDX-License-Identifier: GPL-3.0-or-later
#include "history_toolbar.h"

#include <QPainter>
#include <QSignalBlocker>
#include <algorithm>
#include <array>

#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/run_status.h"

namespace runglass::ui {

namespace {

/// Glyph and word of each run state in a row.
class StateLegend final : public QWidget {
public:
    StateLegend() { setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred); }
    [[nodiscard]] QSize sizeHint() const override {
        const QFontMetrics metrics(Theme::current().font(TextRole::Caption));
        int width = 0;
        for (const auto state : kStates) {
            width += kGlyph + metrics.horizontalAdvance(statusText(state)) + kGap;
        }
        return {width, 26};
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        QPainter painter(this);
        painter.setFont(Theme::current().font(TextRole::Caption));
        int x = 0;
        for (const auto state : kStates) {
            paintStatus(&painter, QRectF(x, 0, 10, height()), statusGlyph(state), 9);
            painter.setPen(themeColor(Token::TextTertiary));
            const QString text = statusText(state);
            const int width = painter.fontMetrics().horizontalAdvance(text);
            painter.drawText(QRect(x + kGlyph, 0, width + 1, height()), Qt::AlignVCenter, text);
            x += kGlyph + width + kGap;
        }
    }

private:
    static constexpr int kGlyph = 15;
    static constexpr int kGap = 12;
    static constexpr std::array kStates{model::RunStatus::Finished,  model::RunStatus::Running,
                                        model::RunStatus::Scheduled, model::RunStatus::Failed,
                                        model::RunStatus::Killed,    model::RunStatus::Lost};
};

}  // namespace

HistoryToolbar::HistoryToolbar(QWidget* parent)
    : Bar(parent)
    , m_search(new SearchField(tr("Author, text, hash or date")))
    , m_branch(new QComboBox)
    , m_metric(new QComboBox)
    , m_value(new QComboBox)
    , m_withRuns(makeButton(tr("With runs")))
    , m_legend(new StateLegend) {
    m_search->setAccessibleName(tr("Search commits"));
    m_search->setMinimumWidth(140);
    m_search->setMaximumWidth(300);
    m_branch->setAccessibleName(tr("Branch"));
    m_branch->setMaximumWidth(200);
    m_metric->setAccessibleName(tr("Metric"));
    m_metric->setMaximumWidth(180);
    m_metric->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_metric->setMinimumContentsLength(10);
    m_value->setAccessibleName(tr("Value of the metric"));
    m_value->addItems({tr("last"), tr("min"), tr("max")});
    m_withRuns->setCheckable(true);
    m_withRuns->setToolTip(tr("Only commits that have runs"));
    setReferences({});
    row()->addWidget(m_search, 1);
    row()->addWidget(m_branch);
    row()->addWidget(m_metric);
    row()->addWidget(m_value);
    row()->addWidget(m_withRuns);
    row()->addStretch();
    row()->addWidget(m_legend);
    const auto filter = [this] { Q_EMIT filterChanged(m_search->text(), m_withRuns->isChecked()); };
    connect(m_search, &QLineEdit::textChanged, this, filter);
    connect(m_withRuns, &QPushButton::toggled, this, filter);
    connect(m_branch, &QComboBox::currentIndexChanged, this,
            [this] { Q_EMIT branchChanged(m_branch->currentData().toString()); });
    connect(m_metric, &QComboBox::currentIndexChanged, this, &HistoryToolbar::emitMetric);
    connect(m_value, &QComboBox::currentIndexChanged, this, &HistoryToolbar::emitMetric);
}

void HistoryToolbar::setReferences(const HistoryRefs& refs) {
    const QSignalBlocker quiet(m_branch);
    const QString before = m_branch->currentData().toString();
    m_branch->clear();
    m_branch->addItem(tr("All branches"), QString());
    for (const auto& reference : refs.references) {
        if (reference.kind != git::Reference::Kind::Tag) {
            m_branch->addItem(projectText(reference.name), QString::fromStdString(reference.name));
        }
    }
    m_branch->setCurrentIndex(std::max(0, m_branch->findData(before)));
}

void HistoryToolbar::setMetrics(const std::vector<Symbol>& keys, const MetricChoice& choice) {
    const QSignalBlocker quietMetric(m_metric);
    const QSignalBlocker quietValue(m_value);
    if (m_metric->count() != static_cast<int>(keys.size()) ||
        !std::equal(keys.begin(), keys.end(), m_shownKeys.begin(), m_shownKeys.end())) {
        m_metric->clear();
        for (const Symbol key : keys) {
            m_metric->addItem(projectText(key.text()));
        }
        m_shownKeys = keys;
    }
    const auto it = std::find(keys.begin(), keys.end(), choice.key);
    m_metric->setCurrentIndex(it == keys.end() ? -1 : static_cast<int>(it - keys.begin()));
    m_value->setCurrentIndex(static_cast<int>(choice.value));
    m_metric->setVisible(!keys.empty());
    m_value->setVisible(!keys.empty());
}

void HistoryToolbar::emitMetric() {
    const int index = m_metric->currentIndex();
    if (index >= 0) {
        Q_EMIT metricChanged({m_shownKeys[static_cast<std::size_t>(index)],
                              static_cast<MetricValue>(m_value->currentIndex())});
    }
}

void HistoryToolbar::clear() {
    m_search->clear();
    m_withRuns->setChecked(false);
}

void HistoryToolbar::resizeEvent(QResizeEvent* event) {
    Bar::resizeEvent(event);
    m_legend->setVisible(width() >= 1300);
}

}  // namespace runglass::ui
