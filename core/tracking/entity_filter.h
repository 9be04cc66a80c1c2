// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "fields.h"
#include "runglass/base/result.h"
#include "runglass/model/run.h"
#include "runglass/query/filter.h"

namespace runglass::tracking {

/// An attribute of something that is no run, and so unknown to core/query.
struct EntityAttribute {
    std::string_view name;
    bool isNumber = false;
};

/// Filters and sorts experiments, models and versions with the filter language of runs. Each is laid out as a
/// run for that: tags, params and metrics as they are, its attributes among the params and metrics under keys
/// that nothing else can have.
class EntityFilter {
public:
    /// Reads `filter` and `order_by` of a call.
    static Result<EntityFilter> of(const Fields& fields, std::initializer_list<EntityAttribute> attributes);
    static Result<EntityFilter> parse(std::string_view filter, const std::vector<std::string>& orderBy,
                                      std::initializer_list<EntityAttribute> attributes);

    /// Lays out one thing.
    class Layout {
    public:
        /// `createdMs` decides where the order does not: the newest first.
        Layout(std::size_t index, std::int64_t createdMs);
        Layout& attribute(std::string_view name, std::string_view value);
        Layout& attribute(std::string_view name, std::int64_t value);
        Layout& param(std::string_view key, std::string_view value);
        Layout& tag(std::string_view key, std::string_view value);
        Layout& metric(std::string_view key, double value);

    private:
        friend class EntityFilter;
        std::shared_ptr<model::RunRecord> m_record;
    };

    /// The indices of those that match, in order.
    [[nodiscard]] std::vector<std::size_t> select(std::vector<Layout> things) const;

private:
    query::Filter m_filter;
    query::Order m_order;
};

/// The mistake in a filter as a client reads it.
Error filterError(std::string_view what, std::string_view text, const query::FilterError& error);
/// order_by of a call: a list, each entry one or several keys.
Result<std::string> orderOf(const Fields& fields);

}  // namespace runglass::tracking
