// SPDX-License-Identifier: GPL-3.0-or-later
#include "history_filter.h"

#include <QString>
#include <algorithm>
#include <unordered_map>

#include <fmt/chrono.h>

namespace runglass::ui {

namespace {

// A hidden merge of merges may have many kept ancestors; more lines than this would be ink without meaning.
constexpr std::size_t kMostParents = 8;

std::string folded(std::string_view text) {
    const bool ascii =
        std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
    if (!ascii) {
        return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()))
            .toCaseFolded()
            .toStdString();
    }
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

std::string dateOf(const git::Commit& commit) {
    // Any int64 may stand in a commit; fmt throws on what no calendar has.
    try {
        return fmt::format(
            "{:%Y-%m-%d}",
            fmt::gmtime(static_cast<std::time_t>(commit.authorTime + 60LL * commit.authorOffsetMinutes)));
    } catch (const fmt::format_error&) {
        return {};
    }
}

using Nearest = std::unordered_map<git::ObjectId, std::vector<git::ObjectId>>;

/// The kept commits that stand for `parents`.
std::vector<git::ObjectId> keptParents(const std::vector<git::ObjectId>& parents, const Nearest& hidden) {
    std::vector<git::ObjectId> kept;
    const auto add = [&kept](const git::ObjectId& id) {
        if (kept.size() < kMostParents && std::find(kept.begin(), kept.end(), id) == kept.end()) {
            kept.push_back(id);
        }
    };
    for (const auto& parent : parents) {
        if (const auto it = hidden.find(parent); it != hidden.end()) {
            std::for_each(it->second.begin(), it->second.end(), add);
        } else {
            add(parent);
        }
    }
    return kept;
}

}  // namespace

HistoryRows filterHistory(const HistoryRows& rows, const std::function<bool(const git::Commit&)>& keep,
                          const git::ObjectId& mainTip, std::stop_token stop) {
    Nearest hidden;
    std::vector<git::Commit> kept;  // oldest first
    git::ObjectId keptTip = mainTip;
    // Ancestors come later in a topological order: from the end on, what a commit leads to is known already.
    for (auto it = rows.rbegin(); it != rows.rend(); ++it) {
        if (stop.stop_requested()) {
            return {};
        }
        const auto& commit = (*it)->commit;
        auto parents = keptParents(commit.parents, hidden);
        if (keep(commit)) {
            kept.push_back(commit);
            kept.back().parents = std::move(parents);
        } else {
            if (commit.id == mainTip) {
                keptTip = parents.empty() ? git::ObjectId{} : parents.front();
            }
            hidden.emplace(commit.id, std::move(parents));
        }
    }
    git::LaneAssigner lanes(keptTip);
    HistoryRows result;
    result.reserve(kept.size());
    for (auto it = kept.rbegin(); it != kept.rend(); ++it) {
        result.push_back(std::make_shared<git::HistoryRow>(lanes.next(std::move(*it))));
    }
    return result;
}

CommitMatcher::CommitMatcher(std::string_view typed) {
    const std::string text = folded(typed);
    for (std::size_t i = 0; i < text.size();) {
        const auto begin = text.find_first_not_of(" \t", i);
        if (begin == std::string::npos) {
            break;
        }
        i = std::min(text.find_first_of(" \t", begin), text.size());
        m_words.push_back(text.substr(begin, i - begin));
    }
}

bool CommitMatcher::matches(const git::Commit& commit, std::string_view references) const {
    if (m_words.empty()) {
        return true;
    }
    const std::string text = folded(commit.summary) + '\n' + folded(commit.authorName) + '\n' +
                             folded(commit.authorEmail) + '\n' + dateOf(commit) + '\n' + folded(references);
    const std::string hash = commit.id.hex();
    return std::all_of(m_words.begin(), m_words.end(), [&](const std::string& word) {
        return text.find(word) != std::string::npos || hash.starts_with(word);
    });
}

}  // namespace runglass::ui
