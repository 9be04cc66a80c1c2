// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "runglass/git/history.h"

namespace runglass::ui {

using SharedHistoryRow = std::shared_ptr<const git::HistoryRow>;
using HistoryRows = std::vector<SharedHistoryRow>;

/// The commits of `rows` that `keep` wants, with a graph of their own: a line leads from each to its nearest
/// ancestors that are kept. `mainTip` is the commit whose first-parent line gets lane 0. Empty when stopped.
/// Call on a worker.
HistoryRows filterHistory(const HistoryRows& rows, const std::function<bool(const git::Commit&)>& keep,
                          const git::ObjectId& mainTip, std::stop_token stop = {});

/// Whether `commit` matches what a person typed: each word must occur (case-insensitive) in author, message,
/// date (`2026-11-17`, in the author's time zone), hash from its start, or `references`.
class CommitMatcher {
public:
    explicit CommitMatcher(std::string_view typed);
    [[nodiscard]] bool matches(const git::Commit& commit, std::string_view references = {}) const;
    [[nodiscard]] bool empty() const { return m_words.empty(); }

private:
    std::vector<std::string> m_words;  ///< case folded
};

}  // namespace runglass::ui
