// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "known_tables.h"
#include "registered.h"
#include "table_run.h"
#include "tensorboard_reader.h"

namespace runglass::sources {

namespace {

constexpr std::string_view kMetrics = "metrics.csv";
constexpr std::string_view kHparams = "hparams.yaml";

/// A folder of PyTorch Lightning's CSVLogger or TensorBoardLogger: `hparams.yaml`, and `metrics.csv` or event
/// files. Lightning Fabric's CSVLogger writes no hparams.yaml; its table has the same `step` column.
class Lightning : public Format {
public:
    [[nodiscard]] std::string_view name() const override { return "lightning"; }

    void recognise(const Folder& folder, Findings& findings) const override {
        const bool hasMetrics = folder.hasFile(kMetrics);
        const bool hasHparams = folder.hasFile(kHparams);
        if ((hasHparams && (hasMetrics || isVersion(folder.path) || hasEvents(folder))) ||
            (hasMetrics && isLightningHeader(headerOf(folder.path / kMetrics)))) {
            findings.origins.push_back(folder.path);
        }
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        TableRun run;
        run.folder = origin;
        run.ownsFolder = true;
        run.table = origin / kMetrics;
        run.roles.step = "step";
        run.params = origin / kHparams;
        run.paramStyle = config::FlattenStyle::Lightning;
        run.files = {origin, {"checkpoints"}, {".ckpt"}};
        return std::make_unique<TableRunReader>(std::move(run));
    }

private:
    static bool isVersion(const std::filesystem::path& folder) {
        return folder.filename().native().starts_with("version_") ||
               folder.parent_path().filename() == "lightning_logs";
    }
    static bool hasEvents(const Folder& folder) {
        return std::any_of(folder.entries.begin(), folder.entries.end(), [](const Entry& entry) {
            return entry.kind == EntryKind::File && tensorboard::isEventFileName(entry.name);
        });
    }
};

}  // namespace

std::unique_ptr<const Format> makeLightning() {
    return std::make_unique<Lightning>();
}

}  // namespace runglass::sources
