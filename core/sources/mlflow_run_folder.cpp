// SPDX-License-Identifier: GPL-3.0-or-later
#include "mlflow_run_folder.h"

#include <algorithm>
#include <array>

#include "part_keeper.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "stand_in.h"

namespace runglass::sources {
namespace {

constexpr std::uint64_t kMaxMetaBytes = 1U << 20U;
constexpr std::uint64_t kMaxValueBytes = 1U << 20U;
constexpr int kMaxKeyDepth = 32;

std::string_view lastName(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

bool isReservedInExperiment(std::string_view name) {
    static constexpr std::array<std::string_view, 5> kReserved{"tags", "datasets", "traces", "models",
                                                               "evaluations"};
    return std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
}

bool MlflowRunFolder::unchanged(const FolderHandle& run, const std::string& experimentName,
                                bool experimentDeleted) const {
    if (!m_part || experimentName != m_experimentName || experimentDeleted != m_experimentDeleted ||
        run.markOf("meta.yaml") != m_metaMark) {
        return false;
    }
    const auto holds = [&](const MlflowFile& file) { return run.markOf(file.path.c_str()) == file.mark; };
    return std::all_of(m_folders.begin(), m_folders.end(), holds) &&
           std::all_of(m_values.begin(), m_values.end(), holds) &&
           std::all_of(m_metrics.begin(), m_metrics.end(), [&](const MlflowMetricFile& metric) {
               return run.markOf(("metrics/" + metric.key()).c_str()) == metric.mark();
           });
}

template <typename Take>
void MlflowRunFolder::forEachKey(const FolderHandle& run, const char* folder, MlflowScratch& scratch,
                                 Take&& take) {
    struct Level {
        std::string path;  // relative to the run
        std::string prefix;
        int depth = 0;
    };
    std::vector<Level> open{{folder, {}, 0}};
    while (!open.empty()) {
        const auto level = std::move(open.back());
        open.pop_back();
        const auto handle = run.sub(level.path);
        m_folders.push_back({level.path, handle.valid() ? handle.mark() : FileMark()});
        if (!handle.list(scratch.entries)) {
            continue;
        }
        std::sort(scratch.entries.begin(), scratch.entries.end(),
                  [](const Entry& a, const Entry& b) { return a.name < b.name; });
        for (const auto& entry : scratch.entries) {
            if (isBystander(entry.name)) {
                continue;
            }
            if (entry.kind == EntryKind::Folder && level.depth < kMaxKeyDepth) {
                open.push_back(
                    {level.path + '/' + entry.name, level.prefix + entry.name + '/', level.depth + 1});
            } else if (entry.kind == EntryKind::File) {
                take(handle, entry.name.c_str(), level.prefix + entry.name);
            }
        }
    }
}

bool MlflowRunFolder::read(const FolderHandle& store, const std::filesystem::path& storePath,
                           const std::string& experimentName, bool experimentDeleted,
                           MlflowScratch& scratch) {
    const auto run = store.sub(m_path);
    if (!run.valid()) {
        return false;
    }
    if (unchanged(run, experimentName, experimentDeleted)) {
        return true;
    }
    m_experimentName = experimentName;
    m_experimentDeleted = experimentDeleted;
    m_folders.clear();
    m_values.clear();
    auto part = std::make_shared<Part>();
    part->folder = storePath / m_path;
    part->ownsFolder = true;

    MlflowRun fields;
    fields.id = lastName(m_path);
    fields.experiment = experimentName;
    readMeta(run, fields, *part, scratch);
    readValues(run, "tags", fields.tags, *part, scratch);
    MlflowTags params;
    readValues(run, "params", params, *part, scratch);
    readMetrics(run, *part, scratch);
    const bool isRun = m_metaMark.exists() || run.markOf("metrics").exists() || run.markOf("params").exists();
    if (!isRun) {
        m_part = nullptr;
        return false;
    }
    fields.deleted = fields.deleted || experimentDeleted;
    fillPart(fields, *part);
    for (const auto& [key, value] : params) {
        part->record.params.push_back({Symbol(toValidUtf8(key)), Symbol(toValidUtf8(value))});
    }
    part->record.sortKeys();
    if (!m_part || fingerprintOf(*m_part) != fingerprintOf(*part)) {
        m_part = std::move(part);
    }
    return true;
}

void MlflowRunFolder::readMeta(const FolderHandle& run, MlflowRun& fields, Part& part,
                               MlflowScratch& scratch) {
    const auto path = part.folder / "meta.yaml";
    const auto mark = run.read("meta.yaml", scratch.content, kMaxMetaBytes);
    m_metaMark = mark.value_or(FileMark());
    if (!mark || trimmed(scratch.content).empty() || isLfsPointer(scratch.content)) {
        part.tellsStatus = false;
        // MLflow empties the file for a moment when it rewrites it.
        part.damage.push_back(
            {path, 0, 1,
             !mark ? tr("The run's meta.yaml is missing: its name, times and status are not known.")
             : isLfsPointer(scratch.content)
                 ? lfsPointerReason()
                 : tr("The run's meta.yaml is empty: its name, times and status are not known.")});
        fields.status = "FINISHED";
        return;
    }
    const auto meta = MlflowMeta::parse(scratch.content);
    if (!meta.ok()) {
        part.tellsStatus = false;
        part.damage.push_back({path, 0, 1, meta.error().message});
        fields.status = "FINISHED";
        return;
    }
    fields.name = meta->text("run_name");
    if (fields.name.empty()) {
        fields.name = meta->text("name");
    }
    fields.status = meta->text("status");
    fields.startTimeMs = meta->integer("start_time");
    fields.endTimeMs = meta->integer("end_time");
    fields.deleted = meta->text("lifecycle_stage") == "deleted";
}

void MlflowRunFolder::readValues(const FolderHandle& run, const char* folder, MlflowTags& values, Part& part,
                                 MlflowScratch& scratch) {
    forEachKey(run, folder, scratch, [&](const FolderHandle& handle, const char* name, std::string key) {
        const auto mark = handle.read(name, scratch.content, kMaxValueBytes);
        const auto path = std::string(folder) + '/' + key;
        m_values.push_back({path, mark.value_or(FileMark())});
        if (!mark || isLfsPointer(scratch.content)) {
            part.damage.push_back(
                {part.folder / path, 0, 1, mark ? lfsPointerReason() : tr("The file cannot be read.")});
            return;
        }
        values.emplace_back(std::move(key), scratch.content);
    });
}

void MlflowRunFolder::readMetrics(const FolderHandle& run, Part& part, MlflowScratch& scratch) {
    auto before = std::move(m_metrics);
    m_metrics.clear();
    forEachKey(run, "metrics", scratch, [&](const FolderHandle& handle, const char* name, std::string key) {
        const auto known = std::find_if(before.begin(), before.end(),
                                        [&](const MlflowMetricFile& file) { return file.key() == key; });
        auto& metric = m_metrics.emplace_back(known == before.end() ? MlflowMetricFile(std::move(key))
                                                                    : std::move(*known));
        if (known != before.end()) {
            before.erase(known);
        }
        metric.read(handle, name, scratch.content);
        const auto path = part.folder / "metrics" / metric.key();
        if (metric.isPointer() || metric.unreadable()) {
            part.damage.push_back(
                {path, 0, 1, metric.isPointer() ? lfsPointerReason() : tr("The file cannot be read.")});
            return;
        }
        if (metric.badLines() > 0) {
            part.damage.push_back({path, metric.firstBadOffset(), metric.badLines(),
                                   tr("A line is not of the form: time, value, step.")});
        }
        if (const auto at = metric.waitsAt()) {
            part.damage.push_back(
                {path, *at, 1, tr("The last line has no end: it may be half a point, and is left out.")});
        }
        if (const auto at = metric.unterminatedAt()) {
            part.damage.push_back(
                {path, *at, 0, tr("The last line has no end: it is taken as it is, and may be cut short.")});
        }
        if (const auto summary = metric.summary(); summary.count > 0) {
            part.record.metrics.push_back({Symbol(toValidUtf8(metric.key())), summary});
        }
    });
}

void MlflowRunFolder::addStamps(const std::filesystem::path& storePath,
                                std::vector<FileStamp>& stamps) const {
    const auto folder = storePath / m_path;
    stamps.push_back(m_metaMark.stamp(folder / "meta.yaml"));
    for (const auto* files : {&m_folders, &m_values}) {
        for (const auto& file : *files) {
            stamps.push_back(file.mark.stamp(folder / file.path));
        }
    }
    for (const auto& metric : m_metrics) {
        stamps.push_back(metric.mark().stamp(folder / "metrics" / metric.key()));
    }
}

}  // namespace runglass::sources
