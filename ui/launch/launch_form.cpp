// SPDX-License-Identifier: GPL-3.0-or-later
#include "launch_form.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <set>

#include "field_frame.h"
#include "run_preview.h"
#include "runglass/launch/script_flags.h"
#include "runglass/ui/launch/command_edit.h"
#include "runglass/ui/launch/flags_form.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/session/project_session.h"
#include "runglass/ui/widgets/banner.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/label.h"

namespace runglass::ui {

namespace {

constexpr int kCheckDelayMs = 200;
constexpr int kMaxHistory = 100;
/// Commands may hold line feeds, but not this.
constexpr QChar kHistorySeparator(0x1E);
constexpr int kMargin = 16;

/// Words that a shell would act on.
bool isForShell(const std::string& word) {
    static const std::array<std::string_view, 9> kOperators{"|", "||", "&", "&&", ";", "<", ">", ">>", "2>"};
    return std::find(kOperators.begin(), kOperators.end(), word) != kOperators.end() ||
           (word.size() > 1 && (word.ends_with(';') || word.starts_with('$') || word.starts_with("~/")));
}

}  // namespace

LaunchForm::LaunchForm(QWidget* parent)
    : QWidget(parent) {
    auto* content = new Surface(Token::SurfaceBase);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(kMargin, 12, kMargin, 12);
    column->setSpacing(6);
    m_readOnly = new Banner(Tone::Warn, {});
    m_readOnly->setObjectName(QStringLiteral("readOnly"));
    m_error = new Banner(Tone::Danger, {});
    m_error->setObjectName(QStringLiteral("launchError"));
    m_error->setClosable(true);
    m_readOnly->hide();
    m_error->hide();
    column->addWidget(m_readOnly);
    column->addWidget(m_error);
    buildCommand(column);
    buildFlags(column);
    buildNames(column);
    column->addStretch(1);

    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins({});
    outer->setSpacing(0);
    outer->addWidget(scroll, 1);
    outer->addWidget(buildFooter());

    m_checkTimer.setSingleShot(true);
    connect(&m_checkTimer, &QTimer::timeout, this, &LaunchForm::checkNow);
    connect(m_command, &QPlainTextEdit::textChanged, this, &LaunchForm::onCommandChanged);
    connect(m_command, &CommandEdit::launchRequested, this, &LaunchForm::launchRequested);
    connect(m_flags, &FlagsForm::commandEdited, m_command, &CommandEdit::setCommand);
    connect(m_onlySet, &QPushButton::toggled, m_flags, &FlagsForm::setOnlySet);
    connect(m_launch, &QPushButton::clicked, this, &LaunchForm::launchRequested);
    present({});
}

void LaunchForm::buildCommand(QVBoxLayout* column) {
    auto* title = new QHBoxLayout;
    title->addWidget(new Label(tr("Command"), TextRole::Body, 600));
    auto* hint = new Label(tr("Up and Down for history"), TextRole::Caption, 400, Token::TextTertiary);
    hint->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    title->addWidget(hint, 1);
    column->addLayout(title);
    m_command = new CommandEdit;
    m_commandFrame = new FieldFrame(m_command);
    column->addWidget(m_commandFrame);
    m_mistake = new Label({}, TextRole::Caption, 400, Token::SemanticDanger);
    m_mistake->setObjectName(QStringLiteral("mistake"));
    column->addWidget(m_mistake);
}

void LaunchForm::buildFlags(QVBoxLayout* column) {
    auto* title = new QHBoxLayout;
    m_flagsTitle = new Label(tr("Flags"), TextRole::Body, 600);
    m_flagsRemark = new Label({}, TextRole::Caption, 400, Token::TextTertiary);
    m_flagsRemark->setObjectName(QStringLiteral("flagsRemark"));
    m_onlySet = makeButton(tr("Only set"), {}, ButtonKinds(ButtonKind::Quiet) | ButtonKind::Small);
    m_onlySet->setObjectName(QStringLiteral("onlySet"));
    m_onlySet->setCheckable(true);
    title->addWidget(m_flagsTitle);
    title->addWidget(m_flagsRemark, 1);
    title->addWidget(m_onlySet);
    column->addSpacing(4);
    column->addLayout(title);
    m_flags = new FlagsForm;
    column->addWidget(m_flags);
}

void LaunchForm::buildNames(QVBoxLayout* column) {
    column->addSpacing(4);
    column->addWidget(new Hairline(Qt::Horizontal, nullptr, Token::BorderSubtle));
    column->addSpacing(4);
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    const auto add = [row](const QString& title, QWidget* field, int stretch) {
        auto* cell = new QVBoxLayout;
        cell->setSpacing(3);
        cell->addWidget(new Label(title, TextRole::Caption, 400, Token::TextSecondary));
        cell->addWidget(field);
        field->setAccessibleName(title);
        row->addLayout(cell, stretch);
    };
    m_name = new QLineEdit;
    m_name->setObjectName(QStringLiteral("runName"));
    m_experiment = new QComboBox;
    m_experiment->setObjectName(QStringLiteral("experiment"));
    m_experiment->setEditable(true);
    m_experiment->setInsertPolicy(QComboBox::NoInsert);
    setButtonKind(m_experiment, ButtonKind::Form);
    m_experiment->lineEdit()->setPlaceholderText(QStringLiteral("default"));
    add(tr("Name"), m_name, 3);
    add(tr("Experiment"), m_experiment, 2);
    column->addLayout(row);
    column->addSpacing(6);
    m_preview = new RunPreview;
    column->addWidget(m_preview);
}

QWidget* LaunchForm::buildFooter() {
    auto* footer = new Surface(Token::SurfaceBase, Qt::TopEdge);
    auto* row = new QHBoxLayout(footer);
    row->setContentsMargins(kMargin, 8, kMargin, 8);
    m_remark = new Label({}, TextRole::Caption, 400, Token::TextSecondary);
    m_remark->setElideMode(Qt::ElideRight);
    m_launch = makeButton({}, QStringLiteral("launch"), ButtonKind::Primary);
    m_launch->setObjectName(QStringLiteral("launch"));
    m_launch->setAccessibleName(tr("Launch"));
    m_launch->setToolTip(tr("Start the command as a tracked run (Ctrl+Enter)"));
    row->addWidget(m_remark, 1);
    row->addWidget(m_launch);
    return footer;
}

QString LaunchForm::settingsKey(const char* name) const {
    // A path holds the separator of setting groups; its hex does not.
    return QStringLiteral("launch/%1/%2")
        .arg(QString::fromLatin1(QByteArray::fromStdString(m_session->project().string()).toHex()),
             QLatin1String(name));
}

void LaunchForm::setSession(ProjectSession* session) {
    m_session = session;
    m_checkJob.cancel();
    m_proposeJob.cancel();
    showError({});
    if (!session) {
        m_command->setHistory({});
        m_command->setCommand({});
        updateButton();
        return;
    }
    const auto& settings = AppSettings::instance();
    m_command->setHistory(QString::fromUtf8(settings.state(settingsKey("history")))
                              .split(kHistorySeparator, Qt::SkipEmptyParts));
    m_command->setCommand(m_command->history().isEmpty() ? QString() : m_command->history().last());
    m_experiment->setCurrentText(QString::fromUtf8(settings.state(settingsKey("experiment"))));
    if (m_command->command().isEmpty()) {
        proposeCommand();
    }
    offerExperiments();
    const auto showWritable = [this] {
        const bool readOnly = m_session && m_session->loaded() && !m_session->writable();
        m_readOnly->setText(readOnly ? m_session->whyNotWritable() : QString());
        m_readOnly->setVisible(readOnly);
        updateButton();
    };
    connect(session, &ProjectSession::loadedChanged, this, showWritable);
    showWritable();
    checkNow();
}

/// A first visit starts with the script that a project of this kind usually has.
void LaunchForm::proposeCommand() {
    m_proposeJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [project = m_session->project()](jobs::JobContext&) {
            for (const char* script : {"train.py", "main.py", "src/train.py", "run.py"}) {
                std::error_code ignored;
                if (std::filesystem::is_regular_file(project / script, ignored)) {
                    const bool venv = std::filesystem::exists(project / ".venv/bin/python", ignored);
                    return QStringLiteral("%1 %2").arg(
                        venv ? QLatin1String(".venv/bin/python") : QLatin1String("python3"),
                        QLatin1String(script));
                }
            }
            return QString();
        },
        [this](const QString& command) {
            if (m_command->command().isEmpty()) {
                m_command->setCommand(command);
            }
        });
}

void LaunchForm::offerExperiments() {
    std::set<Symbol> experiments;  // of 100,000 runs there are few
    if (m_session) {
        for (const auto& run : m_session->runs()->runs) {
            experiments.insert(run->experiment);
        }
    }
    std::set<QString> names;
    for (const Symbol experiment : experiments) {
        names.insert(projectText(experiment.text()));
    }
    if (static_cast<std::size_t>(m_experiment->count()) == names.size()) {
        return;
    }
    const auto text = m_experiment->currentText();
    m_experiment->clear();
    for (const auto& name : names) {
        m_experiment->addItem(name);
    }
    m_experiment->setCurrentText(text);
}

void LaunchForm::setCommand(const QString& command) {
    m_command->setCommand(command);
}

void LaunchForm::onCommandChanged() {
    m_flags->showCommand(m_command->command());
    showFlagsTitle();
    updateButton();
    m_checkTimer.start(kCheckDelayMs);
}

void LaunchForm::checkNow() {
    m_checkTimer.stop();
    if (!m_session) {
        return;
    }
    m_checkJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [line = m_command->command().toStdString(), project = m_session->project()](jobs::JobContext&) {
            return checkCommand(line, project);
        },
        [this](CommandCheck check) { present(std::move(check)); });
}

void LaunchForm::present(CommandCheck check) {
    m_check = std::move(check);
    m_mistake->setText(m_check.mistake);
    m_mistake->setVisible(!m_check.mistake.isEmpty());
    m_commandFrame->setMistaken(!m_check.mistake.isEmpty());
    m_flags->setFlags(m_check.flags);
    m_flags->showCommand(m_command->command());
    showFlagsTitle();
    QList<QPair<QString, QString>> lines;
    if (m_session) {
        lines << qMakePair(tr("cwd"), projectText(m_session->project().native()));
    }
    if (!m_check.interpreter.isEmpty()) {
        lines << qMakePair(tr("with"), m_check.interpreter);
    }
    lines << qMakePair(tr("env"), tr("RUNGLASS_RUN_ID, MLFLOW_TRACKING_URI and PYTHONUNBUFFERED=1 are set"));
    if (m_check.withheld > 0) {
        lines << qMakePair(
            QString(),
            tr("%1 variables look like secrets; their values are not stored").arg(m_check.withheld));
    }
    lines << qMakePair(tr("stop"),
                       tr("SIGTERM, after %1 s SIGKILL").arg(AppSettings::instance().graceMs() / 1000));
    m_preview->setLines(std::move(lines));
    updateButton();
}

void LaunchForm::showFlagsTitle() {
    const auto& declared = m_check.flags;
    const bool any = !declared.flags.empty();
    m_onlySet->setVisible(any);
    m_flags->setVisible(any);
    if (any) {
        m_flagsRemark->setText(tr("%1 found in %2 by reading its text (%3), %4 set")
                                   .arg(declared.flags.size())
                                   .arg(projectText(m_check.script), QString::fromStdString(declared.reader))
                                   .arg(m_flags->setCount()));
    } else {
        m_flagsRemark->setText(
            m_check.scriptFound
                ? tr("%1 declares none that can be read from its text").arg(projectText(m_check.script))
                : tr("are read from the text of a Python script"));
    }
}

bool LaunchForm::canLaunch() const {
    const auto split = launch::splitCommand(m_command->command().toStdString());
    return m_session && m_session->writable() && !m_busy && split.complete && !split.words.empty();
}

void LaunchForm::updateButton() {
    m_launch->setEnabled(canLaunch());
    m_launch->setText(m_busy ? tr("Starting…") : tr("Launch   Ctrl+⏎"));
    const auto words = launch::splitCommand(m_command->command().toStdString()).words;
    const auto shellWord = std::find_if(words.begin(), words.end(), isForShell);
    m_remark->setText(words.empty() ? tr("Type a command to launch it as a tracked run.")
                      : shellWord != words.end()
                          ? tr("Without a shell, %1 is a word like others. With one: sh -c '…'")
                                .arg(projectText(*shellWord))
                          : tr("One run. It goes on when this window is closed."));
    const auto script = launch::scriptOfCommand(words);
    const auto name = std::filesystem::path(script.empty() && !words.empty() ? words.front() : script).stem();
    m_name->setPlaceholderText(name.empty() ? tr("from the command") : projectText(name.native()));
}

launch::LaunchSpec LaunchForm::spec() const {
    launch::LaunchSpec spec;
    spec.project = m_session->project();
    spec.command = launch::splitCommand(m_command->command().toStdString()).words;
    spec.name = m_name->text().trimmed().toStdString();
    spec.experiment = m_experiment->currentText().trimmed().toStdString();
    spec.graceMs = AppSettings::instance().graceMs();
    spec.maxUntrackedBytes = AppSettings::instance().maxUntrackedBytes();
    return spec;
}

void LaunchForm::setBusy(bool busy) {
    m_busy = busy;
    updateButton();
}

void LaunchForm::showError(const QString& message) {
    m_error->setText(message);
    m_error->setVisible(!message.isEmpty());
}

void LaunchForm::rememberCommand() {
    auto history = m_command->history();
    const auto command = m_command->command().trimmed();
    history.removeAll(command);
    history << command;
    while (history.size() > kMaxHistory) {
        history.removeFirst();
    }
    m_command->setHistory(history);
    auto& settings = AppSettings::instance();
    settings.setState(settingsKey("history"), history.join(kHistorySeparator).toUtf8());
    settings.setState(settingsKey("experiment"), m_experiment->currentText().toUtf8());
}

}  // namespace runglass::ui
