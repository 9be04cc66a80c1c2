// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <git2.h>

#include "runglass/git/repository.h"
#include "support/test.h"

namespace runglass::test {

/// Base of the tests with repositories: no configuration of the machine or the user takes part.
class GitTestCase : public TestCase {
protected:
    GitTestCase() {
        git_libgit2_init();
        for (const auto level : {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
                                 GIT_CONFIG_LEVEL_GLOBAL}) {
            git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, m_noConfiguration.path().c_str());
        }
    }
    ~GitTestCase() override { git_libgit2_shutdown(); }

private:
    TempFolder m_noConfiguration;
};

/// A repository in a folder of its own, driven by the git program.
class ScratchRepository {
public:
    explicit ScratchRepository(bool initialized = true) {
        if (initialized) {
            git({"init", "-q"});
        }
    }
    [[nodiscard]] const std::filesystem::path& path() const { return m_folder.path(); }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return m_folder / name; }
    std::string git(const std::vector<std::string>& arguments) const {
        return test::git(m_folder.path(), arguments);
    }
    /// The output without its last newline.
    [[nodiscard]] std::string ask(const std::vector<std::string>& arguments) const {
        auto text = git(arguments);
        while (text.ends_with('\n')) {
            text.pop_back();
        }
        return text;
    }
    void write(std::string_view name, std::string_view content) const { m_folder.write(name, content); }
    /// Everything as a new commit; its name.
    std::string commit(const std::string& message) const {
        git({"add", "-A"});
        git({"commit", "-q", "--allow-empty", "-m", message});
        return ask({"rev-parse", "HEAD"});
    }

private:
    TempFolder m_folder;
};

}  // namespace runglass::test
