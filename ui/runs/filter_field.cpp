// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/runs/filter_field.h"

#include <QAbstractItemView>
#include <QAction>
#include <QCompleter>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QStandardItemModel>
#include <QTextCharFormat>
#include <variant>

#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

enum CompletionRole { PositionRole = Qt::UserRole, LengthRole };
constexpr int kCountMargin = 8;

// The filter counts bytes, the line edit UTF-16 units.
int unitsOf(std::string_view utf8, std::size_t bytes) {
    return static_cast<int>(
        QString::fromUtf8(utf8.data(), static_cast<qsizetype>(std::min(bytes, utf8.size()))).size());
}

Token colourOf(query::Token::Kind kind) {
    switch (kind) {
        case query::Token::Kind::Keyword:
            return Token::SyntaxKeyword;
        case query::Token::Kind::Field:
            return Token::SyntaxFunction;
        case query::Token::Kind::String:
            return Token::SyntaxString;
        case query::Token::Kind::Number:
            return Token::SyntaxNumber;
        default:
            return Token::TextPrimary;
    }
}

}  // namespace

FilterField::FilterField(QWidget* parent)
    : QLineEdit(parent)
    , m_completer(new QCompleter(this))
    , m_completions(new QStandardItemModel(this)) {
    setObjectName(QStringLiteral("runFilter"));
    setAccessibleName(tr("Filter of runs"));
    setPlaceholderText(tr("Filter runs, e.g. metrics.val_acc > 0.9 and params.opt = 'adam'"));
    setFont(Theme::current().font(TextRole::Code));
    addAction(themedIcon(QStringLiteral("filter")), QLineEdit::LeadingPosition);
    setClearButtonEnabled(true);
    setUpCompleter();
    connect(this, &QLineEdit::textChanged, this, &FilterField::parse);
    connect(this, &QLineEdit::textEdited, this, &FilterField::offerCompletions);
    connect(&Theme::current(), &Theme::changed, this, [this] {
        setFont(Theme::current().font(TextRole::Code));
        colour();
    });
}

void FilterField::setUpCompleter() {
    m_completer->setWidget(this);
    m_completer->setModel(m_completions);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(10);
    m_completer->popup()->setFont(font());
    connect(m_completer, qOverload<const QModelIndex&>(&QCompleter::activated), this,
            &FilterField::insertCompletion);
}

void FilterField::setTable(std::function<model::SharedRunTable()> table) {
    m_table = std::move(table);
}

void FilterField::setCount(std::size_t matching, std::size_t all) {
    m_count = text().trimmed().isEmpty() ? QString()
                                         : tr("%1 of %2")
                                               .arg(formatCount(static_cast<std::int64_t>(matching)),
                                                    formatCount(static_cast<std::int64_t>(all)));
    const int width = QFontMetrics(Theme::current().font(TextRole::Caption)).horizontalAdvance(m_count);
    setTextMargins(0, 0, m_count.isEmpty() ? 0 : width + kCountMargin, 0);
    update();
}

void FilterField::parse() {
    auto result = query::Filter::parse(text().toStdString());
    const auto* mistake = std::get_if<query::FilterError>(&result);
    m_mistake = mistake ? std::optional(*mistake) : std::nullopt;
    setProperty("invalid", m_mistake.has_value());
    colour();
    Q_EMIT mistakeChanged(mistake ? projectText(mistake->message) : QString());
    if (const auto* filter = std::get_if<query::Filter>(&result)) {
        Q_EMIT filterChanged(*filter);
    }
}

// QLineEdit has no interface for character formats, but it applies those that an input method sends.
void FilterField::colour() {
    const auto utf8 = text().toStdString();
    QList<QInputMethodEvent::Attribute> attributes;
    const auto add = [&](std::size_t position, std::size_t length, const QTextCharFormat& format) {
        const int begin = unitsOf(utf8, position);
        const int end = unitsOf(utf8, position + length);
        attributes.append({QInputMethodEvent::TextFormat, begin - cursorPosition(), end - begin, format});
    };
    for (const auto& token : query::tokenize(utf8)) {
        QTextCharFormat format;
        format.setForeground(themeColor(colourOf(token.kind)));
        add(token.position, token.length, format);
    }
    if (m_mistake && m_mistake->position < utf8.size()) {
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(themeColor(Token::SemanticDanger));
        add(m_mistake->position, std::max<std::size_t>(1, m_mistake->length), format);
    }
    QInputMethodEvent event(QString(), attributes);
    inputMethodEvent(&event);
    update();
}

void FilterField::offerCompletions() {
    m_completions->clear();
    const auto table = m_table ? m_table() : nullptr;
    const auto utf8 = text().toStdString();
    const auto cursor = text().left(cursorPosition()).toStdString().size();
    if (table && cursor > 0) {
        for (const auto& completion : query::complete(utf8, cursor, *table)) {
            auto* item = new QStandardItem(projectText(completion.text));
            item->setData(unitsOf(utf8, completion.position), PositionRole);
            item->setData(unitsOf(utf8, completion.position + completion.length), LengthRole);
            item->setToolTip(QString::fromStdString(completion.hint));
            m_completions->appendRow(item);
        }
    }
    if (m_completions->rowCount() == 0) {
        m_completer->popup()->hide();
        return;
    }
    const auto start = m_completions->item(0)->data(PositionRole).toInt();
    const int x =
        cursorRect().left() - fontMetrics().horizontalAdvance(text().mid(start, cursorPosition() - start));
    m_completer->complete(QRect(std::max(0, x), 0, 280, height()));
}

void FilterField::insertCompletion(const QModelIndex& index) {
    const int begin = index.data(PositionRole).toInt();
    const int end = index.data(LengthRole).toInt();
    const auto completion = index.data(Qt::DisplayRole).toString();
    setSelection(begin, end - begin);
    insert(completion);
}

void FilterField::paintEvent(QPaintEvent* event) {
    QLineEdit::paintEvent(event);
    QPainter painter(this);
    if (!m_count.isEmpty()) {
        painter.setFont(Theme::current().font(TextRole::Caption));
        painter.setPen(themeColor(Token::TextTertiary));
        constexpr int kClearButton = 24;
        painter.drawText(rect().adjusted(0, 0, -kClearButton - kCountMargin, 0),
                         Qt::AlignVCenter | Qt::AlignRight, m_count);
    }
    if (m_mistake) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(themeColor(Token::SemanticDanger), 1));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
}

void FilterField::keyPressEvent(QKeyEvent* event) {
    auto* popup = m_completer->popup();
    if (popup->isVisible()) {
        switch (event->key()) {
            case Qt::Key_Enter:
            case Qt::Key_Return:
                if (!m_mistake && !popup->selectionModel()->hasSelection()) {
                    popup->hide();  // what stands there is a filter: Return means it, not the first proposal
                    Q_EMIT leaveRequested();
                    return;
                }
                [[fallthrough]];
            case Qt::Key_Escape:
            case Qt::Key_Tab:
            case Qt::Key_Up:
            case Qt::Key_Down:
                event->ignore();  // the completer, which filters the popup's events, takes it
                return;
            default:
                break;
        }
    }
    if (event->key() == Qt::Key_Escape) {
        if (text().isEmpty()) {
            Q_EMIT leaveRequested();
        } else {
            clear();
        }
        return;
    }
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) {
        offerCompletions();
        return;
    }
    if (event->key() == Qt::Key_Down || event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        Q_EMIT leaveRequested();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void FilterField::resizeEvent(QResizeEvent* event) {
    QLineEdit::resizeEvent(event);
    m_completer->popup()->hide();
}

void FilterField::changeEvent(QEvent* event) {
    QLineEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        update();
    }
}

void FilterField::focusOutEvent(QFocusEvent* event) {
    QLineEdit::focusOutEvent(event);
    if (event->reason() != Qt::PopupFocusReason) {
        m_completer->popup()->hide();
    }
}

}  // namespace runglass::ui
