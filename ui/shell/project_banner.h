// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "runglass/ui/session/project_session.h"
#include "runglass/ui/widgets/banner.h"

namespace runglass::ui {

/// What a person must know about the open project's run database: that it is damaged, was written by a newer
/// Runglass, or cannot be written. Of a damaged one it offers a copy of what can be read.
class ProjectBanner final : public Banner {
    Q_OBJECT
public:
    explicit ProjectBanner(QWidget* parent = nullptr);

    /// Null for none. Shows what is new since the banner was closed.
    void showSession(const ProjectSession* session);
    /// A copy with so many runs was saved at `folder`; `findings` says what is not in it.
    void showCopy(const std::filesystem::path& folder, std::uint64_t runs, const QStringList& findings);

Q_SIGNALS:
    void copyRequested();
    void openCopyRequested(const QString& folder);

private:
    QString m_shown;  ///< said once; closing the banner closes this text
    QString m_copy;   ///< folder of the copy that the banner speaks of
};

/// Where a copy of `project` goes inside `parent`: a folder that does not exist yet.
std::filesystem::path copyFolder(const std::filesystem::path& project, const std::filesystem::path& parent);

}  // namespace runglass::ui
