// SPDX-License-Identifier: GPL-3.0-or-later
#include "join.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "attach.h"
#include "grouping.h"
#include "merge.h"
#include "paths.h"
#include "sides.h"

namespace runglass::sources {
namespace {

/// When the inode was made, in nanoseconds; where the file system does not keep that, when it was last
/// changed. Whoever copies a store makes new inodes, whoever moves it does not.
std::int64_t madeNs(const std::filesystem::path& path) {
    struct statx status {};
    if (::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BTIME | STATX_MTIME, &status) != 0) {
        return std::numeric_limits<std::int64_t>::max();
    }
    const auto& time = (status.stx_mask & STATX_BTIME) != 0 ? status.stx_btime : status.stx_mtime;
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// The same of where a run lies: its folder, or the file that holds it.
std::int64_t madeNs(const Member& member) {
    std::error_code ignored;
    const bool hasFolder = std::filesystem::exists(member.part->folder, ignored);
    return madeNs(hasFolder ? member.part->folder : member.origin->path());
}

bool samePlace(const Member& a, const Member& b) {
    return a.origin == b.origin && a.part == b.part && a.owner == b.owner;
}

/// A run on its way to its record.
struct Draft {
    JoinedRun run;
    const JoinedRun* before = nullptr;  ///< of the last time, made of the same parts
    model::RunRecord record;            ///< where there is none
    std::string name;
    RunId id;
    std::optional<RunId> parent;
    std::int64_t number = 0;

    [[nodiscard]] const model::RunRecord& merged() const { return before ? *before->record : record; }
    [[nodiscard]] const Member& main() const { return run.members.front(); }
};

class Joiner {
public:
    Joiner(std::vector<Member> members, const JoinContext& context, std::span<const SharedJoinedRun> previous)
        : m_members(std::move(members))
        , m_context(&context) {
        std::ranges::sort(m_members, [](const Member& a, const Member& b) { return order(a) < order(b); });
        m_groups = groupMembers(m_members);
        attachToLaunched(m_groups, m_members);
        for (const auto& run : previous) {
            m_previous.emplace(run->members.front().part.get(), run.get());
        }
    }

    std::vector<SharedJoinedRun> run() {
        merge();
        giveNames();
        giveIds();
        giveNumbers();
        std::vector<SharedJoinedRun> joined;
        joined.reserve(m_drafts.size());
        for (const std::size_t i : m_byTime) {
            joined.push_back(publish(m_drafts[i]));
        }
        return joined;
    }

private:
    static std::tuple<std::string_view, std::string_view, std::string_view> order(const Member& member) {
        return {member.origin->path().native(), member.origin->format().name(), member.part->key};
    }

    void merge() {
        m_drafts.resize(m_groups.size());
        for (std::size_t i = 0; i < m_groups.size(); ++i) {
            Draft& draft = m_drafts[i];
            draft.run.attached = m_groups[i].attachedTo.has_value();
            bool hasName = false;
            for (const auto member : m_groups[i].members) {
                draft.run.members.push_back(m_members[member]);
                hasName = hasName || !m_members[member].part->record.name.empty();
            }
            draft.before = asBefore(draft.run.members);
            if (draft.before != nullptr) {
                draft.run.renamed = draft.before->renamed;
                draft.run.resumed = draft.before->resumed;
            } else {
                draft.record = mergeRecords(draft.run, *m_context);
            }
            draft.name = hasName ? draft.merged().name : std::string();
        }
    }

    /// The run of the last time that these parts made; null when it may look different by now.
    const JoinedRun* asBefore(const std::vector<Member>& members) const {
        const auto found = m_previous.find(members.front().part.get());
        if (found == m_previous.end() || !std::ranges::equal(found->second->members, members, samePlace)) {
            return nullptr;
        }
        const bool mayFallSilent = !model::isTerminal(found->second->record->status);
        return mayFallSilent ? nullptr : found->second;
    }

    void giveNames() {
        std::vector<Draft*> unnamed;
        std::vector<std::string> paths;
        std::unordered_map<std::string_view, int> inFolder;
        for (Draft& draft : m_drafts) {
            if (draft.name.empty()) {
                unnamed.push_back(&draft);
                ++inFolder[draft.main().part->folder.native()];
            }
        }
        for (const Draft* draft : unnamed) {
            const auto& folder = draft->main().part->folder;
            const bool alone = !folder.empty() && inFolder[folder.native()] == 1;
            auto path = shownPath(alone ? folder : draft->main().origin->path(), m_context->project);
            paths.push_back(path == "." ? m_context->project.filename().native() : std::move(path));
        }
        auto names = shortestNames(paths);
        for (std::size_t i = 0; i < unnamed.size(); ++i) {
            const bool aspect = names[i].find('/') == std::string::npos && isAspect(*unnamed[i]);
            unnamed[i]->name = aspect ? lastTwoOf(paths[i]) : std::move(names[i]);
        }
    }

    /// Whether a folder of event files is one side of a training and means nothing without the name of the
    /// folder around it: Keras writes `train` and `validation`, add_scalars() a folder a line beside its own.
    bool isAspect(const Draft& draft) {
        if (m_folders.empty()) {
            for (const Draft& other : m_drafts) {
                m_folders.insert(other.main().part->folder.native());
            }
        }
        const auto& folder = draft.main().part->folder;
        const auto format = draft.main().origin->format().name();
        return format == "tensorboard" &&
               (isSideOfTraining(folder) || m_folders.contains(folder.parent_path().native()));
    }

    static std::string lastTwoOf(const std::string& path) {
        const auto last = path.rfind('/');
        const auto before = last == std::string::npos || last == 0 ? last : path.rfind('/', last - 1);
        return before == std::string::npos ? path : path.substr(before + 1);
    }

    /// Which run has each of the tools' own ids. A store that was copied has the same ids twice: they, and
    /// what a person has said under them, stay with the one that is older.
    [[nodiscard]] std::unordered_map<RunId, std::size_t> holdersOfIds() const {
        std::unordered_map<RunId, std::size_t> holders;
        std::unordered_map<RunId, std::int64_t> made;
        for (std::size_t i = 0; i < m_drafts.size(); ++i) {
            const auto& id = m_drafts[i].main().part->id;
            if (!id || m_groups[i].attachedTo) {
                continue;
            }
            const auto [holder, isFirst] = holders.emplace(*id, i);
            if (isFirst) {
                continue;
            }
            const auto before = made.try_emplace(*id, madeNs(m_drafts[holder->second].main())).first;
            if (const auto now = madeNs(m_drafts[i].main()); now < before->second) {
                holder->second = i;
                before->second = now;
            }
        }
        return holders;
    }

    void giveIds() {
        const auto holders = holdersOfIds();
        std::unordered_set<RunId> taken;
        for (std::size_t i = 0; i < m_drafts.size(); ++i) {
            if (m_groups[i].attachedTo) {
                m_drafts[i].id = *m_groups[i].attachedTo;
                taken.insert(m_drafts[i].id);
            }
        }
        for (std::size_t i = 0; i < m_drafts.size(); ++i) {
            Draft& draft = m_drafts[i];
            if (m_groups[i].attachedTo) {
                continue;
            }
            const Member& member = draft.main();
            if (member.part->id && holders.at(*member.part->id) == i &&
                taken.insert(*member.part->id).second) {
                draft.id = *member.part->id;
                continue;
            }
            std::string name(member.origin->format().name());
            name += '\0' + shownPath(member.origin->path(), m_context->project) + '\0' + member.part->key;
            draft.id = RunId::derive(name);
            taken.insert(draft.id);
        }
        for (std::size_t i = 0; i < m_drafts.size(); ++i) {
            if (const auto parent = m_groups[i].parent) {
                m_drafts[i].parent = m_drafts[*parent].id;
            }
            if (m_groups[i].launchedBy) {
                m_drafts[i].parent = m_groups[i].launchedBy;
            }
        }
    }

    void giveNumbers() {
        m_byTime.resize(m_drafts.size());
        std::iota(m_byTime.begin(), m_byTime.end(), std::size_t{0});
        // What never says when it started comes first: it is shown as the oldest.
        std::ranges::stable_sort(
            m_byTime, {}, [this](std::size_t i) { return m_drafts[i].merged().startTimeMs.value_or(0); });
        std::unordered_map<Symbol, std::int64_t> last;
        for (const auto i : m_byTime) {
            if (!m_drafts[i].run.attached) {
                m_drafts[i].number = ++last[m_drafts[i].merged().source];
            }
        }
    }

    /// What completes a launched run are mostly metrics: the source is that of the first.
    static Symbol sourceOfMetrics(const JoinedRun& run) {
        const auto found = std::ranges::find_if(
            run.members, [](const Member& member) { return !member.part->record.metrics.empty(); });
        const Member& member = found == run.members.end() ? run.members.front() : *found;
        return Symbol(member.origin->format().name());
    }

    static SharedJoinedRun publish(Draft& draft) {
        if (draft.before != nullptr) {
            const auto& old = *draft.before->record;
            if (old.id == draft.id && old.number == draft.number && old.parent == draft.parent &&
                old.name == draft.name) {
                draft.run.record = draft.before->record;
                return std::make_shared<const JoinedRun>(std::move(draft.run));
            }
            draft.record = old;
        }
        if (draft.run.attached) {
            draft.record.source = sourceOfMetrics(draft.run);
        }
        draft.record.id = draft.id;
        draft.record.number = draft.number;
        draft.record.parent = draft.parent;
        draft.record.name = std::move(draft.name);
        draft.run.record = std::make_shared<const model::RunRecord>(std::move(draft.record));
        return std::make_shared<const JoinedRun>(std::move(draft.run));
    }

    std::vector<Member> m_members;
    const JoinContext* m_context;
    std::vector<Group> m_groups;
    std::vector<Draft> m_drafts;  // by group
    std::vector<std::size_t> m_byTime;
    std::unordered_set<std::string_view> m_folders;                // in which runs lie, once somebody asks
    std::unordered_map<const Part*, const JoinedRun*> m_previous;  // by the part that names it
};

}  // namespace

std::vector<SharedJoinedRun> join(std::vector<Member> members, const JoinContext& context,
                                  std::span<const SharedJoinedRun> previous) {
    return Joiner(std::move(members), context, previous).run();
}

}  // namespace runglass::sources
