// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <ctime>
#include <map>

#include "file_set_reader.h"
#include "registered.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/config/flatten.h"
#include "values.h"
#include "yaml_values.h"

namespace runglass::sources {

namespace {

constexpr std::string_view kDefaultSubfolder = ".hydra";
constexpr std::string_view kConfig = "config.yaml";
constexpr std::string_view kOverrides = "overrides.yaml";
constexpr std::string_view kHydra = "hydra.yaml";

/// The start that Hydra writes into the default names of its folders, `2023-05-29/23-30-59`, in the local
/// time of the machine it ran on, which is taken to be this one's.
std::optional<std::int64_t> startFrom(const std::filesystem::path& folder) {
    for (auto place = folder; place.has_relative_path(); place = place.parent_path()) {
        const auto text = place.parent_path().filename().native() + " " + place.filename().native();
        std::tm time{};
        const char* const end = ::strptime(text.c_str(), "%Y-%m-%d %H-%M-%S", &time);
        if (end != nullptr && *end == '\0') {
            time.tm_isdst = -1;
            return std::int64_t{std::mktime(&time)} * 1000;
        }
    }
    return std::nullopt;
}

/// Reads one job folder: what Hydra composed, what was overridden, and the job's log.
class HydraReader : public FileSetReader {
public:
    /// `subfolder`: where Hydra keeps its files in it (`hydra.output_subdir`).
    HydraReader(const std::filesystem::path& folder, const std::filesystem::path& subfolder)
        : FileSetReader(folder, folder)
        , m_config(subfolder / kConfig)
        , m_overrides(subfolder / kOverrides)
        , m_hydraFile(subfolder / kHydra) {}

private:
    void fillDetail(model::RunDetail& detail) override {
        detail.workingDirectory = m_hydra["hydra.runtime.cwd"];
        auto files = freshFiles();
        for (const auto& name : {m_config, m_overrides, m_hydraFile}) {
            auto text = files.read(name);
            if (!text.empty()) {
                detail.configFiles.push_back({name.native(), sha256Of(text), toValidUtf8(text)});
            }
        }
    }
    /// `<job name>.log`, as Hydra's default logging names it.
    [[nodiscard]] std::filesystem::path consoleFile() override {
        // A name with a slash would lead out of the folder.
        return folder() / std::filesystem::path(m_hydra["hydra.job.name"] + ".log").filename();
    }

    std::vector<model::Variable> flat(const std::filesystem::path& name) {
        auto values = config::flattenYaml(toValidUtf8(files().read(name)));
        if (!values.ok()) {
            files().addDamage(name, values.error().message);
            return {};
        }
        return std::move(*values);
    }

    [[nodiscard]] SharedPart makePart() override {
        auto part = std::make_shared<Part>();
        part->rank = Rank::Launcher;
        part->folder = folder();
        part->ownsFolder = true;
        part->tellsStatus = false;
        auto& record = part->record;
        record.status = model::RunStatus::Finished;
        addValues(record.params, flat(m_config));
        m_hydra.clear();
        for (auto& [key, value] : flat(m_hydraFile)) {
            m_hydra.insert_or_assign(std::move(key), std::move(value));
        }
        addOverrides(record);
        addTags(record);
        record.experiment = Symbol(m_hydra["hydra.job.name"]);
        record.startTimeMs = startFrom(folder());
        keepLastOfEach(record.params);
        record.sortKeys();
        part->damage = files().takeDamage();
        return part;
    }

    /// What a person has typed tells runs apart better than a folder named 0, 1, 2.
    void addOverrides(model::RunRecord& record) {
        constexpr std::size_t kLongestName = 160;
        const auto overrides = yamlValues(files().read(m_overrides));
        if (!overrides.ok()) {
            files().addDamage(m_overrides, overrides.error().message);
            return;
        }
        std::string text;
        for (const auto& entry : *overrides) {
            text += text.empty() ? "" : ",";
            text += entry;
        }
        if (!text.empty()) {
            record.tags.push_back({Symbol("hydra.overrides"), Symbol(text)});
            record.name = text.size() <= kLongestName ? text : std::string();
        }
    }
    void addTags(model::RunRecord& record) {
        constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kTags{
            {{"hydra.runtime.version", "hydra.version"},
             {"hydra.mode", "hydra.mode"},
             {"hydra.job.num", "hydra.job.num"},
             {"hydra.job.id", "hydra.job.id"}}};
        for (const auto& [key, tag] : kTags) {
            const auto value = m_hydra.find(std::string(key));
            if (value != m_hydra.end() && value->second != "???" && value->second != "null") {
                record.tags.push_back({Symbol(tag), Symbol(value->second)});
            }
        }
        constexpr std::string_view kChoices = "hydra.runtime.choices.";
        for (const auto& [key, value] : m_hydra) {
            if (key.starts_with(kChoices) && !key.starts_with("hydra.runtime.choices.hydra/")) {
                record.tags.push_back({Symbol("hydra.choice." + key.substr(kChoices.size())), Symbol(value)});
            }
        }
    }

    std::filesystem::path m_config;
    std::filesystem::path m_overrides;
    std::filesystem::path m_hydraFile;
    std::map<std::string, std::string> m_hydra;
};

/// A job's output folder, of a single run or of a sweep.
class Hydra : public Format {
public:
    [[nodiscard]] std::string_view name() const override { return "hydra"; }

    void recognise(const Folder& folder, Findings& findings) const override {
        const auto inside = folder.path / kDefaultSubfolder;
        if (folder.hasFolder(kDefaultSubfolder) &&
            (FileStamp::of(inside / kConfig).exists || FileStamp::of(inside / kHydra).exists)) {
            findings.origins.push_back(folder.path);
            findings.closed.emplace_back(kDefaultSubfolder);
        } else if (isSubfolder(folder)) {
            findings.origins.push_back(folder.path);
        }
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        if (FileStamp::of(origin / kHydra).exists) {
            return std::make_unique<HydraReader>(origin.parent_path(), origin.filename());
        }
        return std::make_unique<HydraReader>(origin, kDefaultSubfolder);
    }

private:
    /// The folder itself with Hydra's files, where `hydra.output_subdir` gave it another name. Configurations
    /// that people write have no overrides beside them, and nothing of a job in their hydra.yaml.
    static bool isSubfolder(const Folder& folder) {
        constexpr std::uint64_t kMaxBytes = 1U << 20U;
        if (!folder.hasFile(kHydra) || !folder.hasFile(kOverrides) || !folder.hasFile(kConfig)) {
            return false;
        }
        const auto text = readFile(folder.path / kHydra, kMaxBytes);
        const auto values = config::flattenYaml(toValidUtf8(text.valueOr({})));
        return values.ok() && std::ranges::any_of(*values, [&](const model::Variable& one) {
                   return one.first == "hydra.output_subdir" &&
                          folder.path.native().ends_with('/' + one.second);
               });
    }
};

}  // namespace

std::unique_ptr<const Format> makeHydra() {
    return std::make_unique<Hydra>();
}

}  // namespace runglass::sources
