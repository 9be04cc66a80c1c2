// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "runglass/launch/console_log.h"
#include "runglass/sources/catalogue.h"

namespace runglass::ui {

/// What a run of another tool has printed, as its tool keeps it, in the pieces that launch::ConsoleReader
/// would give. One thread at a time; reads files, so for jobs.
class ForeignConsole {
public:
    ForeignConsole(std::filesystem::path project, std::shared_ptr<const sources::Catalogue> catalogue,
                   const RunId& run);

    /// The next at most `maxBytes`, and what has come since when all is read. A chunk with offset 0 begins
    /// anew: the tool has written its file again. Empty when there is nothing new.
    Result<std::vector<launch::ConsoleChunk>> poll(std::size_t maxBytes);

private:
    std::filesystem::path m_project;
    std::shared_ptr<const sources::Catalogue> m_catalogue;
    RunId m_run;
    std::string m_text;
    std::size_t m_given = 0;
};

}  // namespace runglass::ui
