// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "run_folder.h"
#include "runglass/launch/console_log.h"
#include "runglass/launch/launcher.h"
#include "runglass/store/database.h"
#include "runglass/store/run_reader.h"
#include "support/test.h"

namespace runglass::test {

/// A project in which real commands are launched under the real supervisor.
class LaunchProject {
public:
    LaunchProject() { qputenv("RUNGLASS_BIN", QByteArray::fromStdString(runglassProgram().native())); }

    [[nodiscard]] const std::filesystem::path& path() const { return m_folder.path(); }
    [[nodiscard]] const TempFolder& folder() const { return m_folder; }

    [[nodiscard]] launch::LaunchSpec spec(std::vector<std::string> command) const {
        launch::LaunchSpec spec;
        spec.project = path();
        spec.command = std::move(command);
        spec.takeSnapshot = false;
        return spec;
    }
    [[nodiscard]] launch::LaunchSpec shell(const std::string& script) const {
        return spec({"/bin/sh", "-c", script});
    }
    [[nodiscard]] launch::LaunchSpec python(const std::string& script) const {
        return spec({"/usr/bin/python3", "-c", script});
    }

    RunId start(const launch::LaunchSpec& spec) const {
        const auto id = launch::launch(spec);
        if (!id.ok()) {
            qFatal("%s", id.error().message.c_str());
        }
        return *id;
    }
    [[nodiscard]] launch::WaitOutcome wait(const RunId& id) const {
        const auto outcome = launch::waitForEnd(path(), id);
        return outcome.ok() ? *outcome : launch::WaitOutcome{-1, true};
    }
    RunId runToEnd(const launch::LaunchSpec& spec) const {
        const RunId id = start(spec);
        [[maybe_unused]] const auto outcome = wait(id);
        return id;
    }

    [[nodiscard]] model::RunDetail detail(const RunId& id) const {
        auto database = store::Database::open(path(), store::OpenMode::ReadOnly);
        auto detail = store::RunReader(*database).detail(id);
        return detail.ok() ? *detail : model::RunDetail{};
    }
    [[nodiscard]] model::RunStatus status(const RunId& id) const { return detail(id).record.status; }
    [[nodiscard]] model::Series series(const RunId& id, const std::string& key) const {
        auto database = store::Database::open(path(), store::OpenMode::ReadOnly);
        auto series = store::RunReader(*database).series(id, key);
        return series.ok() ? *series : model::Series{};
    }
    [[nodiscard]] std::string console(const RunId& id) const {
        launch::ConsoleReader reader(runFolder(id).path());
        std::string text;
        for (;;) {
            const auto chunks = reader.poll();
            if (!chunks.ok() || chunks->empty()) {
                return text;
            }
            for (const auto& chunk : *chunks) {
                text += chunk.bytes;
            }
        }
    }
    [[nodiscard]] launch::RunFolder runFolder(const RunId& id) const { return {path(), id}; }

    /// The text that a command printed when it had got so far; empty after 10 s.
    [[nodiscard]] std::string waitForConsole(const RunId& id, const std::string& word) const {
        for (int i = 0; i < 1000; ++i) {
            const std::string text = console(id);
            if (text.find(word) != std::string::npos) {
                return text;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return {};
    }

private:
    TempFolder m_folder;
};

}  // namespace runglass::test
