// SPDX-License-Identifier: GPL-3.0-or-later
#include "help_dialog.h"

#include <QBoxLayout>
#include <QFile>
#include <QHeaderView>
#include <QListWidget>
#include <QTextBlock>
#include <QTextBrowser>
#include <QTextList>
#include <QTextTable>
#include <QTreeWidget>

#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/splitter.h"

namespace runglass::ui {
namespace {

struct HelpPage {
    const char* file;
    const char* title;
};

constexpr HelpPage kPages[] = {
    {"start", QT_TRANSLATE_NOOP("HelpPage", "First steps")},
    {"runs", QT_TRANSLATE_NOOP("HelpPage", "Runs")},
    {"curves", QT_TRANSLATE_NOOP("HelpPage", "Curves")},
    {"views", QT_TRANSLATE_NOOP("HelpPage", "Saved views")},
    {"compare", QT_TRANSLATE_NOOP("HelpPage", "Compare")},
    {"history", QT_TRANSLATE_NOOP("HelpPage", "History")},
    {"launch", QT_TRANSLATE_NOOP("HelpPage", "Launch")},
    {"filter", QT_TRANSLATE_NOOP("HelpPage", "Filter language")},
    {"logging", QT_TRANSLATE_NOOP("HelpPage", "Logging from scripts")},
};

QString readPage(const QString& page) {
    QFile file(QStringLiteral(":/runglass/help/%1.md").arg(page));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// Qt's Markdown has no style sheet; this gives the page the looks of the rest.
void formatPage(QTextDocument* page) {
    const Theme& theme = Theme::current();
    page->setDefaultFont(theme.font(TextRole::Body));
    for (QTextBlock block = page->begin(); block.isValid(); block = block.next()) {
        QTextCursor cursor(block);
        QTextBlockFormat format = block.blockFormat();
        const int heading = format.headingLevel();
        format.setLineHeight(135, QTextBlockFormat::ProportionalHeight);
        format.setTopMargin(heading > 1 ? 12 : 0);
        format.setBottomMargin(cursor.currentTable() != nullptr ? 0 : block.textList() != nullptr ? 2 : 8);
        const bool code = format.hasProperty(QTextFormat::BlockCodeFence) ||
                          format.hasProperty(QTextFormat::BlockCodeLanguage);
        if (code) {
            format.setBackground(theme.color(Token::SurfacePanel));
            format.setBottomMargin(0);
        }
        cursor.setBlockFormat(format);
        if (heading > 0) {
            cursor.select(QTextCursor::BlockUnderCursor);
            QTextCharFormat text;
            text.setFont(theme.font(heading == 1 ? TextRole::Display : TextRole::Title, 600));
            cursor.mergeCharFormat(text);
        }
    }
    for (QTextFrame* frame : page->rootFrame()->childFrames()) {
        if (auto* table = qobject_cast<QTextTable*>(frame)) {
            QTextTableFormat format = table->format();
            format.setBorder(0);
            format.setCellSpacing(0);
            format.setCellPadding(3);
            format.setTopMargin(4);
            format.setBottomMargin(12);
            table->setFormat(format);
        }
    }
}

}  // namespace

HelpDialog::HelpDialog(QWidget* parent)
    : QDialog(parent)
    , m_pages(new QListWidget)
    , m_text(new QTextBrowser) {
    setObjectName(QStringLiteral("help"));
    setWindowTitle(tr("Help"));
    resize(860, 620);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    auto* splitter = new Splitter(Qt::Horizontal);
    row->addWidget(splitter);
    m_pages->setFrameShape(QFrame::NoFrame);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setOpenLinks(false);  // a page cannot open anything outside the help
    m_text->document()->setDocumentMargin(24);
    for (const HelpPage& page : kPages) {
        auto* item = new QListWidgetItem(QCoreApplication::translate("HelpPage", page.title), m_pages);
        item->setData(Qt::UserRole, QLatin1String(page.file));
    }
    splitter->addWidget(m_pages);
    splitter->addWidget(m_text);
    splitter->setSizes({180, 680});
    connect(m_pages, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem* item) {
        if (item != nullptr) {
            m_text->setMarkdown(readPage(item->data(Qt::UserRole).toString()));
            formatPage(m_text->document());
            m_text->moveCursor(QTextCursor::Start);
        }
    });
    connect(m_text, &QTextBrowser::anchorClicked, this,
            [this](const QUrl& link) { showPage(link.path().remove(QStringLiteral(".md"))); });
}

void HelpDialog::showPage(const QString& page) {
    for (int i = 0; i < m_pages->count(); ++i) {
        if (m_pages->item(i)->data(Qt::UserRole).toString() == page) {
            m_pages->setCurrentRow(i);
            return;
        }
    }
    m_pages->setCurrentRow(0);
}

QString HelpDialog::currentPage() const {
    const QListWidgetItem* item = m_pages->currentItem();
    return item == nullptr ? QString() : item->data(Qt::UserRole).toString();
}

ShortcutsDialog::ShortcutsDialog(const QList<Group>& groups, QWidget* parent)
    : QDialog(parent) {
    setObjectName(QStringLiteral("shortcuts"));
    setWindowTitle(tr("Keyboard shortcuts"));
    resize(560, 620);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    auto* tree = new QTreeWidget;
    tree->setFrameShape(QFrame::NoFrame);
    tree->setHeaderLabels({tr("Action"), tr("Keys")});
    tree->setRootIsDecorated(false);
    tree->setUniformRowHeights(true);
    tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    tree->header()->setStretchLastSection(false);
    for (const Group& group : groups) {
        auto* title = new QTreeWidgetItem(tree, {group.title});
        title->setFont(0, Theme::current().font(TextRole::Body, 600));
        title->setFlags(Qt::ItemIsEnabled);
        for (const QAction* action : group.actions) {
            if (!action->shortcut().isEmpty()) {
                QStringList keys;
                for (const QKeySequence& sequence : action->shortcuts()) {
                    keys.push_back(sequence.toString(QKeySequence::NativeText));
                }
                new QTreeWidgetItem(
                    title, {action->text().remove(QLatin1Char('&')), keys.join(QStringLiteral(", "))});
            }
        }
        if (title->childCount() == 0) {
            delete title;
        }
    }
    tree->expandAll();
    tree->setColumnWidth(1, 180);
    column->addWidget(tree);
}

}  // namespace runglass::ui
