// SPDX-License-Identifier: GPL-3.0-or-later
#include "options.h"

#include <QCoreApplication>
#include <QRegularExpression>

// Read before there is a QApplication, since --screenshot decides about the platform that it starts with.

namespace runglass {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("DesktopOptions", text);
}

std::optional<QSize> parseSize(const QString& text) {
    static const QRegularExpression kSize(QStringLiteral("^(\\d{2,5})x(\\d{2,5})$"));
    const auto match = kSize.match(text);
    if (!match.hasMatch()) {
        return std::nullopt;
    }
    return QSize(match.captured(1).toInt(), match.captured(2).toInt());
}

/// Takes the value of one option; false when the option is unknown.
bool take(const QString& name, const QString& value, ParsedOptions* parsed) {
    DesktopOptions& options = parsed->options;
    if (name == QLatin1String("--view")) {
        options.view = value;
    } else if (name == QLatin1String("--screenshot")) {
        options.screenshot = value;
    } else if (name == QLatin1String("--plot-request")) {
        options.plotRequest = value;
    } else if (name == QLatin1String("--theme")) {
        options.theme = value;
        if (value != QLatin1String("light") && value != QLatin1String("dark") &&
            value != QLatin1String("system")) {
            parsed->mistake = tr("--theme takes light, dark or system, not %1.").arg(value);
        }
    } else if (name == QLatin1String("--size")) {
        const auto size = parseSize(value);
        if (size) {
            options.size = *size;
            options.sizeGiven = true;
        } else {
            parsed->mistake = tr("--size takes a width and a height such as 1600x1000, not %1.").arg(value);
        }
    } else {
        return false;
    }
    return true;
}

}  // namespace

ParsedOptions parseOptions(int argc, char** argv) {
    ParsedOptions parsed;
    bool onlyFolders = false;
    for (int i = 1; i < argc && !parsed.mistake; ++i) {
        const std::string bytes = argv[i];
        const QString text = QString::fromLocal8Bit(argv[i]);
        if (onlyFolders || !text.startsWith(QLatin1Char('-')) || text == QLatin1String("-")) {
            if (!parsed.options.folder.empty()) {
                parsed.mistake = tr("Only one folder can be opened, found a second one: %1.").arg(text);
            }
            parsed.options.folder = bytes;
        } else if (text == QLatin1String("--")) {
            onlyFolders = true;
        } else if (text == QLatin1String("--help") || text == QLatin1String("-h")) {
            parsed.options.help = true;
        } else if (text == QLatin1String("--version")) {
            parsed.options.version = true;
        } else {
            const qsizetype equals = text.indexOf(QLatin1Char('='));
            const QString name = equals < 0 ? text : text.left(equals);
            if (equals < 0 && i + 1 >= argc) {
                parsed.mistake =
                    tr("%1 is unknown, or its value is missing. See runglass-desktop --help.").arg(name);
            } else if (!take(name, equals < 0 ? QString::fromLocal8Bit(argv[++i]) : text.mid(equals + 1),
                             &parsed)) {
                parsed.mistake = tr("There is no option %1. See runglass-desktop --help.").arg(name);
            }
        }
    }
    return parsed;
}

QString usageText() {
    return tr(
        "Usage: runglass-desktop [DIR] [options]\n"
        "\n"
        "Opens the project that DIR belongs to.\n"
        "\n"
        "  --view NAME             runs, curves, compare, history or launch\n"
        "  --theme NAME            light, dark or system\n"
        "  --size WxH              size of the window\n"
        "  --screenshot FILE.png   draws the window once it is filled, and ends; works with no display\n"
        "\n"
        "Example: runglass-desktop ~/digits-lab --view history\n");
}

}  // namespace runglass
