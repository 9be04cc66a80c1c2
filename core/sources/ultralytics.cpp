// SPDX-License-Identifier: GPL-3.0-or-later
#include "known_tables.h"
#include "registered.h"
#include "table_run.h"

namespace runglass::sources {

namespace {

constexpr std::string_view kResults = "results.csv";
constexpr std::string_view kArguments = "args.yaml";
constexpr std::string_view kOptions = "opt.yaml";  // YOLOv5

/// A training folder of Ultralytics YOLO: `results.csv` with an `epoch` column and names such as
/// `train/box_loss`, and the arguments of the training.
class Ultralytics : public Format {
public:
    [[nodiscard]] std::string_view name() const override { return "ultralytics"; }

    void recognise(const Folder& folder, Findings& findings) const override {
        if (folder.hasFile(kResults) && isUltralyticsHeader(headerOf(folder.path / kResults))) {
            findings.origins.push_back(folder.path);
        }
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        TableRun run;
        run.folder = origin;
        run.ownsFolder = true;
        run.table = origin / kResults;
        run.roles.step = "epoch";
        run.params = origin / kArguments;
        if (!FileStamp::of(run.params).exists && FileStamp::of(origin / kOptions).exists) {
            run.params = origin / kOptions;
        }
        run.files = {origin, {"weights"}, {".png", ".jpg", ".jpeg", ".csv", ".pt", ".onnx"}};
        return std::make_unique<TableRunReader>(std::move(run));
    }
};

}  // namespace

std::unique_ptr<const Format> makeUltralytics() {
    return std::make_unique<Ultralytics>();
}

}  // namespace runglass::sources
