// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <filesystem>

#include "runglass/base/result.h"

namespace runglass::ui {

/// The views that are saved with a project, one file each: `.runglass/views/NAME.json`. A file is an object
/// with `version` 1 and one member for each part of the window that takes part (`runs`, `curves`: the help
/// page "Saved views" describes them). Members are sorted and on lines of their own, so that git can merge
/// two changes. Members that this program does not know are kept.
///
/// All functions read or write the disk: call them in jobs. Thread-safe.
namespace saved_views {

/// Names of the views of a project, sorted. A project without any has none.
QStringList names(const std::filesystem::path& project);

/// The whole object of one view.
Result<QJsonObject> read(const std::filesystem::path& project, const QString& name);

/// Sets members of a view, which is made where there is none; other members stay.
Result<void> write(const std::filesystem::path& project, const QString& name, const QJsonObject& parts);

Result<void> remove(const std::filesystem::path& project, const QString& name);

/// The file of a view: letters, digits, space and `-_.()` as they are, all else percent-encoded, so that no
/// name leaves the folder. Empty for a name that is empty or too long.
std::filesystem::path file(const std::filesystem::path& project, const QString& name);

}  // namespace saved_views
}  // namespace runglass::ui
