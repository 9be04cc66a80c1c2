// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLibraryInfo>
#include <QSettings>
#include <QTemporaryDir>
#include <QTranslator>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "options.h"
#include "runglass/base/translate.h"
#include "runglass/ui/curves/plot_export.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/session/project_folder.h"
#include "runglass/ui/shell/main_window.h"
#include "screenshot.h"
#include "startup_trace.h"

namespace {

using namespace runglass;

int fail(const QString& message, const char* program = "runglass-desktop") {
    std::fprintf(stderr, "%s: %s\n", program, qPrintable(message));
    return 2;
}

/// Without a display pictures are drawn on the offscreen platform; a window cannot be: false.
bool choosePlatform(bool picture) {
    const bool told = !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM");
    const bool display =
        !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
    if (!told && !display) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    if (qEnvironmentVariableIsEmpty("XDG_RUNTIME_DIR")) {
        // Qt warns on stderr about the folder it falls back to; saying the same place ourselves keeps it
        // quiet.
        const auto folder =
            std::filesystem::temp_directory_path() / ("runglass-" + std::to_string(::getuid()));
        std::error_code ignored;
        std::filesystem::create_directory(folder, ignored);
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, ignored);
        qputenv("XDG_RUNTIME_DIR", QByteArray::fromStdString(folder.string()));
    }
    return picture || told || display;
}

/// The offscreen platform says on every window that it cannot do what a window manager does.
void dropPlatformNoise(QtMsgType type, const QMessageLogContext& context, const QString& message) {
    if (!message.startsWith(QLatin1String("This plugin does not support"))) {
        std::fprintf(stderr, "%s\n", qPrintable(qFormatLogMessage(type, context, message)));
    }
}

/// A picture is drawn with the person's settings, and leaves no trace in them: what it shows is not where the
/// next window should open.
void useCopyOfSettings(const QTemporaryDir& folder) {
    const QString name = QStringLiteral("Runglass");
    const QString from = QSettings(QSettings::IniFormat, QSettings::UserScope, name, name).fileName();
    const QString below = folder.filePath(name);
    QDir().mkpath(below);
    QFile::copy(from, below + QLatin1Char('/') + QFileInfo(from).fileName());
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
}

/// Our texts in the person's language; without such a file the English one, which has the plurals.
void installTranslations(QApplication* application) {
    const QLocale locale;
    auto* own = new QTranslator(application);
    const auto folder = QStringLiteral(":/runglass/translations");
    if (own->load(locale, QStringLiteral("runglass"), QStringLiteral("_"), folder) ||
        own->load(QStringLiteral("runglass_en"), folder)) {
        QApplication::installTranslator(own);
    }
    if (locale.language() == QLocale::English || locale.language() == QLocale::C) {
        return;
    }
    auto* qt = new QTranslator(application);
    if (qt->load(locale, QStringLiteral("qtbase"), QStringLiteral("_"),
                 QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
        QApplication::installTranslator(qt);
    }
}

/// The folder to open: the one named, else for a window the last one.
std::string folderToOpen(const DesktopOptions& options) {
    if (!options.folder.empty() || !options.screenshot.isEmpty()) {
        return options.folder;
    }
    for (const QString& recent : ui::AppSettings::instance().recentProjects()) {
        const std::string folder = QFile::encodeName(recent).toStdString();
        std::error_code ignored;
        if (std::filesystem::is_directory(folder, ignored)) {
            return folder;
        }
    }
    return {};
}

/// What a person called who asked for a plot.
constexpr const char* kCommand = "runglass";

/// `runglass plot`: one chart to a file, no window.
int plot(QApplication* application, const QString& file) {
    ui::Theme::install(*application, ui::ThemeChoice::Light);
    const auto request = ui::parsePlotRequest(QFile::encodeName(file).toStdString());
    const auto written = request ? ui::writePlot(*request) : Result<std::vector<Error>>(request.error());
    if (!written) {
        return fail(QString::fromStdString(written.error().message), kCommand);
    }
    for (const Error& left : *written) {
        std::fprintf(stderr, "%s: %s\n", kCommand, left.message.c_str());
    }
    return written->empty() ? 0 : 1;
}

int run(QApplication* application, const DesktopOptions& options) {
    const auto settings = ui::AppSettings::instance().theme();
    ui::Theme::install(*application,
                       ui::MainWindow::themeChoice(options.theme.isEmpty() ? settings : options.theme));
    ui::MainWindow window(!options.theme.isEmpty());
    const bool picture = !options.screenshot.isEmpty();
    if (picture || options.sizeGiven) {
        window.resize(options.size);
    }
    const std::string folder = folderToOpen(options);
    if (!folder.empty()) {
        if (const auto opened = window.openProject(folder); !opened) {
            return fail(QString::fromStdString(opened.error().message));
        }
    }
    if (!options.view.isEmpty() && !window.goTo(options.view)) {
        return fail(folder.empty()
                        ? QCoreApplication::translate("main", "--view needs a folder to open.")
                        : QCoreApplication::translate("main", "There is no view named %1. There are %2.")
                              .arg(options.view, ui::MainWindow::placeNames().join(QStringLiteral(", "))));
    }
    if (StartupTrace::wanted()) {
        new StartupTrace(&window);
    }
    window.show();
    if (picture) {
        new Screenshot(&window, options.screenshot);
    }
    return QApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
    const ParsedOptions parsed = parseOptions(argc, argv);
    if (parsed.mistake) {
        return fail(*parsed.mistake);
    }
    if (parsed.options.help || parsed.options.version) {
        std::printf(
            "%s", parsed.options.help ? qPrintable(usageText()) : "runglass-desktop " RUNGLASS_VERSION "\n");
        return 0;
    }
    const bool picture = !parsed.options.screenshot.isEmpty() || !parsed.options.plotRequest.isEmpty();
    const bool canShow = choosePlatform(picture);
    std::optional<QTemporaryDir> settings;
    if (picture) {
        useCopyOfSettings(settings.emplace());
    }
    qInstallMessageHandler(dropPlatformNoise);
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("Runglass"));
    QApplication::setApplicationVersion(QStringLiteral(RUNGLASS_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("org.runglass.Runglass"));
    installTranslations(&application);
    setTranslator([](const char* text) { return QCoreApplication::translate("core", text).toStdString(); });
    if (!parsed.options.folder.empty()) {
        if (const auto folder = ui::checkProjectFolder(parsed.options.folder); !folder) {
            return fail(QString::fromStdString(folder.error().message));
        }
    }
    if (!canShow) {
        return fail(QCoreApplication::translate(
            "main", "There is no display. Set DISPLAY, or draw a picture with --screenshot FILE.png."));
    }
    return parsed.options.plotRequest.isEmpty() ? run(&application, parsed.options)
                                                : plot(&application, parsed.options.plotRequest);
}
