// SPDX-License-Identifier: GPL-3.0-or-later
#include "dvc_pipeline.h"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "dvc_stages.h"
#include "dvc_templates.h"
#include "paths.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/config/flatten.h"
#include "stand_in.h"
#include "yaml_tree.h"

namespace runglass::sources {
namespace {

constexpr const char* kParams = "params.yaml";

YamlTree readTree(const DvcFiles& files, const char* name, std::string* content,
                  std::vector<Damage>& damage) {
    auto text = files.read(name);
    if (!text) {
        return {};
    }
    auto tree = readYamlTree(*text);
    if (content != nullptr) {
        *content = std::move(*text);
    }
    if (!tree) {
        damage.push_back({name, 0, 1, tree.error().message});
        return {};
    }
    return std::move(*tree);
}

/// The texts of a list, or one text.
std::vector<std::string> textsIn(const YamlTree& tree) {
    std::vector<std::string> texts;
    if (tree.isText()) {
        texts.push_back(tree.text);
    }
    for (const auto& item : tree.isList() ? tree.items : std::vector<YamlTree>()) {
        if (item.isText()) {
            texts.push_back(item.text);
        }
    }
    return texts;
}

/// What DVC allows in many places: a list of names and of mappings from names to options, or one such
/// mapping. Calls `take(name, options)`, where options are nullptr for a plain name.
template <typename Take>
void forEachEntry(const YamlTree& tree, const Take& take) {
    const auto takeMap = [&](const YamlTree& map) {
        for (std::size_t i = 0; i < map.keys.size(); ++i) {
            take(map.keys[i], &map.items[i]);
        }
    };
    if (tree.isText()) {
        take(tree.text, nullptr);
    } else if (tree.isMap()) {
        takeMap(tree);
    }
    for (const auto& item : tree.isList() ? tree.items : std::vector<YamlTree>()) {
        if (item.isText()) {
            take(item.text, nullptr);
        } else {
            takeMap(item);
        }
    }
}

class PipelineParser {
public:
    PipelineParser(const DvcFiles& files, DvcPipeline& pipeline, std::vector<Damage>& damage)
        : m_files(files)
        , m_pipeline(pipeline)
        , m_damage(damage) {}

    void parse() {
        m_yaml = readTree(m_files, "dvc.yaml", nullptr, m_damage);
        m_lock = readTree(m_files, "dvc.lock", &m_pipeline.lock, m_damage);
        readNames();
        const auto& entries = m_yaml.at("stages");
        for (std::size_t i = 0; i < entries.keys.size(); ++i) {
            addDvcStages(entries.keys[i], entries.items[i], m_names, m_stages);
        }
        parseLock();
        for (const auto& stage : m_stages) {
            parseStage(stage);
        }
        m_own.reset();
        m_stage.clear();
        m_folder.clear();
        parseLists(m_yaml);
        forEachEntry(m_yaml.at("params"), [&](const std::string& name, const YamlTree* keys) {
            addParams(name, keys != nullptr ? textsIn(*keys) : std::vector<std::string>());
        });
    }

private:
    void readNames() {
        readVars(m_yaml.at("vars"), {});
        std::vector<Damage> said;  // of the params themselves
        m_names.add(dvcValues(m_files, kParams, said));
    }
    /// Names of files, which are meant in `folder`, and mappings.
    void readVars(const YamlTree& vars, const std::string& folder) {
        std::vector<Damage> said;
        for (const auto& one : vars.isList() ? vars.items : std::vector<YamlTree>()) {
            std::vector<model::Variable> values;
            if (one.isText()) {
                const auto file = one.text.substr(0, one.text.find(':'));  // `file:key,key`
                if (const auto path = dvcPath(folder, file)) {
                    values = dvcValues(m_files, *path, said);
                }
            } else {
                flattenDvcValues(one, {}, values);
            }
            (m_own ? *m_own : m_names).add(values);
        }
    }

    /// The stage's folder; nothing where nobody can tell it.
    std::optional<std::string> folderOf(const DvcStage& stage) const {
        const auto& folder = stage.body->at("wdir");
        return folder.isText() ? DvcNames::within(m_names, stage.names).resolve(folder.text)
                               : std::optional(std::string());
    }
    std::optional<std::string> folderOf(std::string_view lockedStage) const {
        const auto named = [this](std::string_view name) {
            return std::find_if(m_stages.begin(), m_stages.end(),
                                [name](const DvcStage& stage) { return stage.name == name; });
        };
        auto stage = named(lockedStage);
        if (stage == m_stages.end()) {
            stage = named(lockedStage.substr(0, lockedStage.find('@')));
        }
        return stage == m_stages.end() ? std::string() : folderOf(*stage);
    }

    void parseLock() {
        // Before DVC 2 the stages were at the top.
        const auto& stages = m_lock.at("stages").isMap() ? m_lock.at("stages") : m_lock;
        for (std::size_t i = 0; i < stages.keys.size(); ++i) {
            const auto& stage = stages.items[i];
            const auto folder = folderOf(stages.keys[i]).value_or(std::string());
            addLocked(stage.at("deps"), folder, m_pipeline.dependencies);
            addLocked(stage.at("outs"), folder, m_pipeline.outputs);
            const auto& params = stage.at("params");
            for (std::size_t file = 0; file < params.keys.size(); ++file) {
                if (const auto path = dvcPath(folder, params.keys[file])) {
                    auto& locked = m_pipeline.lockedParams.emplace_back();
                    locked.path = *path;
                    flattenDvcValues(params.items[file], {}, locked.values);
                }
            }
        }
    }
    static void addLocked(const YamlTree& list, const std::string& folder, std::vector<DvcOutput>& outputs) {
        for (const auto& one : list.items) {
            const auto& path = one.at("path").text;
            const auto number = [&](const char* key) {
                return std::max<std::int64_t>(0, parseInt(one.at(key).text).value_or(0));
            };
            if (!path.empty() && !one.at("md5").text.empty()) {
                outputs.push_back({dvcPath(folder, path).value_or(path), one.at("md5").text, number("size"),
                                   number("nfiles")});
            }
        }
    }

    void parseStage(const DvcStage& stage) {
        const auto folder = folderOf(stage);
        m_own = DvcNames::within(m_names, stage.names);
        readVars(stage.body->at("vars"), folder.value_or(std::string()));  // known in this stage only
        for (const auto& command : textsIn(stage.body->at("cmd"))) {
            m_pipeline.commands.push_back(named(command));
        }
        if (!folder) {
            return;
        }
        m_stage = stage.name;
        m_folder = *folder;
        forEachEntry(stage.body->at("params"), [&](const std::string& entry, const YamlTree* keys) {
            if (keys != nullptr) {
                addParams(entry, textsIn(*keys));
            } else {
                addParams(kParams, {entry});
            }
        });
        parseLists(*stage.body);
    }
    /// `metrics` and `plots` of a stage, or at the top.
    void parseLists(const YamlTree& tree) {
        forEachEntry(tree.at("metrics"), [&](const std::string& name, const YamlTree* /*options*/) {
            for (auto& path : pathsOf(name)) {
                auto& known = m_pipeline.metrics;
                if (std::find(known.begin(), known.end(), path) == known.end()) {
                    known.push_back(std::move(path));
                }
            }
        });
        forEachEntry(tree.at("plots"), [&](const std::string& name, const YamlTree* options) {
            parsePlot(name, options != nullptr ? *options : YamlTree());
        });
    }

    void addParams(const std::string& name, std::vector<std::string> keys) {
        for (auto& path : pathsOf(name)) {
            auto& files = m_pipeline.params;
            const auto known = std::find_if(files.begin(), files.end(),
                                            [&](const DvcParamsFile& file) { return file.path == path; });
            if (known == files.end()) {
                files.push_back({std::move(path), keys});
            } else if (keys.empty()) {
                known->keys.clear();  // all of it, whatever other stages take
            } else if (!known->keys.empty()) {
                known->keys.insert(known->keys.end(), keys.begin(), keys.end());
            }
        }
    }

    void parsePlot(const std::string& name, const YamlTree& options) {
        DvcPlot plot;
        plot.view = options.at("template").text;
        plot.header = options.at("header").text != "false";
        const auto& x = options.at("x");
        plot.xColumn = named(x.text);
        addFields(x, plot.x);
        const auto& y = options.at("y");
        if (y.isMap()) {
            addFields(y, plot.y);  // the name is a title
        } else {
            addFields(name, y, plot.y);
        }
        m_pipeline.plots.push_back(std::move(plot));
    }
    void addFields(const YamlTree& map, std::vector<DvcFields>& fields) {
        for (std::size_t i = 0; i < map.keys.size(); ++i) {
            addFields(map.keys[i], map.items[i], fields);
        }
    }
    void addFields(const std::string& name, const YamlTree& columns, std::vector<DvcFields>& fields) {
        for (auto& path : pathsOf(name)) {
            auto& added = fields.emplace_back();
            added.path = std::move(path);
            for (const auto& column : textsIn(columns)) {
                added.columns.push_back(named(column));
            }
        }
    }
    [[nodiscard]] std::string named(const std::string& text) const { return resolve(text).value_or(text); }
    [[nodiscard]] std::optional<std::string> resolve(const std::string& text) const {
        return (m_own ? *m_own : m_names).resolve(text);
    }

    /// The files or folders that a name in dvc.yaml stands for.
    [[nodiscard]] std::vector<std::string> pathsOf(const std::string& name) const {
        std::vector<std::string> paths;
        if (const auto resolved = resolve(name)) {
            if (auto path = dvcPath(m_folder, *resolved)) {
                paths.push_back(std::move(*path));
            }
            return paths;
        }
        // dvc.lock has the outputs of every stage that has been run, `NAME` or `NAME@item`.
        const auto pattern = dvcPath(m_folder, name);
        const auto& stages = m_lock.at("stages");
        for (std::size_t i = 0; pattern && i < stages.keys.size(); ++i) {
            const auto& stage = stages.keys[i];
            if (stage != m_stage && !stage.starts_with(m_stage + '@')) {
                continue;
            }
            for (const auto& out : stages.items[i].at("outs").items) {
                const auto path = dvcPath(m_folder, out.at("path").text);
                if (path && fitsDvcTemplate(*path, *pattern)) {
                    paths.push_back(*path);
                }
            }
        }
        return paths;
    }

    const DvcFiles& m_files;
    DvcPipeline& m_pipeline;
    std::vector<Damage>& m_damage;
    YamlTree m_yaml;
    YamlTree m_lock;
    DvcNames m_names;
    std::optional<DvcNames> m_own;  ///< of the stage that is being parsed
    std::vector<DvcStage> m_stages;
    std::string m_stage;   ///< that is being parsed; empty at the top
    std::string m_folder;  ///< in which its paths are meant
};

}  // namespace

const DvcOutput* DvcPipeline::outputAround(std::string_view path) const {
    const auto found = std::find_if(outputs.begin(), outputs.end(),
                                    [&](const DvcOutput& out) { return liesIn(path, out.path); });
    return found == outputs.end() ? nullptr : &*found;
}

bool DvcPipeline::shows(std::string_view path) const {
    const auto around = [&](const std::string& listed) { return liesIn(path, listed); };
    return std::any_of(metrics.begin(), metrics.end(), around) ||
           std::any_of(plots.begin(), plots.end(), [&](const DvcPlot& plot) {
               return std::any_of(plot.y.begin(), plot.y.end(),
                                  [&](const DvcFields& fields) { return around(fields.path); });
           });
}

DvcPipeline readDvcPipeline(const DvcFiles& files, std::vector<Damage>& damage) {
    DvcPipeline pipeline;
    PipelineParser(files, pipeline, damage).parse();
    return pipeline;
}

bool isShownByDvc(const std::filesystem::path& file) {
    constexpr int kMostFolders = 32;
    std::error_code ignored;
    auto folder = file.parent_path();
    for (int i = 0; i < kMostFolders && folder.has_relative_path(); ++i, folder = folder.parent_path()) {
        if (std::filesystem::is_regular_file(folder / "dvc.yaml", ignored)) {
            std::vector<Damage> said;
            const auto below = file.lexically_relative(folder).native();
            if (readDvcPipeline(DvcWorkTree(folder), said).shows(below)) {
                return true;
            }
        }
        if (std::filesystem::exists(folder / ".git", ignored)) {
            break;
        }
    }
    return false;
}

std::vector<model::Variable> dvcValuesIn(std::string_view content, const std::string& path,
                                         std::vector<Damage>& damage) {
    if (isLfsPointer(content)) {
        damage.push_back({path, 0, 1, lfsPointerReason()});
        return {};
    }
    auto extension = std::filesystem::path(path).extension().native();
    extension.erase(0, 1);
    const bool isJson = extension == "json";
    const bool known = isJson || extension == "toml";
    auto values = isJson ? config::flattenJson(quoteNonFinite(content))
                         : config::flattenConfig(content, known ? extension : "yaml");
    if (!values) {
        damage.push_back({path, 0, 1, values.error().message});
        return {};
    }
    for (auto& [key, value] : *values) {
        key = toValidUtf8(key);
        value = toValidUtf8(value);
    }
    return std::move(*values);
}

bool isDvcCode(std::string_view path) {
    return path.ends_with(".py");
}

std::vector<model::Variable> dvcValues(const DvcFiles& files, const std::string& path,
                                       std::vector<Damage>& damage) {
    const auto content = isDvcCode(path) ? std::nullopt : files.read(path);
    return content ? dvcValuesIn(*content, path, damage) : std::vector<model::Variable>();
}

std::vector<std::string> argvOf(const std::vector<std::string>& commands) {
    std::string line;
    for (const auto& command : commands) {
        line += (line.empty() ? "" : " && ") + command;
    }
    if (line.empty()) {
        return {};
    }
    const auto program = std::string_view(line).substr(0, line.find(' '));
    const bool setsVariable = program.find('=') != std::string_view::npos;
    if (setsVariable || line.find_first_of("\"'\\$`|&;<>(){}[]*?#~!\n") != std::string::npos) {
        return {"sh", "-c", line};
    }
    std::istringstream words(line);
    return {std::istream_iterator<std::string>(words), std::istream_iterator<std::string>()};
}

}  // namespace runglass::sources
