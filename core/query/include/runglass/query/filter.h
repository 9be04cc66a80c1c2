// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runglass/model/run.h"
#include "runglass/query/filter_error.h"

namespace runglass::query {

struct Node;  ///< the syntax tree, in the private headers

/// A parsed filter expression (DESIGN §8: MLflow's search grammar and its superset). Immutable, cheap to
/// copy.
class Filter {
public:
    /// The empty text (or blanks) matches everything.
    static std::variant<Filter, FilterError> parse(std::string_view text);

    Filter() = default;  ///< matches everything
    /// `nowMs` is what `duration` of a running run and relative times are measured against.
    [[nodiscard]] bool matches(const model::RunRecord& run, std::int64_t nowMs) const;
    [[nodiscard]] bool empty() const { return !m_root; }

private:
    std::shared_ptr<const Node> m_root;
};

/// A piece of the filter text, for colouring and completion. Produced for any text, valid or not.
struct Token {
    enum class Kind { Keyword, Field, Operator, String, Number, Parenthesis, Comma, Unknown };
    Kind kind = Kind::Unknown;
    std::size_t position = 0;
    std::size_t length = 0;
};
std::vector<Token> tokenize(std::string_view text);

/// What may stand at `cursor`: complete words with the range of text that each replaces.
struct Completion {
    std::string text;
    std::size_t position = 0;
    std::size_t length = 0;
    std::string hint;  ///< e.g. `metric`, `param`, `operator`
};
std::vector<Completion> complete(std::string_view text, std::size_t cursor, const model::RunTable& table);

/// Keys to sort by, as in MLflow: `metrics.val_acc DESC, start ASC`. Missing values sort last either way.
class Order {
public:
    static std::variant<Order, FilterError> parse(std::string_view text);
    Order() = default;
    /// A strict weak order: values first, then NaN, then missing ones, whichever the direction; among equals
    /// the later start first, then the id, as in MLflow.
    [[nodiscard]] bool less(const model::RunRecord& a, const model::RunRecord& b, std::int64_t nowMs) const;
    /// Sorts by less(), looking up each value once. Without keys it leaves the order as it is.
    void sort(std::vector<model::SharedRun>& runs, std::int64_t nowMs) const;
    [[nodiscard]] bool empty() const { return !m_keys; }

private:
    struct Key;
    [[nodiscard]] int compareFrom(std::size_t first, const model::RunRecord& a, const model::RunRecord& b,
                                  std::int64_t nowMs) const;
    std::shared_ptr<const std::vector<Key>> m_keys;
};

}  // namespace runglass::query
