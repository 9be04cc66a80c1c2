// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSize>
#include <QString>
#include <QStringList>
#include <optional>
#include <string>

namespace runglass {

/// What the command line asks for.
struct DesktopOptions {
    std::string folder;  ///< bytes; empty: the last project, or none
    QString view;
    QString screenshot;
    QSize size{1600, 1000};
    bool sizeGiven = false;
    QString theme;        ///< empty: as set
    QString plotRequest;  ///< file with what `runglass plot` wants drawn
    bool help = false;
    bool version = false;
};

/// Reads argv, or says in one sentence what is wrong with it.
struct ParsedOptions {
    DesktopOptions options;
    std::optional<QString> mistake;
};
ParsedOptions parseOptions(int argc, char** argv);

QString usageText();

}  // namespace runglass
