// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runglass/base/file.h"
#include "runglass/exchange/copy_run.h"
#include "runglass/exchange/export_run.h"
#include "runglass/launch/console_log.h"
#include "runglass/store/layout.h"
#include "runglass/store/run_reader.h"
#include "support/scratch_project.h"

namespace runglass::test {

inline std::vector<double> valuesOf(const Result<model::Series>& series) {
    return series ? std::vector<double>(series->values.begin(), series->values.end())
                  : std::vector<double>{-1};
}

/// Each piece of a run's console with its time and stream.
inline std::string consoleOf(const std::filesystem::path& project, const RunId& id) {
    launch::ConsoleReader reader(store::Layout(project).runFolder(id));
    std::string text;
    const auto chunks = reader.poll();
    for (const auto& chunk : *chunks) {
        text += std::to_string(chunk.timeMs) + ' ' + std::to_string(static_cast<int>(chunk.stream)) + ' ' +
                chunk.bytes;
    }
    return text;
}

/// A folder in which MLflow has left one run.
struct MlflowRun {
    TempFolder folder;
    RunId id = *RunId::fromHex("0123456789abcdef0123456789abcdef");

    explicit MlflowRun(std::string_view meta) {
        folder.write("mlruns/0/meta.yaml", "name: Default\n");
        write("meta.yaml", meta);
    }
    std::filesystem::path write(const std::string& name, std::string_view content) const {
        return folder.write("mlruns/0/" + id.hex() + "/" + name, content);
    }
    /// Copies it as it is by now.
    [[nodiscard]] Result<exchange::CopyResult> importTo(const std::filesystem::path& project) const {
        const auto catalogue =
            std::make_shared<sources::Catalogue>(sources::CatalogueOptions{.project = folder.path()});
        (void)catalogue->load();
        sources::ProjectRuns from(folder.path(), catalogue, sources::ProjectRuns::Look::ForeignOnly);
        RUNGLASS_ASSIGN(auto database, store::Database::open(project, store::OpenMode::ReadWrite));
        return exchange::copyRun(from, id, database);
    }
};

/// A run with one point and one artifact, and the file that it is exported to.
struct PackedRun {
    ScratchProject project{false};
    RunId id = project.addRuns({{.name = "a", .commit = {}, .metrics = {{"loss", 0.1}}}}).front();
    TempFolder out;
    std::filesystem::path file = out / "one.runs";

    PackedRun() {
        const auto artifact = out.write("model.bin", "weights");
        auto database = store::Database::open(project.path(), store::OpenMode::ReadWrite);
        VERIFY_OK(store::RunWriter(*database).addArtifact(id, artifact, "m/model.bin"));
        sources::ProjectRuns runs(project.path(), nullptr);
        VERIFY_OK(exchange::packRuns(runs, std::vector{id}, file));
    }
    [[nodiscard]] std::string bytes() const { return *readFile(file, 64U << 20U); }
};

}  // namespace runglass::test
