// SPDX-License-Identifier: GPL-3.0-or-later
#include "join.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "grouping.h"
#include "merge.h"
#include "paths.h"

namespace runglass::sources {
namespace {

bool samePlace(const Member& a, const Member& b) {
    return a.origin == b.origin && a.part == b.part;
}

class Joiner {
public:
    Joiner(std::vector<Member> members, const JoinContext& context, std::span<const SharedJoinedRun> previous)
        : m_members(std::move(members))
        , m_context(&context) {
        std::ranges::sort(m_members, [](const Member& a, const Member& b) { return order(a) < order(b); });
        m_groups = groupMembers(m_members);
        for (const auto& run : previous) {
            m_previous.emplace(run->record->id, run.get());
        }
    }

    std::vector<SharedJoinedRun> run() {
        merge();
        giveNames();
        giveIds();
        giveNumbers();
        std::vector<SharedJoinedRun> joined;
        joined.reserve(m_runs.size());
        for (const std::size_t i : m_byTime) {
            joined.push_back(publish(m_runs[i]));
        }
        return joined;
    }

private:
    static std::tuple<std::string_view, std::string_view, std::string_view> order(const Member& member) {
        return {member.origin->path().native(), member.origin->format().name(), member.part->key};
    }

    void merge() {
        m_runs.resize(m_groups.size());
        for (std::size_t i = 0; i < m_groups.size(); ++i) {
            JoinedRun& run = m_runs[i];
            for (const auto member : m_groups[i].members) {
                run.members.push_back(m_members[member]);
            }
            m_records.push_back(mergeRecords(run.members, *m_context, run.renamed));
        }
    }

    void giveNames() {
        std::vector<std::size_t> unnamed;
        std::vector<std::string> paths;
        std::unordered_map<std::string_view, int> inFolder;
        for (std::size_t i = 0; i < m_runs.size(); ++i) {
            if (m_records[i].name.empty()) {
                unnamed.push_back(i);
                ++inFolder[main(i).part->folder.native()];
            }
        }
        for (const auto i : unnamed) {
            const Member& member = main(i);
            const auto& folder = member.part->folder;
            const bool alone = !folder.empty() && inFolder[folder.native()] == 1;
            auto path = shownPath(alone ? folder : member.origin->path(), m_context->project);
            paths.push_back(path == "." ? m_context->project.filename().native() : std::move(path));
        }
        auto names = shortestNames(paths);
        for (std::size_t i = 0; i < unnamed.size(); ++i) {
            m_records[unnamed[i]].name = std::move(names[i]);
        }
    }

    /// The tool's own id where it is the first to have it: a store that was copied has the same ids twice.
    void giveIds() {
        std::unordered_set<RunId> taken;
        for (std::size_t i = 0; i < m_runs.size(); ++i) {
            const Member& member = main(i);
            if (member.part->id && taken.insert(*member.part->id).second) {
                m_records[i].id = *member.part->id;
                continue;
            }
            std::string name(member.origin->format().name());
            name += '\0' + shownPath(member.origin->path(), m_context->project) + '\0' + member.part->key;
            m_records[i].id = RunId::derive(name);
            taken.insert(m_records[i].id);
        }
        for (std::size_t i = 0; i < m_runs.size(); ++i) {
            if (const auto parent = m_groups[i].parent) {
                m_records[i].parent = m_records[*parent].id;
            }
        }
    }

    void giveNumbers() {
        m_byTime.resize(m_runs.size());
        for (std::size_t i = 0; i < m_byTime.size(); ++i) {
            m_byTime[i] = i;
        }
        // What never says when it started comes first: it is shown as the oldest.
        std::ranges::stable_sort(m_byTime, [this](std::size_t a, std::size_t b) {
            return m_records[a].startTimeMs.value_or(0) < m_records[b].startTimeMs.value_or(0);
        });
        std::unordered_map<Symbol, std::int64_t> last;
        for (const auto i : m_byTime) {
            m_records[i].number = ++last[m_records[i].source];
        }
    }

    SharedJoinedRun publish(JoinedRun& run) {
        auto& record = m_records[static_cast<std::size_t>(&run - m_runs.data())];
        const auto found = m_previous.find(record.id);
        if (found != m_previous.end()) {
            const JoinedRun& before = *found->second;
            const auto& old = *before.record;
            const bool same = std::ranges::equal(before.members, run.members, samePlace) &&
                              old.number == record.number && old.parent == record.parent &&
                              old.name == record.name && old.status == record.status;
            if (same) {
                run.record = before.record;
            }
        }
        if (!run.record) {
            run.record = std::make_shared<const model::RunRecord>(std::move(record));
        }
        return std::make_shared<const JoinedRun>(std::move(run));
    }

    [[nodiscard]] const Member& main(std::size_t i) const { return m_runs[i].members.front(); }

    std::vector<Member> m_members;
    const JoinContext* m_context;
    std::vector<Group> m_groups;
    std::vector<JoinedRun> m_runs;  // by group, like the following
    std::vector<model::RunRecord> m_records;
    std::vector<std::size_t> m_byTime;
    std::unordered_map<RunId, const JoinedRun*> m_previous;
};

}  // namespace

std::vector<SharedJoinedRun> join(std::vector<Member> members, const JoinContext& context,
                                  std::span<const SharedJoinedRun> previous) {
    return Joiner(std::move(members), context, previous).run();
}

}  // namespace runglass::sources
