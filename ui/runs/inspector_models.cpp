// SPDX-License-Identifier: GPL-3.0-or-later
// The section of the inspector about the models that a run made or read, and what is registered of them.
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QTabBar>
#include <algorithm>

#include "fact_list.h"
#include "inspector_parts.h"
#include "runglass/sources/run_models.h"
#include "runglass/ui/runs/inspector.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

std::optional<StatusGlyph> markOf(model::ModelStatus status) {
    switch (status) {
        case model::ModelStatus::Pending:
            return StatusGlyph::Running;
        case model::ModelStatus::Ready:
            return StatusGlyph::Finished;
        case model::ModelStatus::UploadFailed:
            return StatusGlyph::Failed;
        case model::ModelStatus::Unspecified:
            break;
    }
    return std::nullopt;
}

QString statusWords(model::ModelStatus status) {
    switch (status) {
        case model::ModelStatus::Pending:
            return Inspector::tr("pending");
        case model::ModelStatus::Ready:
            return Inspector::tr("ready");
        case model::ModelStatus::UploadFailed:
            return Inspector::tr("upload failed");
        case model::ModelStatus::Unspecified:
            break;
    }
    return {};
}

/// Stage and aliases, after `name` where that is not the row's own.
void addChips(Fact& fact, const QString& name, const model::ModelVersion& version) {
    if (!name.isEmpty()) {
        fact.chips.push_back({name, Token::TextPrimary, Token::SurfaceBase});
    }
    if (!version.stage.empty()) {
        const bool live = version.stage == "Production";
        fact.chips.push_back({projectText(version.stage), live ? Token::SemanticOk : Token::SemanticInfo,
                              live ? Token::SemanticOkBg : Token::SemanticInfoBg});
    }
    for (const auto& alias : version.aliases) {
        fact.chips.push_back({QLatin1Char('@') + projectText(alias), Token::TextLink, Token::AccentTint});
    }
}

/// For those who hear or copy the line.
QString wordsOf(const Fact& fact, QStringList words) {
    for (const auto& chip : fact.chips) {
        words << chip.text;
    }
    words.removeAll(QString());
    return words.join(QStringLiteral(", "));
}

QString versionName(const model::ModelVersion& version) {
    return QStringLiteral("%1 v%2").arg(projectText(version.model)).arg(version.version);
}

QString pairsText(const QString& title, const std::vector<std::pair<std::string, std::string>>& pairs) {
    QString text;
    for (const auto& [key, value] : pairs) {
        text += QStringLiteral("\n%1 %2: %3").arg(title, projectText(key), projectText(value));
    }
    return text;
}

QString metricsText(const model::LoggedModel& model) {
    QString text;
    for (const auto& metric : model::latestMetrics(model)) {
        text +=
            Inspector::tr("\nmetric %1: %2").arg(projectText(metric.key), formatExact(metric.point.value));
        text += metric.dataset.empty() ? QString() : QStringLiteral(" (%1)").arg(projectText(metric.dataset));
    }
    return text;
}

Fact modelFact(const model::LoggedModel& model, const model::RunModels& all) {
    Fact fact;
    fact.key = projectText(model.name.empty() ? model.id : model.name);
    fact.mark = markOf(model.status);
    fact.remark = model.output ? projectText(model.type) : Inspector::tr("read");
    for (const auto& version : all.versions) {
        if (version.loggedModel == model.id) {
            addChips(fact, versionName(version), version);
        }
    }
    fact.value = wordsOf(fact, {statusWords(model.status)});
    fact.tooltip = projectText(model.id) + QLatin1Char('\n') + fact.value +
                   (model.step ? Inspector::tr("\nstep %1").arg(formatCount(*model.step)) : QString()) +
                   metricsText(model) + pairsText(Inspector::tr("param"), model.params) +
                   pairsText(Inspector::tr("tag"), model.tags);
    return fact;
}

/// Files of the run, registered without a logged model.
Fact versionFact(const model::ModelVersion& version) {
    Fact fact;
    fact.key = versionName(version);
    fact.remark = Inspector::tr("registered");
    addChips(fact, {}, version);
    fact.value = wordsOf(fact, {});
    fact.tooltip = projectText(version.source) + QLatin1Char('\n') + fact.value;
    return fact;
}

}  // namespace

void Inspector::buildModels(InspectorPage* page) {
    m_modelList = new FactList(tr("Models"), FactList::Style::Models, page);
    page->add(m_modelList);
    const auto showFiles = [this] { m_tabBar->setCurrentIndex(m_tabBar->count() - 1); };
    connect(m_modelList, &FactList::activated, this, showFiles);
    connect(m_modelList, &FactList::menuRequested, this, [=, this](int item, QMenu* menu) {
        menu->addAction(tr("Show files"), this, showFiles);
        menu->addAction(tr("Copy id"), this, [id = m_models.models[static_cast<std::size_t>(item)].id] {
            QGuiApplication::clipboard()->setText(QString::fromStdString(id));
        });
    });
}

void Inspector::requestModels() {
    m_modelsPending = true;
    m_modelsJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [project = m_session->project(), catalogue = m_session->catalogue(), id = *m_id](jobs::JobContext&) {
            return sources::readModels(project, catalogue.get(), id);
        },
        [this](const Result<model::RunModels>& models) {
            m_modelsPending = false;
            m_models = models ? *models : model::RunModels();
            showModels();
        });
}

void Inspector::showModels() {
    std::vector<Fact> facts;
    for (std::size_t i = 0; i < m_models.models.size(); ++i) {
        facts.push_back(modelFact(m_models.models[i], m_models));
        facts.back().item = m_models.models[i].output ? static_cast<int>(i) : -1;
    }
    for (const auto& version : m_models.versions) {
        if (std::ranges::find(m_models.models, version.loggedModel, &model::LoggedModel::id) ==
            m_models.models.end()) {
            facts.push_back(versionFact(version));
        }
    }
    m_modelList->setFacts(std::move(facts));
    if (!m_models.problems.empty()) {
        showProblems();
    }
}

}  // namespace runglass::ui
