// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "dvc_pipeline.h"
#include "known_tables.h"
#include "registered.h"
#include "stand_in.h"
#include "table_run.h"

namespace runglass::sources {

namespace {

/// Keras' CSVLogger, and everything that writes its log in the same way: a table whose first column is
/// `epoch`. The file may have any name, so its first line decides; in a folder full of tables (data, rather
/// than logs) only names that sound like a log are looked into.
class Keras : public Format {
public:
    [[nodiscard]] std::string_view name() const override { return "keras"; }

    void recognise(const Folder& folder, Findings& findings) const override {
        constexpr std::ptrdiff_t kManyTables = 32;
        const auto tables = std::count_if(folder.entries.begin(), folder.entries.end(),
                                          [](const Entry& entry) { return isTable(entry); });
        for (const auto& entry : folder.entries) {
            if (!isTable(entry) || (tables > kManyTables && !soundsLikeLog(entry.name))) {
                continue;
            }
            const auto path = folder.path / entry.name;
            const auto line = firstLineOf(path);
            if (soundsLikeLog(entry.name) && isLfsPointer(line)) {
                findings.problems.push_back({path, 0, 1, lfsPointerReason()});
            } else if (isLog(path, headerIn(line)) && !isShownByDvc(path)) {
                findings.origins.push_back(path);
            }
        }
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        TableRun run;
        run.folder = origin.parent_path();
        // Several logs may lie in one folder, and the same names in many.
        run.name = (run.folder.filename() / origin.stem()).native();
        run.table = origin;
        run.roles.step = headerOf(origin).empty() ? "epoch" : headerOf(origin).front();
        return std::make_unique<TableRunReader>(std::move(run));
    }

private:
    static bool isTable(const Entry& entry) {
        const std::filesystem::path name(entry.name);
        const auto extension = name.extension();
        return entry.kind == EntryKind::File && !isAppleDouble(entry.name) &&
               (extension == ".csv" || extension == ".tsv" ||
                (extension == ".log" && soundsLikeLog(name.stem().native())));
    }
    static bool soundsLikeLog(std::string_view name) {
        constexpr std::array<std::string_view, 7> kWords{"log",   "histor",   "train", "metric",
                                                         "epoch", "progress", "result"};
        return std::any_of(kWords.begin(), kWords.end(),
                           [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
    }
    /// `epoch` first, then at least one metric, none of them Lightning's or Ultralytics'.
    static bool isLog(const std::filesystem::path& path, const std::vector<std::string>& header) {
        if (header.size() < 2 || (header.front() != "epoch" && header.front() != "Epoch")) {
            return false;
        }
        return !(path.filename() == "metrics.csv" && isLightningHeader(header)) &&
               !(path.filename() == "results.csv" && isUltralyticsHeader(header));
    }
};

}  // namespace

std::unique_ptr<const Format> makeKeras() {
    return std::make_unique<Keras>();
}

}  // namespace runglass::sources
