// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/runs/inspector.h"

#include <QInputDialog>
#include <QStackedLayout>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>
#include <algorithm>

#include "artifact_actions.h"
#include "fact_list.h"
#include "inspector_parts.h"
#include "run_row_painter.h"
#include "run_times.h"
#include "runglass/base/clock.h"
#include "runglass/launch/script_flags.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/empty_state.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/label.h"
#include "runglass/ui/widgets/run_status.h"

namespace runglass::ui {

namespace {

// What arrives for a run that goes on is seen within a second, and a run that logs all the time costs two
// readings of its detail a second.
constexpr int kDetailEveryMs = 500;
constexpr int kSecondMs = 1000;

}  // namespace

Inspector::Inspector(QWidget* parent)
    : QWidget(parent)
    , m_artifacts(new ArtifactActions(this)) {
    setObjectName(QStringLiteral("inspector"));
    setMinimumWidth(static_cast<int>(Theme::current().metric("size.inspectorMin")));
    m_body = new QWidget(this);
    m_empty = new EmptyState(tr("No run is selected"), tr("Select a run to see what it was and what it did."),
                             {}, this);
    auto* layout = new QStackedLayout(this);
    layout->addWidget(m_empty);
    layout->addWidget(m_body);
    auto* column = new QVBoxLayout(m_body);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    buildHead();
    buildTabs();
    m_detailTimer.setSingleShot(true);
    connect(&m_detailTimer, &QTimer::timeout, this, &Inspector::refreshDetail);
    m_clock.setInterval(kSecondMs);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        if (isVisible()) {
            showTimes();
        }
    });
}

Inspector::~Inspector() = default;

QSize Inspector::sizeHint() const {
    return {static_cast<int>(Theme::current().metric("size.inspector")), 600};
}

void Inspector::buildHead() {
    auto* head = new Surface(Token::SurfacePanel, {}, m_body);
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(12, 8, 12, 6);
    column->setSpacing(4);
    auto* title = new QHBoxLayout;
    title->setSpacing(6);
    m_status = new StatusMark(head);
    m_name = new Label({}, TextRole::Strong, 600, Token::TextPrimary, head);
    m_name->setVerbatim(true);
    m_name->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_star = makeIconButton(QStringLiteral("star"), tr("Star"), head);
    m_star->setObjectName(QStringLiteral("starRun"));
    connect(m_star, &QToolButton::clicked, this, [this] { m_session->setStarred({*m_id}, !m_run->starred); });
    title->addWidget(m_status);
    title->addWidget(m_name, 1);
    title->addWidget(m_star);
    column->addLayout(title);

    auto* second = new QHBoxLayout;
    second->setSpacing(6);
    m_id8 = new Label({}, TextRole::CodeSmall, 400, Token::TextTertiary, head);
    m_times = new Label({}, TextRole::Caption, 400, Token::TextTertiary, head);
    m_times->setElideMode(Qt::ElideRight);
    m_times->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    second->addWidget(m_id8);
    second->addWidget(m_times, 1);
    column->addLayout(second);

    m_tags = new TagRow(head);
    connect(m_tags, &TagRow::addRequested, this, &Inspector::addTag);
    connect(m_tags, &TagRow::removeRequested, this,
            [this](const QString& key) { m_session->removeTag({*m_id}, key); });
    column->addWidget(m_tags);
    m_body->layout()->addWidget(head);
}

void Inspector::buildTabs() {
    m_tabBar = new QTabBar(m_body);
    m_tabBar->setDrawBase(true);
    m_tabBar->setExpanding(false);
    m_tabBar->setElideMode(Qt::ElideNone);
    m_tabBar->setUsesScrollButtons(true);
    setFocusProxy(m_tabBar);
    m_pages = new QStackedWidget(m_body);
    const auto addPage = [this](const QString& title) {
        auto* page = new InspectorPage(m_pages);
        m_tabBar->addTab(title);
        m_pages->addWidget(page);
        return page;
    };
    const auto add = [](InspectorPage* page, const QString& title, FactList::Style style) {
        auto* list = new FactList(title, style, page);
        page->add(list);
        return list;
    };
    using Style = FactList::Style;
    auto* overview = addPage(tr("Overview"));
    auto* params = addPage(tr("Params"));
    auto* metrics = addPage(tr("Metrics"));
    auto* source = addPage(tr("Source"));
    auto* files = addPage(tr("Files"));
    m_topMetrics = add(overview, tr("Metrics"), Style::Numbers);
    m_topParams = add(overview, tr("Params"), Style::Facts);
    buildFamily(overview);
    m_source.push_back(add(overview, tr("Source"), Style::Facts));
    m_command = add(overview, tr("Command"), Style::Box);
    m_environment = add(overview, tr("Environment"), Style::Facts);
    buildModels(overview);
    m_files.push_back(add(overview, tr("Data and files"), Style::Files));
    m_problems = add(overview, tr("Problems while recording"), Style::Box);
    m_remarks = add(overview, tr("Remarks"), Style::Box);
    m_note = new NoteEditor(overview);
    auto* note = new QWidget(overview);
    auto* noteLayout = new QVBoxLayout(note);
    noteLayout->setContentsMargins(12, 6, 12, 12);
    noteLayout->setSpacing(6);
    noteLayout->addWidget(new Label(tr("Note"), TextRole::Body, 600, Token::TextPrimary, note));
    noteLayout->addWidget(m_note);
    overview->add(note);
    connect(m_note, &NoteEditor::noteEdited, this,
            [this](const QString& text) { m_session->setNote(*m_id, text); });

    m_allParams = add(params, tr("Params"), Style::Facts);
    m_allMetrics = add(metrics, tr("Metrics"), Style::Numbers);
    m_source.push_back(add(source, tr("Source"), Style::Facts));
    m_packages = add(source, tr("Packages"), Style::Facts);
    m_files.push_back(add(files, tr("Data and files"), Style::Files));
    for (auto* list : m_files) {
        connect(list, &FactList::activated, this, [this](int item) {
            m_artifacts->open(*m_id, m_detail->artifacts[static_cast<std::size_t>(item)]);
        });
        connect(list, &FactList::menuRequested, this, [this](int item, QMenu* menu) {
            m_artifacts->fillMenu(menu, *m_id, m_detail->artifacts[static_cast<std::size_t>(item)]);
        });
    }

    auto* bar = new Surface(Token::SurfacePanel, Qt::BottomEdge, m_body);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(2, 0, 0, 0);
    row->addWidget(m_tabBar);
    row->addStretch(1);
    m_body->layout()->addWidget(bar);
    static_cast<QVBoxLayout*>(m_body->layout())->addWidget(m_pages, 1);
    connect(m_tabBar, &QTabBar::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
    connect(m_tabBar, &QTabBar::currentChanged, this, [this](int) { showMetrics(); });
}

void Inspector::setSession(ProjectSession* session) {
    if (m_session) {
        m_session->disconnect(this);
        m_note->commit();  // belongs to the project before
    }
    m_session = session;
    m_artifacts->setSession(session);
    m_id.reset();
    m_run.reset();
    m_detail.reset();
    m_detailTimer.stop();
    m_detailsCome = m_detailsAsked;  // what is still to come is not wanted
    m_modelsJob = {};
    m_modelsPending = false;
    m_subjectJob = {};
    m_subjects.clear();
    if (session) {
        connect(session, &ProjectSession::selectionChanged, this, &Inspector::follow);
        connect(session, &ProjectSession::runsChanged, this, &Inspector::follow);
        connect(session, &ProjectSession::runColorsChanged, this, &Inspector::showMetrics);
    }
    follow();
}

void Inspector::follow() {
    const bool any = m_session && !m_session->selection().empty();
    setRun(any ? m_session->run(m_session->selection().front()) : nullptr);
}

void Inspector::setRun(const model::SharedRun& run) {
    const bool other = !run || !m_id || *m_id != run->id;
    if (other) {
        m_note->commit();  // belongs to the run before
        m_note->startOver();
        m_models = {};
        m_modelsJob = {};
        m_modelsPending = false;
        m_detailTimer.stop();
        m_detail.reset();
    }
    const bool changed = run != m_run;
    const bool newState = other || (m_run && run && m_run->status != run->status) ||
                          (m_run && run && m_run->hasNote != run->hasNote);
    m_run = run;
    m_id = run ? std::optional(run->id) : std::nullopt;
    static_cast<QStackedLayout*>(layout())->setCurrentWidget(run ? m_body : m_empty);
    if (!run) {
        m_clock.stop();
        return;
    }
    if (changed || other) {
        showRecord();
    } else {
        showParams();  // what the baseline is may have changed with the selection
    }
    showFamily();
    if (newState) {
        if (other) {
            showDetail();
            showModels();
        }
        requestDetail();
    } else if (changed && !m_detailTimer.isActive()) {
        m_detailTimer.start(kDetailEveryMs);  // files, data sets and models may have come with the change
    }
}

void Inspector::refreshDetail() {
    if (m_detailsAsked != m_detailsCome || m_modelsPending) {
        m_detailTimer.start(kDetailEveryMs);  // slower to read than it changes
    } else if (m_id) {
        requestDetail();
    }
}

void Inspector::requestDetail() {
    requestModels();
    m_session->requestDetail(*m_id, this, [this, id = *m_id, asked = ++m_detailsAsked](auto detail) {
        const bool newest = asked > m_detailsCome;  // answers may overtake each other
        m_detailsCome = std::max(m_detailsCome, asked);
        if (detail && newest && m_id == id) {
            m_detail = std::move(detail).value();
            showDetail();
        }
    });
}

QString Inspector::timesText() const {
    QStringList parts;
    if (!m_run->experiment.empty()) {
        parts << projectText(m_run->experiment.text());
    }
    parts << ui::timesText(*m_run, nowMs());
    if (m_run->exitCode.value_or(0) != 0) {
        parts << tr("exit %1").arg(*m_run->exitCode);
    } else if (m_run->signal) {
        parts << tr("signal %1").arg(*m_run->signal);
    }
    return parts.join(QStringLiteral("  "));
}

void Inspector::showTimes() {
    m_times->setText(timesText());
    m_times->setToolTip(Qt::convertFromPlainText(stateTooltip(*m_run, nowMs())));
}

void Inspector::showRecord() {
    const bool goesOn = m_run->status == model::RunStatus::Running;
    if (goesOn != m_clock.isActive()) {
        goesOn ? m_clock.start() : m_clock.stop();
    }
    m_status->setStatus(m_run->status);
    m_name->setText(projectText(m_run->name.empty() ? m_run->id.shortHex() : m_run->name));
    m_id8->setText(QString::fromStdString(m_run->id.shortHex()));
    showTimes();
    m_star->setEnabled(m_session->writable());
    m_star->setIcon(m_run->starred ? themedIcon(QStringLiteral("star"), Token::SemanticWarn)
                                   : themedIcon(QStringLiteral("star")));
    m_tags->setTags(m_run->tags, m_session->writable());
    m_note->setReadOnly(!m_session->writable());
    showMetrics();
    showParams();
    showSource();
}

void Inspector::showDetail() {
    if (m_detail && !m_detail->origins.empty()) {
        showSource();  // with all the places that the run was read from
    }
    m_note->setNote(m_detail ? QString::fromStdString(m_detail->note) : QString());
    std::vector<Fact> command;
    if (m_detail && !m_detail->command.empty()) {
        command.push_back({{}, projectText(launch::joinCommand(m_detail->command))});
    }
    m_command->setFacts(std::move(command));
    showProblems();
    showEnvironment();
    showFiles();
}

void Inspector::showProblems() {
    const auto textOf = [](const std::vector<std::string>& sentences) {
        QStringList lines;
        for (const auto& sentence : sentences) {
            lines << projectText(sentence);
        }
        lines.removeDuplicates();
        return lines.isEmpty() ? std::vector<Fact>()
                               : std::vector<Fact>{{{}, lines.join(QChar::LineSeparator)}};
    };
    auto problems = m_detail ? m_detail->problems : std::vector<std::string>();
    problems.insert(problems.end(), m_models.problems.begin(), m_models.problems.end());
    m_problems->setTitle(m_run->source.text() == "runglass" ? tr("Problems while recording")
                                                            : tr("Problems while reading"));
    m_problems->setFacts(textOf(problems));
    m_remarks->setFacts(m_detail ? textOf(m_detail->remarks) : std::vector<Fact>());
}

void Inspector::addTag() {
    bool accepted = false;
    const auto text = QInputDialog::getText(window(), tr("Add tag"), tr("Tag, or key=value:"),
                                            QLineEdit::Normal, {}, &accepted)
                          .trimmed();
    if (accepted && !text.isEmpty() && m_session && m_id) {
        const auto equals = text.indexOf(QLatin1Char('='));
        m_session->setTag({*m_id}, equals < 0 ? text : text.left(equals).trimmed(),
                          equals < 0 ? QString() : text.mid(equals + 1).trimmed());
    }
}

}  // namespace runglass::ui
