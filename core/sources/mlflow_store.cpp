// SPDX-License-Identifier: GPL-3.0-or-later
// MLflow's file store, `mlruns/`: a folder for each experiment, in it a folder for each run, in it a file for
// each metric, param and tag (mlflow/store/tracking/file_store.py, MLflow 0.4 to 3.x).
#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "mlflow.h"
#include "mlflow_run_detail.h"
#include "mlflow_run_folder.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::sources {
namespace {

constexpr std::uint64_t kMaxMetaBytes = 1U << 20U;

bool isNumber(std::string_view name) {
    return !name.empty() &&
           std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool isRunId(std::string_view name) {
    return name.size() == 32 && RunId::fromHex(name).has_value();
}

/// Below an MLflow server that keeps its runs in a database, `mlruns` holds artifacts only, in folders of the
/// same names.
bool isRunFolder(const FolderHandle& run) {
    return run.markOf("meta.yaml").exists() || run.markOf("metrics").exists() ||
           run.markOf("params").exists();
}

bool isExperimentFolder(const FolderHandle& experiment) {
    if (experiment.markOf("meta.yaml").exists()) {
        return true;
    }
    std::vector<Entry> entries;
    experiment.list(entries);
    return std::any_of(entries.begin(), entries.end(), [&](const Entry& entry) {
        return entry.kind == EntryKind::Folder && isRunId(entry.name) &&
               isRunFolder(experiment.sub(entry.name));
    });
}

class MlflowStoreReader : public Reader {
public:
    explicit MlflowStoreReader(std::filesystem::path store)
        : m_path(std::move(store)) {}

    Result<std::vector<SharedPart>> read(std::stop_token stop) override;
    [[nodiscard]] std::vector<FileStamp> stamps() const override;
    Result<model::RunDetail> detail(std::string_view key) override;
    Result<model::Series> series(std::string_view key, std::string_view metric, std::size_t from,
                                 std::stop_token stop) override;

private:
    struct Experiment {
        std::string path;  ///< relative to the store
        bool inTrash = false;
        FileMark mark;
        FileMark metaMark;
        std::string name;
        bool deleted = false;
        std::vector<MlflowRunFolder> runs;  ///< by name
    };

    Result<std::vector<ArtifactFolder>> artifactFolders(std::string_view key) override;
    Result<FolderHandle> openStore() const;
    void findExperiments(const FolderHandle& store);
    bool readMeta(const FolderHandle& store, Experiment& experiment);
    void listRuns(const FolderHandle& store, Experiment& experiment);
    [[nodiscard]] Result<std::string> findRun(const FolderHandle& store, std::string_view key);
    [[nodiscard]] Error noSuchRun(std::string_view key) const;

    std::filesystem::path m_path;
    std::map<std::string, Experiment> m_experiments;  ///< by path
    FileMark m_mark;
    FileMark m_trashMark;
    MlflowScratch m_scratch;
    std::unordered_map<std::string, MlflowBookmark> m_bookmarks;  ///< by run folder and metric
};

Result<FolderHandle> MlflowStoreReader::openStore() const {
    auto store = FolderHandle::open(m_path);
    if (!store.valid()) {
        return errorFromErrno(errno, tr("The MLflow store cannot be read."), m_path);
    }
    return store;
}

void MlflowStoreReader::findExperiments(const FolderHandle& store) {
    std::map<std::string, Experiment> found;
    const auto take = [&](const FolderHandle& folder, const std::string& prefix, bool inTrash) {
        folder.list(m_scratch.entries);
        for (const auto& entry : m_scratch.entries) {
            const bool reserved = !inTrash && (entry.name == "models" || entry.name == ".trash");
            if (entry.kind != EntryKind::Folder || reserved) {
                continue;
            }
            const auto path = prefix + entry.name;
            if (const auto known = m_experiments.find(path); known != m_experiments.end()) {
                found.emplace(path, std::move(known->second));
            } else {
                found[path].path = path;
                found[path].inTrash = inTrash;
            }
        }
    };
    m_mark = store.mark();
    take(store, {}, false);
    const auto trash = store.sub(".trash");
    m_trashMark = trash.valid() ? trash.mark() : FileMark();
    if (trash.valid()) {
        take(trash, ".trash/", true);
    }
    m_experiments = std::move(found);
}

/// False when the folder is no experiment.
bool MlflowStoreReader::readMeta(const FolderHandle& store, Experiment& experiment) {
    const auto folder = store.sub(experiment.path);
    const auto mark = folder.valid() ? folder.markOf("meta.yaml") : FileMark();
    if (mark.exists() && mark == experiment.metaMark) {
        return true;
    }
    experiment.metaMark = mark;
    experiment.name = std::filesystem::path(experiment.path).filename().native();
    experiment.deleted = experiment.inTrash;
    if (!folder.valid() || !isExperimentFolder(folder)) {
        return false;
    }
    if (const auto read = folder.read("meta.yaml", m_scratch.content, kMaxMetaBytes)) {
        experiment.metaMark = *read;
        if (const auto meta = MlflowMeta::parse(m_scratch.content); meta.ok()) {
            if (const auto name = meta->text("name"); !name.empty()) {
                experiment.name = name;
            }
            experiment.deleted = experiment.deleted || meta->text("lifecycle_stage") == "deleted";
        }
    }
    return true;
}

void MlflowStoreReader::listRuns(const FolderHandle& store, Experiment& experiment) {
    const auto folder = store.sub(experiment.path);
    const auto mark = folder.mark();
    if (mark == experiment.mark) {
        return;
    }
    experiment.mark = mark;
    folder.list(m_scratch.entries);
    std::sort(m_scratch.entries.begin(), m_scratch.entries.end(),
              [](const Entry& a, const Entry& b) { return a.name < b.name; });
    auto before = std::move(experiment.runs);
    experiment.runs.clear();
    auto known = before.begin();
    for (const auto& entry : m_scratch.entries) {
        if (entry.kind != EntryKind::Folder || isReservedInExperiment(entry.name)) {
            continue;
        }
        const auto path = experiment.path + '/' + entry.name;
        while (known != before.end() && known->path() < path) {
            ++known;
        }
        if (known != before.end() && known->path() == path) {
            experiment.runs.push_back(std::move(*known));
        } else {
            experiment.runs.emplace_back(path);
        }
    }
}

Result<std::vector<SharedPart>> MlflowStoreReader::read(std::stop_token stop) {
    RUNGLASS_ASSIGN(const auto store, openStore());
    if (store.mark() != m_mark || store.markOf(".trash") != m_trashMark) {
        findExperiments(store);
    }
    std::vector<SharedPart> parts;
    std::unordered_set<std::string_view> keys;
    for (auto& [path, experiment] : m_experiments) {
        if (!readMeta(store, experiment)) {
            experiment.runs.clear();
            experiment.mark = {};
            continue;
        }
        listRuns(store, experiment);
        for (auto& run : experiment.runs) {
            if (stop.stop_requested()) {
                return Error{ErrorCode::Cancelled, tr("Cancelled."), {}};
            }
            if (!run.read(store, m_path, experiment.name, experiment.deleted, m_scratch)) {
                continue;
            }
            if (keys.insert(run.part()->key).second) {
                parts.push_back(run.part());
            } else {  // an experiment folder that was copied within the store
                auto copy = std::make_shared<Part>(*run.part());
                copy->key = run.path();
                copy->id.reset();
                parts.push_back(std::move(copy));
            }
        }
    }
    return parts;
}

std::vector<FileStamp> MlflowStoreReader::stamps() const {
    std::vector<FileStamp> stamps;
    stamps.push_back(m_mark.stamp(m_path));
    stamps.push_back(m_trashMark.stamp(m_path / ".trash"));
    for (const auto& [path, experiment] : m_experiments) {
        stamps.push_back(experiment.metaMark.stamp(m_path / path / "meta.yaml"));
        if (experiment.mark.exists()) {
            stamps.push_back(experiment.mark.stamp(m_path / path));
        }
        for (const auto& run : experiment.runs) {
            run.addStamps(m_path, stamps);
        }
    }
    return stamps;
}

Error MlflowStoreReader::noSuchRun(std::string_view key) const {
    return {ErrorCode::NotFound,
            tr("The MLflow store {} has no run {}.", toValidUtf8(m_path.native()), toValidUtf8(key)),
            {}};
}

/// The path of a run within the store. Its key is the name of its folder, or that path.
Result<std::string> MlflowStoreReader::findRun(const FolderHandle& store, std::string_view key) {
    if (key.find('/') != std::string_view::npos) {
        if (const auto run = store.sub(key); run.valid() && isRunFolder(run)) {
            return std::string(key);
        }
        return noSuchRun(key);
    }
    if (m_experiments.empty()) {
        findExperiments(store);
    }
    for (const auto& [path, experiment] : m_experiments) {
        const auto candidate = path + '/' + std::string(key);
        if (const auto run = store.sub(candidate); run.valid() && isRunFolder(run)) {
            return candidate;
        }
    }
    return noSuchRun(key);
}

Result<std::vector<ArtifactFolder>> MlflowStoreReader::artifactFolders(std::string_view key) {
    RUNGLASS_ASSIGN(const auto store, openStore());
    RUNGLASS_ASSIGN(const auto path, findRun(store, key));
    return mlflowArtifactFolders(store, m_path, path);
}

Result<model::RunDetail> MlflowStoreReader::detail(std::string_view key) {
    RUNGLASS_ASSIGN(const auto store, openStore());
    RUNGLASS_ASSIGN(const auto path, findRun(store, key));
    auto& experiment = m_experiments[path.substr(0, path.rfind('/'))];
    if (experiment.path.empty()) {
        experiment.path = path.substr(0, path.rfind('/'));
        experiment.inTrash = path.starts_with(".trash/");
    }
    readMeta(store, experiment);
    MlflowRunFolder run(path);
    if (!run.read(store, m_path, experiment.name, experiment.deleted, m_scratch)) {
        return noSuchRun(key);
    }
    return mlflowRunDetail(store, m_path, path, *run.part());
}

Result<model::Series> MlflowStoreReader::series(std::string_view key, std::string_view metric,
                                                std::size_t from, std::stop_token stop) {
    RUNGLASS_ASSIGN(const auto store, openStore());
    RUNGLASS_ASSIGN(const auto path, findRun(store, key));
    constexpr std::size_t kMostBookmarks = 1000;
    if (m_bookmarks.size() >= kMostBookmarks) {
        m_bookmarks.clear();
    }
    auto& bookmark = m_bookmarks[path + '\0' + std::string(metric)];
    return mlflowFileSeries(store.sub(path), metric, from, bookmark, stop);
}

bool isExperiment(const Folder& folder) {
    return std::any_of(folder.entries.begin(), folder.entries.end(), [](const Entry& entry) {
        return entry.kind == EntryKind::Folder && (isRunId(entry.name) || entry.name == "datasets");
    });
}

}  // namespace

/// Experiments are numbers, or anything where the folder has MLflow's own name. A folder of Sacred's runs has
/// numbers too, hence the look inside.
bool isMlflowStore(const Folder& folder) {
    const bool byName = folder.path.filename() == "mlruns";
    FolderHandle handle;
    for (const auto& entry : folder.entries) {
        if (entry.kind != EntryKind::Folder || !(byName || isNumber(entry.name))) {
            continue;
        }
        if (!handle.valid()) {
            handle = FolderHandle::open(folder.path);
        }
        if (entry.name != "models" && isExperimentFolder(handle.sub(entry.name))) {
            return true;
        }
    }
    return byName && folder.hasFolder(".trash");
}

void findMlflowStore(const Folder& folder, Findings& findings) {
    if (isMlflowStore(folder)) {
        findings.origins.push_back(folder.path);
        findings.closed.insert(findings.closed.end(), {"models", ".trash"});
    } else if (isRunId(folder.path.filename().native()) && folder.hasFile("meta.yaml")) {
        findings.closed.insert(findings.closed.end(), {"metrics", "params", "tags", "inputs", "outputs"});
    } else if (folder.hasFile("meta.yaml") && isExperiment(folder)) {
        findings.closed.insert(findings.closed.end(), {"tags", "datasets", "traces", "models"});
    }
}

std::unique_ptr<Reader> openMlflowStore(const std::filesystem::path& store) {
    return std::make_unique<MlflowStoreReader>(store);
}

}  // namespace runglass::sources
