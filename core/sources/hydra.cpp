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

constexpr std::string_view kConfig = ".hydra/config.yaml";
constexpr std::string_view kOverrides = ".hydra/overrides.yaml";
constexpr std::string_view kHydra = ".hydra/hydra.yaml";

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
    explicit HydraReader(const std::filesystem::path& folder)
        : FileSetReader(folder, folder) {}

private:
    void fillDetail(model::RunDetail& detail) override {
        detail.workingDirectory = m_hydra["hydra.runtime.cwd"];
        auto files = freshFiles();
        for (const auto name : {kConfig, kOverrides, kHydra}) {
            auto text = files.read(name);
            if (!text.empty()) {
                detail.configFiles.push_back({std::string(name), sha256Of(text), toValidUtf8(text)});
            }
        }
    }
    /// `<job name>.log`, as Hydra's default logging names it.
    [[nodiscard]] std::filesystem::path consoleFile() override {
        // A name with a slash would lead out of the folder.
        return folder() / std::filesystem::path(m_hydra["hydra.job.name"] + ".log").filename();
    }

    std::vector<model::Variable> flat(std::string_view name) {
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
        addValues(record.params, flat(kConfig));
        m_hydra.clear();
        for (auto& [key, value] : flat(kHydra)) {
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
        const auto overrides = yamlValues(files().read(kOverrides));
        if (!overrides.ok()) {
            files().addDamage(kOverrides, overrides.error().message);
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

    std::map<std::string, std::string> m_hydra;
};

/// A job's output folder, of a single run or of a sweep.
class Hydra : public Format {
public:
    [[nodiscard]] std::string_view name() const override { return "hydra"; }

    void recognise(const Folder& folder, Findings& findings) const override {
        if (folder.hasFolder(".hydra") &&
            (FileStamp::of(folder.path / kConfig).exists || FileStamp::of(folder.path / kHydra).exists)) {
            findings.origins.push_back(folder.path);
            findings.closed.emplace_back(".hydra");
        }
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        return std::make_unique<HydraReader>(origin);
    }
};

}  // namespace

std::unique_ptr<const Format> makeHydra() {
    return std::make_unique<Hydra>();
}

}  // namespace runglass::sources
