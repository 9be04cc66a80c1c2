// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSet>
#include <QString>
#include <filesystem>
#include <vector>

#include "grid_layout.h"
#include "runglass/base/symbol.h"

namespace runglass::ui {

/// How the charts of a project were left, kept in the settings of the program.
struct CurvesState {
    std::vector<Symbol> pinned;
    QSet<Symbol> logY;                     ///< keys whose y axis differs from the setting of all
    QSet<QString> folded{kSystemSection};  ///< titles of sections

    /// The defaults when this project was not open before.
    static CurvesState load(const std::filesystem::path& project);
    void save(const std::filesystem::path& project) const;
};

}  // namespace runglass::ui
