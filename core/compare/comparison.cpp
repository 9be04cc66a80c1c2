// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/compare/comparison.h"

#include <algorithm>
#include <array>
#include <bit>
#include <set>

#include "change.h"
#include "runglass/base/translate.h"
#include "runglass/git/repository.h"
#include "runglass/store/database.h"
#include "runglass/store/run_reader.h"
#include "values_of_run.h"

namespace runglass::compare {

namespace {

constexpr std::array kSections{Section::Kind::Params,   Section::Kind::Config,   Section::Kind::CommandLine,
                               Section::Kind::Data,     Section::Kind::Packages, Section::Kind::Environment,
                               Section::Kind::Hardware, Section::Kind::Tags};

Row rowOf(const std::string& key, Section::Kind kind, const std::vector<Values>& all) {
    Row row;
    row.key = key;
    for (const auto& values : all) {
        const auto found = values.find(key);
        row.values.push_back(found == values.end() ? std::nullopt : std::optional(found->second));
    }
    row.differs = std::ranges::adjacent_find(row.values, std::not_equal_to{}) != row.values.end();
    if (row.values.size() == 2) {
        row.change = kind == Section::Kind::Packages ? versionChangeWords(row.values[0], row.values[1])
                                                     : changeWords(row.values[0], row.values[1]);
    }
    return row;
}

Section sectionOf(Section::Kind kind, const std::vector<model::RunDetail>& runs) {
    const auto all = valuesOf(kind, runs);
    std::set<std::string> keys;
    for (const auto& values : all) {
        for (const auto& [key, value] : values) {
            keys.insert(key);
        }
    }
    Section section;
    section.kind = kind;
    for (const auto& key : keys) {
        section.rows.push_back(rowOf(key, kind, all));
    }
    return section;
}

/// The same last value, bit for bit; how many points led there is not what is compared.
bool sameLast(const std::optional<model::MetricSummary>& a, const std::optional<model::MetricSummary>& b) {
    if (!a || !b) {
        return !a && !b;
    }
    return std::bit_cast<std::uint64_t>(a->last) == std::bit_cast<std::uint64_t>(b->last);
}

std::vector<MetricRow> metricRows(const std::vector<model::RunDetail>& runs) {
    std::set<std::string_view> keys;
    for (const auto& run : runs) {
        for (const auto& metric : run.record.metrics) {
            keys.insert(metric.key.text());
        }
    }
    std::vector<MetricRow> rows;
    for (const auto key : keys) {
        MetricRow row;
        row.key = key;
        for (const auto& run : runs) {
            const auto* summary = run.record.metric(Symbol::find(key));
            row.values.push_back(summary == nullptr ? std::nullopt : std::optional(*summary));
        }
        row.differs = std::ranges::adjacent_find(row.values, std::not_fn(sameLast)) != row.values.end();
        rows.push_back(std::move(row));
    }
    return rows;
}

/// The exact source where there is a snapshot, else the commit that the run started from.
std::string sourceOf(const model::RunRecord& run) {
    return run.git.snapshot.empty() ? run.git.commit : run.git.snapshot;
}

Result<std::vector<git::FileDiff>> diffCode(const std::filesystem::path& project,
                                            const model::RunRecord& first, const model::RunRecord& second,
                                            const CompareOptions& options, const std::stop_token& stop) {
    for (const auto* run : {&first, &second}) {
        if (sourceOf(*run).empty()) {
            return Error{
                ErrorCode::NotFound, tr("The source of run {} was not recorded.", run->id.shortHex()), {}};
        }
    }
    if (sourceOf(first) == sourceOf(second)) {
        return std::vector<git::FileDiff>();
    }
    RUNGLASS_ASSIGN(const auto repository, git::Repository::open(project));
    RUNGLASS_ASSIGN(const auto from, repository.resolveCommit(sourceOf(first)));
    RUNGLASS_ASSIGN(const auto to, repository.resolveCommit(sourceOf(second)));
    git::DiffOptions diffOptions;
    diffOptions.contextLines = options.contextLines;
    diffOptions.ignoreWhitespace = options.ignoreWhitespace;
    return repository.diff(from, to, diffOptions, stop);
}

Error tooFew() {
    return {ErrorCode::Invalid, tr("A comparison takes two runs or more."), {}};
}

Error cancelled() {
    return {ErrorCode::Cancelled, tr("The comparison was cancelled."), {}};
}

}  // namespace

std::size_t Section::differing() const {
    return static_cast<std::size_t>(std::ranges::count_if(rows, &Row::differs));
}

Result<Comparison> compareRuns(const std::filesystem::path& project, const std::vector<RunId>& runs,
                               const CompareOptions& options, std::stop_token stop) {
    if (runs.size() < 2) {
        return tooFew();
    }
    RUNGLASS_ASSIGN(auto database, store::Database::open(project, store::OpenMode::ReadOnly));
    store::RunReader reader(database);
    std::vector<model::RunDetail> details;
    for (const auto& id : runs) {
        if (stop.stop_requested()) {
            return cancelled();
        }
        RUNGLASS_ASSIGN(auto detail, reader.detail(id));
        details.push_back(std::move(detail));
    }
    return compareDetails(project, std::move(details), options, std::move(stop));
}

Result<Comparison> compareDetails(const std::filesystem::path& project, std::vector<model::RunDetail> runs,
                                  const CompareOptions& options, std::stop_token stop) {
    if (runs.size() < 2) {
        return tooFew();
    }
    if (stop.stop_requested()) {
        return cancelled();
    }
    Comparison comparison;
    comparison.runs = std::move(runs);
    for (const auto kind : kSections) {
        comparison.sections.push_back(sectionOf(kind, comparison.runs));
    }
    comparison.metrics = metricRows(comparison.runs);
    if (options.code) {
        auto code = diffCode(project, comparison.runs[0].record, comparison.runs[1].record, options, stop);
        if (code) {
            comparison.code = std::move(code).value();
        } else if (code.error().code == ErrorCode::Cancelled) {
            return std::move(code).error();
        } else {
            comparison.codeProblem = code.error().message;
        }
    }
    return comparison;
}

}  // namespace runglass::compare
