// SPDX-License-Identifier: GPL-3.0-or-later
#include "flag_row.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPainter>

#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

using Type = launch::ScriptFlag::Type;

constexpr int kNameWidth = 124;
constexpr int kTypeWidth = 44;

QString typeText(Type type) {
    switch (type) {
        case Type::Integer:
            return FlagRow::tr("int");
        case Type::Number:
            return FlagRow::tr("float");
        case Type::Choice:
            return FlagRow::tr("choice");
        case Type::Switch:
            return FlagRow::tr("flag");
        case Type::Path:
            return FlagRow::tr("path");
        case Type::Text:
            break;
    }
    return FlagRow::tr("text");
}

}  // namespace

FlagRow::FlagRow(const launch::ScriptFlag& flag, QWidget* parent)
    : QWidget(parent)
    , m_flag(flag) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kNameWidth + kTypeWidth, 0, 0, 0);
    auto* editor = makeEditor();
    editor->setAccessibleName(QString::fromStdString(flag.name));
    editor->setObjectName(QString::fromStdString(flag.name));
    row->addWidget(editor, 1);
    QString tip = projectText(flag.name);
    for (const auto& alias : flag.aliases) {
        tip += QStringLiteral(", ") + projectText(alias);
    }
    if (!flag.help.empty()) {
        tip += QLatin1Char('\n') + projectText(flag.help);
    }
    setToolTip(QStringLiteral("<span>%1</span>")
                   .arg(tip.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>"))));
    setFixedHeight(30);
}

QWidget* FlagRow::makeEditor() {
    if (m_flag.type == Type::Switch) {
        m_check = new QCheckBox(tr("not passed"));
        connect(m_check, &QCheckBox::clicked, this, [this](bool on) {
            Q_EMIT valueEdited(on ? std::optional<std::string>("true") : std::nullopt);
        });
        return m_check;
    }
    if (m_flag.type == Type::Choice) {
        m_choice = new QComboBox;
        setButtonKind(m_choice, ButtonKind::Form);
        m_choice->addItem(m_flag.defaultValue.empty() ? tr("not passed") : projectText(m_flag.defaultValue));
        for (const auto& choice : m_flag.choices) {
            m_choice->addItem(projectText(choice), QString::fromStdString(choice));
        }
        connect(m_choice, &QComboBox::activated, this, [this](int index) {
            Q_EMIT valueEdited(index == 0
                                   ? std::nullopt
                                   : std::optional(m_choice->itemData(index).toString().toStdString()));
        });
        return m_choice;
    }
    m_line = new QLineEdit;
    m_line->setPlaceholderText(
        m_flag.required && m_flag.defaultValue.empty() ? tr("required") : projectText(m_flag.defaultValue));
    connect(m_line, &QLineEdit::textEdited, this, [this](const QString& text) {
        Q_EMIT valueEdited(text.isEmpty() ? std::nullopt : std::optional(text.toStdString()));
    });
    return m_line;
}

void FlagRow::showValue(const std::optional<std::string>& value) {
    m_value = value;
    if (m_check) {
        m_check->setChecked(value && *value != "false");
        m_check->setText(!value ? tr("not passed") : *value == "false" ? tr("switched off") : tr("passed"));
    } else if (m_choice) {
        const int index = value ? m_choice->findData(QString::fromStdString(*value)) : 0;
        if (index < 0) {  // a value that the script does not list
            m_choice->addItem(projectText(*value), QString::fromStdString(*value));
        }
        m_choice->setCurrentIndex(index < 0 ? m_choice->count() - 1 : index);
        setUnsetLook(!value);
    } else if (m_line) {
        const auto text = value ? QString::fromStdString(*value) : QString();
        if (m_line->text() != text) {
            m_line->setText(text);
        }
    }
    update();
}

/// What is not passed looks like a placeholder.
void FlagRow::setUnsetLook(bool unset) {
    QPalette palette = m_choice->palette();
    const QColor ink = Theme::current().color(unset ? Token::TextTertiary : Token::TextPrimary);
    for (const auto role : {QPalette::ButtonText, QPalette::Text, QPalette::WindowText}) {
        palette.setColor(role, ink);
    }
    m_choice->setPalette(palette);
}

void FlagRow::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_choice) {
        setUnsetLook(!m_value);
    }
}

void FlagRow::paintEvent(QPaintEvent*) {
    const auto& theme = Theme::current();
    QPainter painter(this);
    const QFont mono = Theme::verbatim(theme.font(TextRole::Code), projectText(m_flag.name));
    const QFontMetricsF metrics(mono);
    painter.setFont(mono);
    painter.setPen(theme.color(Token::TextPrimary));
    const qreal room = kNameWidth - 16;
    const auto name = metrics.elidedText(projectText(m_flag.name), Qt::ElideMiddle, room);
    painter.drawText(QRectF(0, 0, room, height()), Qt::AlignLeft | Qt::AlignVCenter, name);
    if (m_value) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.color(Token::AccentBase));
        painter.drawEllipse(QPointF(metrics.horizontalAdvance(name) + 7, height() / 2.0), 2.5, 2.5);
    }
    painter.setFont(theme.font(TextRole::Caption));
    painter.setPen(theme.color(Token::TextTertiary));
    painter.drawText(QRectF(kNameWidth, 0, kTypeWidth, height()), Qt::AlignLeft | Qt::AlignVCenter,
                     typeText(m_flag.type));
}

}  // namespace runglass::ui
