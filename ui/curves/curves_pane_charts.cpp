// SPDX-License-Identifier: GPL-3.0-or-later
// Charts made by hand.
#include <algorithm>

#include "chart_dialogs.h"
#include "chart_grid.h"
#include "curves_state.h"
#include "runglass/ui/curves/curves_pane.h"
#include "visible_runs.h"

namespace runglass::ui {

// An empty id makes a new chart.
void CurvesPane::editChart(Symbol id) {
    if (!m_session) {
        return;
    }
    QStringList keys;
    for (const auto key : m_visible->keys()) {
        keys << QString::fromStdString(key.str());
    }
    const auto before = id.empty() ? ChartSpec() : specOf(id);
    auto* editor = new ChartEditor(before.title, before.texts, keys, window());
    editor->setAttribute(Qt::WA_DeleteOnClose);
    connect(editor, &QDialog::accepted, this, [this, editor, id] {
        auto& custom = m_state->custom;
        const auto target = id.empty() ? ChartSpec::freeId(custom) : id;
        auto spec = ChartSpec::custom(target, editor->title(), editor->lines());
        const auto known = std::find_if(custom.begin(), custom.end(),
                                        [target](const ChartSpec& one) { return one.id == target; });
        if (known == custom.end()) {
            custom.push_back(std::move(spec));
        } else {
            *known = std::move(spec);
        }
        saveState();
        m_grid->remake(target);
        updateCharts();
        focusChart(target);
    });
    editor->open();
}

void CurvesPane::removeChart(Symbol id) {
    std::erase_if(m_state->custom, [id](const ChartSpec& spec) { return spec.id == id; });
    m_state->own.erase(id);
    if (m_grid->enlarged() == id) {
        enlarge({});
    }
    saveState();
    updateCharts();
}

void CurvesPane::editOptions(Symbol id) {
    const auto known = m_state->own.find(id);
    auto* dialog = new ChartOptions(specOf(id).title, m_state->settings,
                                    known == m_state->own.end() ? ChartOverrides() : known->second, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, id] { setOwn(id, dialog->overrides()); });
    dialog->open();
}

}  // namespace runglass::ui
