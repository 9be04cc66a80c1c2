// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_values.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QShortcut>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "runglass/base/text.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"
#include "x_axis_text.h"

namespace runglass::ui {

namespace {

constexpr std::size_t kMostRows = 1'000'000;
constexpr int kMostCopied = 200'000;  // rows
constexpr int kRefreshMs = 500;       // numbers that change faster cannot be read

}  // namespace

std::vector<double> unionOfX(const std::vector<DrawnCurve>& curves, double lower, double upper,
                             std::size_t most, const std::stop_token& stop) {
    std::vector<double> all;
    for (const auto& drawn : curves) {
        if (stop.stop_requested()) {
            return {};
        }
        const auto middle = static_cast<std::ptrdiff_t>(all.size());
        for (const auto& range : drawn.curve->between(lower, upper)) {
            for (auto i = range.begin; i < range.end; ++i) {
                all.push_back(drawn.curve->xs[i]);
            }
        }
        // A restarted run is ascending in pieces only.
        std::sort(all.begin() + middle, all.end());
        std::inplace_merge(all.begin(), all.begin() + middle, all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
        if (all.size() > most) {
            all.resize(most);
        }
    }
    return all;
}

ChartValuesModel::ChartValuesModel(ChartSettings settings, QObject* parent)
    : QAbstractTableModel(parent)
    , m_settings(settings) {}

bool ChartValuesModel::onlyGrows(const std::vector<DrawnCurve>& curves, const std::vector<double>& xs) const {
    return xs.size() >= m_xs.size() && std::equal(m_xs.begin(), m_xs.end(), xs.begin()) &&
           std::equal(
               m_curves.begin(), m_curves.end(), curves.begin(), curves.end(),
               [](const DrawnCurve& a, const DrawnCurve& b) { return a.run == b.run && a.name == b.name; });
}

void ChartValuesModel::setContent(std::vector<DrawnCurve> curves, std::vector<double> xs) {
    const int before = rowCount();
    const int now = static_cast<int>(xs.size());
    if (before == 0 || !onlyGrows(curves, xs)) {
        beginResetModel();
        m_curves = std::move(curves);
        m_xs = std::move(xs);
        endResetModel();
        return;
    }
    if (now > before) {
        beginInsertRows({}, before, now - 1);
    }
    m_curves = std::move(curves);
    m_xs = std::move(xs);
    if (now > before) {
        endInsertRows();
    }
    Q_EMIT dataChanged(index(0, 0), index(before - 1, columnCount() - 1));
}

void ChartValuesModel::setRaw(bool raw) {
    m_raw = raw;
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

int ChartValuesModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_xs.size());
}

int ChartValuesModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_curves.size()) + 1;
}

std::optional<double> ChartValuesModel::value(std::size_t curve, double x) const {
    const auto& drawn = *m_curves[curve].curve;
    const auto at = drawn.nearest(x);
    if (!at || drawn.xs[*at] != x) {
        return std::nullopt;
    }
    return m_raw || !drawn.smoothed ? drawn.series->values[*at] : drawn.smoothed->ys[*at];
}

QVariant ChartValuesModel::data(const QModelIndex& index, int role) const {
    const double x = m_xs[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole) {
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    }
    if (index.column() == 0) {
        return role == Qt::DisplayRole ? QVariant(valueOfX(m_settings, x)) : QVariant();
    }
    const auto at = value(static_cast<std::size_t>(index.column() - 1), x);
    if (!at || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) {
        return {};
    }
    return role == Qt::DisplayRole ? formatMetric(*at) : formatExact(*at);
}

QVariant ChartValuesModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole) {
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);  // as the numbers below
    }
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) {
        return {};
    }
    return section == 0 ? nameOf(m_settings) : m_curves[static_cast<std::size_t>(section - 1)].name;
}

QString ChartValuesModel::text(int firstRow, int lastRow) const {
    QStringList head;
    for (int column = 0; column < columnCount(); ++column) {
        head << headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    }
    QString text = head.join(QLatin1Char('\t')) + QLatin1Char('\n');
    for (int row = firstRow; row <= lastRow; ++row) {
        const double x = m_xs[static_cast<std::size_t>(row)];
        text += QString::fromStdString(formatDouble(x));
        for (std::size_t curve = 0; curve < m_curves.size(); ++curve) {
            const auto at = value(curve, x);
            text += QLatin1Char('\t') + (at ? QString::fromStdString(formatDouble(*at)) : QString());
        }
        text += QLatin1Char('\n');
    }
    return text;
}

ChartValues::ChartValues(ProjectSession* session, const ValuesOf& chart, QWidget* parent)
    : QDialog(parent)
    , m_session(session)
    , m_data(new ChartData(session, chart.spec, this))
    , m_x(chart.x)
    , m_model(new ChartValuesModel(chart.settings, this))
    , m_table(new QTableView(this))
    , m_note(new QLabel(this)) {
    setObjectName(QStringLiteral("chartValues"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Values of %1").arg(chart.spec.title));
    resize(720, 480);
    m_table->setModel(m_model);
    m_table->setAccessibleName(windowTitle());
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(Theme::current().rowHeight());
    m_table->horizontalHeader()->setDefaultSectionSize(120);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    auto* copyKey = new QShortcut(QKeySequence::Copy, this);
    connect(copyKey, &QShortcut::activated, this, &ChartValues::copy);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_table, 1);
    layout->addLayout(makeFoot(chart.settings.smooths()));
    m_note->setText(tr("Collecting values…"));
    m_timer.setSingleShot(true);
    m_timer.setInterval(kRefreshMs);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (m_fresh) {
            collect();
        }
    });
    m_data->setSettings(chart.settings);
    connect(m_data, &ChartData::curvesReady, this, &ChartValues::takeCurves);
    m_table->setFocus();
    takeCurves(chart.curves);
}

QHBoxLayout* ChartValues::makeFoot(bool smooths) {
    auto* raw = new QCheckBox(tr("Values as logged"), this);
    raw->setEnabled(smooths);
    connect(raw, &QCheckBox::toggled, m_model, &ChartValuesModel::setRaw);
    auto* copyButton = makeButton(tr("Copy"), QStringLiteral("copy"), {}, this);
    connect(copyButton, &QPushButton::clicked, this, &ChartValues::copy);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, 8, 12, 8);
    row->addWidget(raw);
    row->addWidget(m_note, 1);
    row->addWidget(copyButton);
    return row;
}

void ChartValues::setRuns(const VisibleRuns::List& runs) {
    m_data->setRuns(runs);
}

void ChartValues::takeCurves(std::vector<DrawnCurve> curves) {
    if (m_data->missing() > 0) {
        return;  // those that are on their way would come one by one
    }
    m_curves = std::move(curves);
    m_fresh = true;
    if (!m_timer.isActive() && !m_job.running()) {
        collect();
    }
}

void ChartValues::collect() {
    if (m_job.running()) {
        return;  // its end starts the next
    }
    m_fresh = false;
    const double infinity = std::numeric_limits<double>::infinity();
    const auto x = m_x.value_or(QCPRange());
    m_job = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [curves = m_curves, lower = m_x ? x.lower : -infinity,
         upper = m_x ? x.upper : infinity](jobs::JobContext& context) {
            return std::pair(curves, unionOfX(curves, lower, upper, kMostRows, context.stop));
        },
        [this](std::pair<std::vector<DrawnCurve>, std::vector<double>> content) {
            showContent(std::move(content.first), std::move(content.second));
            m_timer.start();
        });
}

// Who looks at the last row goes on looking at the last one.
void ChartValues::showContent(std::vector<DrawnCurve> curves, std::vector<double> xs) {
    const auto count = formatCount(static_cast<std::int64_t>(xs.size()));
    m_note->setText(xs.size() == kMostRows ? tr("The first %1 rows. Zoom in for others.").arg(count)
                    : xs.size() == 1       ? tr("1 row")
                                           : tr("%1 rows").arg(count));
    const auto* const bar = m_table->verticalScrollBar();
    const bool atEnd = bar->maximum() > 0 && bar->value() == bar->maximum();
    m_model->setContent(std::move(curves), std::move(xs));
    if (atEnd) {
        m_table->scrollToBottom();
    }
}

// The selected rows, or all.
void ChartValues::copy() {
    int first = 0;
    int last = m_model->rowCount() - 1;
    const auto selected = m_table->selectionModel()->selectedIndexes();
    if (selected.size() > 1) {
        const auto [low, high] =
            std::minmax_element(selected.begin(), selected.end(),
                                [](const QModelIndex& a, const QModelIndex& b) { return a.row() < b.row(); });
        first = low->row();
        last = high->row();
    }
    last = std::min(last, first + kMostCopied - 1);
    QApplication::clipboard()->setText(m_model->text(first, last));
}

}  // namespace runglass::ui
