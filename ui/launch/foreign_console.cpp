// SPDX-License-Identifier: GPL-3.0-or-later
#include "foreign_console.h"

#include "runglass/sources/project_runs.h"

namespace runglass::ui {

ForeignConsole::ForeignConsole(std::filesystem::path project,
                               std::shared_ptr<const sources::Catalogue> catalogue, const RunId& run)
    : m_project(std::move(project))
    , m_catalogue(std::move(catalogue))
    , m_run(run) {}

Result<std::vector<launch::ConsoleChunk>> ForeignConsole::poll(std::size_t maxBytes) {
    std::vector<launch::ConsoleChunk> chunks;
    if (m_given == m_text.size()) {
        RUNGLASS_ASSIGN(auto text, sources::ProjectRuns(m_project, m_catalogue).foreignConsole(m_run));
        auto now = std::move(text).value_or(std::string());
        if (now == m_text) {
            return chunks;
        }
        if (!now.starts_with(m_text)) {
            m_given = 0;
        }
        m_text = std::move(now);
    }
    launch::ConsoleChunk chunk;
    chunk.offset = m_given;
    chunk.bytes = m_text.substr(m_given, maxBytes);
    m_given += chunk.bytes.size();
    chunks.push_back(std::move(chunk));
    return chunks;
}

}  // namespace runglass::ui
