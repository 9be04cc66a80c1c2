// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "command_table.h"
#include "output.h"
#include "project_data.h"
#include "runglass/base/clock.h"
#include "runglass/base/translate.h"
#include "runglass/launch/console_log.h"
#include "runglass/launch/launcher.h"
#include "runglass/store/kept_changes.h"
#include "runglass/store/layout.h"
#include "runglass/store/run_reader.h"

namespace runglass::cli {

namespace {

constexpr std::chrono::milliseconds kPollInterval{100};

/// Writes console chunks as the run printed them: what went to its standard error goes to ours.
class Writer {
public:
    explicit Writer(bool times)
        : m_times(times) {}

    void write(const launch::ConsoleChunk& chunk) {
        auto* const file = chunk.stream == launch::Stream::Err ? stderr : stdout;
        if (!m_times) {
            std::fwrite(chunk.bytes.data(), 1, chunk.bytes.size(), file);
            return;
        }
        std::string text;
        for (const char c : chunk.bytes) {
            text += m_lineStart && chunk.timeMs > 0 ? isoUtc(chunk.timeMs) + "  " : "";
            text += c;
            m_lineStart = c == '\n';
        }
        std::fwrite(text.data(), 1, text.size(), file);
    }

private:
    bool m_times;
    bool m_lineStart = true;
};

Result<bool> drain(launch::ConsoleReader& reader, Writer& writer) {
    bool any = false;
    while (true) {
        RUNGLASS_ASSIGN(const auto chunks, reader.poll());
        if (chunks.empty()) {
            break;
        }
        any = true;
        for (const auto& chunk : chunks) {
            writer.write(chunk);
        }
    }
    flushOutput();
    return any;
}

/// The console of a run of another tool, as far as that tool has kept it.
Result<int> printForeign(ProjectData& project, const RunId& id) {
    RUNGLASS_ASSIGN(const auto text, project.runs.foreignConsole(id));
    if (!text || text->empty()) {
        complain(tr("The tool that made run {} has not kept what it printed.", id.shortHex()));
        return 0;
    }
    std::fwrite(text->data(), 1, text->size(), stdout);
    return 0;
}

Result<bool> hasEnded(const ProjectData& project, const RunId& id, store::KeptChanges& kept) {
    kept.poll();
    RUNGLASS_ASSIGN(auto database, store::Database::open(project.folder, store::OpenMode::ReadOnly));
    auto stored = store::RunReader(database).detail(id);
    const auto detail =
        kept.detail(id, stored ? std::optional(std::move(stored).value()) : std::nullopt, database);
    return detail ? model::isTerminal(detail->record.status) : !launch::wasLaunched(project.folder, id);
}

Result<int> log(const Invocation& invocation) {
    RUNGLASS_ASSIGN(auto project, openProject(invocation));
    RUNGLASS_ASSIGN(const auto id, resolveRun(project, invocation.arguments().front()));
    // Launched here, it may lie aside yet, because another program holds the database.
    if (!project.isOwn(id) && !launch::hasCommandFromHere(project.folder, id)) {
        return printForeign(project, id);
    }
    if (project.catalogue->has(id)) {  // imported, and perhaps still where it came from
        RUNGLASS_ASSIGN(const auto text, project.runs.foreignConsole(id));
        if (text) {
            std::fwrite(text->data(), 1, text->size(), stdout);
            return 0;
        }
    }
    launch::ConsoleReader console(store::Layout(project.folder).runFolder(id));
    Writer writer(invocation.has("--times"));
    RUNGLASS_ASSIGN(bool any, drain(console, writer));
    store::KeptChanges kept(project.folder);
    while (invocation.has("--follow")) {
        // The end is looked up before the last look at the log, so that nothing printed in between is missed.
        RUNGLASS_TRY(launch::recover(project.folder));
        RUNGLASS_ASSIGN(const bool ended, hasEnded(project, id, kept));
        RUNGLASS_ASSIGN(const bool more, drain(console, writer));
        any = any || more;
        if (ended) {
            break;
        }
        std::this_thread::sleep_for(kPollInterval);
    }
    if (const auto dropped = console.droppedBytes(); dropped > 0) {
        complain(tr("{} bytes in the middle were not kept, because the run printed more than its limit.",
                    dropped));
    } else if (!any) {
        complain(tr("Run {} has printed nothing.", id.shortHex()));
    }
    return 0;
}

}  // namespace

Command logCommand() {
    return {
        .name = "log",
        .summary = "print the console of a run",
        .description =
            "What the run printed, byte for byte, its standard output to standard output and its standard "
            "error "
            "to standard error.",
        .arguments = {{.name = "RUN",
                       .help = "An id, the beginning of one, or a name.",
                       .completes = Completes::Run}},
        .options = {{.name = "--follow", .value = "", .help = "Goes on while the run does.", .letter = 'f'},
                    {.name = "--times",
                     .value = "",
                     .help = "Puts the time (UTC) before each line.",
                     .letter = 't'}},
        .examples = {{"runglass log 8f3a1c20", "All of it."},
                     {"runglass log 8f3a1c20 --follow",
                      "Watches a run; Ctrl+C ends the watching, not the run."},
                     {"runglass log 8f3a1c20 2>/dev/null | grep loss", "Only what went to standard output."}},
        .run = log};
}

}  // namespace runglass::cli
