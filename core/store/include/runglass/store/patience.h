// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace runglass::store {

/// How long calls on this thread wait for another writer of the run database before they fail with Busy: a
/// minute, or less while an object of this class lives.
class Patience {
public:
    explicit Patience(std::int64_t ms);
    Patience(const Patience&) = delete;
    Patience& operator=(const Patience&) = delete;
    ~Patience();

private:
    std::int64_t m_before;
};

}  // namespace runglass::store
