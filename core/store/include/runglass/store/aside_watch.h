// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>

namespace runglass::store {

/// Tells with one look at its time whether the folder of what lies aside (AsideLog, CatalogLog) is still as
/// empty as it was: logs come and go as files. Thread-safe.
class AsideWatch {
public:
    explicit AsideWatch(const std::filesystem::path& project);

    /// Whether no endpoint has kept anything that is not in the run database.
    [[nodiscard]] bool isEmpty() const;

private:
    std::filesystem::path m_folder;
    mutable std::atomic<std::int64_t> m_emptySince{0};  ///< the time of the empty folder, in ns
};

}  // namespace runglass::store
