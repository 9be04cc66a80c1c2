// SPDX-License-Identifier: GPL-3.0-or-later
// Whole run folders of every format, through the same door as the program: recognise, open, read, and look at
// everything. First byte: the format; the rest: its files one after the other, with a byte 0x1E between them.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <vector>

#include "runglass/sources/format.h"
#include "support_folder.h"

namespace {

namespace fs = std::filesystem;
using namespace runglass;
using namespace runglass::sources;

/// The names of a format's files; the last one may be binary.
using Names = std::vector<const char*>;
const std::array<Names, 16> kLayouts{{
    {"h/.hydra/config.yaml", "h/.hydra/overrides.yaml", "h/.hydra/hydra.yaml", "h/train.log"},
    {"l/version_0/hparams.yaml", "l/version_0/metrics.csv"},
    {"u/train/args.yaml", "u/train/results.csv"},
    {"k/log.csv"},
    {"f/out/checkpoint-2/trainer_state.json", "f/out/trainer_state.json"},
    {"g/.guild/opref", "g/.guild/attrs/flags", "g/.guild/attrs/cmd", "g/.guild/attrs/started",
     "g/.guild/attrs/exit_status", "g/.guild/attrs/env", "g/.guild/output"},
    {"s/1/run.json", "s/1/config.json", "s/1/cout.txt", "s/1/metrics.json"},
    {"w/run-x/files/config.yaml", "w/run-x/run-x.swanlab"},
    {"wandb/run-20240102_030405-x/files/config.yaml", "wandb/run-20240102_030405-x/files/wandb-summary.json",
     "wandb/run-20240102_030405-x/files/wandb-metadata.json", "wandb/run-20240102_030405-x/run-x.wandb"},
    {"d/live/params.yaml", "d/live/metrics.json", "d/live/plots/metrics/train/loss.tsv"},
    {"d/dvc.yaml", "d/dvc.lock", "d/params.yaml", "d/metrics.json"},
    {"m/mlruns/0/meta.yaml", "m/mlruns/0/00112233445566778899aabbccddeeff/meta.yaml",
     "m/mlruns/0/00112233445566778899aabbccddeeff/params/lr",
     "m/mlruns/0/00112233445566778899aabbccddeeff/metrics/loss"},
    {".runglass/tables.json", "data.csv"},
    {"o/optuna.db"},
    {"t/trackio/project.db"},
    {"m/mlflow.db"},
}};

void writeFile(const fs::path& file, std::string_view content) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
}

void layOut(const fs::path& folder, const Names& names, std::string_view content) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto end = i + 1 < names.size() ? content.find('\x1E') : std::string_view::npos;
        writeFile(folder / names[i], content.substr(0, end));
        content = end == std::string_view::npos ? std::string_view() : content.substr(end + 1);
    }
}

/// What the table counts is what the curve has. A database may give fewer, or none: SQLite reads the curve
/// along an index that the fuzzer may have made to lack rows, which only `PRAGMA integrity_check` finds.
bool agrees(const Result<model::Series>& series, std::size_t counted, bool ofDatabase) {
    return ofDatabase || (series.ok() && series->size() == counted);
}

void lookAt(Reader& reader, bool ofDatabase) {
    const auto parts = reader.read({});
    if (!parts) {
        if (parts.error().message.empty()) {
            std::abort();
        }
        return;
    }
    for (const auto& part : *parts) {
        for (const auto& metric : part->record.metrics) {
            const auto series = reader.series(part->key, metric.key.text(), 0, {});
            if (!agrees(series, metric.summary.count, ofDatabase)) {
                std::abort();
            }
        }
        if (const auto detail = reader.detail(part->key)) {
            for (const auto& artifact : detail->artifacts) {
                static_cast<void>(reader.openArtifact(part->key, artifact.path).ok());
                static_cast<void>(reader.artifact(part->key, artifact.path, 4096).ok());
            }
        }
        static_cast<void>(reader.console(part->key).ok());
    }
    if (const auto again = reader.read({}); !again || again->size() != parts->size()) {
        std::abort();
    }
}

void walk(const fs::path& folder) {
    const auto listed = listFolder(folder);
    if (!listed) {
        return;
    }
    for (const auto& format : formats()) {
        Findings findings;
        format->recognise(*listed, findings);
        for (const auto& origin : findings.origins) {
            lookAt(*format->open(origin), origin.extension() == ".db");
        }
    }
    for (const auto& entry : listed->entries) {
        if (entry.kind == EntryKind::Folder) {
            walk(folder / entry.name);
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    static const fuzz::ScratchFolder scratch;
    const auto folder = scratch.path() / "project";
    layOut(folder, kLayouts[data[0] % kLayouts.size()], {reinterpret_cast<const char*>(data + 1), size - 1});
    walk(folder);
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    return 0;
}
