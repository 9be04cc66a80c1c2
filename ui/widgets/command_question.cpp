// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/command_question.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>

#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {
namespace {

constexpr int kMargin = 16;

QLabel* makeText(const QString& text) {
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

}  // namespace

CommandQuestion::CommandQuestion(std::string_view run, std::string_view command, std::string_view folder,
                                 QWidget* parent)
    : QDialog(parent) {
    setObjectName(QStringLiteral("commandQuestion"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Run again"));
    resize(560, 320);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    column->setSpacing(8);
    column->addWidget(makeText(tr("%1 was not launched here: this command came with it. It can do on this "
                                  "computer whatever you can do. Read it before you run it.")
                                   .arg(projectText(run))));
    auto* text = new QPlainTextEdit(projectText(command));
    text->setObjectName(QStringLiteral("commandText"));
    text->setAccessibleName(tr("Command"));
    text->setReadOnly(true);
    text->setFont(Theme::verbatim(Theme::current().font(TextRole::Code), text->toPlainText()));
    text->setWordWrapMode(QTextOption::WrapAnywhere);
    column->addWidget(text, 1);
    if (!folder.empty()) {
        column->addWidget(makeText(tr("Folder: %1").arg(projectText(folder))));
    }
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    auto* cancel = makeButton(tr("Cancel"));
    cancel->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    auto* accept = makeButton(tr("Run command"));
    accept->setAutoDefault(false);
    connect(accept, &QPushButton::clicked, this, &QDialog::accept);
    buttons->addWidget(cancel);
    buttons->addWidget(accept);
    column->addLayout(buttons);
    cancel->setFocus();
}

}  // namespace runglass::ui
