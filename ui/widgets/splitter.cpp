// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/splitter.h"

#include <QPainter>
#include <QResizeEvent>

#include "runglass/ui/theme/theme.h"

namespace runglass::ui {
namespace {

/// QSplitter lays handles out by their contents rectangle and raises them above the panes, so margins make
/// the part that reacts wider than the line that is painted (Qt's own "tiny mode" does the same with 5 px).
class Handle final : public QSplitterHandle {
public:
    Handle(Qt::Orientation orientation, QSplitter* parent)
        : QSplitterHandle(orientation, parent) {
        setAttribute(Qt::WA_MouseNoMask);
        setMargins();
    }

protected:
    void resizeEvent(QResizeEvent* event) override {
        QWidget::resizeEvent(event);
        setMargins();
        setMask(QRegion(contentsRect()));
    }

    void paintEvent(QPaintEvent* /*event*/) override {
        QPainter(this).fillRect(contentsRect(), themeColor(Token::BorderDefault));
    }

private:
    void setMargins() {
        constexpr int kReach = 3;
        const bool across = orientation() == Qt::Horizontal;
        setContentsMargins(across ? kReach : 0, across ? 0 : kReach, across ? kReach : 0,
                           across ? 0 : kReach);
    }
};

}  // namespace

Splitter::Splitter(Qt::Orientation orientation, QWidget* parent)
    : QSplitter(orientation, parent) {
    setHandleWidth(1);
    setChildrenCollapsible(false);
}

QSplitterHandle* Splitter::createHandle() {
    return new Handle(orientation(), this);
}

}  // namespace runglass::ui
