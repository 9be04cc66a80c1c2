// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>
#include <unordered_set>

#include <fmt/format.h>

#include "dataset_filter.h"
#include "entity_filter.h"
#include "page.h"
#include "protocol_error.h"
#include "router.h"
#include "run_json.h"
#include "runglass/base/clock.h"
#include "validation.h"

namespace runglass::tracking {

namespace {

struct Search {
    std::set<std::int64_t> experiments;
    query::Filter filter;
    query::Order order;
    Stage stage = Stage::Active;
    Page page;
    /// Whether it asks for tags that are no tags here.
    bool needsWireTags = false;
    bool needsArtifactUri = false;
    bool needsDatasets = false;
};

Result<void> readQuery(const Fields& fields, Search& search) {
    RUNGLASS_ASSIGN(const auto given, fields.text("filter"));
    RUNGLASS_ASSIGN(const auto asked, datasetsAsTags(given));
    const auto text = artifactUriAsTag(asked.text);
    search.needsDatasets = asked.asks;
    auto filter = query::Filter::parse(text);
    if (const auto* error = std::get_if<query::FilterError>(&filter)) {
        return filterError("filter string", text, *error);
    }
    search.filter = std::get<query::Filter>(std::move(filter));
    RUNGLASS_ASSIGN(const auto givenKeys, orderOf(fields));
    const auto keys = artifactUriAsTag(givenKeys);
    // Without a key the newest run comes first; with one, that decides among equals.
    auto order = query::Order::parse(keys.empty() ? "start DESC" : keys);
    if (const auto* error = std::get_if<query::FilterError>(&order)) {
        return filterError("order_by", keys, *error);
    }
    search.order = std::get<query::Order>(std::move(order));
    const auto both = fmt::format("{} {}", text, keys);
    search.needsArtifactUri = both.find(kArtifactUriTag) != std::string::npos;
    search.needsWireTags =
        both.find(kNameTag) != std::string::npos || both.find(kNoteTag) != std::string::npos;
    return {};
}

Result<Search> searchOf(const Fields& fields) {
    Search search;
    RUNGLASS_ASSIGN(const auto experiments, fields.texts("experiment_ids"));
    for (const auto text : experiments) {
        if (const auto id = experimentIdOf(text); id.ok()) {
            search.experiments.insert(*id);  // one that does not exist has no runs
        }
    }
    RUNGLASS_TRY(readQuery(fields, search));
    RUNGLASS_ASSIGN(search.stage, stageOf(fields, "run_view_type"));
    RUNGLASS_ASSIGN(search.page, pageOf(fields, 1000, kMaxSearchResults));
    return Result<Search>(std::move(search));
}

/// A run as a client sees it: the greatest point of a metric is its value, and name and note are tags.
class WireRuns {
public:
    static Result<WireRuns> of(ReadSession& session, const OwnRun& ownRun, const Search& search) {
        WireRuns runs(session, ownRun, search);
        RUNGLASS_ASSIGN(runs.m_latest, session.allLatestPoints());
        return Result<WireRuns>(std::move(runs));
    }

    Result<model::SharedRun> seen(const model::SharedRun& run) {
        const auto latest = m_latest.find(run->id);
        if (latest == m_latest.end() && !m_search->needsWireTags && !m_search->needsArtifactUri) {
            return run;
        }
        auto copy = std::make_shared<model::RunRecord>(*run);
        if (latest != m_latest.end()) {
            for (auto& metric : copy->metrics) {
                if (const auto it = latest->second.find(metric.key.text()); it != latest->second.end()) {
                    metric.summary.last = it->second.value;
                    metric.summary.lastStep = it->second.step;
                    metric.summary.lastTimeMs = it->second.timeMs;
                }
            }
        }
        if (m_search->needsArtifactUri) {
            RUNGLASS_ASSIGN(const auto uri, m_json.artifactUri(*run));
            copy->tags.push_back({Symbol(kArtifactUriTag), Symbol(uri)});
            copy->sortKeys();
        }
        if (m_search->needsWireTags) {
            copy->tags.push_back({Symbol(kNameTag), Symbol(run->name)});
            if (run->hasNote) {
                RUNGLASS_ASSIGN(const auto note, m_session->note(run->id));
                copy->tags.push_back({Symbol(kNoteTag), Symbol(note)});
            }
            copy->sortKeys();
        }
        return model::SharedRun(std::move(copy));
    }

private:
    WireRuns(ReadSession& session, const OwnRun& ownRun, const Search& search)
        : m_session(&session)
        , m_search(&search)
        , m_json(session, ownRun) {}

    ReadSession* m_session;
    const Search* m_search;
    RunJson m_json;
    std::unordered_map<RunId, store::LatestPoints> m_latest;
};

Result<std::set<Symbol>> namesOf(ReadSession& session, const std::set<std::int64_t>& experiments) {
    RUNGLASS_ASSIGN(const auto all, session.experiments().all());
    RUNGLASS_ASSIGN(const auto numbers, session.ownNumbers({experiments.begin(), experiments.end()}));
    std::set<Symbol> names;
    for (const auto& experiment : all) {
        if (std::find(numbers.begin(), numbers.end(), experiment.id) != numbers.end()) {
            names.insert(Symbol(experiment.name));
        }
    }
    return names;
}

/// Whether a run is what the search asks for.
class Matcher {
public:
    static Result<Matcher> of(ReadSession& session, const Search& search, std::int64_t now) {
        Matcher matcher(session, search, now);
        if (search.needsDatasets) {
            RUNGLASS_ASSIGN(matcher.m_withInputs, session.withInputs());
        }
        return Result<Matcher>(std::move(matcher));
    }

    Result<bool> matches(const model::RunRecord& run) const {
        if (!m_withInputs.contains(run.id)) {
            return m_search->filter.matches(run, m_now);
        }
        RUNGLASS_ASSIGN(const auto inputs, m_session->inputs(run.id));
        return inputs.empty() ? m_search->filter.matches(run, m_now)
                              : matchesByInput(m_search->filter, run, inputs, m_now);
    }

private:
    Matcher(ReadSession& session, const Search& search, std::int64_t now)
        : m_session(&session)
        , m_search(&search)
        , m_now(now) {}

    ReadSession* m_session;
    const Search* m_search;
    std::int64_t m_now;
    std::unordered_set<RunId> m_withInputs;  // where that matters
};

Result<std::vector<model::SharedRun>> matching(ReadSession& session, Service& service, const Search& search,
                                               std::int64_t now) {
    RUNGLASS_ASSIGN(const auto table, service.runs().current(session));
    RUNGLASS_ASSIGN(const auto experiments, namesOf(session, search.experiments));
    RUNGLASS_ASSIGN(auto wire, WireRuns::of(session, service.ownRun(), search));
    RUNGLASS_ASSIGN(const auto matcher, Matcher::of(session, search, now));
    std::vector<model::SharedRun> found;
    for (const auto& run : table->runs) {
        if (experiments.contains(run->experiment) && isIn(search.stage, run->archived)) {
            RUNGLASS_ASSIGN(auto seen, wire.seen(run));
            RUNGLASS_ASSIGN(const bool matches, matcher.matches(*seen));
            if (matches) {
                found.push_back(std::move(seen));
            }
        }
    }
    search.order.sort(found, now);
    return found;
}

Result<Response> searchRuns(const Call& call) {
    RUNGLASS_ASSIGN(const auto search, searchOf(call.fields));
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        RUNGLASS_ASSIGN(const auto found, matching(session, call.service, search, nowMs()));
        RunJson json(session, call.service.ownRun());
        RUNGLASS_TRY(json.prepareForMany());
        return pageResponse(search.page, "runs", found.size(), 2048,
                            [&](JsonOut& out, std::size_t i) { return json.write(out, *found[i], true); });
    });
}

}  // namespace

void addSearchRoutes(Router& router) {
    router.add(Method::Post, "runs/search", searchRuns);
}

}  // namespace runglass::tracking
