// SPDX-License-Identifier: GPL-3.0-or-later
#include "appearance.h"

#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/shell/main_window.h"
#include "runglass/ui/theme/theme.h"

namespace runglass::ui {
namespace {

const auto kRemembered = QStringLiteral("systemLook");
constexpr char kDark = 'd';
constexpr char kLight = 'l';
constexpr char kHighContrast = 'h';

QByteArray encoded(const SystemLook& look) {
    QByteArray text;
    if (look.dark) {
        text += *look.dark ? kDark : kLight;
    }
    if (look.highContrast) {
        text += kHighContrast;
    }
    return text;
}

SystemLook decoded(const QByteArray& text) {
    SystemLook look;
    if (text.contains(kDark) || text.contains(kLight)) {
        look.dark = text.contains(kDark);
    }
    look.highContrast = text.contains(kHighContrast);
    return look;
}

Density densityOf(const QString& name) {
    return name == QLatin1String("compact")       ? Density::Compact
           : name == QLatin1String("comfortable") ? Density::Comfortable
                                                  : Density::Normal;
}

ContrastChoice contrastOf(const QString& name) {
    return name == QLatin1String("high")     ? ContrastChoice::High
           : name == QLatin1String("normal") ? ContrastChoice::Normal
                                             : ContrastChoice::System;
}

}  // namespace

Appearance::Appearance(bool themeForced, QObject* parent)
    : QObject(parent)
    , m_themeForced(themeForced) {
    Theme::current().setSystemLook(decoded(AppSettings::instance().state(kRemembered)));
    connect(&AppSettings::instance(), &AppSettings::changed, this, &Appearance::applySettings);
    connect(&m_system, &SystemAppearance::changed, this, &Appearance::takeSystemLook);
    applySettings();
}

void Appearance::followDesktop(const QDBusConnection& bus) {
    m_system.start(bus);
}

void Appearance::applySettings() {
    const AppSettings& settings = AppSettings::instance();
    Theme& theme = Theme::current();
    theme.setDensity(densityOf(settings.density()));
    theme.setContrast(contrastOf(settings.contrast()));
    if (!m_themeSetting.isNull() && m_themeSetting != settings.theme()) {
        m_themeForced = false;
    }
    m_themeSetting = settings.theme();
    if (!m_themeForced) {
        theme.setChoice(MainWindow::themeChoice(settings.theme()));
    }
}

void Appearance::takeSystemLook() {
    AppSettings::instance().setState(kRemembered, encoded(m_system.look()));
    Theme::current().setSystemLook(m_system.look());
}

}  // namespace runglass::ui
