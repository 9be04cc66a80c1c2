// SPDX-License-Identifier: GPL-3.0-or-later
#include "logged_metric.h"

#include <fmt/format.h>

#include "protocol_error.h"
#include "validation.h"

namespace runglass::tracking {

namespace dom = simdjson::dom;

namespace {

/// A batch has a thousand metrics: each object is gone through once, and a key that was good is not looked
/// at again while it stays the same.
class MetricReader {
public:
    explicit MetricReader(store::RunChange& out)
        : m_out(&out) {}

    Result<void> read(const dom::object& object) {
        store::MetricPoint metric;
        store::PointOfModel model;
        bool hasValue = false;
        bool hasTime = false;
        for (const auto field : object) {
            if (field.value.is_null()) {
                continue;
            }
            if (field.key == "key") {
                RUNGLASS_ASSIGN(metric.key, textOf(field.value, "key"));
            } else if (field.key == "value") {
                RUNGLASS_ASSIGN(metric.point.value, realOf(field.value, "value"));
                hasValue = true;
            } else if (field.key == "timestamp") {
                RUNGLASS_ASSIGN(metric.point.timeMs, integerOf(field.value, "timestamp"));
                hasTime = true;
            } else if (field.key == "step") {
                RUNGLASS_ASSIGN(metric.point.step, integerOf(field.value, "step"));
            } else if (field.key == "model_id") {
                RUNGLASS_ASSIGN(model.model, textOf(field.value, "model_id"));
            } else if (field.key == "dataset_name") {
                RUNGLASS_ASSIGN(model.dataset, textOf(field.value, "dataset_name"));
            } else if (field.key == "dataset_digest") {
                RUNGLASS_ASSIGN(model.digest, textOf(field.value, "dataset_digest"));
            }
        }
        RUNGLASS_TRY(check(metric, hasValue, hasTime));
        if (!model.model.empty()) {
            model.point = m_out->points.size();
            m_out->ofModels.push_back(model);
        }
        m_out->points.push_back(metric);
        return {};
    }

private:
    Result<void> check(const store::MetricPoint& metric, bool hasValue, bool hasTime) {
        if (metric.key.empty()) {
            return missingParameter("key");
        }
        if (metric.key != m_goodKey) {
            RUNGLASS_TRY(checkKey(metric.key, "name"));
            m_goodKey = metric.key;
        }
        if (!hasValue) {
            return missingParameter("value");
        }
        if (!hasTime) {
            return missingParameter("timestamp");
        }
        if (metric.point.timeMs < 0) {
            return invalidValue(std::to_string(metric.point.timeMs), "timestamp",
                                "It must be an integer of at least 0.");
        }
        return {};
    }

    store::RunChange* m_out;
    std::string_view m_goodKey;
};

}  // namespace

Result<void> readMetrics(const Fields& fields, store::RunChange& change) {
    RUNGLASS_ASSIGN(const auto list, fields.list("metrics"));
    if (!list) {
        return {};
    }
    change.points.reserve(std::min(list->size(), kMaxBatchMetrics));
    MetricReader reader(change);
    for (const auto element : *list) {
        if (!element.is_object()) {
            return invalid("Each of the metrics must be an object.");
        }
        RUNGLASS_TRY(reader.read(dom::object(element)));
        if (change.points.size() > kMaxBatchMetrics) {
            return invalid(fmt::format(
                "A batch logging request can contain at most {} metrics. Got {} metrics. Please split up "
                "metrics across multiple requests and try again.",
                kMaxBatchMetrics, list->size()));
        }
    }
    return {};
}

Result<void> readMetric(const Fields& fields, store::RunChange& change) {
    const auto object = fields.json();
    return object ? MetricReader(change).read(*object) : missingParameter("key");
}

}  // namespace runglass::tracking
