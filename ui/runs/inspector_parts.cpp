// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspector_parts.h"

#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include "fact_list.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/chip.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/run_status.h"

namespace runglass::ui {

namespace {

constexpr int kGap = 6;
constexpr int kChipHeight = 18;

QString tagText(const model::KeyValue& tag) {
    const auto key = projectText(tag.key.text());
    return tag.value.empty() ? key : QStringLiteral("%1: %2").arg(key, projectText(tag.value.text()));
}

}  // namespace

TagRow::TagRow(QWidget* parent)
    : QWidget(parent) {
    auto policy = QSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void TagRow::setTags(const std::vector<model::KeyValue>& tags, bool writable) {
    qDeleteAll(m_chips);
    m_chips.clear();
    auto sorted = tags;
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return a.key.text() < b.key.text(); });
    for (const auto& tag : sorted) {
        if (tag.key.text().starts_with("mlflow.") || tag.key.text().starts_with("runglass.")) {
            continue;  // bookkeeping of programs, not words of a person
        }
        auto* chip = new Chip(tagText(tag), Tone::Plain, this);
        chip->setToolTip(Qt::convertFromPlainText(tagText(tag)));
        if (writable) {
            chip->setContextMenuPolicy(Qt::CustomContextMenu);
            const auto key = QString::fromStdString(tag.key.str());
            connect(chip, &QWidget::customContextMenuRequested, this, [this, chip, key](const QPoint& at) {
                QMenu menu(this);
                connect(menu.addAction(tr("Remove tag")), &QAction::triggered, this,
                        [this, key] { Q_EMIT removeRequested(key); });
                menu.exec(chip->mapToGlobal(at));
            });
        }
        m_chips << chip;
    }
    if (writable) {
        auto* plus = new QToolButton(this);
        plus->setObjectName(QStringLiteral("addTag"));
        plus->setIcon(themedIcon(QStringLiteral("plus")));
        plus->setIconSize(QSize(10, 10));
        plus->setAutoRaise(true);
        plus->setFixedSize(22, kChipHeight);
        plus->setToolTip(tr("Add tag"));
        plus->setAccessibleName(tr("Add tag"));
        connect(plus, &QToolButton::clicked, this, &TagRow::addRequested);
        m_chips << plus;
    }
    for (auto* chip : m_chips) {
        chip->show();
    }
    place(width(), true);
    updateGeometry();
}

int TagRow::place(int width, bool apply) const {
    int x = 0;
    int y = 0;
    for (auto* chip : m_chips) {
        const int w = std::min(chip->sizeHint().width(), width);
        if (x > 0 && x + w > width) {
            x = 0;
            y += kChipHeight + 4;
        }
        if (apply) {
            chip->setGeometry(x, y, w, kChipHeight);
        }
        x += w + kGap;
    }
    return m_chips.isEmpty() ? 0 : y + kChipHeight;
}

int TagRow::heightForWidth(int width) const {
    return place(width, false);
}

QSize TagRow::sizeHint() const {
    return {200, heightForWidth(std::max(width(), 200))};
}

void TagRow::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    place(width(), true);
}

InspectorPage::InspectorPage(QWidget* parent)
    : QScrollArea(parent) {
    setFrameShape(NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* content = new QWidget(this);
    content->setBackgroundRole(QPalette::Base);
    content->setAutoFillBackground(true);
    m_layout = new QVBoxLayout(content);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_layout->addStretch(1);
    setWidget(content);
}

void InspectorPage::add(QWidget* section) {
    m_layout->insertWidget(m_layout->count() - 1, section);
    if (const auto* list = qobject_cast<FactList*>(section)) {
        connect(list, &FactList::lineReached, this, [this, list](const QRect& line) {
            ensureVisible(list->x() + line.left(), list->y() + line.center().y(), 0, line.height());
        });
    }
}

NoteEditor::NoteEditor(QWidget* parent)
    : QPlainTextEdit(parent) {
    setObjectName(QStringLiteral("runNote"));
    setAccessibleName(tr("Note"));
    setPlaceholderText(tr("Note in Markdown"));
    setTabChangesFocus(true);
    setFixedHeight(88);
}

void NoteEditor::setNote(const QString& markdown) {
    // One read before the last edit was stored would take that edit back.
    if ((hasFocus() && toPlainText() != m_stored) || (m_committed && *m_committed != markdown)) {
        return;
    }
    m_committed.reset();
    m_stored = markdown;
    if (toPlainText() != markdown) {
        setPlainText(markdown);
    }
}

void NoteEditor::commit() {
    if (toPlainText() != m_stored) {
        m_stored = toPlainText();
        m_committed = m_stored;
        Q_EMIT noteEdited(m_stored);
    }
}

void NoteEditor::focusOutEvent(QFocusEvent* event) {
    QPlainTextEdit::focusOutEvent(event);
    commit();
}

void NoteEditor::keyPressEvent(QKeyEvent* event) {
    if (event->modifiers() == Qt::ControlModifier &&
        (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        commit();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

}  // namespace runglass::ui
