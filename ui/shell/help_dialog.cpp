// SPDX-License-Identifier: GPL-3.0-or-later
#include "help_dialog.h"

#include <QBoxLayout>
#include <QFile>
#include <QHeaderView>
#include <QListWidget>
#include <QTextBrowser>
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
