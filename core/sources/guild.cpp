// SPDX-License-Identifier: GPL-3.0-or-later
#include "guild.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "file_set_reader.h"
#include "registered.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/config/flatten.h"
#include "values.h"
#include "yaml_values.h"

namespace runglass::sources {

namespace guild {

std::optional<OpRef> parseOpRef(std::string_view text) {
    constexpr std::size_t kParts = 4;
    std::vector<std::string> parts;
    bool inPart = false;
    for (std::size_t i = 0; i < text.size() && parts.size() <= kParts; ++i) {
        const char c = text[i];
        const bool escaped = c == '\\' && i + 1 < text.size();
        const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (blank) {
            inPart = false;
            continue;
        }
        if (!inPart) {
            parts.emplace_back();
            inPart = true;
        }
        if (c != '\'') {
            parts.back() += escaped ? text[++i] : c;
        }
    }
    if (parts.size() != kParts || parts[0].find(':') == std::string::npos) {
        return std::nullopt;
    }
    return OpRef{parts[2], parts[3]};
}

namespace {

bool isAlive(std::int64_t pid) {
    constexpr std::int64_t kMostPid = 4'194'304;  // PID_MAX_LIMIT of Linux
    return pid > 0 && pid <= kMostPid && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

class GuildReader : public FileSetReader {
public:
    explicit GuildReader(const std::filesystem::path& folder)
        : FileSetReader(folder, folder / ".guild") {}

private:
    void fillDetail(model::RunDetail& detail) override {
        auto files = freshFiles();
        detail.command = yamlValues(files.read("attrs/cmd")).valueOr({});
        detail.environment = environment(files);
        detail.note = toValidUtf8(comments(files));
    }
    [[nodiscard]] std::filesystem::path consoleFile() override { return folder() / ".guild" / "output"; }
    /// The values of an attribute that is a list, or the one value.
    std::vector<std::string> attributes(const std::string& name) {
        const auto values = yamlValues(files().read("attrs/" + name));
        if (!values.ok()) {
            files().addDamage("attrs/" + name, values.error().message);
            return {};
        }
        return *values;
    }
    std::string attribute(const std::string& name) {
        const auto values = attributes(name);
        return values.empty() ? std::string() : values.front();
    }
    std::optional<std::int64_t> number(const std::string& name) {
        const auto text = attribute(name);
        const auto value = parseInt(text);
        if (!value && !text.empty()) {
            files().addDamage("attrs/" + name, tr("It is not a whole number."));
        }
        return value;
    }
    /// Guild's times are microseconds since 1970.
    std::optional<std::int64_t> time(const std::string& name) {
        const auto microseconds = number(name);
        return microseconds ? std::optional(*microseconds / 1000) : std::nullopt;
    }

    [[nodiscard]] SharedPart makePart() override {
        auto part = std::make_shared<Part>();
        part->rank = Rank::Tracker;
        part->folder = folder();
        part->ownsFolder = true;
        // Of the folder, not the attribute: Guild's own copies of runs keep the attribute.
        part->id = RunId::fromHex(folder().filename().native());
        auto& record = part->record;
        setStatus(record);
        record.startTimeMs = time("started");
        if (!record.startTimeMs) {
            record.startTimeMs = time("initialized");
        }
        record.endTimeMs = time("stopped");
        setName(record);
        if (auto flags = config::flattenYaml(toValidUtf8(files().read("attrs/flags"))); flags.ok()) {
            addValues(record.params, *flags);
        } else {
            files().addDamage("attrs/flags", flags.error().message);
        }
        for (const auto& tag : attributes("tags")) {
            record.tags.push_back({Symbol(tag), Symbol()});
        }
        for (const char* name : {"host", "user", "random_seed", "sourcecode_digest"}) {
            if (const auto value = attribute(name); !value.empty()) {
                record.tags.push_back({Symbol(std::string("guild.") + name), Symbol(value)});
            }
        }
        setCommit(record.git);
        record.archived = isDeleted();
        keepLastOfEach(record.params);
        keepLastOfEach(record.tags);
        record.sortKeys();
        part->damage = files().takeDamage();
        return part;
    }

    /// `guild runs rm` moves runs to `trash/runs` of Guild's home (guild/var.py, trash_dir).
    [[nodiscard]] bool isDeleted() const {
        const auto runs = folder().parent_path();
        return runs.filename() == "runs" && runs.parent_path().filename() == "trash";
    }

    /// The rules of guild/run.py, Run.status.
    void setStatus(model::RunRecord& record) {
        using model::RunStatus;
        const auto exit = number("exit_status");
        if (files().has("LOCK.remote")) {
            record.status = RunStatus::Running;
        } else if (files().has("PENDING") || files().has("STAGED")) {
            record.status = RunStatus::Scheduled;
        } else if (exit) {
            record.status = *exit == 0  ? RunStatus::Finished
                            : *exit < 0 ? RunStatus::Killed
                                        : RunStatus::Failed;
        } else {
            const auto pid = parseInt(trimmed(files().read("LOCK")));
            record.status = pid && isAlive(*pid) ? RunStatus::Running : RunStatus::Failed;
        }
        constexpr std::int64_t kMostSignal = 64;
        if (exit && *exit >= 0) {
            record.exitCode = static_cast<int>(std::min<std::int64_t>(*exit, 255));
        } else if (exit && -*exit <= kMostSignal) {
            record.signal = static_cast<int>(-*exit);
        }
    }
    void setName(model::RunRecord& record) {
        const auto text = files().read("opref");
        if (const auto reference = parseOpRef(text)) {
            const auto operation =
                toValidUtf8(reference->model.empty() ? reference->operation
                                                     : reference->model + ":" + reference->operation);
            record.experiment = Symbol(operation);
            record.name = operation;
        } else if (!text.empty()) {
            files().addDamage("opref", tr("It does not name an operation in the way that Guild does."));
        }
        if (auto label = attribute("label"); !label.empty()) {
            record.name = std::move(label);
        }
    }
    /// `git:<hash>`, with a star when the work tree was changed.
    void setCommit(model::GitState& git) {
        constexpr std::string_view kGit = "git:";
        auto commit = attribute("vcs_commit");
        if (!commit.starts_with(kGit)) {
            return;
        }
        commit.erase(0, kGit.size());
        git.dirty = commit.ends_with('*');
        if (git.dirty) {
            commit.pop_back();
        }
        git.commit = std::move(commit);
    }

    static std::optional<model::Environment> environment(FileSet& files) {
        model::Environment environment;
        for (const auto& requirement : yamlValues(files.read("attrs/pip_freeze")).valueOr({})) {
            const auto equals = requirement.find("==");
            if (equals != std::string::npos) {
                environment.packages.push_back(
                    {requirement.substr(0, equals), requirement.substr(equals + 2)});
            }
        }
        const auto platform = config::flattenYaml(toValidUtf8(files.read("attrs/platform"))).valueOr({});
        for (const auto& [key, value] : platform) {
            if (key == "python_version") {
                environment.pythonVersion = value;
            } else if (key == "uname") {
                environment.hardware.operatingSystem = value;
            } else if (key == "cpus") {
                environment.hardware.cpuCount = static_cast<int>(parseInt(value).value_or(0));
            }
        }
        const auto host = yamlValues(files.read("attrs/host")).valueOr({});
        environment.hardware.hostName = host.empty() ? std::string() : host.front();
        const bool known = !platform.empty() || !host.empty() || !environment.packages.empty();
        return known ? std::optional(std::move(environment)) : std::nullopt;
    }
    /// `- {body: …, host: …, time: …, user: …}`.
    static std::string comments(FileSet& files) {
        std::string text;
        const auto named = "v:\n" + toValidUtf8(files.read("attrs/comments"));
        for (const auto& [key, value] : config::flattenYaml(named).valueOr({})) {
            if (key.ends_with(".body")) {
                text += text.empty() ? "" : "\n\n";
                text += value;
            }
        }
        return text;
    }
};

}  // namespace

}  // namespace guild

namespace {

/// A run folder of Guild AI. Its scalars are event files somewhere in it, which have a reader of their own.
class Guild : public Format {
public:
    [[nodiscard]] std::string_view name() const override { return "guild"; }

    void recognise(const Folder& folder, Findings& findings) const override {
        if (folder.path.filename() == ".guild" && folder.hasFile("opref")) {
            findings.closed = {"attrs", "job-packages", "proto", "sourcecode"};
        } else if (folder.hasFolder(".guild") && FileStamp::of(folder.path / ".guild" / "opref").exists) {
            findings.origins.push_back(folder.path);
        }
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        return std::make_unique<guild::GuildReader>(origin);
    }
};

}  // namespace

std::unique_ptr<const Format> makeGuild() {
    return std::make_unique<Guild>();
}

}  // namespace runglass::sources
