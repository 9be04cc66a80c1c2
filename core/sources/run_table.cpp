// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/run_table.h"

#include <algorithm>

#include "merge.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/model/table_keys.h"
#include "runglass/store/run_reader.h"

namespace runglass::sources {
namespace {

constexpr std::size_t kShortestPrefix = 4;
constexpr std::size_t kCandidatesNamed = 5;

using Runs = std::vector<model::SharedRun>;

/// Both are in order already; own runs stay in the order of their numbers.
Runs byStart(const model::RunList& own, const Runs& foreign) {
    Runs all;
    all.reserve(own.size() + foreign.size());
    auto next = foreign.begin();
    for (const auto& run : own) {
        while (next != foreign.end() &&
               (*next)->startTimeMs.value_or(0) < run->startTimeMs.value_or(INT64_MAX)) {
            all.push_back(*next++);
        }
        all.push_back(run);
    }
    all.insert(all.end(), next, foreign.end());
    return all;
}

/// `all` with the runs of `last` first, in the order that they have there.
Runs inOrderOf(const model::RunList& last, Runs all) {
    std::vector<std::pair<std::size_t, std::size_t>> places;
    places.reserve(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        places.emplace_back(last.find(all[i]->id).value_or(SIZE_MAX), i);
    }
    std::ranges::sort(places);
    Runs ordered;
    ordered.reserve(all.size());
    for (const auto& [before, i] : places) {
        ordered.push_back(std::move(all[i]));
    }
    return ordered;
}

bool isHex(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

Error ambiguous(std::string_view wanted, const std::vector<const model::RunRecord*>& candidates) {
    std::string names;
    for (std::size_t i = 0; i < std::min(candidates.size(), kCandidatesNamed); ++i) {
        names += i == 0 ? "" : ", ";
        names += candidates[i]->id.shortHex();
        names += candidates[i]->name.empty() ? "" : " (" + toValidUtf8(candidates[i]->name) + ")";
    }
    const char* more = candidates.size() > kCandidatesNamed ? ", …" : "";
    return {
        ErrorCode::Ambiguous,
        tr("{} means more than one run: {}{}. Give more digits of the id.", toValidUtf8(wanted), names, more),
        {}};
}

}  // namespace

model::SharedRun RunTableBuilder::marked(const model::SharedRun& run, const store::Mark& mark) {
    Marked& known = m_marked[run->id];
    if (known.base != run || known.mark != mark) {
        known = {run, mark, std::make_shared<const model::RunRecord>(mark.over(*run))};
    }
    return known.record;
}

model::SharedRun RunTableBuilder::completed(const model::SharedRun& own, const model::SharedRun& attached) {
    Completed& known = m_completed[own->id];
    if (known.own != own || known.attached != attached) {
        known = {own, attached, std::make_shared<const model::RunRecord>(withAttached(*own, *attached))};
    }
    return known.record;
}

model::RunList RunTableBuilder::completed(const model::RunList& own, const ForeignRuns& foreign) {
    auto runs = own;
    for (const auto& attached : foreign.attached) {
        if (const auto place = own.find(attached->id)) {
            runs.replace(*place, completed(own[*place], attached));
        }
    }
    return runs;
}

model::SharedRunTable RunTableBuilder::build(const model::SharedRunTable& own,
                                             const SharedForeignRuns& foreign,
                                             const std::vector<store::Mark>& marks, Order order) {
    if (foreign->runs.empty() && foreign->attached.empty()) {
        m_last = own;
        return own;
    }
    Runs others;
    others.reserve(foreign->runs.size());
    const auto takeOther = [&](const model::SharedRun& run) {
        if (own->find(run->id) != nullptr) {
            return;
        }
        const auto mark = std::ranges::lower_bound(marks, run->id, {}, &store::Mark::id);
        const bool isMarked = mark != marks.end() && mark->id == run->id;
        others.push_back(isMarked ? marked(run, *mark) : run);
    };
    // What a launched run has left is shown by itself where the run database has the run no more.
    std::ranges::for_each(foreign->attached, takeOther);
    std::ranges::for_each(foreign->runs, takeOther);
    std::ranges::stable_sort(others, {},
                             [](const model::SharedRun& run) { return run->startTimeMs.value_or(0); });
    const auto completedOwn = completed(own->runs, *foreign);
    auto all = byStart(completedOwn, others);
    if (order == Order::Kept && m_last) {
        all = inOrderOf(m_last->runs, std::move(all));
    }
    auto table = std::make_shared<model::RunTable>();
    table->revision = own->revision;
    table->runs.reserve(all.size());
    model::TableKeys keys;
    keys.add(*own);
    for (const auto& run : others) {
        keys.add(*run);
    }
    for (const auto& run : foreign->attached) {
        if (const auto place = completedOwn.find(run->id)) {
            keys.add(*completedOwn[*place]);
        }
    }
    for (auto& run : all) {
        table->runs.push_back(std::move(run));
    }
    std::move(keys).moveTo(*table);
    m_last = table;
    return table;
}

Result<model::SharedRunTable> readRunTable(const std::filesystem::path& project, Catalogue& catalogue) {
    model::SharedRunTable own = std::make_shared<const model::RunTable>();
    std::vector<store::Mark> marks;
    auto database = store::Database::open(project, store::OpenMode::ReadOnly);
    if (database) {
        RUNGLASS_ASSIGN(own, store::RunReader(*database).runTable());
        RUNGLASS_ASSIGN(marks, store::readMarks(*database));
    } else if (database.error().code != ErrorCode::NotFound) {
        return std::move(database).error();
    }
    const auto foreign = catalogue.runs()->complete ? catalogue.runs() : catalogue.load();
    return RunTableBuilder().build(own, foreign, marks, RunTableBuilder::Order::ByStart);
}

Result<RunId> resolveRun(const model::RunTable& table, std::string_view wanted) {
    if (const auto id = RunId::fromHex(wanted); id && table.find(*id) != nullptr) {
        return *id;
    }
    if (wanted.empty()) {
        return Error{ErrorCode::NotFound,
                     tr("No run is named. Give an id, the first 4 or more digits of one, or a name."),
                     {}};
    }
    std::string digits(wanted);
    std::ranges::transform(digits, digits.begin(), [](unsigned char c) { return std::tolower(c); });
    const bool mayBePrefix = wanted.size() >= kShortestPrefix && wanted.size() < 32 && isHex(wanted);
    std::vector<const model::RunRecord*> candidates;
    for (const auto& run : table.runs) {
        if (run->name == wanted || (mayBePrefix && run->id.hex().starts_with(digits))) {
            candidates.push_back(run.get());
        }
    }
    if (candidates.empty()) {
        return Error{ErrorCode::NotFound,
                     tr("There is no run {}. Give an id, the first 4 or more digits of one, or a name.",
                        toValidUtf8(wanted)),
                     {}};
    }
    if (candidates.size() > 1) {
        return ambiguous(wanted, candidates);
    }
    return candidates.front()->id;
}

}  // namespace runglass::sources
