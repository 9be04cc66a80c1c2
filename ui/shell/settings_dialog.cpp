// SPDX-License-Identifier: GPL-3.0-or-later
#include "settings_dialog.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QSpinBox>

#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/label.h"
#include "runglass/ui/widgets/remark.h"
#include "runglass/ui/widgets/segmented_control.h"

namespace runglass::ui {
namespace {

constexpr qint64 kMegabyte = 1 << 20;

/// A choice of `values`, shown as `titles`.
SegmentedControl* makeChoice(const QString& name, const QStringList& titles, const QStringList& values,
                             const QString& current, std::function<void(const QString&)> set) {
    auto* control = new SegmentedControl;
    control->setObjectName(name);
    for (const QString& title : titles) {
        control->addPart(title);
    }
    control->setCurrentIndex(static_cast<int>(qMax<qsizetype>(0, values.indexOf(current))));
    QObject::connect(control, &SegmentedControl::currentChanged, control,
                     [values, set = std::move(set)](int index) { set(values.at(index)); });
    return control;
}

/// In one line: beside a form's field, a text that may wrap becomes a narrow column.
Remark* makeFieldRemark(const QString& text) {
    auto* remark = new Remark(text);
    remark->setWordWrap(false);
    return remark;
}

Label* makeHeading(const QString& text) {
    return new Label(text, TextRole::Body, 600);
}

}  // namespace

SettingsDialog::SettingsDialog(QWidget* parent)
    : QDialog(parent) {
    setObjectName(QStringLiteral("settings"));
    setWindowTitle(tr("Settings"));
    setMinimumWidth(qRound(Theme::current().metric("size.dialogMin")));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(24);
    form->setVerticalSpacing(10);
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    addAppearance(form);
    addKeyboard(form);
    addRuns(form);
    column->addLayout(form);
    column->addStretch(1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
}

void SettingsDialog::addAppearance(QFormLayout* form) {
    AppSettings& settings = AppSettings::instance();
    form->addRow(makeHeading(tr("Appearance")));
    form->addRow(tr("Theme"),
                 makeChoice(QStringLiteral("settings.theme"), {tr("System"), tr("Light"), tr("Dark")},
                            {QStringLiteral("system"), QStringLiteral("light"), QStringLiteral("dark")},
                            settings.theme(), [&settings](const QString& v) { settings.setTheme(v); }));
    form->addRow(tr("Contrast"),
                 makeChoice(QStringLiteral("settings.contrast"), {tr("System"), tr("Normal"), tr("High")},
                            {QStringLiteral("system"), QStringLiteral("normal"), QStringLiteral("high")},
                            settings.contrast(), [&settings](const QString& v) { settings.setContrast(v); }));
    form->addRow(
        tr("Density"),
        makeChoice(QStringLiteral("settings.density"), {tr("Compact"), tr("Normal"), tr("Comfortable")},
                   {QStringLiteral("compact"), QStringLiteral("normal"), QStringLiteral("comfortable")},
                   settings.density(), [&settings](const QString& v) { settings.setDensity(v); }));
    auto* menuBar = new QCheckBox(tr("Menu bar in a row of its own"));
    menuBar->setObjectName(QStringLiteral("settings.menuBarRow"));
    menuBar->setChecked(settings.menuBarRow());
    connect(menuBar, &QCheckBox::toggled, this, [&settings](bool on) { settings.setMenuBarRow(on); });
    form->addRow(QString(), menuBar);
}

void SettingsDialog::addKeyboard(QFormLayout* form) {
    AppSettings& settings = AppSettings::instance();
    form->addRow(makeHeading(tr("Keyboard")));
    auto* letters = new QCheckBox(tr("Single letters act on tables and charts (T, N, S …)"));
    letters->setObjectName(QStringLiteral("settings.singleLetters"));
    letters->setChecked(settings.singleLetterShortcuts());
    connect(letters, &QCheckBox::toggled, this,
            [&settings](bool on) { settings.setSingleLetterShortcuts(on); });
    form->addRow(QString(), letters);
}

void SettingsDialog::addRuns(QFormLayout* form) {
    AppSettings& settings = AppSettings::instance();
    form->addRow(makeHeading(tr("Launching runs")));
    auto* limit = new QSpinBox;
    limit->setObjectName(QStringLiteral("settings.maxUntracked"));
    limit->setRange(0, 100'000);
    limit->setSuffix(tr(" MB"));
    limit->setValue(static_cast<int>(settings.maxUntrackedBytes() / kMegabyte));
    connect(limit, &QSpinBox::valueChanged, this,
            [&settings](int value) { settings.setMaxUntrackedBytes(value * kMegabyte); });
    form->addRow(tr("Largest untracked file"), limit);
    form->addRow(QString(),
                 makeFieldRemark(tr("Larger ones stay out of a run's snapshot, and are named in it.")));
    auto* grace = new QSpinBox;
    grace->setObjectName(QStringLiteral("settings.grace"));
    grace->setRange(0, 3600);
    grace->setSuffix(tr(" s"));
    grace->setValue(static_cast<int>(settings.graceMs() / 1000));
    connect(grace, &QSpinBox::valueChanged, this,
            [&settings](int value) { settings.setGraceMs(value * 1000LL); });
    form->addRow(tr("Grace time on stop"), grace);
    form->addRow(QString(), makeFieldRemark(tr("A stopped run gets SIGTERM, and SIGKILL after this time.")));
}

}  // namespace runglass::ui
