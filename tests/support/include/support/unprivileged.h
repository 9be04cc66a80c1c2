// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace runglass::test {

/// Takes root's rights from the test's process, and with them from those that it starts, for as long as it
/// lives: containers run tests as root, who may write everywhere. Others keep their own rights.
class Unprivileged {
public:
    Unprivileged()
        : m_wasRoot(::geteuid() == 0)
        , m_changed(m_wasRoot && ::setresuid(kNobody, kNobody, 0) == 0) {}
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;
    ~Unprivileged() {
        if (m_changed && ::setresuid(0, 0, 0) != 0) {
            std::abort();  // all tests that follow would test something else
        }
    }

    /// Why a test of a folder that cannot be written makes no sense here; null when it does.
    [[nodiscard]] const char* whyNot(const std::filesystem::path& unwritable) const {
        if (m_wasRoot && !m_changed) {
            return "root cannot become another user here";
        }
        if (::access(unwritable.c_str(), W_OK) == 0) {
            return "the folder can be written in spite of its permissions";
        }
        return ::access(unwritable.c_str(), R_OK | X_OK) == 0 ? nullptr : "the folder cannot be read";
    }

private:
    static constexpr uid_t kNobody = 65534;
    bool m_wasRoot;
    bool m_changed;
};

}  // namespace runglass::test
