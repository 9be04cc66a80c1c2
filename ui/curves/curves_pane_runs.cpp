// SPDX-License-Identifier: GPL-3.0-or-later
// Runs in the pane of charts: their looks, legend, selection and highlight.
#include <algorithm>

#include "chart_card.h"
#include "chart_grid.h"
#include "curve_legend.h"
#include "curves_state.h"
#include "run_groups.h"
#include "runglass/ui/curves/curves_pane.h"
#include "runglass/ui/widgets/banner.h"
#include "runglass/ui/widgets/format.h"
#include "visible_runs.h"

namespace runglass::ui {

namespace {

constexpr std::size_t kNamedGroups = 8;  // more of a param of numbers are better read off their scale
constexpr std::size_t kManyRuns = 1000;  // curves of so many hide each other

std::vector<RunId> idsOf(const std::vector<model::SharedRun>& runs) {
    std::vector<RunId> ids;
    for (const auto& run : runs) {
        ids.push_back(run->id);
    }
    return ids;
}

}  // namespace

void CurvesPane::refreshLooks() {
    auto choice = m_state->looks;
    if (choice.color.empty()) {
        choice.color = m_state->settings.group.by;  // groups without colours of their own would look alike
    }
    m_looks = std::make_shared<const CurveLooks>(choice, *m_visible->runs(), m_looks.get());
    for (auto* card : m_grid->cards()) {
        card->data().setLooks(m_looks);
    }
    if (m_session) {
        const bool own = m_looks->choice().color.empty();
        m_session->setRunColors(own ? ProjectSession::RunColors()
                                    : [looks = m_looks](const auto& run) { return looks->color(run); });
    }
    showLegend();
}

void CurvesPane::showLegend() {
    const auto& grouping = m_state->settings.group;
    QString definition;
    if (!grouping.by.empty()) {
        series::Aggregation how;
        how.centre = grouping.centre;
        how.band = grouping.band;
        definition = QString::fromStdString(series::describe(how));
        if (m_state->settings.smooths()) {
            definition = tr("%1, then smoothed").arg(definition);
        }
    }
    std::vector<CurveLegend::Entry> entries;
    std::optional<NamedScale> scale;
    const auto& choice = m_looks->choice();
    const bool fewGroups =
        choice.color == grouping.by && groupRuns(*m_visible->runs(), choice.color).size() <= kNamedGroups;
    if (m_looks->scale() && !fewGroups) {
        scale = NamedScale{nameOf(choice.color), *m_looks->scale()};
    } else if (!choice.color.empty()) {
        for (const auto& group : groupRuns(*m_visible->runs(), choice.color)) {
            entries.push_back({group.name, tr("n %1").arg(group.members.size()),
                               m_looks->groupColor(*group.members.front()), Qt::SolidLine,
                               idsOf(group.members)});
        }
    }
    if (!choice.style.empty()) {
        for (const auto& group : groupRuns(*m_visible->runs(), choice.style)) {
            entries.push_back(
                {group.name, {}, QColor(), m_looks->style(*group.members.front()), idsOf(group.members)});
        }
    }
    m_legend->setContent(definition, std::move(entries), std::move(scale));
}

void CurvesPane::showNote() {
    const auto count = m_visible->runs()->size();
    const bool many = count > kManyRuns && m_state->settings.group.by.empty();
    if (many) {
        m_note->setText(tr("%1 runs are drawn and hide each other. Groups show their mean and spread.")
                            .arg(formatCount(static_cast<std::int64_t>(count))));
    }
    m_noteClosed = m_noteClosed && many;
    m_note->setVisible(many && !m_noteClosed);
}

void CurvesPane::setLooks(const LooksChoice& looks) {
    m_state->looks = looks;
    refreshLooks();
    saveState();
}

void CurvesPane::setGrouping(const Grouping& grouping) {
    auto settings = m_state->settings;
    settings.group = grouping;
    setSettings(settings);
}

void CurvesPane::showSelection() {
    for (auto* card : m_grid->cards()) {
        card->plot().setSelected(m_session->selection());
    }
}

// The more curves there are to be painted again, the longer the mouse has to rest.
void CurvesPane::showHighlight() {
    constexpr std::size_t kCurvesPerMs = 50;
    constexpr std::size_t kLongestRestMs = 150;
    std::size_t curves = 0;
    for (const auto* card : m_grid->cards()) {
        curves += card->plot().curves().size();
    }
    m_highlightTimer.start(static_cast<int>(std::min(curves / kCurvesPerMs, kLongestRestMs)));
}

void CurvesPane::paintHighlight() {
    if (!m_session) {
        return;
    }
    for (auto* card : m_grid->cards()) {
        card->plot().setHighlighted(m_session->highlighted());
    }
}

// With Ctrl the runs are added, or taken out where all of them were selected.
void CurvesPane::selectRuns(const std::vector<RunId>& runs, Qt::KeyboardModifiers modifiers) {
    if (!m_session) {
        return;
    }
    if (!(modifiers & Qt::ControlModifier)) {
        m_session->select(runs);
        return;
    }
    auto selected = m_session->selection();
    const auto isSelected = [&](const RunId& run) {
        return std::find(selected.begin(), selected.end(), run) != selected.end();
    };
    if (std::all_of(runs.begin(), runs.end(), isSelected)) {
        std::erase_if(selected, [&](const RunId& run) {
            return std::find(runs.begin(), runs.end(), run) != runs.end();
        });
    } else {
        std::copy_if(runs.begin(), runs.end(), std::back_inserter(selected),
                     [&](const RunId& run) { return !isSelected(run); });
    }
    m_session->select(std::move(selected));
}

ChartCard* CurvesPane::currentCard() const {
    if (auto* card = m_grid->card(m_current)) {
        return card;
    }
    const auto cards = m_grid->cards();
    const auto first =
        std::min_element(cards.begin(), cards.end(), [](const ChartCard* a, const ChartCard* b) {
            return std::pair(a->y(), a->x()) < std::pair(b->y(), b->x());
        });
    return first == cards.end() ? nullptr : *first;
}

void CurvesPane::withCard(const std::function<void(ChartCard*)>& run) {
    if (auto* card = currentCard()) {
        run(card);
    }
}

void CurvesPane::focusChart(Symbol id) {
    if (id.empty()) {
        return;
    }
    if (!m_grid->enlarged().empty()) {
        enlarge(id);
    }
    m_grid->reveal(id);
    if (auto* card = m_grid->card(id)) {
        m_current = id;
        card->plot().setFocus(Qt::ShortcutFocusReason);
    }
}

}  // namespace runglass::ui
