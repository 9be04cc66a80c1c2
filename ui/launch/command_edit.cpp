// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/launch/command_edit.h"

#include <QKeyEvent>
#include <QSyntaxHighlighter>
#include <QTextBlock>
#include <QTextLayout>
#include <cmath>

#include "runglass/base/text.h"
#include "runglass/launch/script_flags.h"
#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

namespace {

constexpr int kPadding = 7;
constexpr int kMinLines = 2;
constexpr int kMaxLines = 8;

class CommandHighlighter final : public QSyntaxHighlighter {
public:
    using QSyntaxHighlighter::QSyntaxHighlighter;

protected:
    void highlightBlock(const QString& text) override {
        const auto utf8 = text.toStdString();
        const auto split = launch::splitCommand(utf8);
        const auto script = launch::scriptOfCommand(split.words);
        bool behindScript = script.empty();
        for (std::size_t i = 0; i < split.words.size(); ++i) {
            const auto& word = split.words[i];
            const auto begin =
                QString::fromUtf8(utf8.data(), static_cast<qsizetype>(split.ranges[i].begin)).size();
            const auto end =
                QString::fromUtf8(utf8.data(), static_cast<qsizetype>(split.ranges[i].end)).size();
            setFormat(static_cast<int>(begin), static_cast<int>(end - begin),
                      Theme::current().color(
                          tokenOf(word, i == 0 && currentBlock().blockNumber() == 0, behindScript)));
            // `--aug rotate=12` is a flag with its value; `rotate=12` alone is an override.
            const bool isValue = i > 0 && split.words[i - 1].starts_with('-') &&
                                 split.words[i - 1].find('=') == std::string::npos && !word.starts_with('-');
            if (!isValue) {
                colorAssignment(word, static_cast<int>(begin));
            }
            behindScript = behindScript || word == script;
        }
    }

private:
    static Token tokenOf(const std::string& word, bool isProgram, bool behindScript) {
        if (isProgram) {
            return Token::SyntaxFunction;
        }
        if (parseDouble(word)) {
            return Token::SyntaxNumber;
        }
        if (word.size() > 1 && word.front() == '-') {
            return Token::SyntaxKeyword;
        }
        return behindScript ? Token::SyntaxString : Token::TextPrimary;
    }

    /// `--lr=3e-3` and `optimizer.lr=3e-3`: the value in its own colour.
    void colorAssignment(const std::string& word, int begin) {
        const auto sign = word.find('=');
        if (sign == std::string::npos || sign == 0) {
            return;
        }
        const auto key =
            static_cast<int>(QString::fromUtf8(word.data(), static_cast<qsizetype>(sign)).size()) + 1;
        const auto value = QString::fromStdString(word.substr(sign + 1));
        setFormat(begin, key, Theme::current().color(Token::SyntaxKeyword));
        setFormat(begin + key, static_cast<int>(value.size()),
                  Theme::current().color(parseDouble(word.substr(sign + 1)) ? Token::SyntaxNumber
                                                                            : Token::SyntaxString));
    }
};

}  // namespace

CommandEdit::CommandEdit(QWidget* parent)
    : QPlainTextEdit(parent) {
    setObjectName(QStringLiteral("command"));
    setAccessibleName(tr("Command"));
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setPlaceholderText(tr("python train.py --lr 3e-3"));
    setViewportMargins(kPadding, kPadding, kPadding, kPadding);
    document()->setDocumentMargin(0);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto* highlighter = new CommandHighlighter(document());
    const auto restyle = [this, highlighter] {
        chooseFont();
        highlighter->rehighlight();
        fitHeight();
    };
    connect(&Theme::current(), &Theme::changed, this, restyle);
    connect(this, &QPlainTextEdit::textChanged, this, &CommandEdit::chooseFont);
    connect(this, &QPlainTextEdit::textChanged, this, &CommandEdit::fitHeight);
    restyle();
}

void CommandEdit::setCommand(const QString& command) {
    if (command == toPlainText()) {
        return;
    }
    QTextCursor cursor(document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(command);
}

void CommandEdit::setHistory(QStringList history) {
    m_history = std::move(history);
    m_place = m_history.size();
}

/// Without ligatures, unless the text is in a script that needs them.
void CommandEdit::chooseFont() {
    const QFont wanted = Theme::verbatim(Theme::current().font(TextRole::Code), toPlainText());
    if (wanted != font()) {
        setFont(wanted);
    }
}

void CommandEdit::fitHeight() {
    int lines = 0;
    for (auto block = document()->begin(); block.isValid(); block = block.next()) {
        lines += std::max(1, block.layout() ? block.layout()->lineCount() : 1);
    }
    const int line = static_cast<int>(std::ceil(QFontMetricsF(font()).lineSpacing()));
    const int height = std::clamp(lines, kMinLines, kMaxLines) * line + 2 * kPadding + 4;
    if (height != m_height) {
        m_height = height;
        setFixedHeight(height);
    }
}

QSize CommandEdit::sizeHint() const {
    return {200, m_height};
}

void CommandEdit::resizeEvent(QResizeEvent* event) {
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

void CommandEdit::focusInEvent(QFocusEvent* event) {
    QPlainTextEdit::focusInEvent(event);
    Q_EMIT focusChanged();
}

void CommandEdit::focusOutEvent(QFocusEvent* event) {
    QPlainTextEdit::focusOutEvent(event);
    Q_EMIT focusChanged();
}

bool CommandEdit::walkHistory(int by) {
    const auto place = m_place + by;
    if (place < 0 || place > m_history.size()) {
        return false;
    }
    if (m_place == m_history.size()) {
        m_draft = toPlainText();
    }
    m_place = place;
    setCommand(place == m_history.size() ? m_draft : m_history[place]);
    moveCursor(QTextCursor::End);
    return true;
}

void CommandEdit::keyPressEvent(QKeyEvent* event) {
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && event->modifiers().testFlag(Qt::ControlModifier)) {
        Q_EMIT launchRequested();
        return;
    }
    if (event->modifiers() == Qt::NoModifier &&
        (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)) {
        // Within a long command the keys move the cursor; at its first and last line they go through the
        // history.
        auto cursor = textCursor();
        const bool up = event->key() == Qt::Key_Up;
        if (!cursor.movePosition(up ? QTextCursor::Up : QTextCursor::Down) && walkHistory(up ? -1 : 1)) {
            return;
        }
    }
    QPlainTextEdit::keyPressEvent(event);
}

}  // namespace runglass::ui
