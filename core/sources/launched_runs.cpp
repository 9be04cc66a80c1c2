// SPDX-License-Identifier: GPL-3.0-or-later
#include "launched_runs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <set>

#include "paths.h"
#include "runglass/base/text.h"
#include "runglass/sources/folder.h"

namespace runglass::sources {
namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;
/// The kernel stamps files with the time of its last tick.
constexpr std::int64_t kTickNs = 10 * kNsPerMs;

const std::string& hostName() {
    static const std::string name = [] {
        std::array<char, HOST_NAME_MAX + 1> text{};
        return ::gethostname(text.data(), text.size() - 1) == 0 ? std::string(text.data()) : std::string();
    }();
    return name;
}

/// The process that wrote an event file on this machine, as TensorFlow and PyTorch put it into the name:
/// `events.out.tfevents.<seconds>.<host>.<pid>.<n>`, perhaps with `.v2`.
std::optional<std::int64_t> processOf(std::string_view name) {
    constexpr std::string_view kMark = "tfevents.";
    const auto mark = name.find(kMark);
    if (mark == std::string_view::npos) {
        return std::nullopt;
    }
    name.remove_prefix(mark + kMark.size());
    const auto host = name.find('.');
    if (host == std::string_view::npos || !name.substr(host + 1).starts_with(hostName() + '.')) {
        return std::nullopt;
    }
    name.remove_prefix(host + hostName().size() + 2);
    const auto end = name.find('.');
    return end == std::string_view::npos ? std::nullopt : parseInt(name.substr(0, end));
}

}  // namespace

std::optional<std::int64_t> birthOf(const std::filesystem::path& file) {
    struct statx status {};
    const bool known = ::statx(AT_FDCWD, file.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BTIME, &status) == 0 &&
                       (status.stx_mask & STATX_BTIME) != 0;
    return known ? std::optional(status.stx_btime.tv_sec * std::int64_t{1'000'000'000} +
                                 std::int64_t{status.stx_btime.tv_nsec})
                 : std::nullopt;
}

bool LaunchedRuns::Run::includes(std::int64_t timeNs) const {
    return timeNs >= written.startMs * kNsPerMs - kTickNs && timeNs <= endNs;
}

bool LaunchedRuns::Run::hasTraceOf(const std::string& path, std::optional<std::int64_t> process) const {
    return opened.contains(path) ||
           (process && std::ranges::find(written.processes, *process) != written.processes.end());
}

bool LaunchedRuns::Run::mayHave(std::int64_t timeNs, bool isTraced) const {
    return includes(timeNs) || (isTraced && hasLostEnd && timeNs >= written.startMs * kNsPerMs - kTickNs);
}

void LaunchedRuns::take(const std::filesystem::path& project, const RunId& id, Run& run) {
    const store::Layout layout(project);
    run.written = store::readWrittenFiles(layout, id).value_or(store::WrittenFiles());
    run.written.run = id;
    std::error_code failed;
    const auto folder = std::filesystem::canonical(run.written.workingDirectory, failed);
    run.folder = failed ? run.written.workingDirectory.native() : folder.native();
    run.opened.clear();
    for (const auto& file : run.written.opened) {
        run.opened[file.path.native()] = file.appends;
    }
}

bool LaunchedRuns::refresh(const std::filesystem::path& project) {
    const store::Layout layout(project);
    const auto top = store::writtenFolder(layout);
    const auto stamp = FileStamp::of(top);
    bool changed = false;
    if (stamp != m_folder) {
        m_folder = stamp;
        std::set<RunId> there;
        const auto listed = listFolder(top);
        for (const auto& entry : listed ? listed->entries : std::vector<Entry>()) {
            if (const auto id = RunId::fromHex(entry.name)) {
                there.insert(*id);
                changed = m_runs.try_emplace(*id).second || changed;
            }
        }
        changed =
            std::erase_if(m_runs, [&](const auto& run) { return !there.contains(run.first); }) > 0 || changed;
    }
    m_unsettled.clear();
    for (auto& [id, run] : m_runs) {
        if (run.written.settled) {
            continue;
        }
        if (auto now = FileStamp::of(top / id.hex()); now != run.stamp) {
            take(project, id, run);
            run.stamp = std::move(now);
            changed = true;
        }
        // A supervisor that was killed has noted no end: then it is when it last noted something.
        const bool goesOn =
            !run.written.endMs && ::access((layout.root() / "active" / id.hex()).c_str(), F_OK) == 0;
        const auto endNs = run.written.endMs ? (*run.written.endMs + 1) * kNsPerMs
                           : goesOn          ? INT64_MAX
                                             : run.stamp.modifiedNs;
        changed = changed || endNs != run.endNs;
        run.endNs = endNs;
        run.hasLostEnd = !run.written.endMs && !goesOn;
        if (!run.written.settled) {
            m_unsettled.push_back(id);
        }
    }
    if (changed) {
        m_kept.clear();
        for (const auto& [id, run] : m_runs) {
            for (const auto& file : run.written.kept) {
                m_kept.emplace(file.path.native(), id);
            }
        }
    }
    return changed;
}

std::optional<RunId> LaunchedRuns::settledOwnerOf(const FileStamp& file) const {
    const auto [from, to] = m_kept.equal_range(file.path.native());
    for (auto it = from; it != to; ++it) {
        const auto& kept = m_runs.at(it->second).written.kept;
        const bool same = std::ranges::any_of(kept, [&](const store::KeptFile& left) {
            return left.path == file.path && left.size == file.size && left.modifiedNs == file.modifiedNs;
        });
        if (same) {
            return it->second;
        }
    }
    return std::nullopt;
}

std::int64_t LaunchedRuns::startOf(const RunId& id) const {
    const auto run = m_runs.find(id);
    return run == m_runs.end() ? 0 : run->second.written.startMs;
}

bool LaunchedRuns::hasEnded(const RunId& id) const {
    const auto run = m_runs.find(id);
    return run != m_runs.end() && run->second.endNs != INT64_MAX;
}

bool LaunchedRuns::mayOwn(const FileStamp& file) const {
    return m_kept.contains(file.path.native()) || std::ranges::any_of(m_unsettled, [&](const RunId& id) {
               const auto& run = m_runs.at(id);
               const bool isTraced =
                   run.hasLostEnd &&
                   run.hasTraceOf(file.path.native(), processOf(file.path.filename().native()));
               return run.mayHave(file.modifiedNs, isTraced);
           });
}

std::optional<RunId> LaunchedRuns::ownerOf(const FileStamp& file) const {
    if (!mayOwn(file)) {
        return std::nullopt;
    }
    if (const auto settled = settledOwnerOf(file)) {
        return settled;
    }
    const std::string& path = file.path.native();
    const auto process = processOf(file.path.filename().native());
    std::vector<const Run*> traced;
    std::vector<const Run*> possible;
    for (const auto& [id, run] : m_runs) {
        const bool isTraced = run.hasTraceOf(path, process);
        if (isTraced && run.mayHave(file.modifiedNs, true)) {
            traced.push_back(&run);
        } else if (run.includes(file.modifiedNs) && liesIn(path, run.folder)) {
            possible.push_back(&run);
        }
    }
    if (traced.size() > 1) {
        std::erase_if(traced, [&](const Run* run) { return !run->includes(file.modifiedNs); });
    }
    const auto& candidates = traced.empty() ? possible : traced;
    if (candidates.size() != 1 || candidates.front()->written.settled) {
        return std::nullopt;  // what a settled run has not kept is not its own
    }
    const Run& run = *candidates.front();
    const auto birth = birthOf(file.path);
    const auto opened = run.opened.find(path);
    const bool whole = (birth && run.includes(*birth)) || (opened != run.opened.end() && !opened->second) ||
                       file.path.extension() == ".json";
    // Another run was under way when the file was made, and nothing tells which of them made it.
    const bool contested = traced.empty() && birth && std::ranges::any_of(m_runs, [&](const auto& other) {
                               return &other.second != &run && other.second.includes(*birth) &&
                                      liesIn(path, other.second.folder);
                           });
    return whole && !contested ? std::optional(run.written.run) : std::nullopt;
}

}  // namespace runglass::sources
