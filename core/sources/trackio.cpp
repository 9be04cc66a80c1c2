// SPDX-License-Identifier: GPL-3.0-or-later
// A project database of Trackio: rows of JSON, one for each step of a run. Older databases know runs by name
// only.
#include <algorithm>
#include <map>

#include "foreign_database.h"
#include "iso_time.h"
#include "json_reader.h"
#include "part_keeper.h"
#include "registered.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::sources {
namespace {

/// NaN and infinities are text in Trackio's JSON.
std::optional<double> numberOf(const JsonLeaf& leaf) {
    if (leaf.kind == JsonKind::Number) {
        return leaf.number;
    }
    const bool special = leaf.text == "NaN" || leaf.text == "Infinity" || leaf.text == "-Infinity";
    return leaf.kind == JsonKind::String && special ? parseDouble(leaf.text) : std::nullopt;
}

/// The numbers of one row, where all of it is sound. Media are objects with a `_type`.
std::optional<std::vector<std::pair<std::string, double>>> numbersIn(std::string_view json) {
    std::vector<std::pair<std::string, double>> numbers;
    JsonReader reader(json);
    if (!reader.enterObject()) {
        return std::nullopt;
    }
    bool sound = true;
    for (std::string name; reader.nextKey(name);) {
        const auto value = reader.skip();
        if (value.starts_with('{') && value.find("\"_type\"") != std::string_view::npos) {
            continue;
        }
        JsonReader inner(value);
        forEachJsonLeaf(inner, name, [&](std::string_view key, const JsonLeaf& leaf) {
            sound = sound && leaf.kind != JsonKind::Nothing;
            if (const auto number = numberOf(leaf)) {
                numbers.emplace_back(toValidUtf8(key), *number);
            }
        });
        sound = sound && inner.ok();
    }
    return sound && reader.ok() && reader.atEnd() ? std::optional(std::move(numbers)) : std::nullopt;
}

bool hasColumn(const std::vector<std::string>& columns, std::string_view name) {
    return std::find(columns.begin(), columns.end(), name) != columns.end();
}

/// The column that tells runs apart.
std::string runColumn(const std::vector<std::string>& columns) {
    return hasColumn(columns, "run_id") ? "coalesce(run_id, run_name)" : "run_name";
}

/// What read() goes on from.
struct TrackioRun {
    std::string name;
    std::map<std::string, model::MetricSummary> metrics;
    std::vector<model::KeyValue> params;
    std::vector<model::KeyValue> tags;
    std::optional<std::int64_t> startMs;
    std::optional<std::int64_t> firstMs;
    std::int64_t lastMs = 0;
    std::int64_t systemRows = 0;
    BadRowsByTable badRows;  ///< they are not JSON
};

class TrackioReader : public Reader {
public:
    explicit TrackioReader(std::filesystem::path file)
        : m_file(std::move(file)) {}

    Result<std::vector<SharedPart>> read(std::stop_token stop) override;
    [[nodiscard]] std::vector<FileStamp> stamps() const override { return m_stamps; }
    Result<model::RunDetail> detail(std::string_view key) override;
    Result<model::Series> series(std::string_view key, std::string_view metric, std::size_t from,
                                 std::stop_token stop) override;

private:
    Result<void> readRows(const ForeignDatabase& database, const char* table, std::int64_t& lastRow,
                          bool system);
    Result<void> readConfigs(const ForeignDatabase& database);
    [[nodiscard]] std::vector<Part> makeParts() const;

    std::filesystem::path m_file;
    std::vector<FileStamp> m_stamps;
    std::map<std::string, TrackioRun> m_runs;
    std::int64_t m_lastMetric = 0;
    std::int64_t m_lastSystem = 0;
    std::vector<std::string> m_damaged;  ///< tables that were not read to their end
    PartKeeper m_keeper;
};

Result<void> TrackioReader::readRows(const ForeignDatabase& database, const char* table,
                                     std::int64_t& lastRow, bool system) {
    const auto columns = database.columns(table);
    if (columns.empty()) {
        return {};
    }
    std::int64_t greatest = 0;
    const auto counted = database.each("SELECT coalesce(max(id), 0) FROM " + std::string(table),
                                       [&](const ForeignRow& row) { greatest = row.integer(0); });
    if (!counted.ok() && counted.error().code != ErrorCode::Damaged) {
        return counted;
    }
    if (counted.ok() && greatest < lastRow) {  // runs were deleted
        m_runs.clear();
        m_lastMetric = 0;
        m_lastSystem = 0;
    }
    return database.each(
        "SELECT id, " + runColumn(columns) + ", run_name, timestamp, metrics, " + (system ? "0" : "step") +
            " FROM " + table + " WHERE id > ? ORDER BY id",
        [&](const ForeignRow& row) {
            lastRow = row.integer(0);
            auto& run = m_runs[std::string(row.text(1))];
            run.name = toValidUtf8(row.text(2));
            const auto time = parseIsoTime(row.text(3));
            run.firstMs = run.firstMs ? run.firstMs : time;
            run.lastMs = std::max(run.lastMs, time.value_or(0));
            const auto step = system ? run.systemRows++ : row.integer(5);
            const auto numbers = numbersIn(row.text(4));
            if (!numbers) {
                run.badRows[table].add(lastRow);
                return;
            }
            for (const auto& [key, value] : *numbers) {
                run.metrics[system ? "system/" + key : key].add({step, time.value_or(0), value});
            }
        },
        lastRow);
}

Result<void> TrackioReader::readConfigs(const ForeignDatabase& database) {
    const auto columns = database.columns("configs");
    if (columns.empty()) {
        return {};
    }
    return database.each(
        "SELECT " + runColumn(columns) + ", run_name, config, rowid FROM configs",
        [&](const ForeignRow& row) {
            auto& run = m_runs[std::string(row.text(0))];
            run.name = toValidUtf8(row.text(1));
            run.params.clear();
            run.tags.clear();
            run.badRows.erase("configs");
            if (!isSoundJson(row.text(2))) {
                run.badRows["configs"].add(row.integer(3));
                return;
            }
            JsonReader json(row.text(2));
            std::string path;
            forEachJsonLeaf(json, path, [&](std::string_view key, const JsonLeaf& leaf) {
                const auto text = toValidUtf8(leaf.text);
                if (key == "_Created") {
                    run.startMs = parseIsoTime(text);
                } else if (key.starts_with('_')) {  // _Username, _Group
                    if (leaf.kind != JsonKind::Null) {
                        run.tags.push_back({Symbol("trackio" + toValidUtf8(key)), Symbol(text)});
                    }
                } else {
                    run.params.push_back({Symbol(toValidUtf8(key)), Symbol(text)});
                }
            });
        });
}

std::vector<Part> TrackioReader::makeParts() const {
    std::vector<Part> parts;
    for (const auto& [key, run] : m_runs) {
        auto& part = parts.emplace_back();
        part.key = key;
        part.id = RunId::fromHex(key);
        part.rank = Rank::Tracker;
        part.folder = m_file / RunId::derive(key).shortHex();  // a place of its own, where nothing lies
        part.tellsStatus = false;
        auto& record = part.record;
        record.status = model::RunStatus::Finished;
        record.name = run.name;
        record.experiment = Symbol(toValidUtf8(m_file.stem().native()));
        record.startTimeMs = run.startMs ? run.startMs : run.firstMs;
        if (run.lastMs > 0) {
            record.endTimeMs = run.lastMs;
        }
        record.params = run.params;
        record.tags = run.tags;
        for (const auto& [name, summary] : run.metrics) {
            record.metrics.push_back({Symbol(name), summary});
        }
        part.damage = notJson(m_file, run.badRows);
        const auto tables = damagedTables(m_file, m_damaged);
        part.damage.insert(part.damage.end(), tables.begin(), tables.end());
        record.sortKeys();
    }
    return parts;
}

Result<std::vector<SharedPart>> TrackioReader::read(std::stop_token stop) {
    if (!m_stamps.empty() && databaseStamps(m_file) == m_stamps) {
        return m_keeper.parts();
    }
    std::vector<FileStamp> stamps;
    const auto looked =
        lookAtDatabase(m_file, std::move(stop), [&](const ForeignDatabase& database) -> Result<void> {
            stamps = database.stamps();
            m_damaged.clear();
            RUNGLASS_TRY(
                upToDamage(readRows(database, "metrics", m_lastMetric, false), "metrics", m_damaged));
            RUNGLASS_TRY(upToDamage(readRows(database, "system_metrics", m_lastSystem, true),
                                    "system_metrics", m_damaged));
            return upToDamage(readConfigs(database), "configs", m_damaged);
        });
    if (!looked.ok()) {
        return looked.error();
    }
    m_stamps = std::move(stamps);
    return m_keeper.publish(makeParts());
}

Result<model::RunDetail> TrackioReader::detail(std::string_view key) {
    RUNGLASS_ASSIGN(const auto parts, read({}));
    for (const auto& part : parts) {
        if (part->key == key) {
            model::RunDetail detail;
            detail.record = part->record;
            return detail;
        }
    }
    return Error{ErrorCode::NotFound, tr("The Trackio database has no run {}.", toValidUtf8(key)), {}};
}

Result<model::Series> TrackioReader::series(std::string_view key, std::string_view metric, std::size_t from,
                                            std::stop_token stop) {
    const bool system = metric.starts_with("system/");
    const std::string table = system ? "system_metrics" : "metrics";
    const auto wanted = system ? metric.substr(7) : metric;
    return lookAtDatabase(
        m_file, std::move(stop), [&](const ForeignDatabase& database) -> Result<model::Series> {
            model::Series series;
            std::size_t seen = 0;
            std::int64_t rows = 0;
            std::vector<std::string> damaged;  // as read() has said
            RUNGLASS_TRY(upToDamage(
                database.each(
                    "SELECT timestamp, metrics, " + std::string(system ? "0" : "step") + " FROM " + table +
                        " WHERE " + runColumn(database.columns(table)) + " = ? ORDER BY id",
                    [&](const ForeignRow& row) {
                        const auto step = system ? rows++ : row.integer(2);
                        const auto numbers = numbersIn(row.text(1));
                        if (!numbers) {
                            return;
                        }
                        for (const auto& [name, value] : *numbers) {
                            if (name == wanted && seen++ >= from) {
                                series.push({step, parseIsoTime(row.text(0)).value_or(0), value});
                            }
                        }
                    },
                    key),
                table.c_str(), damaged));
            if (seen == 0) {
                return Error{ErrorCode::NotFound, tr("The run has no metric {}.", toValidUtf8(metric)), {}};
            }
            return series;
        });
}

class TrackioFormat : public Format {
public:
    [[nodiscard]] std::string_view name() const override { return "trackio"; }

    void recognise(const Folder& folder, Findings& findings) const override {
        for (const auto& database : databasesIn(folder, findings)) {
            if (database.has("metrics", "run_name") && database.has("metrics", "metrics") &&
                database.has("metrics", "step")) {
                findings.origins.push_back(database.file);
            }
        }
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        return std::make_unique<TrackioReader>(origin);
    }
};

}  // namespace

std::unique_ptr<const Format> makeTrackio() {
    return std::make_unique<TrackioFormat>();
}

}  // namespace runglass::sources
