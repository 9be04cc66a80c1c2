// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <ctime>
#include <map>

#include "artifact_list.h"
#include "file_set.h"
#include "registered.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/config/flatten.h"
#include "runglass/sources/growing_file.h"
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
class HydraReader : public Reader {
public:
    explicit HydraReader(std::filesystem::path folder)
        : m_folder(std::move(folder))
        , m_files(m_folder) {}

    Result<std::vector<SharedPart>> read(std::stop_token /*stop*/) override {
        if (!m_part || !m_files.unchanged()) {
            m_part = makePart();
        }
        return std::vector<SharedPart>{m_part};
    }
    [[nodiscard]] std::vector<FileStamp> stamps() const override { return m_files.stamps(); }

    Result<model::RunDetail> detail(std::string_view /*key*/) override {
        RUNGLASS_ASSIGN(const auto parts, read({}));
        model::RunDetail detail;
        detail.record = parts.front()->record;
        detail.workingDirectory = m_hydra["hydra.runtime.cwd"];
        FileSet files(m_folder);
        for (const auto name : {kConfig, kOverrides, kHydra}) {
            auto text = files.read(name);
            if (!text.empty()) {
                detail.configFiles.push_back({std::string(name), sha256Of(text), toValidUtf8(text)});
            }
        }
        listArtifacts(*artifactFolders({}), detail.artifacts);
        return detail;
    }
    Result<model::Series> series(std::string_view /*key*/, std::string_view metric, std::size_t /*from*/,
                                 std::stop_token /*stop*/) override {
        return Error{ErrorCode::NotFound, tr("There is no metric named {}.", metric), {}};
    }
    Result<std::string> console(std::string_view /*key*/) override {
        constexpr std::size_t kMostBytes = std::size_t{64} << 20U;
        RUNGLASS_TRY(read({}));
        GrowingFile log(m_folder / logName());
        RUNGLASS_TRY(log.refresh());
        return log.read(kMostBytes);
    }

private:
    [[nodiscard]] Result<std::vector<ArtifactFolder>> artifactFolders(std::string_view /*key*/) override {
        return std::vector{ArtifactFolder{m_folder, {}}};
    }
    /// `<job name>.log`, as Hydra's default logging names it.
    std::filesystem::path logName() {
        // A name with a slash would lead out of the folder.
        return std::filesystem::path(m_hydra["hydra.job.name"] + ".log").filename();
    }

    std::vector<model::Variable> flat(std::string_view name) {
        auto values = config::flattenYaml(toValidUtf8(m_files.read(name)));
        if (!values.ok()) {
            m_files.addDamage(name, values.error().message);
            return {};
        }
        return std::move(*values);
    }

    SharedPart makePart() {
        m_files = FileSet(m_folder);
        auto part = std::make_shared<Part>();
        part->rank = Rank::Launcher;
        part->folder = m_folder;
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
        record.startTimeMs = startFrom(m_folder);
        keepLastOfEach(record.params);
        record.sortKeys();
        part->damage = m_files.takeDamage();
        return part;
    }

    /// What a person has typed tells runs apart better than a folder named 0, 1, 2.
    void addOverrides(model::RunRecord& record) {
        constexpr std::size_t kLongestName = 160;
        const auto overrides = yamlValues(m_files.read(kOverrides));
        if (!overrides.ok()) {
            m_files.addDamage(kOverrides, overrides.error().message);
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

    std::filesystem::path m_folder;
    FileSet m_files;
    std::map<std::string, std::string> m_hydra;
    SharedPart m_part;
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
