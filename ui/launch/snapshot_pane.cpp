// SPDX-License-Identifier: GPL-3.0-or-later
#include "snapshot_pane.h"

#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/session/project_session.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/banner.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/label.h"

namespace runglass::ui {

namespace {

constexpr std::size_t kMaxFiles = 6;

struct Change {
    QString letter;
    Token color;
    QString word;
};

Change describe(git::ChangeKind kind) {
    switch (kind) {
        case git::ChangeKind::Added:
            return {QStringLiteral("A"), Token::DiffGutterAdded, SnapshotPane::tr("added")};
        case git::ChangeKind::Untracked:
            return {QStringLiteral("A"), Token::DiffGutterAdded, SnapshotPane::tr("untracked")};
        case git::ChangeKind::Deleted:
            return {QStringLiteral("D"), Token::DiffGutterRemoved, SnapshotPane::tr("deleted")};
        case git::ChangeKind::Renamed:
            return {QStringLiteral("R"), Token::SemanticInfo, SnapshotPane::tr("renamed")};
        case git::ChangeKind::Conflicted:
            return {QStringLiteral("!"), Token::SemanticDanger, SnapshotPane::tr("conflicted")};
        case git::ChangeKind::TypeChanged:
        case git::ChangeKind::Modified:
            break;
    }
    return {QStringLiteral("M"), Token::SemanticWarn, SnapshotPane::tr("modified")};
}

/// One icon beside a title.
class IconMark final : public QWidget {
public:
    explicit IconMark(QString name)
        : m_name(std::move(name)) {
        setFixedSize(16, 16);
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        paintIcon(&painter, rect(), m_name, Theme::current().color(Token::TextSecondary));
    }

private:
    QString m_name;
};

/// The snapshot with the lines that each change adds and removes.
Result<git::Snapshot> preview(const std::filesystem::path& project, std::int64_t limit,
                              std::stop_token stop) {
    auto snapshot = git::previewSnapshot(project, git::SnapshotOptions{limit}, stop);
    const auto repository = snapshot.ok() ? git::Repository::open(project) : Result<git::Repository>(Error{});
    const auto counted =
        repository.ok() ? repository->status(true, stop) : Result<std::vector<git::StatusEntry>>(Error{});
    if (counted.ok()) {
        for (auto& change : snapshot->changes) {
            const auto same = std::find_if(counted->begin(), counted->end(),
                                           [&](const auto& entry) { return entry.path == change.path; });
            if (same != counted->end()) {
                change.addedLines = same->addedLines;
                change.removedLines = same->removedLines;
            }
        }
    }
    return snapshot;
}

void clear(QLayout* layout) {
    while (auto* item = layout->takeAt(0)) {
        if (auto* inner = item->layout()) {
            clear(inner);
        }
        delete item->widget();
        delete item;
    }
}

}  // namespace

SnapshotPane::SnapshotPane(QWidget* parent)
    : QWidget(parent)
    , m_where(new Label({}, TextRole::Caption, 400, Token::TextSecondary))
    , m_files(new QVBoxLayout) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(6);
    auto* title = new QHBoxLayout;
    title->setSpacing(6);
    title->addWidget(new IconMark(QStringLiteral("snapshot")));
    title->addWidget(new Label(tr("Snapshot of this run"), TextRole::Body, 600));
    m_where->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    title->addWidget(m_where, 1);
    column->addLayout(title);
    m_files->setSpacing(2);
    column->addLayout(m_files);
}

void SnapshotPane::setSession(ProjectSession* session) {
    m_session = session;
    m_job.cancel();
    clear(m_files);
    m_where->setText({});
    if (session) {
        connect(session, &ProjectSession::gitChanged, this, &SnapshotPane::refresh);
        refresh();
    }
}

void SnapshotPane::refresh() {
    if (!m_session) {
        return;
    }
    m_job = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [project = m_session->project(), limit = AppSettings::instance().maxUntrackedBytes()](
            jobs::JobContext& context) { return preview(project, limit, context.stop); },
        [this](Result<git::Snapshot> snapshot) { present(snapshot); });
}

void SnapshotPane::present(const Result<git::Snapshot>& snapshot) {
    clear(m_files);
    if (!snapshot.ok()) {
        m_where->setText({});
        addRemark(snapshot.error().code == ErrorCode::NotFound
                      ? tr("This folder is not a git repository: runs keep no snapshot of the code.")
                      : projectText(snapshot.error().message));
        Q_EMIT previewed();
        return;
    }
    const auto& head = snapshot->head;
    const QString commit =
        head.commit ? QString::fromStdString(head.commit->shortHex()) : tr("no commit yet");
    m_where->setText(head.branch.empty() ? tr("detached at %1").arg(commit)
                                         : tr("%1 at %2").arg(projectText(head.branch), commit));
    const auto& changes = snapshot->changes;
    for (std::size_t i = 0; i < std::min(changes.size(), kMaxFiles); ++i) {
        addFile(changes[i]);
    }
    if (changes.size() > kMaxFiles) {
        addRemark(tr("and %1 more changed files").arg(changes.size() - kMaxFiles));
    } else if (changes.empty()) {
        addRemark(tr("Nothing differs from the commit; the run records the commit itself."));
    }
    for (const auto& left : snapshot->leftOut) {
        m_files->addSpacing(4);
        m_files->addWidget(new Banner(
            Tone::Warn, tr("Not in the snapshot: %1, which %2.")
                            .arg(projectText(left.path) +
                                     (left.size > 0 ? tr(" (%1)").arg(formatBytes(left.size)) : QString()),
                                 projectText(left.reason))));
    }
    Q_EMIT previewed();
}

void SnapshotPane::addFile(const git::StatusEntry& entry) {
    const auto change = describe(entry.kind);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    auto* letter = new Label(change.letter, TextRole::Code, 600, change.color);
    letter->setFixedWidth(12);
    auto* path = new Label(projectText(entry.path), TextRole::Code);
    path->setVerbatim(true);
    QString remark = change.word;
    const bool sameLines = entry.addedLines == 0 && entry.removedLines == 0;  // another mode, say
    if (entry.addedLines >= 0 && entry.removedLines >= 0 && !sameLines) {
        remark = QStringLiteral("+%1 \u2212%2").arg(entry.addedLines).arg(entry.removedLines);
    } else if (entry.size > 0) {
        remark += QStringLiteral(", ") + formatBytes(entry.size);
    }
    auto* right = new Label(remark, TextRole::Caption, 400, Token::TextTertiary);
    right->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(letter);
    row->addWidget(path, 1);
    row->addWidget(right);
    m_files->addLayout(row);
}

void SnapshotPane::addRemark(const QString& text) {
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setForegroundRole(QPalette::PlaceholderText);
    m_files->addWidget(label);
}

}  // namespace runglass::ui
