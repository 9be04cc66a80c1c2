// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/launch/console_pane.h"

#include <QDateTime>
#include <QPushButton>
#include <QStackedLayout>
#include <QVBoxLayout>

#include "foreign_console.h"
#include "runglass/base/clock.h"
#include "runglass/store/layout.h"
#include "runglass/ui/launch/console_view.h"
#include "runglass/ui/session/project_session.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/empty_state.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/label.h"
#include "runglass/ui/widgets/run_status.h"
#include "runglass/ui/widgets/search_field.h"
#include "runglass/ui/widgets/status_mark.h"

namespace runglass::ui {

namespace {

constexpr int kPollMs = 200;
constexpr int kForeignPollMs = 2'000;  ///< each look reads the whole file
/// Parsed within a frame; a long log is read in many such pieces, with the window alive between them.
constexpr std::size_t kPieceBytes = 128U << 10U;
constexpr int kStopQuestionMs = 5'000;

QString endText(const model::RunRecord& run) {
    if (run.status == model::RunStatus::Failed && run.exitCode) {
        return ConsolePane::tr("failed, exit %1").arg(*run.exitCode);
    }
    if (run.signal) {
        return ConsolePane::tr("%1, signal %2").arg(statusText(run.status)).arg(*run.signal);
    }
    return statusText(run.status);
}

QString startText(std::int64_t timeMs) {
    const auto time = QDateTime::fromMSecsSinceEpoch(timeMs);
    const auto clock = time.toString(QStringLiteral("HH:mm:ss"));
    return time.date() == QDate::currentDate() ? clock
                                               : formatTime(timeMs, nowMs()) + QLatin1Char(' ') + clock;
}

/// Launched by us or logged to us: only those have their console in our folder, and can be stopped.
bool isOwn(const model::RunRecord& run) {
    return run.source.text() == "runglass";
}

}  // namespace

ConsolePane::ConsolePane(QWidget* parent)
    : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    buildBar(column);
    m_stack = new QStackedLayout;
    m_view = new ConsoleView;
    m_empty = new EmptyState({}, {});
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    column->addLayout(m_stack, 1);

    connect(m_follow, &QPushButton::clicked, m_view, [this](bool on) { m_view->setFollowing(on); });
    connect(m_view, &ConsoleView::followingChanged, m_follow, &QPushButton::setChecked);
    connect(m_view, &ConsoleView::hitsChanged, this, &ConsolePane::updateSearchCount);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        if (m_session) {
            m_view->setSearch(text, m_session->pool(), m_session->guiExecutor());
        }
    });
    connect(m_search, &QLineEdit::returnPressed, this, [this] { findNext(false); });
    connect(m_stop, &QPushButton::clicked, this, &ConsolePane::askToStop);
    m_stopTimer.setSingleShot(true);
    connect(&m_stopTimer, &QTimer::timeout, this, [this] {
        m_askedToStop = false;
        updateStop();
    });
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &ConsolePane::poll);
    setRun(std::nullopt);
}

ConsolePane::~ConsolePane() = default;

void ConsolePane::buildBar(QVBoxLayout* column) {
    auto* bar = new Bar(nullptr, 32);
    m_mark = new StatusMark;
    m_title = new Label({}, TextRole::Body, 600);
    m_title->setVerbatim(true);
    m_remark = new Label({}, TextRole::Caption, 400, Token::TextTertiary);
    m_count = new Label({}, TextRole::Caption, 400, Token::TextTertiary);
    m_search = new SearchField(tr("Search output"));
    m_search->setFixedWidth(170);
    m_search->setObjectName(QStringLiteral("consoleSearch"));
    m_follow = makeButton(tr("Follow"), {}, ButtonKind::Small);
    m_follow->setObjectName(QStringLiteral("follow"));
    m_follow->setCheckable(true);
    m_follow->setChecked(true);
    m_follow->setToolTip(tr("Stay at the end of the output (End)"));
    m_stop =
        makeButton(tr("Stop"), QStringLiteral("stop"), ButtonKinds(ButtonKind::Danger) | ButtonKind::Small);
    m_stop->setObjectName(QStringLiteral("stop"));
    auto* row = bar->row();
    row->addWidget(m_mark);
    row->addWidget(m_title, 0);
    row->addWidget(m_remark, 1);
    row->addWidget(m_count);
    row->addWidget(m_search);
    row->addWidget(m_follow);
    row->addWidget(m_stop);
    column->addWidget(bar);
}

void ConsolePane::setSession(ProjectSession* session) {
    m_session = session;
    m_job.cancel();
    setRun(std::nullopt);
}

void ConsolePane::setRun(std::optional<RunId> run) {
    if (run && run == m_run) {
        return;
    }
    m_run = run;
    m_job.cancel();
    m_timer.stop();
    m_reader.reset();
    m_read = nullptr;
    m_hasFolder.reset();
    m_askedToStop = false;
    m_caughtUp = false;
    m_view->setBuffer(nullptr);
    m_buffer.clear();
    m_view->setBuffer(&m_buffer);
    refresh();
}

/// As soon as the run's record says where its console is.
void ConsolePane::startReading() {
    const auto& project = m_session->project();
    if (isOwn(*m_session->run(*m_run))) {
        const auto folder = store::Layout(project).runFolder(*m_run);
        m_reader = std::make_shared<launch::ConsoleReader>(folder);
        m_hasFolder = std::make_shared<std::atomic<bool>>(true);
        m_read = [reader = m_reader, hasFolder = m_hasFolder, folder](std::size_t bytes) {
            std::error_code error;
            hasFolder->store(std::filesystem::is_directory(folder, error));
            return reader->poll(bytes);
        };
        m_pollMs = kPollMs;
    } else {
        auto console = std::make_shared<ForeignConsole>(project, m_session->catalogue(), *m_run);
        m_read = [console = std::move(console)](std::size_t bytes) { return console->poll(bytes); };
        m_pollMs = kForeignPollMs;
    }
    poll();
}

void ConsolePane::refresh() {
    const auto record = m_run && m_session ? m_session->run(*m_run) : nullptr;
    m_mark->setVisible(record != nullptr);
    for (QWidget* widget : {static_cast<QWidget*>(m_search), static_cast<QWidget*>(m_follow)}) {
        widget->setVisible(record && !startedElsewhere());
    }
    if (!record) {
        m_title->setText(tr("Console"));
        m_remark->setText({});
        m_empty->setText(tr("No run is selected"),
                         tr("Launch a run, or select one in the list at the right."));
        m_stack->setCurrentWidget(m_empty);
        updateStop();
        return;
    }
    if (!m_read) {
        startReading();
    }
    m_mark->setStatus(record->status);
    m_title->setText(projectText(record->name));
    QString remark = QString::fromStdString(record->id.shortHex());
    if (record->startTimeMs) {
        remark += tr(", started %1").arg(startText(*record->startTimeMs));
    }
    if (model::isTerminal(record->status)) {
        remark += QStringLiteral(", ") + endText(*record);
        if (const auto duration = record->durationMs(nowMs())) {
            remark += tr(" after %1").arg(formatDuration(*duration));
        }
    }
    m_remark->setText(remark);
    m_stack->setCurrentWidget(m_buffer.lineCount() > 0 ? static_cast<QWidget*>(m_view)
                                                       : static_cast<QWidget*>(m_empty));
    updateEmpty(*record);
    updateStop();
    // The last words of a run that has just ended may have come after the last look.
    const bool mayHaveMore = m_reader || !m_caughtUp || !model::isTerminal(record->status);
    if (mayHaveMore && !m_timer.isActive() && !m_job.running()) {
        m_timer.start(m_pollMs);
    }
}

void ConsolePane::updateEmpty(const model::RunRecord& run) {
    if (startedElsewhere()) {
        m_empty->setText(tr("No console"),
                         tr("The script was started elsewhere, and what it prints is shown there."));
        return;
    }
    m_empty->setText(
        model::isTerminal(run.status) ? tr("This run printed nothing") : tr("Nothing printed yet"),
        isOwn(run) ? tr("What the command prints appears here as it comes.")
                   : tr("%1 has kept no output of this run.").arg(projectText(run.source.text())));
}

void ConsolePane::askToStop() {
    const auto record = m_run && m_session ? m_session->run(*m_run) : nullptr;
    if (!record || record->status != model::RunStatus::Running || !isOwn(*record)) {
        return;
    }
    if (startedElsewhere()) {
        Q_EMIT endRequested();
        return;
    }
    if (!m_askedToStop) {
        m_askedToStop = true;
        m_stopTimer.start(kStopQuestionMs);
    } else {
        m_askedToStop = false;
        Q_EMIT stopRequested(*m_run);
    }
    updateStop();
}

void ConsolePane::updateStop() {
    const auto record = m_run && m_session ? m_session->run(*m_run) : nullptr;
    m_stop->setVisible(record && record->status == model::RunStatus::Running && isOwn(*record));
    m_stop->setText(startedElsewhere() ? tr("Mark as ended…")
                    : m_askedToStop    ? tr("Stop this run?")
                                       : tr("Stop"));
    m_stop->setToolTip(startedElsewhere()
                           ? tr("For a script that has died: there is no process to stop (Ctrl+.)")
                           : tr("SIGTERM, then SIGKILL after the grace time (Ctrl+.)"));
}

void ConsolePane::poll() {
    if (!m_read || !m_session || m_job.running()) {
        return;
    }
    m_job = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [read = m_read](jobs::JobContext&) { return read(kPieceBytes); },
        [this](Result<std::vector<launch::ConsoleChunk>> chunks) {
            take(chunks.ok() ? std::move(chunks).value() : std::vector<launch::ConsoleChunk>());
        });
}

void ConsolePane::take(std::vector<launch::ConsoleChunk> chunks) {
    m_caughtUp = chunks.empty();
    std::size_t bytes = 0;
    for (const auto& chunk : chunks) {
        if (chunk.offset == 0 && m_buffer.byteCount() > 0) {  // the tool has written its file again
            m_view->setBuffer(nullptr);
            m_buffer.clear();
            m_view->setBuffer(&m_buffer);
        }
        bytes += chunk.bytes.size();
        m_buffer.append(chunk);
    }
    if (bytes > 0) {
        m_view->bufferGrown();
        m_stack->setCurrentWidget(m_view);
        Q_EMIT statusTextChanged();
    }
    if (startedElsewhere()) {
        Q_EMIT foundStartedElsewhere();
        refresh();
        return;
    }
    const auto record = m_run ? m_session->run(*m_run) : nullptr;
    const bool ended = record && model::isTerminal(record->status);
    if (bytes > 0 || !ended) {
        m_timer.start(bytes >= kPieceBytes / 2 ? 0 : m_pollMs);
    }
}

void ConsolePane::startFind() {
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void ConsolePane::findNext(bool backward) {
    m_view->showNextHit(backward);
}

void ConsolePane::updateSearchCount() {
    if (m_search->text().isEmpty()) {
        m_count->setText({});
    } else if (m_view->hitCount() == 0) {
        m_count->setText(tr("no hit"));
    } else {
        m_count->setText(tr("%1 of %2")
                             .arg(m_view->currentHit().value_or(0) + 1)
                             .arg(formatCount(static_cast<std::int64_t>(m_view->hitCount()))));
    }
}

QString ConsolePane::statusText() const {
    if (!m_run || m_buffer.lineCount() == 0) {
        return {};
    }
    const auto count = static_cast<std::int64_t>(m_buffer.lineCount());
    const auto bytes = formatBytes(static_cast<std::int64_t>(m_buffer.byteCount()));
    QString text =
        count == 1 ? tr("1 line, %1").arg(bytes) : tr("%1 lines, %2").arg(formatCount(count), bytes);
    // The reader is in a job now and then; what it dropped is known between jobs only.
    if (m_reader && !m_job.running() && m_reader->droppedBytes() > 0) {
        text += tr(", %1 in the middle not kept")
                    .arg(formatBytes(static_cast<std::int64_t>(m_reader->droppedBytes())));
    }
    return text;
}

}  // namespace runglass::ui
