// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "protocol_error.h"
#include "router.h"
#include "run_check.h"
#include "run_json.h"
#include "validation.h"

namespace runglass::tracking {

namespace {

constexpr std::size_t kMostBulkRuns = 100;
constexpr std::int64_t kMostBulkPoints = 25'000;
constexpr std::int64_t kMostSampledPoints = 2'500;

void writePoint(JsonOut& out, std::string_view key, const model::Point& point, std::string_view run = {}) {
    out.beginObject();
    out.text("key", key);
    out.real("value", wireValue(point.value));
    out.integer("timestamp", point.timeMs);
    out.integer("step", point.step);
    if (!run.empty()) {
        out.text("run_id", run);
    }
    out.endObject();
}

auto rankOf(const model::Point& point) {
    return std::tuple(point.timeMs, point.step, std::isnan(point.value) ? 0.0 : point.value);
}

/// By time, step and value; a metric that the run does not have is empty.
Result<std::vector<model::Point>> historyOf(ReadSession& session, const RunId& id, std::string_view key) {
    std::vector<model::Point> points;
    const auto series = session.series(id, key);
    if (!series.ok()) {
        RUNGLASS_TRY(existingRun(session, id));
        return series.error().code == ErrorCode::NotFound ? Result<std::vector<model::Point>>(points)
                                                          : series.error();
    }
    points.reserve(series->size());
    for (std::size_t i = 0; i < series->size(); ++i) {
        points.push_back(series->at(i));
    }
    const auto before = [](const model::Point& a, const model::Point& b) { return rankOf(a) < rankOf(b); };
    if (!std::is_sorted(points.begin(), points.end(), before)) {
        std::sort(points.begin(), points.end(), before);
    }
    return points;
}

Result<Response> getHistory(const Call& call) {
    RUNGLASS_ASSIGN(const RunId id, runIdOf(call.fields));
    RUNGLASS_ASSIGN(const auto key, call.fields.required("metric_key"));
    RUNGLASS_ASSIGN(const auto wanted, call.fields.integer("max_results"));
    RUNGLASS_ASSIGN(const auto token, call.fields.text("page_token"));
    RUNGLASS_ASSIGN(const auto offset, offsetOf(token));
    if (wanted && *wanted < 1) {
        return invalidValue(std::to_string(*wanted), "max_results", "It must be at least 1.");
    }
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        RUNGLASS_ASSIGN(const auto points, historyOf(session, id, key));
        const auto begin = std::min(offset, points.size());
        // Without a limit everything is given, as servers up to 2.21 did.
        const auto limit = wanted ? static_cast<std::size_t>(*wanted) : points.size();
        const auto end = begin + std::min(limit, points.size() - begin);
        JsonOut out;
        out.reserve((end - begin) * 96);
        out.beginObject();
        if (begin < end) {
            out.beginArray("metrics");
            for (auto i = begin; i < end; ++i) {
                writePoint(out, key, points[i]);
            }
            out.endArray();
        }
        if (end < points.size()) {
            out.text("next_page_token", pageTokenOf(end));
        }
        out.endObject();
        return jsonResponse(std::move(out));
    });
}

Result<std::vector<RunId>> runsOf(const Fields& fields, std::string_view name) {
    RUNGLASS_ASSIGN(const auto texts, fields.texts(name));
    if (texts.empty()) {
        return missingParameter(name);
    }
    if (texts.size() > kMostBulkRuns) {
        return invalid(
            fmt::format("GetMetricHistoryBulk request cannot specify more than {} run_ids. Received {}.",
                        kMostBulkRuns, texts.size()));
    }
    std::vector<RunId> runs;
    for (const auto text : texts) {
        const auto id = RunId::fromHex(text);
        if (!id) {
            return noSuchRun(text);
        }
        runs.push_back(*id);
    }
    return runs;
}

Result<Response> getHistoryBulk(const Call& call) {
    RUNGLASS_ASSIGN(const auto runs, runsOf(call.fields, "run_id"));
    RUNGLASS_ASSIGN(const auto key, call.fields.required("metric_key"));
    RUNGLASS_ASSIGN(auto left, maxResultsOf(call.fields, kMostBulkPoints, kMostBulkPoints));
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        JsonOut out;
        out.beginObject();
        out.beginArray("metrics");
        for (const auto& run : runs) {
            RUNGLASS_ASSIGN(const auto points, historyOf(session, run, key));
            for (const auto& point : points) {
                if (left > 0) {
                    writePoint(out, key, point, run.hex());
                    --left;
                }
            }
        }
        out.endArray();
        out.endObject();
        return jsonResponse(std::move(out));
    });
}

struct Interval {
    std::vector<RunId> runs;
    std::string_view key;
    std::optional<std::int64_t> first;
    std::optional<std::int64_t> last;
    std::size_t limit = 0;
};

Result<Interval> intervalOf(const Fields& fields) {
    Interval interval;
    RUNGLASS_ASSIGN(interval.runs, runsOf(fields, "run_ids"));
    RUNGLASS_ASSIGN(interval.key, fields.required("metric_key"));
    RUNGLASS_ASSIGN(interval.first, fields.integer("start_step"));
    RUNGLASS_ASSIGN(interval.last, fields.integer("end_step"));
    if (interval.first.has_value() != interval.last.has_value()) {
        return invalid("If either start step or end step are specified, both must be specified.");
    }
    if (interval.first && *interval.first > *interval.last) {
        return invalid("end_step must be greater than start_step.");
    }
    RUNGLASS_ASSIGN(interval.limit, maxResultsOf(fields, kMostSampledPoints, kMostSampledPoints));
    return Result<Interval>(std::move(interval));
}

/// Steps taken evenly from all that occur, with the first and the last of each run.
std::set<std::int64_t> sampledSteps(const std::vector<std::vector<model::Point>>& histories,
                                    std::size_t limit) {
    std::set<std::int64_t> all;
    std::set<std::int64_t> sampled;
    for (const auto& history : histories) {
        std::optional<std::pair<std::int64_t, std::int64_t>> ends;
        for (const auto& point : history) {
            all.insert(point.step);
            ends = ends ? std::pair(std::min(ends->first, point.step), std::max(ends->second, point.step))
                        : std::pair(point.step, point.step);
        }
        if (ends) {
            sampled.insert(ends->first);
            sampled.insert(ends->second);
        }
    }
    const std::vector<std::int64_t> steps(all.begin(), all.end());
    if (steps.size() <= limit) {
        return all;
    }
    for (std::size_t i = 0; i < limit; ++i) {
        sampled.insert(steps[i * steps.size() / limit]);
    }
    return sampled;
}

Result<Response> getHistoryInterval(const Call& call) {
    RUNGLASS_ASSIGN(const auto interval, intervalOf(call.fields));
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        std::vector<std::vector<model::Point>> histories;
        for (const auto& run : interval.runs) {
            RUNGLASS_ASSIGN(auto history, historyOf(session, run, interval.key));
            std::erase_if(history, [&](const model::Point& point) {
                return interval.first && (point.step < *interval.first || point.step > *interval.last);
            });
            std::stable_sort(history.begin(), history.end(),
                             [](const auto& a, const auto& b) { return a.step < b.step; });
            histories.push_back(std::move(history));
        }
        const auto steps = sampledSteps(histories, interval.limit);
        JsonOut out;
        out.beginObject();
        out.beginArray("metrics");
        for (std::size_t i = 0; i < histories.size(); ++i) {
            for (const auto& point : histories[i]) {
                if (steps.contains(point.step)) {
                    writePoint(out, interval.key, point, interval.runs[i].hex());
                }
            }
        }
        out.endArray();
        out.endObject();
        return jsonResponse(std::move(out));
    });
}

}  // namespace

void addMetricRoutes(Router& router) {
    router.add(Method::Get, "metrics/get-history", getHistory);
    router.add(Method::Get, "metrics/get-history-bulk", getHistoryBulk);
    router.add(Method::Get, "metrics/get-history-bulk-interval", getHistoryInterval);
}

}  // namespace runglass::tracking
