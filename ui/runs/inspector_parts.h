// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>
#include <QScrollArea>
#include <QWidget>
#include <optional>

#include "runglass/model/run.h"
#include "runglass/ui/widgets/status_mark.h"

class QVBoxLayout;

namespace runglass::ui {

/// The tags of a run as chips that wrap, and a button that adds one.
class TagRow final : public QWidget {
    Q_OBJECT
public:
    explicit TagRow(QWidget* parent = nullptr);
    void setTags(const std::vector<model::KeyValue>& tags, bool writable);
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void addRequested();
    void removeRequested(const QString& key);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    int place(int width, bool apply) const;
    QList<QWidget*> m_chips;
};

/// A tab of the inspector: sections one below the other, scrolled.
class InspectorPage final : public QScrollArea {
    Q_OBJECT
public:
    explicit InspectorPage(QWidget* parent = nullptr);
    void add(QWidget* section);

private:
    QVBoxLayout* m_layout;
};

/// The note of a run; what was typed is handed out when the focus leaves or at Ctrl+Return.
class NoteEditor final : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit NoteEditor(QWidget* parent = nullptr);
    /// Not while somebody types.
    void setNote(const QString& markdown);
    /// Hands out what was typed, which stays until it comes back from the store.
    void commit();
    /// The next note is that of another run.
    void startOver() { m_committed.reset(); }

Q_SIGNALS:
    void noteEdited(const QString& markdown);

protected:
    void focusOutEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QString m_stored;
    std::optional<QString> m_committed;  ///< on its way to the store
};

}  // namespace runglass::ui
