// SPDX-License-Identifier: GPL-3.0-or-later
#include "dvc_state.h"

#include <algorithm>

#include "dvc_params.h"
#include "dvc_plots.h"
#include "json_reader.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "stand_in.h"

namespace runglass::sources {
namespace {

void addMetric(DvcState& state, const std::string& file, const std::string& key, const model::Point& point) {
    const auto name = state.hasMetric(key) ? file + ':' + key : key;
    if (!state.hasMetric(name)) {
        state.metrics.push_back({name, {}});
        state.metrics.back().points.push(point);
    }
}

using Numbers = std::vector<std::pair<std::string, double>>;

/// None where the file breaks off: its last number may be half of one.
Numbers numbersInJson(DvcState& state, const std::string& path, const std::string& content) {
    Numbers numbers;
    Damage malformed{path, 0, 0, tr("A value is not JSON.")};
    JsonReader json(content);
    std::string key;
    const bool whole = forEachJsonLeaf(json, key, [&](std::string_view name, const JsonLeaf& leaf) {
        if (leaf.kind == JsonKind::Number) {
            numbers.emplace_back(toValidUtf8(name), leaf.number);
        } else if (leaf.kind == JsonKind::Nothing && malformed.count++ == 0) {
            malformed.offset = json.offset() - leaf.text.size();
        }
    });
    if (!whole) {
        state.damage.push_back(
            {path, json.offset(), 1, tr("The file is not valid JSON, or only half there.")});
        return {};
    }
    if (malformed.count > 0) {
        state.damage.push_back(malformed);
    }
    return numbers;
}

Numbers numbersIn(DvcState& state, const std::string& path, const std::string& content) {
    if (isLfsPointer(content)) {
        state.damage.push_back({path, 0, 1, lfsPointerReason()});
        return {};
    }
    if (path.ends_with(".json")) {
        return numbersInJson(state, path, content);
    }
    Numbers numbers;
    for (const auto& [key, value] : dvcValuesIn(content, path, state.damage)) {
        if (const auto number = parseDouble(value)) {
            numbers.emplace_back(key, *number);
        }
    }
    return numbers;
}

/// Numbers of a metrics file. `ofLive`: written by DVCLive, where nested names have slashes, `step` is no
/// metric and a series says more than its last value.
void addValues(DvcState& state, const std::string& path, const std::string& content, bool ofLive) {
    const auto numbers = numbersIn(state, path, content);
    std::int64_t step = 0;
    for (const auto& [key, number] : numbers) {
        constexpr double kLimit = 9e18;
        if (ofLive && key == "step" && number > -kLimit && number < kLimit) {
            step = static_cast<std::int64_t>(number);
        }
    }
    for (const auto& [name, number] : numbers) {
        auto key = name;
        if (ofLive) {
            std::replace(key.begin(), key.end(), '.', '/');
            const auto series = std::find_if(state.metrics.begin(), state.metrics.end(),
                                             [&](const DvcMetric& metric) { return metric.key == key; });
            if (key == "step" || (series != state.metrics.end() && series->points.values.back() == number)) {
                continue;
            }
        }
        addMetric(state, path, key, {step, 0, number});
    }
}

/// `folder/train/loss.tsv` is the series `train/loss`.
void addTables(DvcState& state, const DvcFiles& files, const std::string& folder, const std::string& prefix,
               DamageList& damage, int depth = 0) {
    constexpr int kDeepest = 16;
    for (const auto& entry : files.list(folder)) {
        const auto path = folder.empty() ? entry.name : folder + '/' + entry.name;
        if (entry.kind == EntryKind::Folder && depth < kDeepest && depth >= 0) {
            addTables(state, files, path, prefix + entry.name + '/', damage, depth + 1);
        } else if (entry.kind == EntryKind::File && entry.name.ends_with(".tsv")) {
            if (const auto content = files.read(path)) {
                auto series = readDvcLiveTable(path, *content, damage);
                if (!series.empty()) {
                    auto name = toValidUtf8(prefix + entry.name.substr(0, entry.name.size() - 4));
                    if (state.hasMetric(name)) {  // of another folder of DVCLive
                        name = toValidUtf8(path.substr(0, path.size() - 4));
                    }
                    state.metrics.push_back({std::move(name), std::move(series)});
                }
            }
        }
    }
}

/// All that DVCLive keeps in `folder` (with a slash at its end, or empty).
void addLive(DvcState& state, const DvcFiles& files, const std::string& folder) {
    DamageList damage;
    addTables(state, files, folder + "plots/metrics", {}, damage);
    addTables(state, files, folder + "plots/scalars", {}, damage);  // before 1.0
    const auto top = folder.empty() ? folder : folder.substr(0, folder.size() - 1);
    addTables(state, files, top, {}, damage, -1);  // before 0.6, and not below
    state.damage.insert(state.damage.end(), damage.entries().begin(), damage.entries().end());
    if (const auto content = files.read(folder + "metrics.json")) {
        addValues(state, folder + "metrics.json", *content, true);
    }
}

/// The folders of DVCLive, with a slash at their end: its default, and those whose plots dvc.yaml lists. What
/// only the cache has is read like any other plot.
std::vector<std::string> liveFolders(const DvcPipeline& pipeline, const DvcFiles& files) {
    std::vector<std::string> folders{"dvclive/"};
    for (const auto& plot : pipeline.plots) {
        for (const auto& fields : plot.y) {
            constexpr std::string_view kEnding = "/plots/metrics";
            if (fields.path.ends_with(kEnding)) {
                auto folder = fields.path.substr(0, fields.path.size() - kEnding.size() + 1);
                const bool known = std::find(folders.begin(), folders.end(), folder) != folders.end();
                if (!known && !files.list(fields.path).empty()) {
                    folders.push_back(std::move(folder));
                }
            }
        }
    }
    return folders;
}

}  // namespace

model::Series readDvcLiveTable(const std::string& path, std::string_view text, DamageList& damage) {
    model::Series series;
    if (isLfsPointer(text)) {
        damage.add(path, 0, lfsPointerReason());
        return series;
    }
    const auto size = text.size();
    bool timed = false;
    bool header = true;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) {
            break;
        }
        auto line = text.substr(0, end);
        const auto offset = size - text.size();
        text.remove_prefix(end + 1);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        if (header) {
            timed = line.starts_with("timestamp\t");
            header = false;
            if (line.find("step\t") == std::string_view::npos) {
                break;  // some other table
            }
            continue;
        }
        const auto field = [&line] {
            const auto tab = line.find('\t');
            const auto value = line.substr(0, tab);
            line = tab == std::string_view::npos ? std::string_view() : line.substr(tab + 1);
            return value;
        };
        const auto time = timed ? parseInt(field()) : std::optional<std::int64_t>(0);
        const auto step = parseInt(field());
        const auto value = parseDouble(field());
        if (step && value) {
            series.push({*step, time.value_or(0), *value});
        } else {
            damage.add(path, offset, tr("A line is not of the form: step, value."));
        }
    }
    return series;
}

bool DvcState::hasMetric(std::string_view key) const {
    return std::any_of(metrics.begin(), metrics.end(),
                       [&](const DvcMetric& metric) { return metric.key == key; });
}

std::string DvcState::fingerprint() const {
    std::string text = pipeline.lock;
    for (const auto& [key, value] : params) {
        text += key + '\0' + value + '\0';
    }
    const auto addBytes = [&](const auto& number) {
        text.append(reinterpret_cast<const char*>(&number), sizeof number);
    };
    for (const auto& metric : metrics) {
        text += metric.key + '\0';
        for (std::size_t i = 0; i < metric.points.size(); ++i) {
            addBytes(metric.points.steps[i]);
            addBytes(metric.points.values[i]);
        }
    }
    return sha256Of(text);
}

std::optional<std::string> dvcDigest(const DvcPipeline& pipeline, const DvcCache& cache,
                                     const std::string& path) {
    const auto* const locked = pipeline.outputAround(path);
    if (locked == nullptr) {
        return std::nullopt;
    }
    return locked->path == path
               ? locked->md5
               : cache.digestBelow(locked->md5, std::string_view(path).substr(locked->path.size() + 1));
}

std::optional<std::string> dvcContent(const DvcPipeline& pipeline, const DvcFiles& files,
                                      const DvcCache& cache, const std::string& path) {
    auto content = files.read(path);
    if (const auto digest = content ? std::nullopt : dvcDigest(pipeline, cache, path)) {
        content = cache.read(*digest);
    }
    return content;
}

DvcState readDvcState(const DvcFiles& files, const DvcCache& cache) {
    DvcState state;
    state.pipeline = readDvcPipeline(files, state.damage);
    const auto live = liveFolders(state.pipeline, files);
    addDvcParams(state, files, live);
    for (const auto& folder : live) {
        addLive(state, files, folder);
    }
    if (const auto content = files.read("dvclive.json")) {
        addValues(state, "dvclive.json", *content, true);
    }
    for (const auto& listed : state.pipeline.metrics) {
        auto below = dvcFilesBelow(files, listed);
        for (const auto& path : below.empty() ? std::vector{listed} : below) {
            const bool ofLive = std::any_of(live.begin(), live.end(), [&](const std::string& folder) {
                return path == folder + "metrics.json";
            });
            const auto content = ofLive ? std::nullopt : dvcContent(state.pipeline, files, cache, path);
            if (content) {
                addValues(state, path, *content, false);
            } else if (!ofLive && state.pipeline.outputAround(path) != nullptr) {
                state.missesCache = true;
            }
        }
    }
    addDvcPlots(state, files, cache, live);
    return state;
}

DvcState readDvcLiveFolder(const DvcFiles& files) {
    DvcState state;
    state.params = dvcValues(files, "params.yaml", state.damage);
    addLive(state, files, {});
    return state;
}

}  // namespace runglass::sources
