// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>
#include <QStringList>

namespace runglass::ui {

/// The command line of a run: words in colours, Up and Down for earlier commands, Ctrl+Enter to launch. As
/// high as its text.
class CommandEdit final : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit CommandEdit(QWidget* parent = nullptr);

    [[nodiscard]] QString command() const { return toPlainText(); }
    /// Replaces the text; can be undone, keeps the focus.
    void setCommand(const QString& command);
    /// Earlier commands, the newest last.
    void setHistory(QStringList history);
    [[nodiscard]] const QStringList& history() const { return m_history; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void launchRequested();
    void focusChanged();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    bool walkHistory(int by);
    void chooseFont();
    void fitHeight();

    QStringList m_history;
    qsizetype m_place = 0;  ///< in the history; its size: the text being written
    QString m_draft;
    int m_height = 0;
};

}  // namespace runglass::ui
