// SPDX-License-Identifier: GPL-3.0-or-later
#include "dvc_state.h"

#include <algorithm>

#include "json_reader.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/config/flatten.h"

namespace runglass::sources {
namespace {

std::vector<model::Variable> flatten(const std::optional<std::string>& content, std::string_view path) {
    if (!content) {
        return {};
    }
    const auto dot = path.rfind('.');
    const auto extension = dot == std::string_view::npos ? std::string_view("yaml") : path.substr(dot + 1);
    auto values = config::flattenConfig(*content, extension);
    return values.ok() ? std::move(*values) : std::vector<model::Variable>();
}

/// `stages.NAME.metrics.0` or `metrics.0` at the front of a flattened key; what follows it.
struct Listed {
    std::string stage;
    std::string_view rest;
};

std::optional<Listed> listed(std::string_view key, std::string_view list) {
    Listed found;
    if (key.starts_with("stages.")) {
        const auto end = key.find("." + std::string(list) + ".", 7);
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        found.stage = key.substr(7, end - 7);
        key.remove_prefix(end + 1);
    }
    if (!key.starts_with(list) || key.size() <= list.size() || key[list.size()] != '.') {
        return std::nullopt;
    }
    key.remove_prefix(list.size() + 1);
    const auto digits = key.find_first_not_of("0123456789");
    if (digits == 0) {
        return std::nullopt;
    }
    found.rest = digits == std::string_view::npos ? std::string_view() : key.substr(digits);
    return found;
}

/// Whether a path is what a template of dvc.yaml may become: `m-${item}.json` fits `m-1.json`. The literal
/// pieces are looked for from left to right, as with the `*` of a shell.
bool fits(std::string_view path, std::string_view pattern) {
    bool first = true;
    for (auto open = pattern.find("${"); open != std::string_view::npos; open = pattern.find("${")) {
        const auto close = pattern.find('}', open);
        const auto literal = pattern.substr(0, open);
        const auto at = path.find(literal);
        if (close == std::string_view::npos || at == std::string_view::npos || (first && at != 0)) {
            return false;
        }
        path.remove_prefix(at + literal.size());
        pattern.remove_prefix(close + 1);
        first = false;
    }
    return first ? path == pattern : path.ends_with(pattern);
}

/// The files that a template stands for. What `foreach`, `matrix` and `vars` make of it need not be worked
/// out: dvc.lock has the outputs of every stage that has been run, `NAME` or `NAME@item`.
std::vector<std::string> pathsFromLock(const std::vector<model::Variable>& lock, std::string_view stage,
                                       std::string_view pattern) {
    std::vector<std::string> paths;
    for (const auto& [key, value] : lock) {
        const auto out = key.ends_with(".path") ? listed(key, "outs") : std::nullopt;
        const bool ofStage = out && (out->stage == stage ||
                                     (out->stage.starts_with(stage) && out->stage[stage.size()] == '@'));
        if (ofStage && fits(value, pattern)) {
            paths.push_back(value);
        }
    }
    return paths;
}

/// Paths that dvc.yaml lists under `list`: a path, or a mapping from it to its options
/// (`metrics.json: {cache: false}`).
std::vector<std::string> pathsIn(const std::vector<model::Variable>& dvcYaml,
                                 const std::vector<model::Variable>& lock, std::string_view list) {
    std::vector<std::string> paths;
    for (const auto& [key, value] : dvcYaml) {
        const auto entry = listed(key, list);
        if (!entry) {
            continue;
        }
        std::string path = value;
        if (!entry->rest.empty()) {
            const auto option = entry->rest.rfind('.');
            path = option == 0 ? std::string() : entry->rest.substr(1, option - 1);
        }
        std::string folder;
        for (const auto& [name, text] : dvcYaml) {
            if (!entry->stage.empty() && name == "stages." + entry->stage + ".wdir") {
                folder = text;
            }
        }
        if (folder.find("${") != std::string::npos) {
            continue;  // dvc.lock does not tell it
        }
        std::string_view stage = entry->stage;
        stage.remove_suffix(stage.ends_with(".do") ? 3 : 0);  // of `foreach`
        const bool isTemplate = path.find("${") != std::string::npos;
        for (const auto& made : isTemplate ? pathsFromLock(lock, stage, path) : std::vector{path}) {
            if (const auto inside = dvcPath(folder, made);
                inside && std::find(paths.begin(), paths.end(), *inside) == paths.end()) {
                paths.push_back(*inside);
            }
        }
    }
    return paths;
}

void addMetric(DvcState& state, const std::string& file, const std::string& key, const model::Point& point) {
    const auto known = [&](const std::string& wanted) {
        return std::any_of(state.metrics.begin(), state.metrics.end(),
                           [&](const DvcMetric& metric) { return metric.key == wanted; });
    };
    const auto name = known(key) ? file + ':' + key : key;
    if (!known(name)) {
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
    if (path.ends_with(".json")) {
        return numbersInJson(state, path, content);
    }
    Numbers numbers;
    for (const auto& [key, value] : flatten(content, path)) {
        if (const auto number = parseDouble(value)) {
            numbers.emplace_back(toValidUtf8(key), *number);
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
               int depth = 0) {
    constexpr int kDeepest = 16;
    for (const auto& entry : files.list(folder)) {
        const auto path = folder.empty() ? entry.name : folder + '/' + entry.name;
        if (entry.kind == EntryKind::Folder && depth < kDeepest && depth >= 0) {
            addTables(state, files, path, prefix + entry.name + '/', depth + 1);
        } else if (entry.kind == EntryKind::File && entry.name.ends_with(".tsv")) {
            if (const auto content = files.read(path)) {
                auto series = readDvcLiveTable(*content);
                if (!series.empty()) {
                    const auto name = prefix + entry.name.substr(0, entry.name.size() - 4);
                    state.metrics.push_back({toValidUtf8(name), std::move(series)});
                }
            }
        }
    }
}

/// All that DVCLive keeps in `folder` (with a slash at its end, or empty).
void addLive(DvcState& state, const DvcFiles& files, const std::string& folder) {
    addTables(state, files, folder + "plots/metrics", {});
    addTables(state, files, folder + "plots/scalars", {});  // before 1.0
    const auto top = folder.empty() ? folder : folder.substr(0, folder.size() - 1);
    addTables(state, files, top, {}, -1);  // before 0.6, and not below
    if (const auto content = files.read(folder + "metrics.json")) {
        addValues(state, folder + "metrics.json", *content, true);
    }
}

/// `stages.train.params.params.yaml.lr`, which knows what was run with where params.yaml is gone.
void addLockedParams(DvcState& state, const std::vector<model::Variable>& lock) {
    for (const auto& [key, value] : lock) {
        const auto params = key.find(".params.");
        const auto file = params == std::string::npos ? params : key.find(".yaml.", params + 8);
        if (key.starts_with("stages.") && file != std::string::npos) {
            state.params.emplace_back(toValidUtf8(key.substr(file + 6)), toValidUtf8(value));
        }
    }
    std::sort(state.params.begin(), state.params.end());
    state.params.erase(std::unique(state.params.begin(), state.params.end()), state.params.end());
}

/// A path of a stage in dvc.lock, which is relative to the stage's folder.
std::string pathOf(const std::vector<model::Variable>& dvcYaml, std::string_view stage,
                   const std::string& path) {
    const auto name = "stages." + std::string(stage.substr(0, stage.find('@')));
    for (const auto& [key, value] : dvcYaml) {
        if (key == name + ".wdir" || key == name + ".do.wdir") {
            return dvcPath(value, path).value_or(path);
        }
    }
    return path;
}

/// `stages.train.deps.0.path`, `.md5`, `.size` and so on.
void addLocked(DvcState& state, const std::vector<model::Variable>& dvcYaml,
               const std::vector<model::Variable>& lock) {
    std::vector<DvcOutput> dependencies;
    std::string entryBefore;
    for (const auto& [key, value] : lock) {
        const auto dependency = listed(key, "deps");
        const auto output = dependency ? dependency : listed(key, "outs");
        if (!output || output->rest.empty()) {
            continue;
        }
        auto& list = dependency ? dependencies : state.outputs;
        const auto entry = key.substr(0, key.size() - output->rest.size());
        if (list.empty() || entry != entryBefore) {
            list.emplace_back();
            entryBefore = entry;
        }
        if (output->rest == ".path") {
            list.back().path = toValidUtf8(pathOf(dvcYaml, output->stage, value));
        } else if (output->rest == ".md5") {
            list.back().md5 = toValidUtf8(value);
        } else if (output->rest == ".size") {
            list.back().size = std::max<std::int64_t>(0, parseInt(value).value_or(0));
        }
    }
    const auto isNothing = [](const DvcOutput& one) { return one.path.empty() || one.md5.empty(); };
    std::erase_if(state.outputs, isNothing);
    std::erase_if(dependencies, isNothing);
    for (const auto& [name, hash, size] : dependencies) {
        const auto made =
            std::any_of(state.outputs.begin(), state.outputs.end(), [&, wanted = name](const auto& out) {
                return out.path == wanted || wanted.starts_with(out.path + '/');
            });
        const auto code = name.ends_with(".py") || name.ends_with(".ipynb") || name.ends_with(".sh");
        if (!made && !code) {
            state.datasets.push_back({name, hash, name, {}});
        }
    }
}

}  // namespace

model::Series readDvcLiveTable(std::string_view text) {
    model::Series series;
    bool timed = false;
    bool header = true;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) {
            break;
        }
        auto line = text.substr(0, end);
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
        }
    }
    return series;
}

std::string DvcState::fingerprint() const {
    std::string text = lock;
    for (const auto& [key, value] : params) {
        text += key + '\0' + value + '\0';
    }
    for (const auto& metric : metrics) {
        text += metric.key + '\0';
        for (const double value : metric.points.values) {
            text.append(reinterpret_cast<const char*>(&value), sizeof value);
        }
    }
    return sha256Of(text);
}

DvcState readDvcState(const DvcFiles& files, const DvcCache& cache) {
    DvcState state;
    const auto dvcYaml = flatten(files.read("dvc.yaml"), "dvc.yaml");
    state.lock = files.read("dvc.lock").value_or(std::string());
    const auto lock = flatten(state.lock, "dvc.lock.yaml");
    for (const auto& [key, value] : dvcYaml) {
        if (key.starts_with("stages.") && (key.ends_with(".cmd") || key.find(".cmd.") != std::string::npos)) {
            state.commands.push_back(toValidUtf8(value));
        }
    }
    for (const auto& [key, value] : flatten(files.read("params.yaml"), "params.yaml")) {
        state.params.emplace_back(toValidUtf8(key), toValidUtf8(value));
    }
    if (state.params.empty()) {
        addLockedParams(state, lock);
    }
    addLocked(state, dvcYaml, lock);
    addLive(state, files, "dvclive/");
    if (const auto content = files.read("dvclive.json")) {
        addValues(state, "dvclive.json", *content, true);
    }
    for (const auto& path : pathsIn(dvcYaml, lock, "metrics")) {
        if (path == "dvclive/metrics.json") {
            continue;
        }
        auto content = files.read(path);
        const auto locked = std::find_if(
            state.outputs.begin(), state.outputs.end(),
            [&](const DvcOutput& out) { return out.path == path || path.starts_with(out.path + '/'); });
        if (!content && locked != state.outputs.end()) {
            content =
                locked->path == path
                    ? cache.read(locked->md5)
                    : cache.readBelow(locked->md5, std::string_view(path).substr(locked->path.size() + 1));
            state.missesCache = state.missesCache || !content;
        }
        if (content) {
            addValues(state, path, *content, false);
        }
    }
    return state;
}

DvcState readDvcLiveFolder(const DvcFiles& files) {
    DvcState state;
    for (const auto& [key, value] : flatten(files.read("params.yaml"), "params.yaml")) {
        state.params.emplace_back(toValidUtf8(key), toValidUtf8(value));
    }
    addLive(state, files, {});
    return state;
}

}  // namespace runglass::sources
