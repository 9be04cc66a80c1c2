// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace runglass::ui {

/// Title of a section with a remark in grey after it; with a chevron when the section folds. Enter, Space and
/// a click fold, Left and Right too.
class SectionHeader : public QWidget {
    Q_OBJECT
public:
    explicit SectionHeader(const QString& title, bool foldable = true, QWidget* parent = nullptr);
    void setTitle(const QString& title);
    /// `3 of 21 differ`
    void setRemark(const QString& remark);
    [[nodiscard]] bool isFolded() const { return m_folded; }
    void setFolded(bool folded);
    /// Shown and hidden with the fold.
    void setContent(QWidget* content);
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void foldedChanged(bool folded);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    QString m_title;
    QString m_remark;
    QWidget* m_content = nullptr;
    bool m_foldable;
    bool m_folded = false;
    bool m_keyboardFocus = false;
};

}  // namespace runglass::ui
