// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "command.h"
#include "runglass/base/result.h"

namespace runglass::cli {

enum class Format { Table, Json, Csv };

/// A parsed command line: which command, with what.
class Invocation {
public:
    /// Checks `words` (argv without the program's name) against the table. Invalid says what was wrong and
    /// what is right.
    static Result<Invocation> parse(std::span<const std::string> words);

    [[nodiscard]] bool hasCommand() const { return m_command != nullptr; }
    [[nodiscard]] const Command& command() const { return *m_command; }
    [[nodiscard]] bool wantsHelp() const { return has("--help"); }
    [[nodiscard]] bool wantsVersion() const { return has("--version"); }

    [[nodiscard]] bool has(std::string_view option) const;
    /// The last value given.
    [[nodiscard]] std::optional<std::string> value(std::string_view option) const;
    [[nodiscard]] std::vector<std::string> values(std::string_view option) const;
    /// A value as a whole number within [low, high].
    [[nodiscard]] Result<std::optional<std::int64_t>> integer(std::string_view option, std::int64_t low,
                                                              std::int64_t high) const;
    [[nodiscard]] Result<std::optional<double>> number(std::string_view option, double low,
                                                       double high) const;

    [[nodiscard]] const std::vector<std::string>& arguments() const { return m_arguments; }
    [[nodiscard]] Format format() const;
    /// The folder of --project, else the nearest one at or above the current folder that holds a project.
    [[nodiscard]] Result<std::filesystem::path> project() const;

private:
    friend class Parser;
    const Command* m_command = nullptr;
    std::vector<std::string> m_arguments;
    std::vector<std::pair<std::string, std::string>> m_options;
};

}  // namespace runglass::cli
