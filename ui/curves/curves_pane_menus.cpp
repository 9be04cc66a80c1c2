// SPDX-License-Identifier: GPL-3.0-or-later
// The menus of the pane of charts, filled each time they open.
#include <QActionGroup>
#include <QColorDialog>
#include <QInputDialog>
#include <QMenu>
#include <algorithm>

#include "chart_card.h"
#include "chart_grid.h"
#include "curves_state.h"
#include "runglass/ui/curves/curves_pane.h"
#include "runglass/ui/widgets/format.h"
#include "settings_text.h"
#include "visible_runs.h"
#include "x_axis_text.h"

namespace runglass::ui {

namespace {

constexpr std::size_t kMostKeys = 40;  // in a menu; the rest is found in a list with a search

QAction* addChoice(QMenu* menu, const QString& text, bool chosen, std::function<void()> choose) {
    auto* action = menu->addAction(text);
    action->setCheckable(true);
    action->setChecked(chosen);
    QObject::connect(action, &QAction::triggered, menu, std::move(choose));
    return action;
}

// Keys of a project, the first of them at hand and all in a list.
void addKeys(QMenu* menu, const std::vector<Symbol>& keys, Symbol chosen,
             const std::function<void(Symbol)>& choose) {
    for (std::size_t i = 0; i < std::min(keys.size(), kMostKeys); ++i) {
        addChoice(menu, projectText(keys[i].text()).replace(QLatin1Char('&'), QLatin1String("&&")),
                  keys[i] == chosen, [choose, key = keys[i]] { choose(key); });
    }
    if (keys.size() > kMostKeys) {
        menu->addSeparator();
        auto* all = menu->addAction(CurvesPane::tr("All %1…").arg(keys.size()));
        QObject::connect(all, &QAction::triggered, menu, [menu, keys, choose] {
            QStringList texts;
            for (const auto key : keys) {
                texts << projectText(key.text());
            }
            bool accepted = false;
            const auto text =
                QInputDialog::getItem(menu->parentWidget()->window(), CurvesPane::tr("Choose a key"),
                                      CurvesPane::tr("Key"), texts, 0, true, &accepted);
            const auto at = texts.indexOf(text);
            if (accepted && at >= 0) {
                choose(keys[static_cast<std::size_t>(at)]);
            }
        });
    }
    if (keys.empty()) {
        menu->addAction(CurvesPane::tr("None"))->setEnabled(false);
    }
}

void addRunKeys(QMenu* menu, const model::RunTable& table, const RunKey& chosen, bool repeats,
                const std::function<void(RunKey)>& choose) {
    using Kind = RunKey::Kind;
    if (repeats) {
        addChoice(menu, CurvesPane::tr("Repeats (all params but the seed)"), chosen.kind == Kind::Repeat,
                  [choose] {
                      choose({Kind::Repeat, {}});
                  });
    }
    addChoice(menu, CurvesPane::tr("Experiment"), chosen.kind == Kind::Experiment, [choose] {
        choose({Kind::Experiment, {}});
    });
    addKeys(menu->addMenu(CurvesPane::tr("Param")), table.paramKeys,
            chosen.kind == Kind::Param ? chosen.key : Symbol(), [choose](Symbol key) {
                choose({Kind::Param, key});
            });
    addKeys(menu->addMenu(CurvesPane::tr("Tag")), table.tagKeys,
            chosen.kind == Kind::Tag ? chosen.key : Symbol(), [choose](Symbol key) {
                choose({Kind::Tag, key});
            });
}

template <typename Value, typename Choose>
void addValues(QMenu* menu, const std::vector<std::pair<Value, QString>>& values, Value chosen,
               Choose choose) {
    auto* group = new QActionGroup(menu);
    for (const auto& [value, text] : values) {
        group->addAction(addChoice(menu, text, value == chosen, [choose, value = value] { choose(value); }));
    }
}

}  // namespace

void CurvesPane::fillXMenu(QMenu* menu) {
    const auto& now = m_state->settings;
    for (const auto axis : {XAxis::Step, XAxis::Relative, XAxis::Wall}) {
        addChoice(menu, nameOf(axis), now.x == axis, [this, axis] {
            auto settings = m_state->settings;
            settings.x = axis;
            settings.logX = settings.logX && axis != XAxis::Wall;
            setSettings(settings);
        });
    }
    addKeys(menu->addMenu(tr("Metric")), m_visible->keys(), now.x == XAxis::Metric ? now.xMetric : Symbol(),
            [this](Symbol key) {
                auto settings = m_state->settings;
                settings.x = XAxis::Metric;
                settings.xMetric = key;
                setSettings(settings);
            });
    addChoice(menu, tr("Over what the script defined"), now.x == XAxis::Step && now.definedX, [this] {
        auto settings = m_state->settings;
        settings.definedX = settings.x != XAxis::Step || !settings.definedX;
        settings.x = XAxis::Step;
        setSettings(settings);
    });
    menu->addSeparator();
    addChoice(menu, tr("Log x"), now.logX, [this] {
        auto settings = m_state->settings;
        settings.logX = !settings.logX;
        setSettings(settings);
    })->setEnabled(now.x != XAxis::Wall);
    menu->addSeparator();
    addValues<series::Overlap>(
        menu,
        {{series::Overlap::KeepAll, tr("Restarted runs: keep all points")},
         {series::Overlap::LaterOverwrites, tr("Restarted runs: later overwrites earlier")}},
        now.overlap, [this](series::Overlap overlap) {
            auto settings = m_state->settings;
            settings.overlap = overlap;
            setSettings(settings);
        });
}

void CurvesPane::fillGroupMenu(QMenu* menu) {
    if (!m_session) {
        return;
    }
    const auto& now = m_state->settings.group;
    addChoice(menu, tr("No groups"), now.by.empty(), [this] {
        auto grouping = m_state->settings.group;
        grouping.by = {};
        setGrouping(grouping);
    });
    addRunKeys(menu, *m_session->runs(), now.by, true, [this](const RunKey& key) {
        auto grouping = m_state->settings.group;
        grouping.by = key;
        setGrouping(grouping);
    });
    menu->addSection(tr("Line"));
    using series::Centre;
    addValues<Centre>(menu,
                      {{Centre::Mean, tr("Mean")},
                       {Centre::Median, tr("Median")},
                       {Centre::Min, tr("Minimum")},
                       {Centre::Max, tr("Maximum")}},
                      now.centre, [this](Centre centre) {
                          auto grouping = m_state->settings.group;
                          grouping.centre = centre;
                          setGrouping(grouping);
                      });
    menu->addSection(tr("Band"));
    using series::Band;
    addValues<Band>(menu,
                    {{Band::None, tr("None")},
                     {Band::StandardDeviation, tr("Standard deviation")},
                     {Band::StandardError, tr("Standard error")},
                     {Band::ConfidenceT, tr("95 % confidence of the mean, Student's t")},
                     {Band::ConfidenceBootstrap, tr("95 % confidence of the mean, bootstrap")},
                     {Band::MinMax, tr("Minimum to maximum")}},
                    now.band, [this](Band band) {
                        auto grouping = m_state->settings.group;
                        grouping.band = band;
                        setGrouping(grouping);
                    });
}

void CurvesPane::fillMoreMenu(QMenu* menu) {
    if (!m_session) {
        return;
    }
    connect(menu->addAction(tr("New chart…")), &QAction::triggered, this, [this] { editChart({}); });
    menu->addSeparator();
    using series::SmoothingKind;
    addValues<SmoothingKind>(
        menu->addMenu(tr("Smoothing")),
        {{SmoothingKind::None, tr("None")},
         {SmoothingKind::Ema, tr("Moving average, debiased (as TensorBoard)")},
         {SmoothingKind::TimeWeightedEma, tr("Moving average, weighted by distance in x")},
         {SmoothingKind::Gaussian, tr("Gaussian")},
         {SmoothingKind::RunningMean, tr("Running mean")}},
        m_state->settings.smoothingKind, [this](SmoothingKind kind) {
            auto settings = m_state->settings;
            settings.smoothingKind = kind;
            settings.smoothing = usualSmoothing(kind);
            setSettings(settings);
        });
    const auto addLooks = [&](const QString& title, RunKey LooksChoice::*part) {
        auto* choices = menu->addMenu(title);
        addChoice(choices, tr("Run"), (m_state->looks.*part).empty(), [this, part] {
            auto looks = m_state->looks;
            looks.*part = {};
            setLooks(looks);
        });
        addRunKeys(choices, *m_session->runs(), m_state->looks.*part, false, [this, part](const RunKey& key) {
            auto looks = m_state->looks;
            looks.*part = key;
            setLooks(looks);
        });
    };
    addLooks(tr("Colors by"), &LooksChoice::color);
    addLooks(tr("Dashes by"), &LooksChoice::style);
    const auto selection = m_session->selection();
    auto* pick = menu->addAction(tr("Color of selected runs…"));
    pick->setEnabled(!selection.empty() && m_session->writable());
    connect(pick, &QAction::triggered, this, [this, selection] { pickColor(selection); });
    menu->addSeparator();
    for (auto* action : m_actions) {
        if (action->objectName() == QLatin1String("curves.media")) {
            menu->addAction(action);
        }
    }
}

void CurvesPane::fillChartMenu(ChartCard* card, QMenu* menu) {
    const auto id = card->id();
    const auto add = [&](const QString& text, std::function<void()> run) {
        auto* action = menu->addAction(text);
        connect(action, &QAction::triggered, this, std::move(run));
        return action;
    };
    addChoice(menu, tr("Log y"), settingsOf(id).logY, [this, id] { setLogY(id, !settingsOf(id).logY); });
    add(tr("Chart settings…"), [this, id] { editOptions(id); });
    if (card->spec().isCustom()) {
        add(tr("Edit chart…"), [this, id] { editChart(id); });
        add(tr("Remove chart"), [this, id] { removeChart(id); });
    }
    menu->addSeparator();
    add(card->isPinned() ? tr("Unpin chart") : tr("Pin chart"), [card] { card->togglePin(); });
    const bool large = m_grid->enlarged() == id;
    add(large ? tr("Back to all charts") : tr("Enlarge chart"),
        [this, id, large] { enlarge(large ? Symbol() : id); });
    add(tr("Full screen"), [this, id] {
        enlarge(id);
        if (!window()->isFullScreen()) {
            m_windowBefore = window()->windowState();
            window()->setWindowState(*m_windowBefore | Qt::WindowFullScreen);
        }
    });
    add(tr("Fit"), [this] { fit(); });
    add(tr("Values as a table"), [this, card] { showValues(card); });
    menu->addSeparator();
    add(tr("Copy chart as picture"), [this, card] { copyImage(card); });
    add(tr("Copy points as CSV"), [this, card] { copyPoints(card); });
    add(tr("Export chart…"), [this, card] { exportChart(card); });
}

void CurvesPane::pickColor(const std::vector<RunId>& runs) {
    const auto first = m_session && !runs.empty() ? m_session->run(runs.front()) : nullptr;
    if (!first) {
        return;
    }
    // Cancel changes nothing; the palette's own colour comes back with "undo" or by picking it.
    const auto color = QColorDialog::getColor(m_looks->color(*first), window(), tr("Color of selected runs"),
                                              QColorDialog::DontUseNativeDialog);
    if (color.isValid()) {
        m_session->setColor(runs, color.rgb() & 0xFFFFFFU);
    }
}

}  // namespace runglass::ui
