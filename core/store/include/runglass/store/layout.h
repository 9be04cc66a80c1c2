// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"

namespace runglass::store {

/// The names inside a project's `.runglass/` (DESIGN §2, §5). Pure path arithmetic; touches no disk but in
/// ensure().
class Layout {
public:
    explicit Layout(std::filesystem::path project);

    [[nodiscard]] const std::filesystem::path& project() const { return m_project; }
    [[nodiscard]] std::filesystem::path root() const { return m_project / ".runglass"; }
    [[nodiscard]] std::filesystem::path database() const { return root() / "runs.db"; }
    [[nodiscard]] std::filesystem::path artifacts() const { return root() / "artifacts"; }
    /// Content-addressed: `artifacts/ab/cdef…` for the digest `abcdef…`.
    [[nodiscard]] std::filesystem::path artifact(std::string_view sha256) const {
        return artifacts() / sha256.substr(0, 2) / sha256.substr(std::min<std::size_t>(2, sha256.size()));
    }
    [[nodiscard]] std::filesystem::path views() const { return root() / "views"; }
    [[nodiscard]] std::filesystem::path settings() const { return root() / "settings.json"; }
    /// Folder of one launched run: its console, spool and supervisor state.
    [[nodiscard]] std::filesystem::path runFolder(const RunId& id) const {
        return root() / "runs" / id.hex();
    }

    /// Makes `.runglass/` with its `.gitignore` of `*`. Idempotent.
    [[nodiscard]] Result<void> ensure() const;

private:
    std::filesystem::path m_project;
};

/// The nearest folder at or above `start` that has `.runglass` or `.git`; `start` itself where none has.
std::filesystem::path findProject(const std::filesystem::path& start);

}  // namespace runglass::store
