// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "folder_handle.h"
#include "mlflow_meta.h"
#include "mlflow_metric_file.h"
#include "mlflow_run.h"

namespace runglass::sources {

/// Memory that reading one run after the other uses again.
struct MlflowScratch {
    std::string content;
    std::vector<Entry> entries;
};

/// Names inside an experiment that are not runs.
bool isReservedInExperiment(std::string_view name);

/// A file name inside a run whose content is a key's value, with subfolders for keys with slashes.
struct MlflowFile {
    std::string path;  ///< relative to the run: `tags/mlflow.user`
    FileMark mark;
};

/// One run of a file store: `<store>/<experiment>/<run id>/`. Keeps what it needs to read only what changed.
class MlflowRunFolder {
public:
    /// `path` is relative to the store.
    explicit MlflowRunFolder(std::string path)
        : m_path(std::move(path)) {}

    /// Reads what has changed since the last time. False when the folder is no run (any more): neither a
    /// `meta.yaml` nor metrics or params in it. `experimentName` and `experimentDeleted` are of its
    /// experiment.
    bool read(const FolderHandle& store, const std::filesystem::path& storePath,
              const std::string& experimentName, bool experimentDeleted, MlflowScratch& scratch);

    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] const SharedPart& part() const { return m_part; }
    void addStamps(const std::filesystem::path& storePath, std::vector<FileStamp>& stamps) const;

private:
    [[nodiscard]] bool unchanged(const FolderHandle& run, const std::string& experimentName,
                                 bool experimentDeleted) const;
    void readMeta(const FolderHandle& run, MlflowRun& fields, Part& part, MlflowScratch& scratch);
    /// Calls `take(folder handle, file name, key)` for each file below `folder`.
    template <typename Take>
    void forEachKey(const FolderHandle& run, const char* folder, MlflowScratch& scratch, Take&& take);
    void readValues(const FolderHandle& run, const char* folder, MlflowTags& values, Part& part,
                    MlflowScratch& scratch);
    void readMetrics(const FolderHandle& run, Part& part, MlflowScratch& scratch);

    std::string m_path;
    std::string m_experimentName;
    bool m_experimentDeleted = false;
    FileMark m_metaMark;
    std::vector<MlflowFile> m_folders;
    std::vector<MlflowFile> m_values;  ///< params and tags
    std::vector<MlflowMetricFile> m_metrics;
    SharedPart m_part;
};

}  // namespace runglass::sources
