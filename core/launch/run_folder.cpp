// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "redaction.h"
#include "runglass/base/file.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/model/status.h"
#include "runglass/store/kept_run.h"
#include "runglass/store/layout.h"

namespace runglass::launch {

namespace {

constexpr std::size_t kNoticeBytes = 1024;
constexpr const char* kGivenName = "given";
constexpr const char* kEntryName = "entry";
constexpr std::size_t kEndBytes = 512;  // its six lines at their longest are less than half of that
constexpr std::uint64_t kMaxSpecBytes = 8U << 20U;  // the kernel allows 6 MiB of argv and environment
constexpr std::uint64_t kMaxEntryBytes = 64U << 20U;
constexpr std::uint64_t kMaxStateBytes = 64U << 10U;

constexpr std::array<std::pair<Role, std::string_view>, 3> kRoles{
    {{Role::Launcher, "launcher"}, {Role::Supervisor, "supervisor"}, {Role::Command, "command"}}};
constexpr std::array<std::pair<StopKind, std::string_view>, 3> kStopKinds{
    {{StopKind::Terminate, "terminate"}, {StopKind::Interrupt, "interrupt"}, {StopKind::Kill, "kill"}}};

template <typename Table, typename Key>
std::string_view nameOf(const Table& table, Key key) {
    for (const auto& [candidate, name] : table) {
        if (candidate == key) {
            return name;
        }
    }
    return {};
}

/// Replaces the file at once, but without the fsync of writeFileAtomically: after a power cut the run is
/// lost by its boot id anyway, and this is on the way of every launch.
Result<void> replaceFile(const std::filesystem::path& path, std::string_view content) {
    const std::string temporary = fmt::format("{}.tmp-{}", path.native(), ::getpid());
    FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    const bool written = file.valid() && ::write(file.get(), content.data(), content.size()) ==
                                             static_cast<ssize_t>(content.size());
    if (!written || ::rename(temporary.c_str(), path.c_str()) != 0) {
        const int reason = errno;
        ::unlink(temporary.c_str());
        return errorFromErrno(reason, tr("The file cannot be written."), path);
    }
    return {};
}

/// Writes into the room that a file has had since create(): a full disk still has that.
Result<void> overwrite(const std::filesystem::path& path, std::string_view text, std::size_t reserved) {
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    std::string content(text.substr(0, reserved));
    content.resize(reserved, '\0');
    if (!file.valid() ||
        ::pwrite(file.get(), content.data(), content.size(), 0) != static_cast<ssize_t>(content.size())) {
        return errorFromErrno(errno, tr("The file cannot be written."), path);
    }
    return {};
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return parts;
}

std::pair<std::string_view, std::string_view> splitAt(std::string_view text, char separator) {
    const std::size_t at = text.find(separator);
    return at == std::string_view::npos ? std::pair{text, std::string_view{}}
                                        : std::pair{text.substr(0, at), text.substr(at + 1)};
}

Result<void> touch(const std::filesystem::path& path, std::size_t reserve = 0) {
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
    const std::string zeros(reserve, '\0');
    if (!file.valid() || ::write(file.get(), zeros.data(), reserve) != static_cast<ssize_t>(reserve)) {
        return errorFromErrno(errno, tr("The run cannot be recorded."), path);
    }
    return {};
}

}  // namespace

RunFolder::RunFolder(std::filesystem::path project, const RunId& id)
    : m_project(std::move(project))
    , m_id(id)
    , m_path(store::Layout(m_project).runFolder(id)) {}

Result<RunFolder> RunFolder::at(const std::filesystem::path& folder) {
    // <project>/.runglass/runs/<id>
    std::filesystem::path absolute = std::filesystem::absolute(folder).lexically_normal();
    if (!absolute.has_filename()) {
        absolute = absolute.parent_path();
    }
    const auto id = RunId::fromHex(absolute.filename().native());
    const auto project = absolute.parent_path().parent_path().parent_path();
    if (!id || RunFolder(project, *id).path() != absolute) {
        return Error{
            ErrorCode::Invalid, tr("{} is not the folder of a run.", toValidUtf8(folder.native())), {}};
    }
    return RunFolder(project, *id);
}

std::filesystem::path RunFolder::markers(const std::filesystem::path& project) {
    return store::Layout(project).root() / "active";
}

std::filesystem::path RunFolder::marker() const {
    return markers(m_project) / m_id.hex();
}

Result<void> RunFolder::create() const {
    std::error_code error;
    for (const auto& folder : {markers(m_project), m_path}) {
        std::filesystem::create_directories(folder, error);
        if (error == std::errc::permission_denied || error == std::errc::read_only_file_system) {
            return Error{
                ErrorCode::ReadOnly,
                tr("Runs cannot be recorded here. {} cannot be written. Copy the project, or change the "
                   "permission of the folder.",
                   toValidUtf8(folder.parent_path().native())),
                {}};
        }
        if (error) {
            return errorFromErrno(error.value(), tr("Runs cannot be recorded here."), folder);
        }
    }
    RUNGLASS_TRY(touch(marker()));
    RUNGLASS_TRY(touch(spool()));
    RUNGLASS_TRY(touch(end(), kEndBytes));
    return touch(notice(), kNoticeBytes);
}

void RunFolder::remove() const {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
    removeMarker();
}

void RunFolder::removeMarker() const {
    ::unlink(marker().c_str());
}

void RunFolder::removeSpool() const {
    ::unlink(spool().c_str());
    ::unlink((m_path / kGivenName).c_str());
}

Result<void> writeSpec(const RunFolder& folder, const RunSpec& spec) {
    std::string content = fmt::format("version=1{}", '\0');
    content += fmt::format("grace_ms={}{}", spec.graceMs, '\0');
    content += fmt::format("input={}{}", spec.hasInput ? 1 : 0, '\0');
    content += fmt::format("cwd={}{}", spec.workingDirectory.native(), '\0');
    for (const auto& argument : spec.command) {
        content += fmt::format("arg={}{}", argument, '\0');
    }
    return replaceFile(folder.path() / "spec", content);
}

Result<RunSpec> takeSpec(const RunFolder& folder) {
    RUNGLASS_ASSIGN(const std::string content, readFile(folder.path() / "spec", kMaxSpecBytes));
    ::unlink((folder.path() / "spec").c_str());
    RunSpec spec;
    for (const auto field : split(content, '\0')) {
        const auto [key, value] = splitAt(field, '=');
        if (key == "cwd") {
            spec.workingDirectory = value;
        } else if (key == "grace_ms") {
            spec.graceMs = parseInt(value).value_or(0);
        } else if (key == "input") {
            spec.hasInput = value == "1";
        } else if (key == "arg") {
            spec.command.emplace_back(value);
        }
    }
    if (spec.command.empty()) {
        return Error{
            ErrorCode::Damaged, tr("The spec of run {} names no command.", folder.id().shortHex()), {}};
    }
    return spec;
}

Result<void> writeGivenParams(const RunFolder& folder, const std::vector<model::KeyValue>& params) {
    std::string content;
    for (const auto& param : params) {
        const auto key = param.key.text();
        const auto value = param.value.text();
        if (key.find('\0') == std::string_view::npos && value.find('\0') == std::string_view::npos) {
            content += fmt::format("{}{}{}{}", key, '\0', value, '\0');
        }
    }
    return params.empty() ? Result<void>() : replaceFile(folder.path() / kGivenName, content);
}

model::GivenParams readGivenParams(const std::filesystem::path& runFolder) {
    model::GivenParams given;
    const auto content = readFile(runFolder / kGivenName, kMaxSpecBytes).valueOr({});
    const auto texts = split(content, '\0');
    for (std::size_t i = 0; i + 1 < texts.size(); i += 2) {
        if (texts[i + 1] == kWithheldValue) {
            given.withheld.emplace(texts[i]);
        } else {
            given.values.emplace(texts[i], texts[i + 1]);
        }
    }
    return given;
}

Result<void> writeEntry(const RunFolder& folder, const model::RunDetail& detail) {
    const auto bytes = store::encodeRun(detail);
    return replaceFile(folder.path() / kEntryName,
                       {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::optional<model::RunDetail> readEntry(const RunFolder& folder) {
    const auto content = readFile(folder.path() / kEntryName, kMaxEntryBytes);
    if (!content.ok()) {
        return std::nullopt;
    }
    auto detail = store::decodeRun({reinterpret_cast<const std::uint8_t*>(content->data()), content->size()});
    return detail && detail->record.id == folder.id() ? std::move(detail) : std::nullopt;
}

void removeEntry(const RunFolder& folder) {
    ::unlink((folder.path() / kEntryName).c_str());
}

Result<void> addProcess(const RunFolder& folder, Role role, const ProcessIdentity& identity) {
    const auto path = folder.path() / "processes";
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
    const std::string line = fmt::format("{} {} {} {}\n", nameOf(kRoles, role), identity.pid,
                                         identity.startTicks, identity.bootId);
    if (!file.valid() || ::write(file.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
        return errorFromErrno(errno, tr("The run cannot be recorded."), path);
    }
    return {};
}

Processes readProcesses(const RunFolder& folder) {
    Processes processes;
    const auto content = readFile(folder.path() / "processes", kMaxStateBytes).valueOr({});
    for (const auto line : split(content, '\n')) {
        const auto fields = split(line, ' ');
        if (fields.size() != 4) {
            continue;
        }
        const ProcessIdentity identity{static_cast<int>(parseInt(fields[1]).value_or(0)),
                                       static_cast<std::uint64_t>(parseInt(fields[2]).value_or(0)),
                                       std::string(fields[3])};
        if (fields[0] == nameOf(kRoles, Role::Launcher)) {
            processes.launcher = identity;
        } else if (fields[0] == nameOf(kRoles, Role::Supervisor)) {
            processes.supervisor = identity;
        } else if (fields[0] == nameOf(kRoles, Role::Command)) {
            processes.command = identity;
        }
    }
    return processes;
}

Result<void> writeEnd(const RunFolder& folder, const store::RunEnd& end) {
    std::string content = fmt::format("status {}\ntime_ms {}\n", model::statusName(end.status), end.timeMs);
    const auto add = [&](std::string_view key, const auto& value) {
        if (value) {
            content += fmt::format("{} {}\n", key, *value);
        }
    };
    add("exit_code", end.exitCode);
    add("signal", end.signal);
    add("user_seconds", end.userSeconds);
    add("system_seconds", end.systemSeconds);
    add("peak_memory_bytes", end.peakMemoryBytes);
    const auto replaced = replaceFile(folder.end(), content);
    return replaced.ok() ? replaced : overwrite(folder.end(), content, kEndBytes);
}

std::optional<store::RunEnd> readEnd(const RunFolder& folder) {
    const auto content = readFile(folder.end(), kMaxStateBytes);
    if (!content.ok()) {
        return std::nullopt;
    }
    std::map<std::string_view, std::string_view> fields;
    for (const auto line : split(*content, '\n')) {
        fields.insert(splitAt(line, ' '));
    }
    const auto integer = [&](std::string_view key) -> std::optional<int> {
        const auto value = parseInt(fields[key]);
        return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
    };
    const auto status = model::statusFromName(fields["status"]);
    if (!status) {
        return std::nullopt;
    }
    store::RunEnd end;
    end.status = *status;
    end.timeMs = parseInt(fields["time_ms"]).value_or(0);
    end.exitCode = integer("exit_code");
    end.signal = integer("signal");
    end.userSeconds = parseDouble(fields["user_seconds"]);
    end.systemSeconds = parseDouble(fields["system_seconds"]);
    end.peakMemoryBytes = parseInt(fields["peak_memory_bytes"]);
    return end;
}

std::optional<StopKind> readStopRequest(const RunFolder& folder) {
    const auto content = readFile(folder.stop(), kMaxStateBytes).valueOr({});
    for (const auto& [kind, name] : kStopKinds) {
        if (trimmed(content) == name) {
            return kind;
        }
    }
    return std::nullopt;
}

Result<void> writeStopRequest(const RunFolder& folder, StopKind kind) {
    return replaceFile(folder.stop(), nameOf(kStopKinds, kind));
}

void writeNotice(const RunFolder& folder, std::string_view text) {
    // Best effort: whoever cannot be told by this way is told by the run's problems later.
    (void)overwrite(folder.notice(), text, kNoticeBytes).ok();
}

}  // namespace runglass::launch
