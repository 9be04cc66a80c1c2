// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "runglass/base/bytes.h"
#include "runglass/base/result.h"
#include "runglass/base/run_id.h"

namespace runglass::store {

/// The Error for what the connection just reported, in words for people; the SQL and SQLite's text go into
/// `detail`.
Error sqliteError(sqlite3* connection, int code, std::string_view sql = {});

/// One use of a prepared statement: bound at construction, stepped, and reset when it goes, on every path.
/// Text and blobs are bound without a copy: what is bound must outlive the Query.
class Query {
public:
    template <typename... Args>
    explicit Query(sqlite3_stmt* statement, const Args&... args)
        : m_statement(statement) {
        int index = 0;
        (bind(++index, args), ...);
    }
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    Query(Query&& other) noexcept
        : m_statement(std::exchange(other.m_statement, nullptr)) {}
    Query& operator=(Query&&) = delete;
    ~Query();

    /// True when there is a row to read, false at the end.
    [[nodiscard]] Result<bool> step();
    /// Runs to the end, for statements without rows.
    [[nodiscard]] Result<void> run();

    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    /// Valid until the next step.
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] ByteView blob(int column) const;
    [[nodiscard]] std::string string(int column) const { return std::string(text(column)); }
    /// The null id where the column does not hold 16 bytes.
    [[nodiscard]] RunId runId(int column) const;

    template <typename T>
    [[nodiscard]] std::optional<T> optionalInteger(int column) const {
        return isNull(column) ? std::nullopt : std::optional<T>(static_cast<T>(integer(column)));
    }
    [[nodiscard]] std::optional<double> optionalReal(int column) const {
        return isNull(column) ? std::nullopt : std::optional(real(column));
    }

private:
    template <std::integral T>
    void bind(int index, T value) {
        bindInteger(index, static_cast<std::int64_t>(value));
    }
    template <typename T>
    void bind(int index, const std::optional<T>& value) {
        if (value) {
            bind(index, *value);
        }
    }
    void bind(int index, double value);
    void bind(int index, std::string_view value);
    void bind(int index, ByteView value);
    void bind(int index, const Bytes& value) { bind(index, ByteView(value)); }
    void bind(int index, const RunId& value) { bind(index, ByteView(value.bytes())); }
    void bindInteger(int index, std::int64_t value);

    sqlite3_stmt* m_statement;
};

/// Calls `take(row)` with each row. `take` may return Result<void>; its error ends the loop.
template <typename Take>
Result<void> forEachRow(Result<Query> query, Take&& take) {
    if (!query.ok()) {
        return std::move(query).error();
    }
    auto rows = std::move(query).value();
    for (;;) {
        RUNGLASS_ASSIGN(const bool row, rows.step());
        if (!row) {
            return {};
        }
        if constexpr (std::is_void_v<std::invoke_result_t<Take, const Query&>>) {
            take(rows);
        } else {
            RUNGLASS_TRY(take(rows));
        }
    }
}

}  // namespace runglass::store
