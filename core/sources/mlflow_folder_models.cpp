// SPDX-License-Identifier: GPL-3.0-or-later
// Logged models and registry of a file store: `<experiment>/models/m-…` and `models/<name>/version-…`
// (mlflow/store/tracking/file_store.py, mlflow/store/model_registry/file_store.py).
#include <algorithm>
#include <cerrno>
#include <iterator>
#include <memory>
#include <span>
#include <sstream>

#include "mlflow_links.h"
#include "mlflow_models.h"
#include "runglass/base/clock.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/sources/catalogue.h"
#include "runglass/sources/growing_file.h"

namespace runglass::sources {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Keys with slashes are folders; this deep at most.
constexpr int kMaxKeyDepth = 8;
constexpr std::uint64_t kMaxValueBytes = 1U << 20U;

/// A file a key, its content the value.
void readFiles(const FolderHandle& folder, const std::string& prefix, int depth, Pairs& pairs) {
    std::vector<Entry> entries;
    if (!folder.valid() || !folder.list(entries)) {
        return;
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
    std::string content;
    for (const auto& entry : entries) {
        if (entry.kind == EntryKind::Folder && depth < kMaxKeyDepth) {
            readFiles(folder.sub(entry.name), prefix + entry.name + '/', depth + 1, pairs);
        } else if (entry.kind == EntryKind::File &&
                   folder.read(entry.name.c_str(), content, kMaxValueBytes)) {
            pairs.emplace_back(toValidUtf8(prefix + entry.name), toValidUtf8(content));
        }
    }
}

void readPairs(const FolderHandle& folder, Pairs& pairs) {
    readFiles(folder, {}, 0, pairs);
    for (auto& [key, value] : pairs) {
        value = std::string(trimmed(value));
    }
}

/// A line: time, value, step, run and, where it is told, name and digest of the dataset.
std::optional<model::ModelMetric> metricIn(const std::string& key, const std::string& line) {
    std::istringstream cells(line);
    const std::vector<std::string> words{std::istream_iterator<std::string>(cells),
                                         std::istream_iterator<std::string>()};
    if (words.size() < 4) {
        return std::nullopt;
    }
    const auto time = parseInt(words[0]);
    const auto value = parseDouble(words[1]);
    const auto step = parseInt(words[2]);
    if (!time || !value || !step) {
        return std::nullopt;
    }
    const bool hasDataset = words.size() > 5;
    return model::ModelMetric{key,
                              {*step, *time, *value},
                              words[3],
                              hasDataset ? words[4] : std::string(),
                              hasDataset ? words[5] : std::string()};
}

/// A last line without its end may be half of one, which is waited for.
void addMetrics(const std::string& key, const std::string& lines, std::vector<model::ModelMetric>& metrics,
                Damage& damage) {
    for (std::size_t at = 0; at < lines.size();) {
        const auto end = lines.find('\n', at);
        const auto line = lines.substr(at, end == std::string::npos ? end : end - at);
        if (auto metric = metricIn(key, line)) {
            metrics.push_back(std::move(*metric));
        } else if (end != std::string::npos && !trimmed(line).empty() && damage.count++ == 0) {
            damage.offset = at;
        }
        at = end == std::string::npos ? lines.size() : end + 1;
    }
}

bool isRun(const FolderHandle& store, const std::string& path) {
    const auto run = store.sub(path);
    return run.valid() && (run.markOf("meta.yaml").exists() || run.markOf("metrics").exists());
}

/// The folder of a run within the store; empty when there is none.
std::string pathOf(const FolderHandle& store, std::string_view key) {
    if (key.find('/') != std::string_view::npos) {
        return std::string(key);
    }
    std::vector<Entry> entries;
    const auto among = [&](const FolderHandle& folder, const std::string& prefix) -> std::string {
        if (folder.valid() && folder.list(entries)) {
            for (const auto& entry : entries) {
                auto path = prefix + entry.name + '/' + std::string(key);
                if (entry.kind == EntryKind::Folder && isRun(store, path)) {
                    return path;
                }
            }
        }
        return {};
    };
    auto path = among(store, {});
    return path.empty() ? among(store.sub(".trash"), ".trash/") : path;
}

/// A version of the registry, with the run that it says it came of.
struct RegisteredVersion {
    std::string run;
    model::ModelVersion version;
};
using SharedVersions = std::shared_ptr<const std::vector<RegisteredVersion>>;

/// All versions of a registry, by model and number.
class Registry {
public:
    /// Whoever copies the runs of a store asks once for each of them: what was read a moment ago is not read
    /// again as long as no model and no version has come or gone.
    static SharedVersions of(const std::filesystem::path& store, const FolderHandle& folder) {
        constexpr std::int64_t kFreshMs = 1000;
        struct Last {
            std::filesystem::path store;
            std::vector<FileStamp> stamps;
            std::int64_t readMs = 0;
            SharedVersions versions;
        };
        static thread_local Last last;
        const auto now = monotonicMs();
        auto stamps = stampsOf(store / "models");
        if (!last.versions || last.store != store || last.stamps != stamps || now - last.readMs > kFreshMs) {
            last = {store, std::move(stamps), now, read(folder.sub("models"))};
        }
        return last.versions;
    }

private:
    static std::vector<FileStamp> stampsOf(const std::filesystem::path& registry) {
        std::vector<FileStamp> stamps{FileStamp::of(registry)};
        if (const auto listed = listFolder(registry); listed.ok()) {
            for (const auto& entry : listed->entries) {
                stamps.push_back(FileStamp::of(registry / entry.name));
            }
        }
        return stamps;
    }

    static SharedVersions read(const FolderHandle& registry) {
        std::vector<RegisteredVersion> all;
        std::vector<Entry> entries;
        if (registry.valid() && registry.list(entries)) {
            std::ranges::sort(entries, {}, &Entry::name);
            for (const auto& entry : entries) {
                readVersions(registry.sub(entry.name), entry.name, all);
            }
        }
        return std::make_shared<const std::vector<RegisteredVersion>>(std::move(all));
    }

    static void readVersions(const FolderHandle& registered, const std::string& folderName,
                             std::vector<RegisteredVersion>& all) {
        const auto first = all.size();
        const auto own = mlflowMetaIn(registered);
        const auto name = toValidUtf8(own && !own->text("name").empty() ? own->text("name") : folderName);
        forEachMlflowMeta(registered, [&](const std::string& folder, const MlflowMeta& meta) {
            constexpr std::string_view kVersion = "version-";
            const auto number = folder.starts_with(kVersion)
                                    ? parseInt(std::string_view(folder).substr(kVersion.size()))
                                    : std::nullopt;
            const auto stage = meta.text("current_stage");
            if (!number || stage == kDeletedStage) {
                return;
            }
            auto& [run, version] = all.emplace_back();
            run = meta.text("run_id");
            version.model = name;
            version.version = *number;
            version.stage = stage == kNoStage ? std::string() : toValidUtf8(stage);
            version.source = toValidUtf8(meta.text("source"));
            version.loggedModel = modelOf(meta);
        });
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
        std::sort(begin, all.end(),
                  [](const auto& a, const auto& b) { return a.version.version < b.version.version; });
        if (begin != all.end()) {
            readAliases(registered, {begin, all.end()});
        }
    }

    static void readAliases(const FolderHandle& registered, std::span<RegisteredVersion> versions) {
        Pairs aliases;
        readPairs(registered.sub("aliases"), aliases);
        for (const auto& [alias, number] : aliases) {
            for (auto& one : versions) {
                if (parseInt(number) == one.version.version) {
                    one.version.aliases.push_back(alias);
                }
            }
        }
    }

    static std::string modelOf(const MlflowMeta& version) {
        const auto told = version.text("model_id");
        return toValidUtf8(told.empty() ? loggedModelOf(version.text("source")) : told);
    }
};

class FolderModels {
public:
    FolderModels(const std::filesystem::path& place, const FolderHandle& store, SharedVersions registry,
                 const std::string& runPath)
        : m_store(place)
        , m_path(runPath.substr(0, runPath.rfind('/')) + "/models")
        , m_registry(std::move(registry))
        , m_run(store.sub(runPath))
        , m_id(runPath.substr(runPath.rfind('/') + 1))
        , m_models(store.sub(m_path)) {}

    model::RunModels read() {
        forEachMlflowMeta(m_run.sub("outputs"), [this](const std::string&, const MlflowMeta& link) {
            add(link.text("destination_id"), true, link.integer("step"));
        });
        forEachMlflowMeta(m_models, [this](const std::string& name, const MlflowMeta& meta) {
            if (meta.text("source_run_id") == m_id) {
                add(name, true, {});
            }
        });
        forEachMlflowMeta(m_run.sub("inputs"), [this](const std::string&, const MlflowMeta& link) {
            if (link.text("destination_type") == "MODEL_INPUT") {
                add(link.text("destination_id"), false, {});
            }
        });
        for (const auto& [run, version] : *m_registry) {
            if (run == m_id || (!version.loggedModel.empty() && has(version.loggedModel))) {
                m_all.versions.push_back(version);
            }
        }
        return std::move(m_all);
    }

private:
    void add(std::string_view id, bool output, std::optional<std::int64_t> step) {
        if (has(id) || !id.starts_with("m-") || id.find('/') != std::string_view::npos) {
            return;
        }
        const auto folder = m_models.sub(id);
        const auto meta = mlflowMetaIn(folder);
        if (!meta || meta->text("lifecycle_stage") == "deleted") {
            return;
        }
        auto& model = m_all.models.emplace_back();
        model.id = id;
        model.name = toValidUtf8(meta->text("name"));
        model.type = toValidUtf8(meta->text("model_type"));
        const auto status = meta->integer("status").value_or(0);
        model.status = static_cast<model::ModelStatus>(status >= 0 && status <= 3 ? status : 0);
        model.output = output;
        model.step = step;
        model.createdMs = meta->integer("creation_timestamp").value_or(0);
        readPairs(folder.sub("params"), model.params);
        readPairs(folder.sub("tags"), model.tags);
        Pairs metrics;
        readFiles(folder.sub("metrics"), {}, 0, metrics);
        for (const auto& [key, lines] : metrics) {
            Damage damage{m_store / m_path / id / "metrics" / key, 0, 0,
                          tr("A line is not of the form: time, value, step, run.")};
            addMetrics(key, lines, model.metrics, damage);
            if (damage.count > 0) {
                m_all.problems.push_back(describe(damage, m_store.parent_path()));
            }
        }
    }

    [[nodiscard]] bool has(std::string_view id) const {
        return std::ranges::find(m_all.models, id, &model::LoggedModel::id) != m_all.models.end();
    }

    std::filesystem::path m_store;
    std::string m_path;  ///< of the logged models of the experiment, within the store
    SharedVersions m_registry;
    FolderHandle m_run;
    std::string m_id;
    FolderHandle m_models;
    model::RunModels m_all;
};

}  // namespace

Result<model::RunModels> mlflowFolderModels(const std::filesystem::path& store, std::string_view key) {
    const auto folder = FolderHandle::open(store);
    if (!folder.valid()) {
        return errorFromErrno(errno, tr("The MLflow store cannot be read."), store);
    }
    const auto path = pathOf(folder, key);
    return path.empty() ? model::RunModels()
                        : FolderModels(store, folder, Registry::of(store, folder), path).read();
}

}  // namespace runglass::sources
