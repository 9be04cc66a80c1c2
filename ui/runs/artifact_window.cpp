// SPDX-License-Identifier: GPL-3.0-or-later
#include "artifact_window.h"

#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "artifact_actions.h"
#include "image_pane.h"
#include "preview_model.h"
#include "runglass/ui/session/media.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/label.h"

namespace runglass::ui {
namespace {

constexpr int kMostPixels = 8192;         // of an image's side
constexpr qsizetype kLongestLine = 2000;  // characters; laying out longer ones would block the window
constexpr int kWidestColumn = 320;

/// Lines that are too long to be laid out at once are broken.
QString breakLines(const QString& text) {
    QString broken;
    broken.reserve(text.size() + text.size() / kLongestLine);
    qsizetype column = 0;
    for (const QChar c : text) {
        column = c == QLatin1Char('\n') ? 0 : column + 1;
        if (column > kLongestLine && !c.isLowSurrogate()) {
            broken += QLatin1Char('\n');
            column = 1;
        }
        broken += c;
    }
    return broken;
}

}  // namespace

ArtifactWindow::ArtifactWindow(ProjectSession* session, ArtifactActions* actions, const RunId& run,
                               const model::Artifact& artifact, QWidget* parent)
    : QDialog(parent)
    , m_pages(new QStackedWidget)
    , m_message(new QLabel(tr("Reading…")))
    , m_image(new ImagePane)
    , m_text(new QPlainTextEdit)
    , m_table(new QTableView)
    , m_actualSize(makeButton(tr("Actual size")))
    , m_note(new QLabel) {
    setObjectName(QStringLiteral("artifactWindow"));
    setWindowTitle(projectText(artifact.path));
    resize(800, 600);
    build(actions, run, artifact);
    m_job = jobs::start(
        session->pool(), session->guiExecutor(),
        [project = session->project(), catalogue = session->catalogue(), run,
         artifact](jobs::JobContext& context) {
            sources::ProjectRuns runs(project, catalogue);
            Read read{sources::readArtifactContent(runs, run, artifact, context.stop), {}};
            if (read.content && read.content->kind == sources::ContentKind::Image) {
                read.image = decodedImage(read.content->bytes, kMostPixels);
            }
            return read;
        },
        [this](Read read) { take(std::move(read)); });
}

ArtifactWindow::~ArtifactWindow() = default;

void ArtifactWindow::build(ArtifactActions* actions, const RunId& run, const model::Artifact& artifact) {
    auto* bar = new Bar(this);
    auto* name = new Label(projectText(artifact.path), TextRole::Body, 600, Token::TextPrimary, bar);
    name->setVerbatim(true);
    name->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    bar->row()->addWidget(name, 1);
    m_actualSize->setCheckable(true);
    m_actualSize->setAutoDefault(false);
    m_actualSize->hide();
    connect(m_actualSize, &QPushButton::toggled, m_image, &ImagePane::setActualSize);
    bar->row()->addWidget(m_actualSize);
    const auto add = [&](const QString& text, const QString& icon, const QString& objectName, auto method) {
        auto* button = makeButton(text, icon, {}, bar);
        button->setObjectName(objectName);
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, actions,
                [actions, method, run, artifact] { (actions->*method)(run, artifact); });
        bar->row()->addWidget(button);
    };
    add(tr("Save as…"), QStringLiteral("export"), QStringLiteral("saveAs"), &ArtifactActions::saveAs);
    add(tr("Open folder"), QStringLiteral("folder"), QStringLiteral("openFolder"),
        &ArtifactActions::openFolder);
    add(tr("Copy path"), QStringLiteral("copy"), QStringLiteral("copyPath"), &ArtifactActions::copyPath);

    m_message->setTextFormat(Qt::PlainText);
    m_message->setWordWrap(true);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setMargin(24);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(Theme::current().font(TextRole::Code));
    m_text->setAccessibleName(projectText(artifact.path));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setWordWrap(false);
    m_table->setAccessibleName(projectText(artifact.path));
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->verticalHeader()->setDefaultSectionSize(24);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_image->setAccessibleName(projectText(artifact.path));
    for (auto* page : std::initializer_list<QWidget*>{m_message, m_image, m_text, m_table}) {
        m_pages->addWidget(page);
    }
    m_note->setTextFormat(Qt::PlainText);
    m_note->setContentsMargins(12, 4, 12, 6);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar);
    column->addWidget(m_pages, 1);
    column->addWidget(m_note);
    m_note->hide();
}

void ArtifactWindow::take(Read read) {
    if (!read.content) {
        showMessage(projectText(read.content.error().message));
        return;
    }
    switch (read.content->kind) {
        case sources::ContentKind::Image:
            showImage(read.image);
            break;
        case sources::ContentKind::Text:
            showText(*read.content);
            break;
        case sources::ContentKind::Table:
            showTable(std::move(*read.content));
            break;
        case sources::ContentKind::Other:
            showMessage(tr("%1 of data that is neither an image nor text. Save it, and open it with a "
                           "program that you trust it to.")
                            .arg(formatBytes(static_cast<std::int64_t>(read.content->size))));
    }
}

void ArtifactWindow::showImage(const QImage& image) {
    if (image.isNull()) {
        showMessage(tr("This image cannot be decoded."));
        return;
    }
    m_image->setImage(image);
    m_actualSize->show();
    m_pages->setCurrentWidget(m_image);
    m_note->setText(tr("%1 by %2 pixels").arg(image.width()).arg(image.height()));
    m_note->show();
}

void ArtifactWindow::showText(const sources::ArtifactContent& content) {
    if (content.bytes.empty()) {
        showMessage(tr("This file is empty."));
        return;
    }
    m_text->setPlainText(breakLines(QString::fromStdString(content.bytes)));
    m_pages->setCurrentWidget(m_text);
    m_note->setText(content.whole ? QString()
                                  : tr("The first %1 of %2.")
                                        .arg(formatBytes(static_cast<std::int64_t>(content.bytes.size())),
                                             formatBytes(static_cast<std::int64_t>(content.size))));
    m_note->setVisible(!content.whole);
}

void ArtifactWindow::showTable(sources::ArtifactContent content) {
    const bool whole = content.whole;
    auto* model = new PreviewModel(std::move(content.columns), m_table);
    m_table->setModel(model);
    for (int column = 0; column < std::min(model->columnCount(), 100); ++column) {
        m_table->resizeColumnToContents(column);
        m_table->setColumnWidth(column, std::min(m_table->columnWidth(column), kWidestColumn));
    }
    m_pages->setCurrentWidget(m_table);
    const auto rows = formatCount(model->rowCount());
    m_note->setText(whole ? tr("%1 rows").arg(rows) : tr("The first %1 rows.").arg(rows));
    m_note->show();
}

void ArtifactWindow::showMessage(const QString& text) {
    m_message->setText(text);
    m_pages->setCurrentWidget(m_message);
}

}  // namespace runglass::ui
