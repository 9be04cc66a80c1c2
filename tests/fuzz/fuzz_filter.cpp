// SPDX-License-Identifier: GPL-3.0-or-later
// Any text must be parsed, coloured, completed and evaluated without harm; a mistake must lie within the
// text.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "runglass/query/field.h"
#include "runglass/query/filter.h"

using namespace runglass;

namespace {

const model::RunTable& table() {
    static const model::RunTable instance = [] {
        auto run = std::make_shared<model::RunRecord>();
        run->name = "run";
        run->params = {{Symbol("opt"), Symbol("adam")}, {Symbol("lr"), Symbol("1e-3")}};
        run->metrics.push_back({Symbol("loss"), {}});
        run->sortKeys();
        model::RunTable result;
        result.runs.push_back(run);
        result.metricKeys = {Symbol("loss")};
        result.paramKeys = {Symbol("lr"), Symbol("opt")};
        return result;
    }();
    return instance;
}

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto filter = query::Filter::parse(text);
    if (const auto* error = std::get_if<query::FilterError>(&filter)) {
        require(error->position <= size && error->length <= size - error->position &&
                !error->message.empty());
    } else {
        (void)std::get<query::Filter>(filter).matches(*table().runs.front(), 1'000);
    }
    const auto order = query::Order::parse(text);
    if (const auto* keys = std::get_if<query::Order>(&order)) {
        require(!keys->less(*table().runs.front(), *table().runs.front(), 1'000));
    }
    const auto field = query::Field::parse(text);
    if (const auto* parsed = std::get_if<query::Field>(&field)) {
        const auto again = query::Field::parse(parsed->text());
        require(std::holds_alternative<query::Field>(again) &&
                std::get<query::Field>(again).text() == parsed->text());
    }
    std::size_t end = 0;
    for (const auto& token : query::tokenize(text)) {
        require(token.position >= end && token.length > 0);
        end = token.position + token.length;
    }
    require(end <= size);
    for (const auto& completion : query::complete(text, size / 2, table())) {
        require(completion.position + completion.length <= size);
    }
    return 0;
}
