// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <QHash>
#include <QSet>
#include <functional>
#include <vector>

#include "grid_layout.h"

namespace runglass::ui {

class ChartCard;
class SectionHeader;

/// The scrolled page of charts. Only cards in sight exist; the owner makes them and is told when they go.
class ChartGrid final : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit ChartGrid(QWidget* parent = nullptr);

    /// Makes the card of a key, as a child of `parent`.
    void setFactory(std::function<ChartCard*(Symbol key, QWidget* parent)> factory);
    void setKeys(const std::vector<Symbol>& keys);
    void setSearch(const QString& text);
    void setPinned(const std::vector<Symbol>& keys);
    [[nodiscard]] const std::vector<Symbol>& pinned() const { return m_pinned; }
    /// Titles of sections that show their head alone. A search looks into them all the same.
    void setFolded(const QSet<QString>& titles);
    [[nodiscard]] const QSet<QString>& folded() const { return m_folded; }
    /// Drops all cards, e.g. because the project changed.
    void clear();

    [[nodiscard]] QList<ChartCard*> cards() const { return m_cards.values(); }
    [[nodiscard]] int chartCount() const { return static_cast<int>(m_layout.cards.size()); }
    [[nodiscard]] ChartCard* card(Symbol key) const { return m_cards.value(key); }
    void reveal(Symbol key);

Q_SIGNALS:
    void foldedChanged();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    bool viewportEvent(QEvent* event) override;

private:
    void layOut();
    void showVisible();
    void showHeads(const QRect& sight);
    void fold(const QString& title, bool folded);
    [[nodiscard]] const QSet<QString>& foldedNow() const {
        return m_search.isEmpty() ? m_folded : m_foldedHits;
    }

    std::function<ChartCard*(Symbol, QWidget*)> m_factory;
    std::vector<Symbol> m_keys;
    std::vector<Symbol> m_pinned;
    QString m_search;
    QSet<QString> m_folded{kSystemSection};
    QSet<QString> m_foldedHits;  ///< folded while there is a search
    std::vector<ChartSection> m_sections;
    GridLayout m_layout;
    QHash<Symbol, ChartCard*> m_cards;
    QHash<QString, SectionHeader*> m_heads;
};

}  // namespace runglass::ui
