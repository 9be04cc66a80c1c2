// SPDX-License-Identifier: GPL-3.0-or-later
#include "start_page.h"

#include <QBoxLayout>
#include <QDir>
#include <QLabel>

#include "header_parts.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/flat_button.h"
#include "runglass/ui/widgets/key_cap.h"
#include "runglass/ui/widgets/label.h"

namespace runglass::ui {
namespace {

constexpr int kWidth = 616;

/// A line of the card: icon, what it does, a remark and its key.
class StartRow final : public FlatButton {
public:
    StartRow(QAction* action, QString icon, QString title, QString remark, bool last)
        : m_icon(std::move(icon))
        , m_remark(std::move(remark))
        , m_keys(keyNames(action->shortcut()).join(QLatin1Char(' ')))
        , m_last(last) {
        setText(title);
        setAccessibleName(title);
        setAccessibleDescription(m_remark);
        setFixedHeight(56);
        setFocusPolicy(Qt::StrongFocus);
        connect(this, &QAbstractButton::clicked, action, &QAction::trigger);
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        QPainter painter(this);
        if (underMouse() || hasFocus()) {
            painter.fillRect(rect(), themeColor(hasFocus() ? Token::AccentTint : Token::SurfaceHover));
        }
        paintIcon(&painter, QRectF(15, 0, 20, height()), m_icon, themeColor(Token::AccentBase), 20);
        painter.setFont(Theme::current().font(TextRole::Body, 600));
        painter.setPen(themeColor(Token::TextPrimary));
        painter.drawText(QRect(49, 11, width() - 160, 18), Qt::AlignLeft | Qt::AlignVCenter, text());
        painter.setFont(Theme::current().font(TextRole::Body));
        painter.setPen(themeColor(Token::TextSecondary));
        painter.drawText(QRect(49, 28, width() - 160, 16), Qt::AlignLeft | Qt::AlignVCenter, m_remark);
        paintKeyCaps(&painter, QRectF(0, 0, width() - 15, height()), {m_keys});
        if (!m_last) {
            painter.fillRect(QRect(0, height() - 1, width(), 1), themeColor(Token::BorderDefault));
        }
    }
    void keyPressEvent(QKeyEvent* event) override {
        if (event->key() == Qt::Key_Down || event->key() == Qt::Key_Up) {
            focusNextPrevChild(event->key() == Qt::Key_Down);
            return;
        }
        FlatButton::keyPressEvent(event);
    }

private:
    QString m_icon;
    QString m_remark;
    QString m_keys;
    bool m_last;
};

/// Rounded box around its content.
class Card final : public QWidget {
public:
    Card(Token fill, QWidget* parent)
        : QWidget(parent)
        , m_fill(fill) {}

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        QPainter painter(this);
        paintBox(&painter, rect(), themeColor(m_fill), themeColor(Token::BorderDefault), 6);
    }

private:
    Token m_fill;
};

QWidget* makeCode(const QStringList& lines) {
    auto* card = new Card(Token::SurfacePanel, nullptr);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(10, 8, 10, 8);
    column->setSpacing(2);
    for (const QString& line : lines) {
        auto* label = new Label(line, TextRole::CodeSmall, 400, Token::TextPrimary);
        label->setVerbatim(true);
        column->addWidget(label);
    }
    return card;
}

QLayout* makeTitle() {
    auto* row = new QHBoxLayout;
    row->setSpacing(18);
    auto* mark = new IconLabel(QStringLiteral("mark"), Token::AccentBase, 36, nullptr);
    mark->setFixedSize(36, 44);
    row->addWidget(mark);
    auto* text = new QVBoxLayout;
    text->setSpacing(1);
    text->addWidget(new Label(StartPage::tr("Open a project to see its runs"), TextRole::Display, 600));
    text->addWidget(new Label(StartPage::tr("A project is a folder, normally a git work tree. Opening it "
                                            "runs nothing and changes nothing in it."),
                              TextRole::Body, 400, Token::TextSecondary));
    row->addLayout(text, 1);
    return row;
}

}  // namespace

StartPage::StartPage(QAction* openFolder, QAction* makeDemo, QWidget* parent)
    : QWidget(parent)
    , m_recent(new QWidget)
    , m_recentRows(new QVBoxLayout) {
    auto* outer = new QVBoxLayout(this);
    outer->addStretch(4);
    auto* middle = new QHBoxLayout;
    outer->addLayout(middle);
    outer->addStretch(5);
    auto* content = new QWidget;
    content->setFixedWidth(kWidth);
    middle->addStretch(1);
    middle->addWidget(content);
    middle->addStretch(1);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(makeTitle());
    column->addSpacing(18);

    auto* card = new Card(Token::SurfaceRaised, nullptr);
    auto* rows = new QVBoxLayout(card);
    rows->setContentsMargins(1, 1, 1, 1);
    rows->setSpacing(0);
    m_firstRow = new StartRow(openFolder, QStringLiteral("folder"), tr("Open a folder…"),
                              tr("Or drop one anywhere on this window"), false);
    rows->addWidget(m_firstRow);
    rows->addWidget(new StartRow(makeDemo, QStringLiteral("play"), tr("Make the demo project"),
                                 tr("Really trains small models on the UCI digits, about a minute"), true));
    column->addWidget(card);
    column->addSpacing(24);

    auto* columns = new QHBoxLayout;
    columns->setSpacing(24);
    auto* left = new QVBoxLayout;
    left->setSpacing(6);
    auto* recentColumn = new QVBoxLayout(m_recent);
    recentColumn->setContentsMargins(0, 0, 0, 0);
    recentColumn->setSpacing(4);
    recentColumn->addWidget(new Label(tr("Recent projects"), TextRole::Body, 600));
    m_recentRows->setSpacing(0);
    recentColumn->addLayout(m_recentRows);
    left->addWidget(m_recent);
    auto* script = new Label(tr("From a Python script"), TextRole::Body, 600);
    left->addWidget(script);
    left->addWidget(makeCode({QStringLiteral("import runglass"),
                              QStringLiteral("run = runglass.init(params={\"lr\": 3e-3})"),
                              QStringLiteral("run.log({\"loss\": loss}, step=step)")}));
    left->addStretch(1);
    auto* right = new QVBoxLayout;
    right->setSpacing(6);
    right->addWidget(new Label(tr("From a terminal"), TextRole::Body, 600));
    right->addWidget(
        makeCode({QStringLiteral("runglass open DIR"), QStringLiteral("runglass run -- python train.py"),
                  QStringLiteral("runglass runs --filter \"…\"")}));
    auto* keys = new QHBoxLayout;
    keys->setSpacing(6);
    keys->addWidget(new KeyCap({QStringLiteral("F1")}));
    keys->addWidget(new Label(tr("Help"), TextRole::Body, 400, Token::TextSecondary));
    keys->addSpacing(14);
    keys->addWidget(new KeyCap({QStringLiteral("Ctrl K")}));
    keys->addWidget(new Label(tr("Every command"), TextRole::Body, 400, Token::TextSecondary));
    keys->addStretch(1);
    right->addSpacing(4);
    right->addLayout(keys);
    right->addStretch(1);
    columns->addLayout(left, 1);
    columns->addLayout(right, 1);
    column->addLayout(columns);
    setRecentProjects({});
}

void StartPage::setRecentProjects(const QStringList& folders) {
    constexpr qsizetype kMost = 5;
    while (QLayoutItem* item = m_recentRows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_recent->setVisible(!folders.isEmpty());
    for (const QString& folder : folders.mid(0, kMost)) {
        auto* button =
            makeButton(QFontMetrics(font()).elidedText(
                           QDir(folder).dirName() + QStringLiteral("   ") + QDir::toNativeSeparators(folder),
                           Qt::ElideMiddle, 250),
                       QStringLiteral("folder"), ButtonKind::Quiet);
        button->setToolTip(folder.toHtmlEscaped());
        connect(button, &QPushButton::clicked, this, [this, folder] { Q_EMIT projectRequested(folder); });
        m_recentRows->addWidget(button);
    }
}

void StartPage::takeFocus() {
    m_firstRow->setFocus();
}

void StartPage::paintEvent(QPaintEvent* /*event*/) {
    QPainter(this).fillRect(rect(), themeColor(Token::SurfaceBase));
}

}  // namespace runglass::ui
