// SPDX-License-Identifier: GPL-3.0-or-later
#include "merge.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <unordered_set>

#include "paths.h"
#include "runglass/base/text.h"
#include "runglass/model/silence.h"
#include "sides.h"
#include "values.h"

namespace runglass::sources {
namespace {

std::string withSource(Symbol key, std::string_view source) {
    return key.str() + " (" + std::string(source) + ")";
}

/// The name of a metric of `attached` in a run that has one of this name itself; none of `attached` has it.
Symbol nameBeside(Symbol key, const model::RunRecord& attached) {
    const std::string source(attached.source.text());
    Symbol name(withSource(key, source));
    for (int i = 2; attached.metric(name) != nullptr; ++i) {
        name = Symbol(withSource(key, source + " " + std::to_string(i)));
    }
    return name;
}

/// `loss (tensorboard)`; where that is taken too, with the folder: `loss (tensorboard validation)`.
template <typename IsFree>
Symbol keyWithSource(Symbol key, const Member& member, const Part& main, IsFree isFree) {
    const std::string source(member.origin->format().name());
    const std::string plain = withSource(key, source);
    if (isFree(Symbol(plain))) {
        return Symbol(plain);
    }
    const std::string folder =
        shownPath(member.part->folder.empty() ? member.origin->path() : member.part->folder, main.folder);
    const std::string longer = key.str() + " (" + source + " " + folder;
    Symbol candidate(longer + ")");
    for (int i = 2; !isFree(candidate); ++i) {
        candidate = Symbol(longer + " " + std::to_string(i) + ")");
    }
    return candidate;
}

void mergePairs(std::vector<model::KeyValue>& into, const std::vector<model::KeyValue>& from,
                const Member& member, const Part& main) {
    std::unordered_map<Symbol, Symbol> taken;
    for (const auto& pair : into) {
        taken.emplace(pair.key, pair.value);
    }
    for (const auto& pair : from) {
        const auto [place, isNew] = taken.try_emplace(pair.key, pair.value);
        if (isNew) {
            into.push_back(pair);
        } else if (!saysTheSame(place->second, pair.value)) {
            const auto isFree = [&](Symbol key) { return !taken.contains(key); };
            const Symbol key = keyWithSource(pair.key, member, main, isFree);
            taken.emplace(key, pair.value);
            into.push_back({key, pair.value});
        }
    }
}

void mergeMetrics(model::RunRecord& into, JoinedRun& run, std::size_t number, const std::string& side) {
    const Member& member = run.members[number];
    std::unordered_set<Symbol> taken;
    for (const auto& metric : into.metrics) {
        taken.insert(metric.key);
    }
    for (const auto& metric : member.part->record.metrics) {
        Symbol key = nameOfSide(side, metric.key);
        if (!taken.insert(key).second) {
            key = keyWithSource(key, member, *run.members.front().part,
                                [&](Symbol candidate) { return !taken.contains(candidate); });
            taken.insert(key);
        }
        if (key != metric.key) {
            run.renamed.push_back({key, metric.key, number});
        }
        into.metrics.push_back({key, metric.summary, metric.stepMetric});
    }
}

/// The members that are as much the run as the first one, and lie in other folders, by start time.
std::vector<std::size_t> findResumed(std::span<const Member> members) {
    const Member& main = members.front();
    std::vector<std::size_t> resumed;
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (main.part->id && members[i].part->id == main.part->id &&
            &members[i].origin->format() == &main.origin->format()) {
            resumed.push_back(i);
        }
    }
    std::ranges::stable_sort(resumed, {},
                             [&](std::size_t i) { return members[i].part->record.startTimeMs.value_or(0); });
    return resumed.size() > 1 ? resumed : std::vector<std::size_t>();
}

/// What the same run says when it goes on.
void resume(model::RunRecord& run, const model::RunRecord& next) {
    const auto addPairs = [](std::vector<model::KeyValue>& into, const std::vector<model::KeyValue>& from) {
        into.insert(into.end(), from.begin(), from.end());
        keepLastOfEach(into);
    };
    addPairs(run.params, next.params);
    addPairs(run.tags, next.tags);
    for (const auto& metric : next.metrics) {
        const auto known = std::ranges::find(run.metrics, metric.key, &model::Metric::key);
        if (known == run.metrics.end()) {
            run.metrics.push_back(metric);
        } else {
            known->summary = followedBy(known->summary, metric.summary);
            known->stepMetric = metric.stepMetric;
        }
    }
    run.name = next.name.empty() ? run.name : next.name;
    run.status = next.status;
    run.endTimeMs = next.endTimeMs ? next.endTimeMs : run.endTimeMs;
    run.exitCode = next.exitCode;
    run.signal = next.signal;
    run.hasNote = run.hasNote || next.hasNote;
    run.git = next.git.commit.empty() ? run.git : next.git;
}

void fillGaps(model::RunRecord& into, const model::RunRecord& from) {
    const auto fill = [](auto& empty, const auto& value) {
        if (!empty) {
            empty = value;
        }
    };
    fill(into.startTimeMs, from.startTimeMs);
    fill(into.endTimeMs, from.endTimeMs);
    fill(into.exitCode, from.exitCode);
    fill(into.signal, from.signal);
    if (into.name.empty()) {
        into.name = from.name;
    }
    if (into.experiment.empty()) {
        into.experiment = from.experiment;
    }
    if (into.git.commit.empty()) {
        into.git = from.git;
    }
}

/// Whether the files of one of the members have changed a short time ago, and its points agree: a copy made
/// just now has young files and old points.
bool seemsAlive(std::span<const Member> members, const JoinContext& context) {
    return std::ranges::any_of(members, [&](const Member& member) {
        if (member.over) {
            return false;
        }
        std::int64_t lastPoint = 0;
        for (const auto& metric : member.part->record.metrics) {
            lastPoint = std::max(lastPoint, metric.summary.lastTimeMs);
        }
        const bool believable =
            lastPoint > 0
                ? context.nowMs - lastPoint < 4 * kQuietMs
                : context.nowMs - member.part->record.startTimeMs.value_or(context.nowMs) < model::kSilentMs;
        return believable && context.nowMs - context.changedMs(*member.origin) < kQuietMs;
    });
}

/// Where the run says nothing of times itself, the last change of its files.
std::int64_t lastSignMs(const model::RunRecord& record, const Member& member, const JoinContext& context) {
    const auto last = model::lastSignMs(record);
    return last > 0 ? last : context.changedMs(*member.origin);
}

void settleStatus(model::RunRecord& record, const JoinedRun& run, const JoinContext& context) {
    const std::span<const Member> members = run.members;
    const auto telling =
        run.resumed.empty()
            ? std::ranges::find_if(members, [](const Member& member) { return member.part->tellsStatus; })
            : members.begin() + static_cast<std::ptrdiff_t>(run.resumed.back());
    if (telling != members.end() && telling->part->tellsStatus) {
        record.status = telling->part->record.status;
    } else if ((record.status == model::RunStatus::Finished || record.status == model::RunStatus::Lost) &&
               seemsAlive(members, context)) {
        record.status = model::RunStatus::Running;
    }
    if (!model::isTerminal(record.status)) {
        record.endTimeMs.reset();
    }
    const auto& told = telling == members.end() ? members.front() : *telling;
    const bool isOver = std::ranges::all_of(members, &Member::over);  // what is silent now is so for good
    model::loseSilent(record, lastSignMs(record, told, context),
                      isOver ? std::numeric_limits<std::int64_t>::max() : context.nowMs);
}

/// What cannot be read; neither remarks, nor what the tool drops itself, nor what is being written.
std::uint64_t leftOutOf(std::span<const Member> members, bool goesOn) {
    std::uint64_t count = 0;
    for (const Member& member : members) {
        for (const Damage& damage : member.part->damage) {
            count += damage.droppedByTool || (damage.maybeToCome && goesOn) ? 0 : damage.count;
        }
    }
    return count;
}

}  // namespace

model::MetricSummary followedBy(const model::MetricSummary& first, const model::MetricSummary& next) {
    if (first.count == 0) {
        return next;
    }
    auto whole = first;
    whole.min = !(whole.min <= next.min) && next.min == next.min ? next.min : whole.min;
    whole.max = !(whole.max >= next.max) && next.max == next.max ? next.max : whole.max;
    whole.count += next.count;
    whole.nanCount += next.nanCount;
    whole.infiniteCount += next.infiniteCount;
    whole.last = next.last;
    whole.lastStep = next.lastStep;
    whole.lastTimeMs = next.lastTimeMs;
    return whole;
}

model::RunRecord mergeRecords(JoinedRun& run, const JoinContext& context) {
    const std::span<const Member> members = run.members;
    const Member& main = members.front();
    run.resumed = findResumed(members);
    model::RunRecord record = main.part->record;
    if (!run.resumed.empty()) {
        record = members[run.resumed.front()].part->record;
        for (std::size_t i = 1; i < run.resumed.size(); ++i) {
            resume(record, members[run.resumed[i]].part->record);
        }
    }
    const auto sides = sidesOf(members, context.project);
    if (!sides.front().empty()) {
        record.metrics.clear();
        mergeMetrics(record, run, 0, sides.front());
    }
    record.source = Symbol(main.origin->format().name());
    const auto& folder = main.part->folder;
    const bool within = liesIn(folder.native(), main.origin->path().native());
    const auto place = within ? folder : main.origin->path();
    record.location =
        shownPath(record.location.empty() ? place : std::filesystem::path(record.location), context.project);
    for (std::size_t i = 1; i < members.size(); ++i) {
        if (std::ranges::find(run.resumed, i) != run.resumed.end()) {
            continue;
        }
        const auto& other = members[i].part->record;
        fillGaps(record, other);
        mergePairs(record.params, other.params, members[i], *main.part);
        mergePairs(record.tags, other.tags, members[i], *main.part);
        mergeMetrics(record, run, i, sides[i]);
    }
    settleStatus(record, run, context);
    record.leftOut = leftOutOf(members, record.status == model::RunStatus::Running);
    record.sortKeys();
    return record;
}

bool saysTheSame(Symbol a, Symbol b) {
    if (a == b) {
        return true;
    }
    const auto isTruth = [](std::string_view text) {
        return text == "true" || text == "True" || text == "false" || text == "False";
    };
    if (isTruth(a.text()) && isTruth(b.text())) {
        return (a.text()[0] | 0x20) == (b.text()[0] | 0x20);
    }
    const auto first = parseDouble(a.text());
    const auto second = first ? parseDouble(b.text()) : std::nullopt;
    return first && second && *first == *second;
}

model::RunRecord withAttached(model::RunRecord launched, const model::RunRecord& attached) {
    const auto addPairs = [&](std::vector<model::KeyValue>& into, const std::vector<model::KeyValue>& from) {
        std::unordered_map<Symbol, Symbol> known;
        for (const auto& pair : into) {
            known.emplace(pair.key, pair.value);
        }
        for (const auto& pair : from) {
            const auto same = known.find(pair.key);
            if (same == known.end()) {
                into.push_back(pair);
            } else if (!saysTheSame(same->second, pair.value)) {
                into.push_back({Symbol(withSource(pair.key, attached.source.text())), pair.value});
            }
        }
    };
    addPairs(launched.params, attached.params);
    addPairs(launched.tags, attached.tags);
    std::unordered_set<Symbol> taken;
    for (const auto& metric : launched.metrics) {
        taken.insert(metric.key);
    }
    for (const auto& metric : attached.metrics) {
        const bool free = !taken.contains(metric.key);
        launched.metrics.push_back(
            {free ? metric.key : nameBeside(metric.key, attached), metric.summary, metric.stepMetric});
    }
    launched.leftOut += attached.leftOut;
    launched.sortKeys();
    return launched;
}

std::optional<Symbol> attachedMetric(const model::RunRecord& attached, std::string_view key) {
    if (const auto known = Symbol::find(key); attached.metric(known) != nullptr) {
        return known;
    }
    for (const auto& metric : attached.metrics) {
        if (nameBeside(metric.key, attached).text() == key) {
            return metric.key;
        }
    }
    return std::nullopt;
}

std::optional<MetricPlace> placeOf(const JoinedRun& run, Symbol key) {
    for (const auto& metric : run.renamed) {
        if (metric.shown == key) {
            return MetricPlace{metric.member, metric.own};
        }
    }
    for (std::size_t i = 0; i < run.members.size(); ++i) {
        const auto isThis = [&](const RenamedMetric& metric) {
            return metric.member == i && metric.own == key;
        };
        if (run.members[i].part->record.metric(key) != nullptr && std::ranges::none_of(run.renamed, isThis)) {
            return MetricPlace{i, key};
        }
    }
    return std::nullopt;
}

std::vector<std::string> shortestNames(std::span<const std::string> paths) {
    // Where the name begins within each path; those that still equal another go back by one folder.
    std::vector<std::size_t> begins(paths.size());
    std::vector<std::size_t> open(paths.size());
    const auto goBack = [&](std::size_t i, std::size_t from) {
        const auto slash = from < 2 ? std::string::npos : paths[i].rfind('/', from - 2);
        begins[i] = slash == std::string::npos ? 0 : slash + 1;
    };
    for (std::size_t i = 0; i < paths.size(); ++i) {
        goBack(i, paths[i].size() + 1);
        open[i] = i;
    }
    const auto nameOf = [&](std::size_t i) { return std::string_view(paths[i]).substr(begins[i]); };
    std::unordered_map<std::string_view, std::size_t> count;
    while (!open.empty()) {
        count.clear();
        for (std::size_t i = 0; i < paths.size(); ++i) {
            ++count[nameOf(i)];
        }
        std::erase_if(open, [&](std::size_t i) { return begins[i] == 0 || count[nameOf(i)] == 1; });
        for (const auto i : open) {
            goBack(i, begins[i]);
        }
    }
    std::vector<std::string> names;
    for (std::size_t i = 0; i < paths.size(); ++i) {
        names.emplace_back(nameOf(i));
    }
    return names;
}

}  // namespace runglass::sources
