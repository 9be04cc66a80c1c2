// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_palette.h"

#include <QApplication>
#include <QBoxLayout>
#include <QDir>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QMenu>

#include "header_parts.h"
#include "palette_delegate.h"
#include "palette_search.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/key_cap.h"
#include "runglass/ui/widgets/label.h"
#include "runglass/ui/widgets/run_status.h"

namespace runglass::ui {
namespace {

constexpr int kMostCommands = 12;
constexpr int kMostRuns = 8;
constexpr int kListHeight = 378;

/// The floating box: raised, with a strong border.
class Panel final : public QWidget {
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        QPainter painter(this);
        paintBox(&painter, rect(), themeColor(Token::SurfaceRaised), themeColor(Token::BorderStrong), 6);
    }
};

QString plainText(const QAction& action) {
    const QString whole = action.property("paletteText").toString();
    QString text = whole.isEmpty() ? action.text() : whole;
    return text.remove(QLatin1Char('&'));
}

void addHint(QBoxLayout* row, const QStringList& keys, const QString& what) {
    for (const QString& key : keys) {
        row->addWidget(new KeyCap({key}));
    }
    row->addWidget(new Label(what, TextRole::Caption, 400, Token::TextTertiary));
    row->addSpacing(8);
}

}  // namespace

CommandPalette::CommandPalette(QWidget* window)
    : QWidget(window)
    , m_panel(new Panel(this))
    , m_input(new QLineEdit)
    , m_count(new Label({}, TextRole::Caption, 400, Token::TextTertiary))
    , m_list(new QListView)
    , m_model(new PaletteModel(this)) {
    setObjectName(QStringLiteral("commandPalette"));
    hide();
    build();
    window->installEventFilter(this);
    m_input->installEventFilter(this);
    connect(m_input, &QLineEdit::textChanged, this, &CommandPalette::search);
    connect(m_list, &QListView::clicked, this, &CommandPalette::runCurrent);
}

void CommandPalette::build() {
    auto* column = new QVBoxLayout(m_panel);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(12, 0, 12, 0);
    top->setSpacing(10);
    auto* icon = new IconLabel(QStringLiteral("search"), Token::TextSecondary, 16, nullptr);
    icon->setFixedSize(16, 43);
    m_input->setFrame(false);
    m_input->setFont(Theme::current().font(TextRole::Strong));
    m_input->setFixedHeight(43);
    m_input->setAccessibleName(tr("Search or run a command"));
    m_input->setPlaceholderText(tr("Search or run a command"));
    QPalette clear = m_input->palette();
    clear.setColor(QPalette::Base, Qt::transparent);
    m_input->setPalette(clear);
    top->addWidget(icon);
    top->addWidget(m_input, 1);
    top->addWidget(m_count);
    column->addLayout(top);
    column->addWidget(new Hairline(Qt::Horizontal));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setFixedHeight(kListHeight);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setAutoFillBackground(false);
    m_list->setAccessibleName(tr("Results"));
    column->addSpacing(4);
    column->addWidget(m_list);
    column->addWidget(new Hairline(Qt::Horizontal));
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(12, 6, 12, 7);
    foot->setSpacing(6);
    addHint(foot, {QStringLiteral("↑ ↓")}, tr("choose"));
    addHint(foot, {tr("Enter")}, tr("run"));
    addHint(foot, {tr("Tab")}, tr("fill in"));
    foot->addStretch(1);
    foot->addWidget(
        new Label(tr("> commands   # runs   ~ projects"), TextRole::Caption, 400, Token::TextTertiary));
    column->addLayout(foot);
    m_panel->setFixedWidth(qRound(Theme::current().metric("size.paletteW")));
}

void CommandPalette::open(Content content, const QString& prefix) {
    m_content = std::move(content);
    if (!isVisible()) {
        m_focusBefore = QApplication::focusWidget();
    }
    place();
    show();
    raise();
    m_input->setText(prefix);
    search();
    m_input->setFocus(Qt::ShortcutFocusReason);
}

void CommandPalette::closePalette() {
    m_job = {};
    hide();
    if (m_focusBefore) {
        m_focusBefore->setFocus();
    }
}

void CommandPalette::place() {
    const QWidget* window = parentWidget();
    setGeometry(window->rect());
    m_panel->setMaximumHeight(window->height() - 48);
    m_panel->adjustSize();
    const int y = qMin(window->height() * 12 / 100, qMax(24, (window->height() - m_panel->height()) / 2));
    m_panel->QWidget::move((window->width() - m_panel->width()) / 2, y);
}

void CommandPalette::fitList() {
    int height = 0;
    for (int row = 0; row < m_model->rowCount() && height < kListHeight; ++row) {
        height += m_list->sizeHintForRow(row);
    }
    m_list->setFixedHeight(qMin(height + 4, kListHeight));
    m_panel->adjustSize();
}

void CommandPalette::paintEvent(QPaintEvent* /*event*/) {
    QPainter(this).fillRect(rect(), themeColor(Token::Scrim));
}

void CommandPalette::mousePressEvent(QMouseEvent* event) {
    if (!m_panel->geometry().contains(event->position().toPoint())) {
        closePalette();
    }
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible()) {
        place();
    }
    if (watched == m_input && event->type() == QEvent::KeyPress) {
        return handleKey(*static_cast<QKeyEvent*>(event));
    }
    return QWidget::eventFilter(watched, event);
}

bool CommandPalette::handleKey(const QKeyEvent& event) {
    switch (event.key()) {
        case Qt::Key_Escape:
            closePalette();
            return true;
        case Qt::Key_Down:
            move(1);
            return true;
        case Qt::Key_Up:
            move(-1);
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            runCurrent();
            return true;
        case Qt::Key_Tab:
            if (const PaletteItem* item = m_model->item(m_list->currentIndex())) {
                m_input->setText(item->text);
            }
            return true;
        default:
            return false;
    }
}

void CommandPalette::move(int step) {
    const int row = m_model->nextRow(m_list->currentIndex().row(), step);
    if (row >= 0) {
        m_list->setCurrentIndex(m_model->index(row));
    }
}

void CommandPalette::runCurrent() {
    const PaletteItem* item = m_model->item(m_list->currentIndex());
    if (item == nullptr) {
        return;
    }
    const std::function<void()> run = item->run;
    closePalette();
    run();
}

void CommandPalette::search() {
    QString text = m_input->text().trimmed();
    const QChar prefix = text.isEmpty() ? QChar() : text.front();
    const bool commands = prefix == QLatin1Char('>');
    const bool runs = prefix == QLatin1Char('#');
    const bool projects = prefix == QLatin1Char('~');
    if (commands || runs || projects) {
        text = text.mid(1);
    }
    const QStringList terms = fuzzyTerms(text);
    m_commands = runs || projects ? QList<PaletteItem>() : commandItems(terms);
    m_projects = runs || commands ? QList<PaletteItem>() : projectItems(terms);
    m_all = static_cast<int>((runs || projects ? 0 : m_content.actions.size()) +
                             (runs || commands ? 0 : m_content.projects.size()));
    m_job = {};
    const bool wantRuns = m_content.session && !commands && !projects && (!terms.isEmpty() || runs);
    if (wantRuns) {
        m_all += static_cast<int>(m_content.session->runs()->runs.size());
        searchRuns(terms);
    }
    showResults({});
}

QList<PaletteItem> CommandPalette::commandItems(const QStringList& terms) const {
    QList<PaletteItem> items;
    for (QAction* action : m_content.actions) {
        if (!action->isEnabled() || action->isSeparator() || action->menu<QMenu*>() != nullptr) {
            continue;
        }
        auto hit = fuzzyMatch(terms, plainText(*action));
        if (!hit) {
            continue;
        }
        PaletteItem item;
        item.text = plainText(*action);
        item.hint = action->isCheckable() && action->isChecked() ? tr("on") : QString();
        item.icon = action->property("icon").toString();
        item.keys = keyNames(action->shortcut());
        item.group = tr("Commands");
        item.hits = hit->positions;
        item.score = hit->score;
        item.run = [action = QPointer<QAction>(action)] {
            if (action) {
                action->trigger();
            }
        };
        items.push_back(std::move(item));
    }
    if (!terms.isEmpty()) {
        std::stable_sort(items.begin(), items.end(),
                         [](const PaletteItem& a, const PaletteItem& b) { return a.score > b.score; });
        items.resize(qMin<qsizetype>(items.size(), kMostCommands));
    }
    return items;
}

QList<PaletteItem> CommandPalette::projectItems(const QStringList& terms) const {
    QList<PaletteItem> items;
    for (const QString& folder : m_content.projects) {
        const QString name = QDir(folder).dirName();
        const auto hit = fuzzyMatch(terms, name);
        if (!hit) {
            continue;
        }
        PaletteItem item;
        item.text = name;
        item.hint = QDir::toNativeSeparators(folder);
        item.icon = QStringLiteral("folder");
        item.group = tr("Recent projects");
        item.hits = hit->positions;
        item.run = [folder, open = m_content.openProject] { open(folder); };
        items.push_back(std::move(item));
    }
    return items;
}

void CommandPalette::searchRuns(const QStringList& terms) {
    ProjectSession* session = m_content.session;
    m_job = jobs::start(
        session->pool(), session->guiExecutor(),
        [table = session->runs(), terms](jobs::JobContext& context) {
            return findRuns(*table, terms, kMostRuns, context.stop);
        },
        [this](QList<FoundRun> found) {
            QList<PaletteItem> items;
            for (const FoundRun& one : found) {
                PaletteItem item;
                item.text = projectText(one.run->name);
                item.hint = projectText(one.run->experiment.text()) + QLatin1Char(' ') +
                            QString::fromStdString(one.run->id.shortHex());
                item.status = statusGlyph(one.run->status);
                item.group = tr("Runs");
                item.hits = one.hit.positions;
                item.run = [id = one.run->id, open = m_content.openRun] { open(id); };
                items.push_back(std::move(item));
            }
            showResults(std::move(items));
        });
}

void CommandPalette::showResults(QList<PaletteItem> runs) {
    // Runs stand between commands and projects, and arrive later.
    QList<PaletteItem> items = m_commands + runs + m_projects;
    m_model->setItems(std::move(items));
    m_list->setCurrentIndex(m_model->index(m_model->nextRow(-1, 1)));
    m_list->scrollToTop();
    fitList();
    m_count->setText(m_input->text().isEmpty()
                         ? QString()
                         : tr("%1 of %2").arg(formatCount(m_model->itemCount()), formatCount(m_all)));
}

}  // namespace runglass::ui
