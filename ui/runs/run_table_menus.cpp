// SPDX-License-Identifier: GPL-3.0-or-later
// The menus of the run table.
#include <QMenu>
#include <QPushButton>

#include "column_chooser.h"
#include "run_actions.h"
#include "run_header.h"
#include "run_table_view.h"
#include "runglass/ui/runs/run_table_pane.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

void RunTablePane::showGroupMenu() {
    if (!m_session) {
        return;
    }
    QMenu menu(this);
    const auto addChoice = [&](QMenu* to, const QString& text, const std::optional<RunColumn>& column) {
        auto* action = to->addAction(QString(text).replace(QLatin1Char('&'), QLatin1String("&&")));
        action->setCheckable(true);
        action->setChecked(m_request.groupBy == column);
        connect(action, &QAction::triggered, this, [this, column] { setGroupBy(column); });
    };
    addChoice(&menu, tr("Nothing"), std::nullopt);
    for (const auto kind : {RunColumn::Kind::Experiment, RunColumn::Kind::Status, RunColumn::Kind::Branch,
                            RunColumn::Kind::Commit, RunColumn::Kind::Source, RunColumn::Kind::Parent}) {
        const RunColumn column{kind, {}, {}};
        addChoice(&menu, kind == RunColumn::Kind::Status ? tr("State") : column.title(), column);
    }
    constexpr std::size_t kMostKeys = 60;  // a menu with thousands of entries helps nobody
    const auto addKeys = [&](const QString& title, const std::vector<Symbol>& keys, auto make) {
        auto* submenu = menu.addMenu(title);
        submenu->setEnabled(!keys.empty());
        for (std::size_t i = 0; i < std::min(keys.size(), kMostKeys); ++i) {
            addChoice(submenu, projectText(keys[i].text()), make(keys[i]));
        }
    };
    addKeys(tr("Param"), m_session->runs()->paramKeys, &RunColumn::param);
    addKeys(tr("Tag"), m_session->runs()->tagKeys, &RunColumn::tag);
    menu.exec(m_groupButton->mapToGlobal(QPoint(0, m_groupButton->height())));
}

void RunTablePane::showColumnChooser() {
    if (!m_session) {
        return;
    }
    auto* chooser = new ColumnChooser(*m_session->runs(), m_view->shownColumns(), this);
    connect(chooser, &ColumnChooser::columnsChanged, this, &RunTablePane::setColumns);
    connect(chooser, &ColumnChooser::proposalRequested, this, [this] { setColumns({}); });
    auto place = m_columnsButton->mapToGlobal(
        QPoint(m_columnsButton->width() - chooser->width(), m_columnsButton->height()));
    chooser->move(place);
    chooser->show();
}

void RunTablePane::showContextMenu(const QPoint& position) {
    QMenu menu(this);
    m_actions->fillContextMenu(&menu);
    menu.exec(m_view->viewport()->mapToGlobal(position));
}

void RunTablePane::showHeaderMenu(const QPoint& position) {
    const int section = m_view->columns().sectionAt(position.x());
    if (!m_session || section < 0) {
        return;
    }
    const auto column = m_model->columns()[static_cast<std::size_t>(section)];
    QMenu menu(this);
    if (column.kind == RunColumn::Kind::Metric) {
        auto* decimals = menu.addMenu(tr("Decimals"));
        const auto chosen = m_request.decimals.constFind(column.toText());
        const bool any = chosen != m_request.decimals.constEnd();
        const auto add = [&](const QString& text, std::optional<int> count) {
            auto* action = decimals->addAction(text, this, [=, this] { setDecimals(column, count); });
            action->setCheckable(true);
            action->setChecked(count ? any && *chosen == *count : !any);
        };
        add(tr("As many as tell the values apart"), std::nullopt);
        for (int count = 0; count <= 8; ++count) {
            add(QString::number(count), count);
        }
    }
    if (column.kind != RunColumn::Kind::Name) {
        menu.addAction(tr("Hide this column"), this, [this, column] {
            auto columns = m_view->shownColumns();
            std::erase(columns, column);
            setColumns(std::move(columns));
        });
    }
    menu.addAction(m_actions->columnsAction());
    menu.exec(m_view->columns().mapToGlobal(position));
}

}  // namespace runglass::ui
