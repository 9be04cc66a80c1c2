// SPDX-License-Identifier: GPL-3.0-or-later
#include "curves_toolbar.h"

#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSlider>
#include <QToolButton>
#include <array>
#include <cmath>
#include <functional>

#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/label.h"
#include "runglass/ui/widgets/search_field.h"
#include "settings_text.h"
#include "x_axis_text.h"

namespace runglass::ui {

namespace {

constexpr int kSteps = 1000;  // of the slider

QPushButton* toggle(const QString& text, const QString& icon, QWidget* parent) {
    auto* button = makeButton(text, icon, ButtonKind::Quiet, parent);
    button->setCheckable(true);
    return button;
}

// EMA is linear as TensorBoard's slider is; widths in points are finer where they are small.
double amountOf(series::SmoothingKind kind, int value) {
    const double share = static_cast<double>(value) / kSteps;
    const bool weight = kind == series::SmoothingKind::Ema || kind == series::SmoothingKind::TimeWeightedEma;
    const double amount =
        weight ? std::round(share * 1000) / 1000 : std::round(share * share * mostSmoothing(kind) * 10) / 10;
    return kind == series::SmoothingKind::RunningMean ? std::round(amount)
                                                      : std::min(amount, mostSmoothing(kind));
}

int valueOf(series::SmoothingKind kind, double amount) {
    const bool weight = kind == series::SmoothingKind::Ema || kind == series::SmoothingKind::TimeWeightedEma;
    const double most = std::max(mostSmoothing(kind), 1e-9);
    const double share = weight ? amount : std::sqrt(std::clamp(amount / most, 0.0, 1.0));
    return static_cast<int>(std::lround(share * kSteps));
}

QString amountText(series::SmoothingKind kind, double amount) {
    const bool weight = kind == series::SmoothingKind::Ema || kind == series::SmoothingKind::TimeWeightedEma;
    const bool fine = weight && std::abs(amount * 100 - std::round(amount * 100)) > 1e-6;
    return QString::number(amount, 'f', weight ? (fine ? 3 : 2) : amount < 10 ? 1 : 0);
}

}  // namespace

CurvesToolbar::CurvesToolbar(QWidget* parent)
    : Bar(parent, 32)
    , m_x(makeButton({}, {}, ButtonKind::Quiet, this))
    , m_robust(toggle(tr("Robust y"), {}, this))
    , m_linked(toggle(tr("Linked x"), QStringLiteral("link"), this))
    , m_group(makeButton(tr("Group"), QStringLiteral("group"), ButtonKind::Quiet, this))
    , m_groupMenu(new QMenu(m_group))
    , m_fit(makeIconButton(QStringLiteral("zoom-fit"), tr("Fit"), this))
    , m_export(makeIconButton(QStringLiteral("export"), tr("Export chart"), this))
    , m_more(makeIconButton(QStringLiteral("more"), tr("More about charts"), this))
    , m_moreMenu(new QMenu(m_more)) {
    setMinimumWidth(1);  // the content gives way; the bar does not hold the pane open
    buildSearch();
    row()->addWidget(m_search);
    row()->addWidget(m_expression);
    m_x->setObjectName(QStringLiteral("xAxisButton"));
    m_x->setMenu(new QMenu(m_x));
    row()->addWidget(m_x);
    addSeparator();
    buildSmoothing();
    addSeparator();
    m_robust->setToolTip(tr("Leave the outer 5 % of values at either end out of the y axis"));
    m_linked->setToolTip(tr("Zoom all charts together"));
    m_group->setObjectName(QStringLiteral("groupButton"));
    m_group->setToolTip(tr("Draw groups of runs as one line with a band"));
    m_group->setMenu(m_groupMenu);
    m_more->setObjectName(QStringLiteral("chartsMore"));
    m_more->setMenu(m_moreMenu);
    m_more->setPopupMode(QToolButton::InstantPopup);
    row()->addWidget(m_robust);
    row()->addWidget(m_linked);
    row()->addWidget(m_group);
    row()->addStretch(1);
    row()->addWidget(m_fit);
    row()->addWidget(m_export);
    row()->addWidget(m_more);
    connectAll();
}

void CurvesToolbar::buildSearch() {
    m_search = new SearchField(tr("Filter charts"), this);
    m_search->setObjectName(QStringLiteral("chartSearch"));
    m_search->setMinimumWidth(76);  // gives way first when the pane is narrow
    m_search->setMaximumWidth(140);
    m_expression = new QToolButton(this);
    m_expression->setObjectName(QStringLiteral("chartSearchExpression"));
    m_expression->setText(QStringLiteral(".*"));
    m_expression->setCheckable(true);
    m_expression->setFixedSize(26, 26);
    m_expression->setToolTip(tr("Search by regular expression"));
    m_expression->setAccessibleName(m_expression->toolTip());
    m_expression->setAutoRaise(true);
}

void CurvesToolbar::buildSmoothing() {
    m_smoothingLabel = new Label(tr("Smoothing"), TextRole::Body, 400, Token::TextSecondary, this);
    m_smoothingLabel->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    m_smoothingLabel->setMinimumWidth(m_smoothingLabel->sizeHint().width());  // never "Smo…ing"
    m_smoothing = new QSlider(Qt::Horizontal, this);
    m_smoothing->setObjectName(QStringLiteral("smoothing"));
    m_smoothing->setAccessibleName(tr("Smoothing"));
    m_smoothing->setRange(0, kSteps - 1);
    m_smoothing->setSingleStep(10);
    m_smoothing->setPageStep(50);
    m_smoothing->setMinimumWidth(44);
    m_smoothing->setMaximumWidth(88);
    m_smoothingValue = new QLabel(this);
    m_smoothingValue->setFixedWidth(34);
    row()->addWidget(m_smoothingLabel);
    row()->addWidget(m_smoothing);
    row()->addWidget(m_smoothingValue);
}

void CurvesToolbar::connectAll() {
    const auto search = [this] {
        const auto now = filter();
        const auto mistake = now.mistake();
        m_search->setProperty("error", !mistake.isEmpty());
        m_search->setToolTip(mistake);
        Q_EMIT filterChanged(now);
    };
    connect(m_search, &QLineEdit::textChanged, this, search);
    connect(m_expression, &QToolButton::toggled, this, search);
    connect(m_smoothing, &QSlider::valueChanged, this,
            [this](int value) { Q_EMIT smoothingChanged(amountOf(m_kind, value)); });
    connect(m_robust, &QPushButton::clicked, this, &CurvesToolbar::robustChanged);
    connect(m_linked, &QPushButton::clicked, this, &CurvesToolbar::linkedChanged);
    connect(m_fit, &QToolButton::clicked, this, &CurvesToolbar::fitRequested);
    connect(m_export, &QToolButton::clicked, this, &CurvesToolbar::exportRequested);
    // Filled when it opens: keys and params come and go with the runs.
    const auto fill = [this](QMenu* menu, void (CurvesToolbar::*request)(QMenu*)) {
        connect(menu, &QMenu::aboutToShow, this, [this, menu, request] {
            menu->clear();
            Q_EMIT(this->*request)(menu);
        });
    };
    fill(m_x->menu(), &CurvesToolbar::xMenuRequested);
    fill(m_groupMenu, &CurvesToolbar::groupMenuRequested);
    fill(m_moreMenu, &CurvesToolbar::moreMenuRequested);
}

void CurvesToolbar::show(const ChartSettings& settings, bool linkedX) {
    m_kind = settings.smoothingKind;
    m_x->setText(tr("x: %1").arg(nameOf(settings)));
    const QSignalBlocker blocker(m_smoothing);
    m_smoothing->setValue(valueOf(m_kind, settings.smoothing));
    m_smoothing->setEnabled(m_kind != series::SmoothingKind::None);
    m_smoothingValue->setText(amountText(m_kind, settings.smoothing));
    m_smoothing->setToolTip(QString::fromStdString(series::describe(settings.smoothingOf())));
    m_robust->setChecked(settings.robustY);
    m_linked->setChecked(linkedX);
    m_group->setProperty(
        "full", settings.group.by.empty() ? tr("Group") : tr("Group: %1").arg(nameOf(settings.group.by)));
    giveWay();
}

ChartFilter CurvesToolbar::filter() const {
    return {m_search->text(), m_expression->isChecked()};
}

void CurvesToolbar::startFind() {
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void CurvesToolbar::openGroupMenu() {
    m_group->showMenu();
}

void CurvesToolbar::openMoreMenu() {
    m_more->showMenu();
}

void CurvesToolbar::resizeEvent(QResizeEvent* event) {
    Bar::resizeEvent(event);
    giveWay();
}

// Texts go before controls do; each has its icon, its key or its menu still.
void CurvesToolbar::giveWay() {
    const auto group = m_group->property("full").toString();
    m_linked->setText(tr("Linked x"));
    m_group->setText(group);
    m_smoothingLabel->show();
    m_robust->show();
    m_expression->show();
    const std::array<std::function<void()>, 5> steps{
        [this] { m_linked->setText({}); }, [this] { m_smoothingLabel->hide(); },
        [this] { m_group->setText({}); }, [this] { m_robust->hide(); }, [this] { m_expression->hide(); }};
    for (const auto& step : steps) {
        row()->invalidate();
        if (row()->minimumSize().width() <= width()) {
            break;
        }
        step();
    }
}

}  // namespace runglass::ui
