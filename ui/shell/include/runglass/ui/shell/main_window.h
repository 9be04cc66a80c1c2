// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>
#include <QPointer>
#include <filesystem>
#include <memory>

#include "runglass/base/result.h"
#include "runglass/ui/session/project_session.h"
#include "runglass/ui/session/view.h"
#include "runglass/ui/theme/theme.h"

class QMessageBox;
class QStackedWidget;

namespace runglass::ui {

class Appearance;
class CommandPalette;
class Endpoint;
class GpuMonitor;
class HeaderBar;
class NavigationRail;
class ProjectBanner;
class StartPage;
class StatusBar;
class WalkWatch;
class ToastStack;
class WindowActions;
class WindowJob;

/// The one window. It arranges: rail, header, pages and status bar; what is in a page is the page's.
class MainWindow final : public QMainWindow {
    Q_OBJECT
public:
    /// `themeForced`: the theme is as the command line wants it, until the person chooses another one.
    explicit MainWindow(bool themeForced = false, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Opens the project that `folder` belongs to in place of the present one. Fails, and changes nothing,
    /// when it is not a folder that can be read.
    Result<void> openProject(const std::filesystem::path& folder);
    void closeProject();
    /// Goes to a place of the rail; false when there is none of this name. Before the window was painted for
    /// the first time its page is not made yet.
    bool goTo(const QString& place);

    [[nodiscard]] ProjectSession* session() const { return m_session.get(); }
    [[nodiscard]] QString currentPlace() const { return m_place; }
    /// The page in front; null on the start page.
    [[nodiscard]] View* currentView() const;
    /// Names of the places, for messages.
    [[nodiscard]] static QStringList placeNames();
    /// `system`, `light` or `dark` as settings and the command line write it.
    [[nodiscard]] static ThemeChoice themeChoice(const QString& name);

protected:
    bool event(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void arrange();
    void connectActions();
    void connectSession();
    void applySettings();
    void showStartPage();
    void openFromPerson(const QString& folder);
    void chooseFolder();
    void fillRecentMenu();
    View* pageFor(const QString& place);
    void enter(const QString& place);
    void goBack(int step);
    void showPanels();
    void setPanel(View::Panel panel, bool shown);
    void showPalette(const QString& prefix = {});
    void showStatus();
    void connectJobs();
    void showProblems();
    void showUnreadable();
    void makeDemo();
    void chooseCopyFolder();
    /// Copies what can be read of the project into a new folder inside `parent`.
    void saveCopy(const QString& parent);
    void showFailure(const Error& error);
    void showHelp();
    void showShortcuts();
    void showAbout();
    void stopSelectedRuns();
    /// A question that opens without waiting; the caller adds the answers.
    QMessageBox* question(const QString& title, const QString& text, const QString& more);
    void askToStop(const std::vector<RunId>& launched, const std::vector<RunId>& all, const QString& what);
    void askToMarkEnded(const std::vector<RunId>& runs, const QString& what);
    void movePane(int step);
    void showConsole();
    static bool isTable(const QString& file);
    void readAgain();
    void showSources();
    void chooseTable(QWidget* parent);
    void readTable(const QString& file, QWidget* parent);
    void showEndpoint();
    void startEndpoint();
    void noteEndpoint();

    WindowActions* m_actions;
    HeaderBar* m_header;
    NavigationRail* m_rail;
    QStackedWidget* m_stack;
    StatusBar* m_status;
    StartPage* m_start = nullptr;  ///< made when there is no project
    QMenu* m_recentMenu;
    ToastStack* m_toasts;
    ProjectBanner* m_banner;
    WindowJob* m_job;
    WalkWatch* m_walk;
    Endpoint* m_endpoint;
    GpuMonitor* m_gpus;
    bool m_endpointAsked = false;  ///< by the palette: a failure is told by a toast
    QStringList m_unreadable;      ///< what the last message was about
    QPointer<QWidget> m_unreadableToast;
    QStringList m_copyFindings;  ///< what the last copy of a damaged project lacks
    CommandPalette* m_palette = nullptr;
    QHash<QString, View*> m_pages;
    std::unique_ptr<ProjectSession> m_session;
    Appearance* m_appearance;
    bool m_painted = false;  ///< pages are made after the frame is on the screen
    QString m_place;
    QStringList m_trail;  ///< places gone through
    qsizetype m_trailAt = -1;
};

}  // namespace runglass::ui
