// SPDX-License-Identifier: GPL-3.0-or-later
#include "merge_detail.h"

#include <algorithm>

#include "paths.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/sources/catalogue.h"

namespace runglass::sources {
namespace {

template <typename T>
void fillIfEmpty(T& into, T& from) {
    if (into.empty()) {
        into = std::move(from);
    }
}

template <typename T>
void fillIfAbsent(std::optional<T>& into, std::optional<T>& from) {
    if (!into) {
        into = std::move(from);
    }
}

/// Adds those of `from` whose `name` none of `into` has.
template <typename T>
void addMissing(std::vector<T>& into, std::vector<T>& from, std::string T::*name) {
    for (T& one : from) {
        if (std::ranges::find(into, one.*name, name) == into.end()) {
            into.push_back(std::move(one));
        }
    }
}

void mergeDetail(model::RunDetail& into, model::RunDetail from) {
    fillIfEmpty(into.command, from.command);
    fillIfEmpty(into.workingDirectory, from.workingDirectory);
    fillIfAbsent(into.environment, from.environment);
    fillIfEmpty(into.note, from.note);
    addMissing(into.configFiles, from.configFiles, &model::ConfigFile::path);
    addMissing(into.artifacts, from.artifacts, &model::Artifact::path);
    into.datasets.insert(into.datasets.end(), from.datasets.begin(), from.datasets.end());
    into.problems.insert(into.problems.end(), from.problems.begin(), from.problems.end());
    into.remarks.insert(into.remarks.end(), from.remarks.begin(), from.remarks.end());
    fillIfAbsent(into.userSeconds, from.userSeconds);
    fillIfAbsent(into.systemSeconds, from.systemSeconds);
    fillIfAbsent(into.peakMemoryBytes, from.peakMemoryBytes);
}

void addOnce(std::vector<std::string>& texts, std::string text) {
    if (std::ranges::find(texts, text) == texts.end()) {
        texts.push_back(std::move(text));
    }
}

model::Origin originOf(const Member& member, const std::filesystem::path& project) {
    return {Symbol(member.origin->format().name()), shownPath(member.origin->path(), project),
            member.part->key};
}

}  // namespace

std::vector<model::Origin> originsOf(const JoinedRun& run, const std::filesystem::path& project) {
    std::vector<model::Origin> origins;
    for (const Member& member : run.members) {
        origins.push_back(originOf(member, project));
    }
    return origins;
}

/// The folder of `inner` from that of `outer`, with a slash at its end; empty where it does not lie in there.
std::string folderFrom(const Member& outer, const Member& inner) {
    const auto& from = outer.part->folder.native();
    const auto& folder = inner.part->folder.native();
    const bool lies = !from.empty() && folder != from && liesIn(folder, from);
    return lies ? toValidUtf8(folder.substr(from.size() + 1)) + '/' : std::string();
}

/// Whether `outer` is the file that `inner` names from `folder`, one within that of `outer`.
bool isSameFile(const model::Artifact& outer, std::string_view folder, const model::Artifact& inner) {
    return outer.size == inner.size && outer.timeMs == inner.timeMs && outer.path.starts_with(folder) &&
           outer.path.ends_with('/' + inner.path);
}

/// Leaves out those artifacts of `member` that another one has named already from a folder further in or
/// further out: W&B's `config.yaml` is Hydra's `wandb/run-…/files/config.yaml`, and Hydra's
/// `lightning_logs/version_0/checkpoints/last.ckpt` is Lightning's `checkpoints/last.ckpt`.
void leaveOutKnownFiles(const JoinedRun& run, const Member& member, const model::RunDetail& known,
                        std::vector<model::Artifact>& artifacts) {
    for (const Member& other : run.members) {
        const auto below = folderFrom(member, other);
        const auto above = folderFrom(other, member);
        if (below.empty() && above.empty()) {
            continue;
        }
        std::erase_if(artifacts, [&](const model::Artifact& one) {
            return std::ranges::any_of(known.artifacts, [&](const model::Artifact& named) {
                return below.empty() ? isSameFile(named, above, one) : isSameFile(one, below, named);
            });
        });
    }
}

Result<model::RunDetail> mergeDetails(const JoinedRun& run, const std::filesystem::path& project) {
    model::RunDetail whole;
    std::optional<Error> firstError;
    std::size_t answered = 0;
    std::vector<std::string> problems;
    const bool goesOn = run.record->status == model::RunStatus::Running;
    whole.origins = originsOf(run, project);
    for (const Member& member : run.members) {
        auto detail = member.origin->detail(member.part->key);
        if (detail) {
            ++answered;
            leaveOutKnownFiles(run, member, whole, detail->artifacts);
            mergeDetail(whole, std::move(detail).value());
        } else {
            problems.push_back(detail.error().message);
            firstError = firstError ? std::move(firstError) : std::optional(detail.error());
        }
        for (Damage damage : member.part->damage) {
            const bool isToCome = damage.maybeToCome && goesOn;
            damage.reason += isToCome ? " " + tr("It is read when the rest arrives.") : std::string();
            damage.droppedByTool || isToCome ? addOnce(whole.remarks, describe(damage, project))
                                             : problems.push_back(describe(damage, project));
        }
    }
    if (answered == 0 && firstError) {
        return *std::move(firstError);
    }
    for (auto& problem : problems) {
        addOnce(whole.problems, std::move(problem));
    }
    whole.record = *run.record;
    whole.record.hasNote = whole.record.hasNote || !whole.note.empty();
    return whole;
}

std::string describe(const Damage& damage, const std::filesystem::path& project) {
    const auto file = toValidUtf8(shownPath(damage.file, project));
    const auto absolute = toValidUtf8(damage.file.native());
    if (const auto at = damage.reason.find(absolute); at != std::string::npos) {
        // A message of the operating system or of a database, which names the file, or one below.
        const bool isBelowProject =
            file == "." && damage.reason.substr(at + absolute.size()).starts_with('/');
        return isBelowProject ? std::string(damage.reason).erase(at, absolute.size() + 1)
                              : std::string(damage.reason).replace(at, absolute.size(), file);
    }
    if (damage.count == 0 && damage.offset > 0) {
        return tr("{}: {} (at byte {})", file, damage.reason, damage.offset);
    }
    if (damage.offset == 0 && damage.count <= 1) {
        return tr("{}: {}", file, damage.reason);
    }
    if (damage.offset == 0) {
        return tr("{}: {} ({} left out)", file, damage.reason, damage.count);
    }
    return tr("{}: {} ({} left out, the first at byte {})", file, damage.reason, damage.count, damage.offset);
}

}  // namespace runglass::sources
