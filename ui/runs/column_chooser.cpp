// SPDX-License-Identifier: GPL-3.0-or-later
#include "column_chooser.h"

#include <QListView>
#include <QPushButton>
#include <QStandardItemModel>
#include <QVBoxLayout>
#include <algorithm>

#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/search_field.h"

namespace runglass::ui {

namespace {

constexpr int kOfferedRole = Qt::UserRole;
using Kind = RunColumn::Kind;
using Value = RunColumn::Value;

QString valueName(Value value) {
    switch (value) {
        case Value::Last:
            return ColumnChooser::tr("last");
        case Value::Min:
            return ColumnChooser::tr("min");
        case Value::Max:
            return ColumnChooser::tr("max");
    }
    return {};
}

std::vector<RunColumn> attributes() {
    std::vector<RunColumn> columns;
    for (const auto kind : {Kind::Experiment, Kind::Started, Kind::Ended, Kind::Duration, Kind::Commit,
                            Kind::Branch, Kind::Source, Kind::Parent, Kind::Id, Kind::Starred}) {
        columns.push_back({kind, {}, {}});
    }
    return columns;
}

std::vector<RunColumn> keyed(const std::vector<Symbol>& keys, Kind kind) {
    std::vector<RunColumn> columns;
    for (const auto key : keys) {
        columns.push_back({kind, key, Value::Last});
    }
    return columns;
}

std::vector<RunColumn> metrics(const std::vector<Symbol>& keys) {
    std::vector<RunColumn> columns;
    for (const auto key : keys) {
        for (const auto value : {Value::Last, Value::Min, Value::Max}) {
            columns.push_back({Kind::Metric, key, value});
        }
    }
    return columns;
}

}  // namespace

ColumnChooser::ColumnChooser(const model::RunTable& table, std::vector<RunColumn> chosen, QWidget* parent)
    : QFrame(parent, Qt::Popup)
    , m_chosen(std::move(chosen))
    , m_items(new QStandardItemModel(this))
    , m_list(new QListView(this)) {
    setObjectName(QStringLiteral("columnChooser"));
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    auto* field = new SearchField(tr("Find columns"), this);
    auto* propose = makeButton(tr("Columns that vary"), {}, ButtonKind::Quiet, this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    layout->addWidget(field);
    layout->addWidget(m_list, 1);
    layout->addWidget(propose, 0, Qt::AlignLeft);
    m_list->setModel(m_items);
    m_list->setUniformItemSizes(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setFrameShape(QFrame::NoFrame);
    resize(300, 420);

    addSection(tr("Attributes"), attributes());
    addSection(tr("Metrics"), metrics(table.metricKeys));
    addSection(tr("Params"), keyed(table.paramKeys, Kind::Param));
    addSection(tr("Tags"), keyed(table.tagKeys, Kind::Tag));
    connect(m_items, &QStandardItemModel::itemChanged, this, &ColumnChooser::onItemChanged);
    connect(field, &QLineEdit::textChanged, this, &ColumnChooser::search);
    connect(propose, &QPushButton::clicked, this, [this] {
        Q_EMIT proposalRequested();
        close();
    });
    field->setFocus(Qt::PopupFocusReason);
}

void ColumnChooser::addSection(const QString& title, const std::vector<RunColumn>& columns) {
    if (columns.empty()) {
        return;
    }
    auto* head = new QStandardItem(title);
    head->setFlags(Qt::NoItemFlags);
    head->setFont(Theme::current().font(TextRole::Caption, 600));
    m_items->appendRow(head);
    for (const auto& column : columns) {
        const auto name = column.title().isEmpty() ? column.description() : column.title();
        auto* item = new QStandardItem(
            column.kind == Kind::Metric ? QStringLiteral("%1  %2").arg(name, valueName(column.value)) : name);
        item->setToolTip(Qt::convertFromPlainText(column.description()));
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        const bool on = std::find(m_chosen.begin(), m_chosen.end(), column) != m_chosen.end();
        item->setCheckState(on ? Qt::Checked : Qt::Unchecked);
        item->setData(static_cast<int>(m_offered.size()), kOfferedRole);
        m_offered.push_back(column);
        m_items->appendRow(item);
    }
}

void ColumnChooser::search(const QString& text) {
    for (int row = 0; row < m_items->rowCount(); ++row) {
        const auto* item = m_items->item(row);
        const bool head = !item->data(kOfferedRole).isValid();
        m_list->setRowHidden(row, head ? !text.isEmpty() : !item->text().contains(text, Qt::CaseInsensitive));
    }
}

void ColumnChooser::onItemChanged(QStandardItem* item) {
    const auto offered = item->data(kOfferedRole);
    if (!offered.isValid()) {
        return;
    }
    const auto& column = m_offered[static_cast<std::size_t>(offered.toInt())];
    const auto at = std::find(m_chosen.begin(), m_chosen.end(), column);
    if (item->checkState() == Qt::Checked && at == m_chosen.end()) {
        m_chosen.push_back(column);
    } else if (item->checkState() == Qt::Unchecked && at != m_chosen.end()) {
        m_chosen.erase(at);
    }
    Q_EMIT columnsChanged(m_chosen);
}

}  // namespace runglass::ui
