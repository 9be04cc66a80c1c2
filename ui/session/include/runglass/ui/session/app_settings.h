// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>
#include <QSettings>
#include <QStringList>
#include <filesystem>

namespace runglass::ui {

/// What a person set or what the window remembers, kept over all projects in one INI file of the user. GUI
/// thread only.
class AppSettings final : public QObject {
    Q_OBJECT
public:
    static AppSettings& instance();

    /// `system`, `light` or `dark`.
    [[nodiscard]] QString theme() const;
    void setTheme(const QString& theme);
    /// `system`, `normal` or `high`.
    [[nodiscard]] QString contrast() const;
    void setContrast(const QString& contrast);
    /// `compact`, `normal` or `comfortable`.
    [[nodiscard]] QString density() const;
    void setDensity(const QString& density);
    /// Whether T, N, S … act on the selection (WCAG 2.1.4 asks for a way to switch them off).
    [[nodiscard]] bool singleLetterShortcuts() const;
    void setSingleLetterShortcuts(bool on);
    /// Untracked files above this are left out of snapshots. Bytes.
    [[nodiscard]] qint64 maxUntrackedBytes() const;
    void setMaxUntrackedBytes(qint64 bytes);
    /// Between SIGTERM and SIGKILL when a run is stopped. Milliseconds.
    [[nodiscard]] qint64 graceMs() const;
    void setGraceMs(qint64 milliseconds);
    /// Whether the menu bar has a row of its own (desktops with a global menu take it from there).
    [[nodiscard]] bool menuBarRow() const;
    void setMenuBarRow(bool on);

    /// Folders that were open, newest first, at most twelve.
    [[nodiscard]] QStringList recentProjects() const;
    void addRecentProject(const QString& folder);
    void removeRecentProject(const QString& folder);

    /// Geometry, splitter positions and the like, by a key such as `layout/runs`.
    [[nodiscard]] QByteArray state(const QString& key) const;
    void setState(const QString& key, const QByteArray& state);
    /// The same for what a view remembers of one project.
    [[nodiscard]] QByteArray projectState(const std::filesystem::path& project, const QString& view) const;
    void setProjectState(const std::filesystem::path& project, const QString& view, const QByteArray& state);

Q_SIGNALS:
    void changed();

private:
    AppSettings();
    void store(const QString& key, const QVariant& value);
    QSettings m_settings;
};

}  // namespace runglass::ui
