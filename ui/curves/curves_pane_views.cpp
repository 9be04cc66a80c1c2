// SPDX-License-Identifier: GPL-3.0-or-later
// Saved views and charts made by hand.
#include <QInputDialog>
#include <QMenu>
#include <algorithm>

#include "chart_dialogs.h"
#include "chart_grid.h"
#include "curves_state.h"
#include "runglass/ui/curves/curves_pane.h"
#include "runglass/ui/session/saved_views.h"
#include "visible_runs.h"

namespace runglass::ui {

namespace {
constexpr QLatin1String kPart("curves");
}

void CurvesPane::loadViews() {
    m_viewsJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [project = m_session->project()](jobs::JobContext&) { return saved_views::names(project); },
        [this](const QStringList& names) { m_viewNames = names; });
}

void CurvesPane::fillViewsMenu(QMenu* menu) {
    for (const auto& name : m_viewNames) {
        auto* action = menu->addAction(QString(name).replace(QLatin1Char('&'), QLatin1String("&&")));
        action->setCheckable(true);
        action->setChecked(name == m_viewName);
        connect(action, &QAction::triggered, this, [this, name] { openView(name); });
    }
    menu->addSeparator();
    for (auto* action : m_actions) {
        if (action->objectName().startsWith(QLatin1String("curves.saveView"))) {
            menu->addAction(action);
        }
    }
    auto* remove = menu->addAction(tr("Remove view %1").arg(m_viewName));
    remove->setVisible(!m_viewName.isEmpty());
    connect(remove, &QAction::triggered, this, [this] { removeView(m_viewName); });
}

void CurvesPane::saveView() {
    if (m_viewName.isEmpty()) {
        saveViewAs();
        return;
    }
    if (!m_session) {
        return;
    }
    m_viewsJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [project = m_session->project(), name = m_viewName, state = viewState()](jobs::JobContext&) {
            return saved_views::writePart(project, name, kPart, state);
        },
        [this](const Result<void>& written) {
            if (!written) {
                m_session->raiseProblem(QString::fromStdString(written.error().message));
            }
            loadViews();
        });
}

void CurvesPane::saveViewAs() {
    if (!m_session) {
        return;
    }
    bool accepted = false;
    const auto name = QInputDialog::getText(window(), tr("Save view as"), tr("Name"), QLineEdit::Normal,
                                            m_viewName, &accepted)
                          .trimmed();
    if (accepted && !name.isEmpty()) {
        m_viewName = name;
        saveView();
    }
}

void CurvesPane::openView(const QString& name) {
    m_viewsJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [project = m_session->project(), name](jobs::JobContext&) {
            return saved_views::read(project, name);
        },
        [this, name](const Result<QJsonObject>& view) {
            if (!view) {
                m_session->raiseProblem(QString::fromStdString(view.error().message));
                return;
            }
            m_viewName = name;
            setViewState((*view)[kPart].toObject());
        });
}

void CurvesPane::removeView(const QString& name) {
    m_viewName.clear();
    m_viewsJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [project = m_session->project(), name](jobs::JobContext&) {
            return saved_views::remove(project, name);
        },
        [this](const Result<void>& removed) {
            if (!removed) {
                m_session->raiseProblem(QString::fromStdString(removed.error().message));
            }
            loadViews();
        });
}

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
