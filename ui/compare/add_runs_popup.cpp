// SPDX-License-Identifier: GPL-3.0-or-later
#include "add_runs_popup.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>
#include <unordered_set>

#include "runglass/base/clock.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/run_status.h"

namespace runglass::ui {

namespace {

class AddRunsDelegate final : public QStyledItemDelegate {
public:
    AddRunsDelegate(const AddRunsModel* model, QObject* parent)
        : QStyledItemDelegate(parent)
        , m_model(model) {}
    QSize sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex& /*index*/) const override {
        return {200, std::max(26, Theme::current().lineHeight(TextRole::Body) + 10)};
    }
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const auto& run = m_model->run(index.row());
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        painter->save();
        painter->fillRect(option.rect, themeColor(selected ? Token::SelectionBg : Token::SurfaceRaised));
        QRect rect = option.rect.adjusted(10, 0, -10, 0);
        paintStatus(painter, QRectF(rect.left(), rect.top(), 10, rect.height()), statusGlyph(run.status));
        painter->setFont(Theme::current().font(TextRole::Caption));
        painter->setPen(themeColor(Token::TextTertiary));
        const QString when = run.startTimeMs ? formatTime(*run.startTimeMs, nowMs()) : QString();
        painter->drawText(rect, Qt::AlignVCenter | Qt::AlignRight, when);
        rect.adjust(18, 0, -painter->fontMetrics().horizontalAdvance(when) - 8, 0);
        const QString name = index.data().toString();
        painter->setFont(Theme::verbatim(Theme::current().font(TextRole::Body), name));
        painter->setPen(themeColor(Token::TextPrimary));
        painter->drawText(rect, Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(name, Qt::ElideMiddle, rect.width()));
        painter->restore();
    }

private:
    const AddRunsModel* m_model;
};

}  // namespace

void AddRunsModel::setRuns(const ProjectSession& session, const QString& typed) {
    beginResetModel();
    m_runs.clear();
    const std::unordered_set<RunId> chosen(session.selection().begin(), session.selection().end());
    const std::string id = typed.toLower().toStdString();
    const auto matches = [&](const model::RunRecord& run) {
        return typed.isEmpty() || run.id.hex().starts_with(id) ||
               QString::fromStdString(run.name).contains(typed, Qt::CaseInsensitive) ||
               QString::fromStdString(run.experiment.str()).contains(typed, Qt::CaseInsensitive);
    };
    const auto& all = session.runs()->runs;
    for (std::size_t i = all.size(); i-- > 0;) {
        const auto& run = all[i];
        if (!run->archived && !chosen.contains(run->id) && matches(*run)) {
            m_runs.push_back(run);
        }
    }
    endResetModel();
}

int AddRunsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

QVariant AddRunsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) {
        return {};
    }
    const auto& record = run(index.row());
    const QString name = projectText(record.name.empty() ? record.id.shortHex() : record.name);
    switch (role) {
        case Qt::DisplayRole:
            return name;
        case Qt::AccessibleTextRole:
            return name + QStringLiteral(", ") + statusText(record.status);
        case Qt::ToolTipRole:
            return name + QLatin1Char('\n') + QString::fromStdString(record.id.shortHex()) +
                   QStringLiteral(", ") + projectText(record.experiment.text());
        default:
            return {};
    }
}

AddRunsPopup::AddRunsPopup(QWidget* parent)
    : QFrame(parent, Qt::Popup)
    , m_model(new AddRunsModel(this))
    , m_search(new SearchField(tr("Name, id or experiment")))
    , m_list(new QListView) {
    m_search->setAccessibleName(tr("Search runs"));
    m_list->setAccessibleName(tr("Runs to add"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new AddRunsDelegate(m_model, m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(6);
    column->addWidget(m_search);
    column->addWidget(m_list, 1);
    m_search->installEventFilter(this);
    connect(m_search, &QLineEdit::textChanged, this, &AddRunsPopup::refresh);
    connect(m_list, &QListView::clicked, this, &AddRunsPopup::choose);
    resize(380, 360);
}

void AddRunsPopup::open(ProjectSession* session, const QPoint& at) {
    m_session = session;
    m_search->clear();
    refresh();
    move(at);
    show();
    m_search->setFocus(Qt::PopupFocusReason);
}

void AddRunsPopup::refresh() {
    if (m_session) {
        m_model->setRuns(*m_session, m_search->text().trimmed());
        m_list->setCurrentIndex(m_model->index(0));
    }
}

void AddRunsPopup::choose(const QModelIndex& index) {
    if (!index.isValid()) {
        return;
    }
    Q_EMIT chosen(m_model->run(index.row()).id);
    const int row = index.row();
    refresh();
    m_list->setCurrentIndex(m_model->index(std::min(row, m_model->rowCount() - 1)));
}

bool AddRunsPopup::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        auto* key = static_cast<QKeyEvent*>(event);
        const int row = m_list->currentIndex().row();
        switch (key->key()) {
            case Qt::Key_Down:
            case Qt::Key_Up: {
                const int next = std::clamp(row + (key->key() == Qt::Key_Down ? 1 : -1), 0,
                                            std::max(0, m_model->rowCount() - 1));
                m_list->setCurrentIndex(m_model->index(next));
                return true;
            }
            case Qt::Key_Return:
            case Qt::Key_Enter:
                choose(m_list->currentIndex());
                return true;
            default:
                break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

void AddRunsPopup::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.fillRect(rect(), themeColor(Token::SurfaceRaised));
    painter.setPen(hairPen(Token::BorderStrong));
    painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
}

}  // namespace runglass::ui
