// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace runglass::ui {

/// Which program holds the run database while what scripts log lies aside. Not for what is done in a moment,
/// and asked again now and then: another may hold it by then.
class HolderWatch {
public:
    explicit HolderWatch(std::filesystem::path project)
        : m_project(std::move(project)) {}

    /// `waiting`: something lies aside. Returns the holder when it is another than the last time, empty for
    /// none any more. Cheap; call it often.
    std::optional<std::string> changed(bool waiting);

private:
    std::filesystem::path m_project;
    std::int64_t m_sinceMs = 0;  ///< 0: nothing waits
    std::int64_t m_askedMs = 0;
    std::string m_holder;  ///< as told
};

}  // namespace runglass::ui
