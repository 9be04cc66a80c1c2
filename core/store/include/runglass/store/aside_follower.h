// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"

namespace runglass::store {

/// Reads all that lies aside (AsideLog, CatalogLog), of endpoints that live and of dead ones, as it grows;
/// takes nothing away, and no turn. Not thread-safe.
class AsideFollower {
public:
    explicit AsideFollower(const std::filesystem::path& project);

    /// Hands out the records that have come. Calls `restart` first when any that were handed out are in the
    /// database now, and hands out all of the others again.
    void poll(const std::function<void()>& restart,
              const std::function<Result<void>(std::string_view record)>& take);

private:
    struct Place {
        std::uint64_t offset = 0;
        std::array<char, 8> first{};  ///< the head of the first record: another one after it was emptied
    };
    [[nodiscard]] std::vector<std::filesystem::path> logs() const;
    [[nodiscard]] bool hasRestarted() const;

    std::filesystem::path m_folder;
    std::map<std::filesystem::path, Place> m_places;
};

}  // namespace runglass::store
