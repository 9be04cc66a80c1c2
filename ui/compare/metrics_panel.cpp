// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics_panel.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/bar.h"

namespace runglass::ui {

namespace {

class MetricsDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        painter->save();
        painter->fillRect(option.rect, themeColor(selected ? Token::SelectionInactive : Token::SurfaceBase));
        painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                          themeColor(Token::BorderSubtle));
        const QRect rect = option.rect.adjusted(index.column() == 0 ? 12 : 4, 0, -6, -1);
        const QString text = index.data().toString();
        const QFont font = Theme::current().font(TextRole::Body);
        painter->setPen(
            themeColor(text == QStringLiteral("NaN") ? Token::SemanticDanger : Token::TextPrimary));
        if (index.column() == 0) {
            painter->setFont(Theme::verbatim(font, text));
            // Keys differ at their end: system/read_bytes_per_s, system/write_bytes_per_s.
            painter->drawText(rect, Qt::AlignVCenter,
                              painter->fontMetrics().elidedText(text, Qt::ElideLeft, rect.width()));
        } else {
            painter->setFont(font);
            drawTabular(painter, rect, Qt::AlignRight | Qt::AlignVCenter, text);
        }
        painter->restore();
    }
};

}  // namespace

MetricsPanel::MetricsPanel(QWidget* parent)
    : QWidget(parent)
    , m_model(new MetricsModel(this))
    , m_title(new Label(tr("Metrics"), TextRole::Body, 600))
    , m_value(new SegmentedControl)
    , m_statement(new QLabel)
    , m_table(new QTableView)
    , m_none(new Label({}, TextRole::Body, 400, Token::TextTertiary)) {
    auto* bar = new Bar(nullptr, 36);
    bar->row()->setContentsMargins(12, 0, 8, 0);
    m_value->addPart(tr("Last"));
    m_value->addPart(tr("Min"));
    m_value->addPart(tr("Max"));
    m_value->setAccessibleName(tr("Value of each series"));
    bar->row()->addWidget(m_title);
    bar->row()->addStretch();
    bar->row()->addWidget(m_value);
    m_statement->setTextFormat(Qt::PlainText);
    m_statement->setWordWrap(true);
    m_statement->setContentsMargins(12, 8, 12, 8);
    m_none->setContentsMargins(12, 8, 12, 8);
    m_table->setModel(m_model);
    m_table->setItemDelegate(new MetricsDelegate(m_table));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setAccessibleName(tr("Metrics"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setMinimumSectionSize(12);
    m_table->horizontalHeader()->setProperty("runglassKind", QStringList(QStringLiteral("panel")));
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setMinimumSectionSize(40);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar);
    column->addWidget(m_statement);
    column->addWidget(m_none);
    column->addWidget(m_table, 1);
    column->addStretch();
    connect(m_value, &SegmentedControl::currentChanged, this, [this](int index) {
        m_model->setValue(static_cast<SeriesValue>(index));
        updateStatement();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &MetricsPanel::updateStatement);
}

void MetricsPanel::setComparison(const SharedComparison& comparison) {
    m_model->setComparison(comparison);
    fitColumns();
    updateStatement();
}

void MetricsPanel::setOnlyDifferences(bool only) {
    m_model->setOnlyDifferences(only);
    fitColumns();
    updateStatement();
}

void MetricsPanel::fitColumns() {
    auto* header = m_table->horizontalHeader();
    for (int i = 0; i < m_model->columnCount(); ++i) {
        // Few runs share the room; many scroll.
        header->setSectionResizeMode(
            i, i == 0 && m_model->runCount() <= 3 ? QHeaderView::Stretch : QHeaderView::Interactive);
        m_table->setColumnWidth(i, i == 0 ? 130 : 70);
    }
    m_table->verticalHeader()->setDefaultSectionSize(Theme::current().rowHeight());
    header->setFixedHeight(std::max(24, Theme::current().lineHeight(TextRole::Caption) + 10));
    const bool any = m_model->rowCount() > 0;
    m_table->setVisible(any);
    m_none->setVisible(!any && m_model->runCount() > 0);
    m_none->setText(tr("No metric differs."));
}

void MetricsPanel::updateStatement() {
    const auto current = m_table->currentIndex();
    QString text = m_model->statement(current.isValid() ? current.row() : m_model->rowToState());
    if (!text.isEmpty()) {
        text += QLatin1Char(' ') + tr("1 run each, no noise estimate.");
    } else if (m_model->runCount() > 2) {
        text = tr("%1 runs, 1 of each: no noise estimate.").arg(m_model->runCount());
    }
    m_statement->setText(text);
    m_statement->setVisible(!text.isEmpty());
}

}  // namespace runglass::ui
