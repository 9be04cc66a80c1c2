// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <optional>
#include <vector>

#include "database_impl.h"
#include "run_rows.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/store/run_reader.h"

namespace runglass::store {

namespace {

constexpr std::size_t kShortestPrefix = 4;
constexpr std::size_t kCandidatesNamed = 5;

struct Candidate {
    RunId id;
    std::string name;
};

/// The smallest and the largest id that begin with these digits; nothing when they are no such prefix.
std::optional<std::pair<RunId, RunId>> rangeOf(std::string_view prefix) {
    if (prefix.size() < kShortestPrefix || prefix.size() > 32) {
        return std::nullopt;
    }
    const std::size_t missing = 32 - prefix.size();
    const auto low = RunId::fromHex(std::string(prefix) + std::string(missing, '0'));
    const auto high = RunId::fromHex(std::string(prefix) + std::string(missing, 'f'));
    return low && high ? std::optional(std::pair(*low, *high)) : std::nullopt;
}

Result<void> collect(Result<Query> found, std::vector<Candidate>& candidates) {
    return forEachRow(std::move(found), [&](const Query& row) {
        const auto id = row.runId(0);
        if (std::none_of(candidates.begin(), candidates.end(),
                         [&](const Candidate& c) { return c.id == id; })) {
            candidates.push_back({id, row.string(1)});
        }
    });
}

Error ambiguous(std::string_view wanted, const std::vector<Candidate>& candidates) {
    std::string names;
    for (std::size_t i = 0; i < std::min(candidates.size(), kCandidatesNamed); ++i) {
        names += i == 0 ? "" : ", ";
        names += candidates[i].id.shortHex();
        names += candidates[i].name.empty() ? "" : " (" + toValidUtf8(candidates[i].name) + ")";
    }
    const char* more = candidates.size() > kCandidatesNamed ? ", …" : "";
    return {
        ErrorCode::Ambiguous,
        tr("{} means more than one run: {}{}. Give more digits of the id.", toValidUtf8(wanted), names, more),
        {}};
}

}  // namespace

Result<RunId> RunReader::resolve(std::string_view idOrName) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<RunId> {
        std::vector<Candidate> candidates;
        if (const auto range = rangeOf(idOrName)) {
            RUNGLASS_TRY(collect(database.statements.query(
                                     "SELECT id, name FROM run WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 6",
                                     range->first, range->second),
                                 candidates));
        }
        if (idOrName.size() < 32 || candidates.empty()) {
            RUNGLASS_TRY(
                collect(database.statements.query(
                            "SELECT id, name FROM run WHERE name = ? ORDER BY number DESC LIMIT 6", idOrName),
                        candidates));
        }
        if (candidates.empty()) {
            return Error{ErrorCode::NotFound,
                         tr("There is no run {}. Give an id, the first 4 or more digits of one, or a name.",
                            toValidUtf8(idOrName)),
                         {}};
        }
        if (candidates.size() > 1) {
            return ambiguous(idOrName, candidates);
        }
        return candidates.front().id;
    });
}

}  // namespace runglass::store
