// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>
#include <functional>
#include <optional>

#include "runglass/model/run.h"
#include "runglass/query/filter.h"

class QCompleter;
class QStandardItemModel;

namespace runglass::ui {

/// The filter bar: colours the pieces of the expression, underlines a mistake, completes at the cursor and
/// shows how many runs pass. Says when the expression changed to another valid one.
class FilterField final : public QLineEdit {
    Q_OBJECT
public:
    explicit FilterField(QWidget* parent = nullptr);

    /// Where completions come from.
    void setTable(std::function<model::SharedRunTable()> table);
    /// `34 of 148` at the right; hidden while there is no filter.
    void setCount(std::size_t matching, std::size_t all);
    [[nodiscard]] const std::optional<query::FilterError>& mistake() const { return m_mistake; }

Q_SIGNALS:
    /// The text is valid, and is this filter.
    void filterChanged(const runglass::query::Filter& filter);
    /// A mistake appeared, changed or went (empty).
    void mistakeChanged(const QString& message);
    void leaveRequested();  ///< Escape on an empty field

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void parse();
    void colour();
    void offerCompletions();
    void insertCompletion(const QModelIndex& index);
    void setUpCompleter();

    std::function<model::SharedRunTable()> m_table;
    std::optional<query::FilterError> m_mistake;
    QString m_count;
    QCompleter* m_completer;
    QStandardItemModel* m_completions;
};

}  // namespace runglass::ui
