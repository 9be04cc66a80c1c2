// SPDX-License-Identifier: GPL-3.0-or-later
#include "code_panel.h"

#include <QBoxLayout>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QStyle>
#include <algorithm>

#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr int kBarHeight = 32;
constexpr int kSmallest = 160;
constexpr int kMostTabs = 200;  // a tab each for the first files; all are reachable by F7

/// `+12 −3`, in the colours of the lines, beside the name of a file.
class LineCounts final : public QWidget {
public:
    LineCounts(int added, int removed) {
        auto* row = new QHBoxLayout(this);
        row->setContentsMargins(0, 0, 4, 0);
        row->setSpacing(4);
        row->addWidget(new Label(QStringLiteral("+%1").arg(added), TextRole::Caption, 400,
                                 Token::DiffGutterAdded, this));
        row->addWidget(new Label(QStringLiteral("−%1").arg(removed), TextRole::Caption, 400,
                                 Token::DiffGutterRemoved, this));
    }
};

}  // namespace

CodePanel::CodePanel(QWidget* parent)
    : QWidget(parent)
    , m_tabs(new QTabBar)
    , m_versions(new Label({}, TextRole::Caption, 400, Token::TextTertiary))
    , m_mode(new SegmentedControl)
    , m_diff(new DiffView)
    , m_problem(new Label({}, TextRole::Body, 400, Token::TextSecondary)) {
    auto* bar = new Bar(nullptr, kBarHeight);
    m_bar = bar;
    m_tabs->setExpanding(false);
    m_tabs->setUsesScrollButtons(true);
    m_tabs->setElideMode(Qt::ElideNone);  // the arrows reach what does not fit
    m_tabs->setDrawBase(false);
    m_tabs->setAccessibleName(tr("Changed files"));
    m_mode->addPart(tr("Side by side"));
    m_mode->addPart(tr("Unified"));
    m_mode->setAccessibleName(tr("Layout of the code"));
    bar->row()->addWidget(m_tabs, 1);
    bar->row()->addWidget(m_versions);
    bar->row()->addWidget(m_mode);
    m_problem->setContentsMargins(12, 8, 12, 8);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_problem);
    column->addWidget(m_diff, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, &CodePanel::chooseFile);
    connect(m_mode, &SegmentedControl::currentChanged, this, [this](int index) {
        m_diff->setMode(index == 0 ? DiffMode::SideBySide : DiffMode::Unified);
        Q_EMIT heightChanged();
    });
}

void CodePanel::setCode(const SharedDiffDocument& code, const QString& problem, const QString& versions) {
    const QString before = m_tabs->tabToolTip(m_tabs->currentIndex());
    {
        const QSignalBlocker quiet(m_tabs);
        while (m_tabs->count() > 0) {
            m_tabs->removeTab(m_tabs->count() - 1);
        }
        const int count = code ? static_cast<int>(code->files().size()) : 0;
        for (int i = 0; i < std::min(count, kMostTabs); ++i) {
            const auto& file = code->files()[static_cast<std::size_t>(i)].info;
            const QString path = projectText(file.path());
            m_tabs->addTab(path.section(QLatin1Char('/'), -1));
            m_tabs->setTabButton(i, QTabBar::RightSide, new LineCounts(file.added, file.removed));
            m_tabs->setTabToolTip(i, path);
            if (path == before) {
                m_tabs->setCurrentIndex(i);
            }
        }
    }
    m_versions->setText(versions);
    const bool any = code && !code->files().empty();
    m_bar->setVisible(any);
    m_diff->setVisible(any);
    m_problem->setVisible(!any);
    m_problem->setText(problem);
    m_diff->setDocument(code);
    chooseFile(any ? std::max(0, m_tabs->currentIndex()) : -1);
}

void CodePanel::chooseFile(int file) {
    m_diff->setOnlyFile(file);
    m_diff->resetDifference();
    Q_EMIT heightChanged();
}

int CodePanel::preferredHeight(int most) const {
    if (m_diff->isHidden()) {
        return 40;
    }
    const bool wide = m_diff->horizontalScrollBar()->maximum() > 0;
    const int scrollBar = wide ? m_diff->style()->pixelMetric(QStyle::PM_ScrollBarExtent) : 0;
    const int whole = kBarHeight + m_diff->contentHeight() + scrollBar;
    return std::min(whole, std::max(most, kSmallest));
}

bool CodePanel::goToDifference(bool forward) {
    if (m_diff->isHidden()) {
        return false;
    }
    while (!m_diff->goToDifference(forward)) {
        const int next = m_diff->onlyFile() + (forward ? 1 : -1);
        const int count = m_diff->document() ? static_cast<int>(m_diff->document()->files().size()) : 0;
        if (next < 0 || next >= count) {
            return false;
        }
        if (next < m_tabs->count()) {
            m_tabs->setCurrentIndex(next);
        } else {
            chooseFile(next);
        }
    }
    return true;
}

void CodePanel::resetDifference(bool forward) {
    const int count = m_diff->document() ? static_cast<int>(m_diff->document()->files().size()) : 0;
    if (count > 0) {
        m_tabs->setCurrentIndex(forward ? 0 : std::min(count, m_tabs->count()) - 1);
    }
    m_diff->resetDifference();
}

}  // namespace runglass::ui
