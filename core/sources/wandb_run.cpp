// SPDX-License-Identifier: GPL-3.0-or-later
#include "wandb_run.h"

#include <algorithm>
#include <cmath>

#include "json_reader.h"
#include "runglass/base/text.h"

namespace runglass::sources {
namespace {

constexpr std::size_t kMaxConsole = std::size_t{32} << 20U;

/// Unix seconds with fractions; 0 where that is no time.
std::int64_t msOf(double seconds) {
    constexpr double kLatest = 1e12;
    return seconds > 0 && seconds < kLatest ? static_cast<std::int64_t>(std::floor(seconds * 1000)) : 0;
}

/// {key=1, nested_key=2 repeated, value_json=16}: newer writers fill nested_key only.
bool itemFrom(ByteView message, WandbItem& item) {
    item = {};
    Wire fields(message);
    while (fields.next()) {
        switch (fields.key()) {
            case Wire::bytesKey(1):
                item.key = toValidUtf8(fields.text());
                break;
            case Wire::bytesKey(2):
                item.key += (item.key.empty() ? "" : ".") + toValidUtf8(fields.text());
                break;
            case Wire::bytesKey(16):
                item.json = fields.text();
                break;
            default:
                fields.skip();
        }
    }
    return fields.ok();
}

/// The items of a SummaryRecord or ConfigRecord: `use(item, true)` for an update, `use(item, false)` for a
/// removal. False when the message is malformed.
template <typename Use>
bool forEachChange(ByteView message, Use&& use) {
    Wire fields(message);
    while (fields.next()) {
        const bool update = fields.key() == Wire::bytesKey(1);
        if (!update && fields.key() != Wire::bytesKey(2)) {
            fields.skip();
            continue;
        }
        WandbItem item;
        if (!itemFrom(fields.bytes(), item)) {
            return false;
        }
        use(item, update);
    }
    return fields.ok();
}

}  // namespace

std::int64_t wandbTimestamp(ByteView message) {
    std::uint64_t seconds = 0;
    std::uint64_t nanos = 0;
    for (Wire fields(message); fields.next();) {
        switch (fields.key()) {
            case Wire::varintKey(1):
                seconds = fields.varint();
                break;
            case Wire::varintKey(2):
                nanos = fields.varint();
                break;
            default:
                fields.skip();
        }
    }
    constexpr std::uint64_t kLatest = 1'000'000'000'000;
    return seconds < kLatest && nanos < 1'000'000'000
               ? static_cast<std::int64_t>(seconds * 1000 + nanos / 1'000'000)
               : 0;
}

std::optional<double> wandbNumber(std::string_view json) {
    if (json.size() > 2 && json.front() == '"' && json.back() == '"') {
        json = json.substr(1, json.size() - 2);
        const bool special = json == "NaN" || json == "Infinity" || json == "-Infinity";
        return special ? parseDouble(json) : std::nullopt;
    }
    return parseDouble(trimmed(json));
}

bool WandbRun::add(ByteView record) {
    Wire fields(record);
    bool ok = true;
    while (fields.next()) {
        switch (fields.key()) {
            case Wire::bytesKey(2):
                ok = addHistory(fields.bytes()) && ok;
                break;
            case Wire::bytesKey(3):
                ok = addSummary(fields.bytes()) && ok;
                break;
            case Wire::bytesKey(4):
            case Wire::bytesKey(13):
                ok = addOutput(fields.bytes()) && ok;
                break;
            case Wire::bytesKey(5):
                ok = addConfig(fields.bytes()) && ok;
                break;
            case Wire::bytesKey(7):
                ok = addStatistics(fields.bytes()) && ok;
                break;
            case Wire::bytesKey(12):
                ok = addMetric(fields.bytes()) && ok;
                break;
            case Wire::bytesKey(17):
                ok = addRun(fields.bytes()) && ok;
                break;
            case Wire::bytesKey(18):
                ok = addExit(fields.bytes()) && ok;
                break;
            case Wire::bytesKey(25):
                ok = addUsedArtifact(fields.bytes()) && ok;
                break;
            case Wire::bytesKey(26):
                ok = addEnvironment(fields.bytes()) && ok;
                break;
            default:
                fields.skip();
        }
    }
    return ok && fields.ok();
}

void WandbRun::addPoint(const std::string& key, const model::Point& point) {
    m_metrics[key].add(point);
    if (m_sink != nullptr) {
        m_sink->push(key, point);
    }
}

/// Numbers are points; dictionaries of numbers are points under dotted keys, except those with a `_type`,
/// which are media. Truth values, text and lists are no points. False where it is not JSON.
bool WandbRun::addValue(const WandbItem& item, std::int64_t step, std::int64_t timeMs) {
    if (const auto number = wandbNumber(item.json)) {
        addPoint(item.key, {step, timeMs, *number});
        return true;
    }
    if (!isSoundJson(item.json)) {
        return false;
    }
    if (!item.json.starts_with('{') || item.json.find("\"_type\"") != std::string_view::npos) {
        return true;
    }
    JsonReader json(item.json);
    std::string key = item.key;
    forEachJsonLeaf(json, key, [&](std::string_view path, const JsonLeaf& leaf) {
        if (leaf.kind == JsonKind::Number) {
            addPoint(std::string(path), {step, timeMs, leaf.number});
        }
    });
    return true;
}

bool WandbRun::addHistory(ByteView message) {
    std::vector<WandbItem> items;
    std::optional<std::int64_t> step;
    std::int64_t timeMs = 0;
    Wire fields(message);
    while (fields.next()) {
        if (fields.key() == Wire::bytesKey(1)) {
            WandbItem item;
            if (!itemFrom(fields.bytes(), item)) {
                return false;
            }
            items.push_back(std::move(item));
        } else if (fields.key() == Wire::bytesKey(2)) {
            step = 0;  // HistoryStep{num=1}; zero is not written
            for (Wire inner(fields.bytes()); inner.next();) {
                if (inner.key() == Wire::varintKey(1)) {
                    step = static_cast<std::int64_t>(inner.varint());
                } else {
                    inner.skip();
                }
            }
        } else {
            fields.skip();
        }
    }
    if (!fields.ok()) {
        return false;
    }
    for (const auto& item : items) {
        const auto number = wandbNumber(item.json);
        if (item.key == "_step" && number && std::abs(*number) < 9e18) {
            step = static_cast<std::int64_t>(*number);
        } else if (item.key == "_timestamp" && number) {
            timeMs = msOf(*number);
        } else if (item.key == "_runtime" && number && timeMs == 0 && startTimeMs) {
            timeMs = *startTimeMs + msOf(*number);
        }
    }
    lastStep = step.value_or(lastStep + 1);
    lastTimeMs = std::max(lastTimeMs, timeMs);
    bool sound = true;
    for (const auto& item : items) {
        sound = addValue(item, lastStep, timeMs) && sound;
    }
    return sound;
}

bool WandbRun::addSummary(ByteView message) {
    bool sound = true;
    const bool whole = forEachChange(message, [&](const WandbItem& item, bool update) {
        if (!update) {
            summary.erase(item.key);
        } else if (const auto number = wandbNumber(item.json)) {
            summary[item.key] = *number;
        } else {
            sound = isSoundJson(item.json) && sound;
        }
    });
    return whole && sound;
}

bool WandbRun::addConfig(ByteView message) {
    bool sound = true;
    const bool whole = forEachChange(message, [&](const WandbItem& item, bool update) {
        if (!update) {
            config.erase(item.key);
        } else if (item.key != "_wandb" && !item.key.starts_with("_wandb.")) {
            if (!isSoundJson(item.json)) {
                sound = false;
                return;
            }
            JsonReader json(item.json);
            std::string key = item.key;
            forEachJsonLeaf(json, key, [&](std::string_view path, const JsonLeaf& leaf) {
                config.insert_or_assign(std::string(path), toValidUtf8(leaf.text));
            });
        }
    });
    return whole && sound;
}

bool WandbRun::addStatistics(ByteView message) {
    std::vector<WandbItem> items;
    std::int64_t timeMs = 0;
    Wire fields(message);
    while (fields.next()) {
        if (fields.key() == Wire::bytesKey(2)) {
            timeMs = wandbTimestamp(fields.bytes());
        } else if (fields.key() == Wire::bytesKey(3)) {
            WandbItem item;
            if (!itemFrom(fields.bytes(), item)) {
                return false;
            }
            items.push_back(std::move(item));
        } else {
            fields.skip();
        }
    }
    bool sound = true;
    for (const auto& item : items) {
        sound = addValue({"system/" + item.key, item.json}, m_statisticsCount, timeMs) && sound;
    }
    ++m_statisticsCount;
    lastTimeMs = std::max(lastTimeMs, timeMs);
    return sound && fields.ok();
}

/// OutputRecord and OutputRawRecord: output_type=1, timestamp=2, line=3
bool WandbRun::addOutput(ByteView message) {
    Wire fields(message);
    while (fields.next()) {
        if (fields.key() == Wire::bytesKey(2)) {
            lastTimeMs = std::max(lastTimeMs, wandbTimestamp(fields.bytes()));
        } else if (fields.key() == Wire::bytesKey(3) && m_console != nullptr) {
            *m_console += fields.text();
        } else {
            fields.skip();
        }
    }
    if (m_console != nullptr && m_console->size() > kMaxConsole) {
        m_console->erase(0, m_console->size() / 2);
    }
    return fields.ok();
}

/// MetricRecord{name=1, glob_name=2, step_metric=4}; a glob ends in `*`.
bool WandbRun::addMetric(ByteView message) {
    constexpr std::size_t kMost = 10'000;
    std::string name;
    std::string glob;
    std::string step;
    Wire fields(message);
    while (fields.next()) {
        switch (fields.key()) {
            case Wire::bytesKey(1):
                name = toValidUtf8(fields.text());
                break;
            case Wire::bytesKey(2):
                glob = toValidUtf8(fields.text());
                break;
            case Wire::bytesKey(4):
                step = toValidUtf8(fields.text());
                break;
            default:
                fields.skip();
        }
    }
    if (m_stepMetrics.size() + m_stepMetricsOf.size() >= kMost) {
        return fields.ok();
    }
    if (!name.empty()) {
        m_stepMetrics[name] = step;
    } else if (glob.ends_with('*')) {
        glob.pop_back();
        m_stepMetricsOf.emplace_back(std::move(glob), std::move(step));
    }
    return fields.ok();
}

std::string_view WandbRun::stepMetricOf(std::string_view key) const {
    std::string_view step;
    if (const auto named = m_stepMetrics.find(key); named != m_stepMetrics.end()) {
        step = named->second;
    } else {
        for (const auto& [beginning, over] : m_stepMetricsOf) {
            step = key.starts_with(beginning) ? std::string_view(over) : step;
        }
    }
    return step == key || step == "_step" || m_metrics.find(std::string(step)) == m_metrics.end()
               ? std::string_view()
               : step;
}

}  // namespace runglass::sources
