// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/model/run.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// What a person says of a run that another tool made and that is never written to. Absent: as the tool says.
struct Mark {
    RunId id;
    std::optional<std::string> name;
    bool starred = false;
    std::optional<bool> archived;
    std::optional<std::uint32_t> color;
    std::optional<std::string> note;
    /// Tags set, and (without a value) taken away.
    std::vector<std::pair<std::string, std::optional<std::string>>> tags;

    friend bool operator==(const Mark&, const Mark&) = default;
    /// The record with the mark over it.
    [[nodiscard]] model::RunRecord over(model::RunRecord record) const;
};

/// The revision of the last mark; 0 without any.
Result<std::int64_t> markRevision(Database& database);
/// All marks, by id. Of a damaged table what can be read, with `whole` set to false where it is given.
Result<std::vector<Mark>> readMarks(Database& database, bool* whole = nullptr);
/// What is said of one run; an empty mark where nothing is.
Result<Mark> readMark(Database& database, const RunId& id);

/// Writes what a person decides about a run, wherever the run lives: a run of this database is changed
/// itself, for any other the decision is kept beside it. On the disk when a call returns.
class MarkWriter {
public:
    explicit MarkWriter(Database& database)
        : m_database(&database) {}

    [[nodiscard]] Result<void> setName(const RunId& id, std::string_view name);
    [[nodiscard]] Result<void> setStarred(const RunId& id, bool starred);
    [[nodiscard]] Result<void> setArchived(const RunId& id, bool archived);
    [[nodiscard]] Result<void> setColor(const RunId& id, std::optional<std::uint32_t> rgb);
    [[nodiscard]] Result<void> setNote(const RunId& id, std::string_view markdown);
    [[nodiscard]] Result<void> setTag(const RunId& id, std::string_view key, std::string_view value);
    [[nodiscard]] Result<void> removeTag(const RunId& id, std::string_view key);
    /// Forgets all that was said of a foreign run (it has been copied into the database, with its marks).
    [[nodiscard]] Result<void> clear(const RunId& id);

private:
    Database* m_database;
};

}  // namespace runglass::store
