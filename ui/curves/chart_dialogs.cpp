// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_dialogs.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

#include "runglass/base/text.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/remark.h"
#include "settings_text.h"

namespace runglass::ui {

namespace {

QHBoxLayout* buttonRow(QDialog* dialog, QPushButton* accept) {
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    auto* cancel = makeButton(ChartEditor::tr("Cancel"), {}, {}, dialog);
    row->addWidget(cancel);
    row->addWidget(accept);
    accept->setDefault(true);
    QObject::connect(cancel, &QPushButton::clicked, dialog, &QDialog::reject);
    QObject::connect(accept, &QPushButton::clicked, dialog, &QDialog::accept);
    return row;
}

Remark* makeMessage(Token color, QWidget* parent) {
    auto* message = new Remark({}, color, parent);
    message->setObjectName(QStringLiteral("message"));
    return message;
}

std::optional<bool> choiceOf(const QComboBox* box) {
    return box->currentIndex() == 0 ? std::nullopt : std::optional(box->currentIndex() == 1);
}

void setChoice(QComboBox* box, std::optional<bool> value) {
    box->setCurrentIndex(!value ? 0 : *value ? 1 : 2);
}

}  // namespace

ChartEditor::ChartEditor(const QString& title, const std::vector<std::string>& lines, QStringList keys,
                         QWidget* parent)
    : QDialog(parent)
    , m_keys(std::move(keys))
    , m_title(new QLineEdit(title, this))
    , m_lines(new QPlainTextEdit(this))
    , m_message(makeMessage(Token::TextTertiary, this))
    , m_accept(
          makeButton(lines.empty() ? tr("Add chart") : tr("Change chart"), {}, ButtonKind::Primary, this)) {
    setObjectName(QStringLiteral("chartEditor"));
    setWindowTitle(lines.empty() ? tr("New chart") : tr("Edit chart"));
    resize(460, 300);
    m_title->setObjectName(QStringLiteral("chartTitle"));
    m_title->setPlaceholderText(tr("As the lines say"));
    m_lines->setObjectName(QStringLiteral("chartLines"));
    m_lines->setFont(Theme::current().font(TextRole::Code));
    m_lines->setTabChangesFocus(true);
    m_lines->setPlaceholderText(QStringLiteral("train/loss - val/loss"));
    m_lines->setAccessibleName(tr("Lines"));
    QStringList texts;
    for (const auto& line : lines) {
        texts << QString::fromStdString(line);
    }
    m_lines->setPlainText(texts.join(QLatin1Char('\n')));
    auto* form = new QFormLayout;
    form->addRow(tr("Title"), m_title);
    form->addRow(tr("Lines"), m_lines);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form, 1);
    layout->addWidget(m_message);
    layout->addLayout(buttonRow(this, m_accept));
    connect(m_lines, &QPlainTextEdit::textChanged, this, &ChartEditor::check);
    m_lines->setFocus();
    check();
}

QString ChartEditor::title() const {
    return m_title->text().trimmed();
}

std::vector<std::string> ChartEditor::lines() const {
    std::vector<std::string> lines;
    for (const auto& line : m_lines->toPlainText().split(QLatin1Char('\n'))) {
        if (const auto text = line.trimmed(); !text.isEmpty()) {
            lines.push_back(text.toStdString());
        }
    }
    return lines;
}

// The first mistake, or the first metric that no visible run has: that may be meant, so it is a remark.
void ChartEditor::check() {
    const auto typed = m_lines->toPlainText().split(QLatin1Char('\n'));
    QString remark =
        tr("One line a curve: a metric, or an expression such as train/loss - val/loss. "
           "Names with other characters stand between backquotes.");
    Token token = Token::TextTertiary;
    bool usable = !lines().empty();
    for (qsizetype i = 0; i < typed.size(); ++i) {
        if (typed[i].trimmed().isEmpty()) {
            continue;
        }
        const auto parsed = series::Expression::parse(typed[i].toStdString());
        if (const auto* error = std::get_if<series::ExpressionError>(&parsed)) {
            const auto before = QByteArray::fromStdString(typed[i].toStdString())
                                    .left(static_cast<qsizetype>(error->position));
            remark = tr("Line %1 has a mistake at position %2. %3")
                         .arg(i + 1)
                         .arg(QString::fromUtf8(before).size() + 1)
                         .arg(QString::fromStdString(error->message));
            token = Token::SemanticDanger;
            usable = false;
            break;
        }
        const auto& keys = std::get<series::Expression>(parsed).keys();
        if (keys.empty()) {
            remark = tr("Line %1 names no metric.").arg(i + 1);
            token = Token::SemanticDanger;
            usable = false;
            break;
        }
        for (const auto& key : keys) {
            if (token == Token::TextTertiary && !m_keys.contains(QString::fromStdString(key))) {
                remark = tr("No visible run has the metric %1. A name with spaces or signs stands between "
                            "backquotes; to divide, put spaces around /.")
                             .arg(QString::fromStdString(key));
                token = Token::SemanticWarn;
            }
        }
    }
    m_message->setText(remark);
    m_message->setColor(token);
    m_accept->setEnabled(usable);
}

ChartOptions::ChartOptions(const QString& title, const ChartSettings& all, const ChartOverrides& own,
                           QWidget* parent)
    : QDialog(parent)
    , m_scale(new QComboBox(this))
    , m_robust(new QComboBox(this))
    , m_ownSmoothing(new QCheckBox(tr("Own amount"), this))
    , m_smoothing(new QDoubleSpinBox(this))
    , m_lower(new QLineEdit(this))
    , m_upper(new QLineEdit(this))
    , m_message(makeMessage(Token::SemanticDanger, this))
    , m_accept(makeButton(tr("Apply"), {}, ButtonKind::Primary, this)) {
    setObjectName(QStringLiteral("chartOptions"));
    setWindowTitle(tr("Settings of %1").arg(title));
    m_scale->addItems(
        {all.logY ? tr("As all charts (log)") : tr("As all charts (linear)"), tr("Log"), tr("Linear")});
    m_robust->addItems({all.robustY ? tr("As all charts (robust)") : tr("As all charts (all values)"),
                        tr("Robust: without the outer 5 %"), tr("All values")});
    setChoice(m_scale, own.logY);
    setChoice(m_robust, own.robustY);
    m_ownSmoothing->setChecked(own.smoothing.has_value());
    m_smoothing->setRange(0, mostSmoothing(all.smoothingKind));
    m_smoothing->setSingleStep(mostSmoothing(all.smoothingKind) < 1 ? 0.05 : 1);
    m_smoothing->setDecimals(mostSmoothing(all.smoothingKind) < 1 ? 3 : 1);
    m_smoothing->setValue(own.smoothing.value_or(all.smoothing));
    m_smoothing->setEnabled(own.smoothing.has_value());
    connect(m_ownSmoothing, &QCheckBox::toggled, m_smoothing, &QWidget::setEnabled);
    m_lower->setObjectName(QStringLiteral("yLower"));
    m_upper->setObjectName(QStringLiteral("yUpper"));
    for (auto* field : {m_lower, m_upper}) {
        field->setPlaceholderText(tr("fits"));
    }
    if (own.yLimits) {
        m_lower->setText(QString::fromStdString(formatDouble(own.yLimits->first)));
        m_upper->setText(QString::fromStdString(formatDouble(own.yLimits->second)));
    }
    auto* form = new QFormLayout;
    form->addRow(tr("Scale of y"), m_scale);
    form->addRow(tr("Range of y"), m_robust);
    auto* limits = new QHBoxLayout;
    limits->addWidget(m_lower);
    limits->addWidget(new QLabel(tr("to"), this));
    limits->addWidget(m_upper);
    form->addRow(tr("Limits of y"), limits);
    auto* smoothing = new QHBoxLayout;
    smoothing->addWidget(m_ownSmoothing);
    smoothing->addWidget(m_smoothing);
    form->addRow(tr("Smoothing"), smoothing);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form, 1);
    layout->addWidget(m_message);
    layout->addLayout(buttonRow(this, m_accept));
    const auto check = [this] {
        const bool none = m_lower->text().isEmpty() && m_upper->text().isEmpty();
        const bool usable = none || overrides().yLimits.has_value();
        m_message->setText(usable ? QString()
                                  : tr("The limits of y are two numbers, the smaller one first."));
        m_accept->setEnabled(usable);
    };
    connect(m_lower, &QLineEdit::textChanged, this, check);
    connect(m_upper, &QLineEdit::textChanged, this, check);
}

ChartOverrides ChartOptions::overrides() const {
    ChartOverrides own;
    own.logY = choiceOf(m_scale);
    own.robustY = choiceOf(m_robust);
    if (m_ownSmoothing->isChecked()) {
        own.smoothing = m_smoothing->value();
    }
    const auto lower = parseDouble(m_lower->text().trimmed().toStdString());
    const auto upper = parseDouble(m_upper->text().trimmed().toStdString());
    if (lower && upper && *lower < *upper && std::isfinite(*lower) && std::isfinite(*upper)) {
        own.yLimits = std::pair(*lower, *upper);
    }
    return own;
}

}  // namespace runglass::ui
