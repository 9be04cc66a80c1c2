// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/session/app_settings.h"

namespace runglass::ui {
namespace {

constexpr qsizetype kMostRecent = 12;
constexpr qint64 kDefaultUntracked = 10 << 20;
constexpr qint64 kDefaultGrace = 20'000;

// A path holds the separator of setting groups; its hex does not.
QString projectKey(const std::filesystem::path& project, const QString& view) {
    return view + QLatin1Char('/') + QString::fromLatin1(QByteArray::fromStdString(project.native()).toHex());
}

}  // namespace

AppSettings::AppSettings()
    : m_settings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("Runglass"),
                 QStringLiteral("Runglass")) {}

AppSettings& AppSettings::instance() {
    static AppSettings settings;
    return settings;
}

void AppSettings::store(const QString& key, const QVariant& value) {
    if (m_settings.value(key) != value) {
        m_settings.setValue(key, value);
        Q_EMIT changed();
    }
}

QString AppSettings::theme() const {
    return m_settings.value(QStringLiteral("theme"), QStringLiteral("system")).toString();
}

void AppSettings::setTheme(const QString& theme) {
    store(QStringLiteral("theme"), theme);
}

QString AppSettings::contrast() const {
    return m_settings.value(QStringLiteral("contrast"), QStringLiteral("system")).toString();
}

void AppSettings::setContrast(const QString& contrast) {
    store(QStringLiteral("contrast"), contrast);
}

QString AppSettings::density() const {
    return m_settings.value(QStringLiteral("density"), QStringLiteral("normal")).toString();
}

void AppSettings::setDensity(const QString& density) {
    store(QStringLiteral("density"), density);
}

bool AppSettings::singleLetterShortcuts() const {
    return m_settings.value(QStringLiteral("singleLetterShortcuts"), true).toBool();
}

void AppSettings::setSingleLetterShortcuts(bool on) {
    store(QStringLiteral("singleLetterShortcuts"), on);
}

qint64 AppSettings::maxUntrackedBytes() const {
    return qMax<qint64>(
        0, m_settings.value(QStringLiteral("maxUntrackedBytes"), kDefaultUntracked).toLongLong());
}

void AppSettings::setMaxUntrackedBytes(qint64 bytes) {
    store(QStringLiteral("maxUntrackedBytes"), bytes);
}

qint64 AppSettings::graceMs() const {
    return qMax<qint64>(0, m_settings.value(QStringLiteral("graceMs"), kDefaultGrace).toLongLong());
}

void AppSettings::setGraceMs(qint64 milliseconds) {
    store(QStringLiteral("graceMs"), milliseconds);
}

bool AppSettings::menuBarRow() const {
    return m_settings.value(QStringLiteral("menuBarRow"), false).toBool();
}

void AppSettings::setMenuBarRow(bool on) {
    store(QStringLiteral("menuBarRow"), on);
}

QStringList AppSettings::recentProjects() const {
    return m_settings.value(QStringLiteral("recentProjects")).toStringList();
}

void AppSettings::addRecentProject(const QString& folder) {
    QStringList recent = recentProjects();
    recent.removeAll(folder);
    recent.prepend(folder);
    recent.resize(qMin(recent.size(), kMostRecent));
    store(QStringLiteral("recentProjects"), recent);
}

void AppSettings::removeRecentProject(const QString& folder) {
    QStringList recent = recentProjects();
    recent.removeAll(folder);
    store(QStringLiteral("recentProjects"), recent);
}

QByteArray AppSettings::state(const QString& key) const {
    return m_settings.value(QStringLiteral("state/") + key).toByteArray();
}

void AppSettings::setState(const QString& key, const QByteArray& state) {
    // No signal: layouts change with every drag and nobody else watches them.
    m_settings.setValue(QStringLiteral("state/") + key, state);
}

QByteArray AppSettings::projectState(const std::filesystem::path& project, const QString& view) const {
    return state(projectKey(project, view));
}

void AppSettings::setProjectState(const std::filesystem::path& project, const QString& view,
                                  const QByteArray& state) {
    setState(projectKey(project, view), state);
}

}  // namespace runglass::ui
