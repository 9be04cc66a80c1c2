// SPDX-License-Identifier: GPL-3.0-or-later
// How RunTablePane keeps its arrangement: for the next time, and in saved views.
#include "column_layout.h"
#include "run_table_settings.h"
#include "runglass/ui/runs/filter_field.h"
#include "runglass/ui/runs/run_table_pane.h"

namespace runglass::ui {

RunTableSettings RunTablePane::settings() const {
    return {m_request.columns,    m_request.groupBy,  m_request.sortBy,
            m_request.descending, m_layout->widths(), m_request.decimals};
}

void RunTablePane::useSettings(const RunTableSettings& settings) {
    m_request.columns = settings.columns;
    m_request.groupBy = settings.groupBy;
    m_request.sortBy = settings.sortBy;
    m_request.descending = settings.descending;
    m_request.decimals = settings.decimals;
    m_layout->setWidths(settings.widths);
}

QJsonObject RunTablePane::viewState() const {
    auto state = settings().toJson();
    state[QStringLiteral("filter")] = m_filterField->text();
    return state;
}

void RunTablePane::setViewState(const QJsonObject& state) {
    useSettings(RunTableSettings::fromJson(state));
    saveSettings();
    setFilter(state[QLatin1String("filter")].toString());
    arrangeNow();
}

void RunTablePane::restoreSettings() {
    if (const auto settings = RunTableSettings::load(m_session->project())) {
        useSettings(*settings);
    }
}

void RunTablePane::saveSettings() const {
    if (m_session) {
        settings().save(m_session->project());
    }
}

void RunTablePane::noteChange() {
    saveSettings();
    Q_EMIT viewStateChanged();
}

}  // namespace runglass::ui
