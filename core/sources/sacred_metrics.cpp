// SPDX-License-Identifier: GPL-3.0-or-later
#include "sacred_metrics.h"

#include <algorithm>
#include <optional>

#include "iso_time.h"
#include "json_reader.h"
#include "runglass/base/text.h"

namespace runglass::sources {
namespace {

/// A number, or `{"py/object": "numpy.float64", …, "value": 0.5}`.
std::optional<double> valueOf(JsonReader& json) {
    if (json.peek() != JsonKind::Object) {
        return json.number();
    }
    std::optional<double> value;
    json.enterObject();
    for (std::string key; json.nextKey(key);) {
        if (key == "value") {
            value = json.number();
        } else {
            json.skip();
        }
    }
    return value;
}

struct Columns {
    std::vector<std::optional<double>> values;
    std::vector<std::optional<std::int64_t>> steps;
    std::vector<std::int64_t> times;

    bool read(JsonReader& json) {
        if (!json.enterObject()) {
            json.skip();
            return json.ok();
        }
        for (std::string key; json.nextKey(key);) {
            const bool known = key == "values" || key == "steps" || key == "timestamps";
            if (!known || !json.enterArray()) {
                json.skip();
                continue;
            }
            while (json.nextItem()) {
                if (key == "values") {
                    values.push_back(valueOf(json));
                } else if (key == "steps") {
                    constexpr double kLimit = 9e18;
                    const auto step = json.number();
                    const bool inRange = step && *step > -kLimit && *step < kLimit;
                    steps.push_back(inRange ? std::optional(static_cast<std::int64_t>(*step)) : std::nullopt);
                } else {
                    times.push_back(parseIsoTime(json.string().value_or("")).value_or(0));
                }
            }
        }
        return json.ok();
    }
};

}  // namespace

bool readSacredMetrics(std::string_view text, std::vector<SacredSeries>& series) {
    JsonReader json(text);
    if (!json.enterObject()) {
        return false;
    }
    for (std::string name; json.nextKey(name);) {
        Columns columns;
        if (!columns.read(json)) {
            return false;
        }
        auto& made = series.emplace_back();
        made.name = toValidUtf8(name);
        made.points.reserve(columns.values.size());
        made.withoutStep = columns.values.size() - std::min(columns.values.size(), columns.steps.size());
        for (std::size_t i = 0; i < columns.values.size(); ++i) {
            const auto step =
                i < columns.steps.size() ? columns.steps[i] : std::optional(static_cast<std::int64_t>(i));
            if (!columns.values[i] || !step) {
                made.firstLeftOut = made.leftOut++ == 0 ? i : made.firstLeftOut;
                continue;
            }
            made.points.push({*step, i < columns.times.size() ? columns.times[i] : 0, *columns.values[i]});
        }
    }
    return json.ok();
}

}  // namespace runglass::sources
