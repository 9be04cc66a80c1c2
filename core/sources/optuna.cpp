// SPDX-License-Identifier: GPL-3.0-or-later
// A database of Optuna's RDBStorage: a study is an experiment, a trial is a run, its intermediate values are
// a series.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
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

constexpr const char* kIntermediate = "intermediate_value";

/// Nothing where it is not a number.
std::optional<double> valueOf(const ForeignRow& row, int column) {
    const auto type = row.text(column + 1);
    if (type == "INF_POS" || type == "INF_NEG") {
        return type == "INF_POS" ? std::numeric_limits<double>::infinity()
                                 : -std::numeric_limits<double>::infinity();
    }
    const bool missing = type == "NAN" || row.isNull(column);
    return missing ? std::numeric_limits<double>::quiet_NaN() : row.number(column);
}

/// As Python prints it: with an exponent only where it is far from 1.
std::string realText(double value) {
    std::array<char, 32> text{};
    const bool plain = value == 0 || (std::abs(value) >= 1e-4 && std::abs(value) < 1e16);
    if (!plain) {
        return formatDouble(value);
    }
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
    return {text.data(), end};
}

/// The value of a param as the trial saw it: what is stored is a number, which the distribution explains.
std::string paramText(double stored, std::string_view distribution) {
    std::string name;
    std::string choice;
    bool found = false;
    JsonReader json(distribution);
    std::string key;
    forEachJsonLeaf(json, key, [&](std::string_view path, const JsonLeaf& leaf) {
        if (path == "name") {
            name = leaf.text;
        } else if (path == "attributes.choices" && leaf.kind == JsonKind::Array) {
            JsonReader choices(leaf.text);
            std::int64_t index = 0;
            for (choices.enterArray(); choices.nextItem(); ++index) {
                const bool wanted = static_cast<double>(index) == stored;
                const bool isText = choices.peek() == JsonKind::String;
                const auto text = isText ? choices.string().value_or("") : std::string(choices.skip());
                if (wanted) {
                    choice = text;
                    found = true;
                }
            }
        }
    });
    constexpr double kExact = 9e15;
    if (found) {
        return toValidUtf8(choice);
    }
    return name.starts_with("Int") && std::abs(stored) < kExact
               ? std::to_string(static_cast<std::int64_t>(stored))
               : realText(stored);
}

struct Study {
    std::string name;
    std::vector<std::string> directions;
    std::vector<std::string> metricNames;  ///< of Study.set_metric_names

    /// `MINIMIZE`; of several objectives each.
    [[nodiscard]] std::string directionText() const {
        std::string text;
        for (const auto& one : directions) {
            text += (text.empty() ? "" : ", ") + toValidUtf8(one);
        }
        return text;
    }
    [[nodiscard]] std::string objective(std::size_t index) const {
        if (index < metricNames.size()) {
            return metricNames[index];
        }
        return directions.size() > 1 ? "value_" + std::to_string(index) : "value";
    }
};

using Studies = std::map<std::int64_t, Study>;

/// Tables that cannot be read to their end go to `damaged`.
Result<Studies> readStudies(const ForeignDatabase& database, std::vector<std::string>& damaged) {
    Studies studies;
    const auto columns = database.columns("studies");
    const bool inRow = std::find(columns.begin(), columns.end(), "direction") != columns.end() &&
                       !database.hasTable("study_directions");
    const auto rows = database.each(std::string("SELECT study_id, study_name, ") +
                                        (inRow ? "direction" : "NULL") + " FROM studies NOT INDEXED",
                                    [&](const ForeignRow& row) {
                                        auto& study = studies[row.integer(0)];
                                        study.name = toValidUtf8(row.text(1));
                                        if (!row.isNull(2)) {  // before 2.4 each study had one
                                            study.directions.emplace_back(row.text(2));
                                        }
                                    });
    RUNGLASS_TRY(upToDamage(rows, "studies", damaged));
    if (database.hasTable("study_directions")) {
        const auto directions = database.each(
            "SELECT study_id, direction FROM study_directions NOT INDEXED ORDER BY study_id, objective",
            [&](const ForeignRow& row) { studies[row.integer(0)].directions.emplace_back(row.text(1)); });
        RUNGLASS_TRY(upToDamage(directions, "study_directions", damaged));
    }
    if (database.hasTable("study_system_attributes")) {
        const auto names = database.each(
            "SELECT study_id, value_json FROM study_system_attributes NOT INDEXED "
            "WHERE key = 'study:metric_names'",
            [&](const ForeignRow& row) {
                JsonReader json(row.text(1));
                for (json.enterArray(); json.nextItem();) {
                    studies[row.integer(0)].metricNames.push_back(toValidUtf8(json.string().value_or("")));
                }
            });
        RUNGLASS_TRY(upToDamage(names, "study_system_attributes", damaged));
    }
    return studies;
}

model::RunStatus statusOf(std::string_view state) {
    using model::RunStatus;
    return state == "COMPLETE"  ? RunStatus::Finished
           : state == "RUNNING" ? RunStatus::Running
           : state == "WAITING" ? RunStatus::Scheduled
           : state == "PRUNED"  ? RunStatus::Killed
                                : RunStatus::Failed;
}

/// What says whether an intermediate value is finite; before 3.0 all were.
std::string intermediateType(const std::vector<std::string>& columns) {
    const bool typed = std::ranges::find(columns, "intermediate_value_type") != columns.end();
    return typed ? "intermediate_value_type" : "'FINITE'";
}

/// Trials by id. Everything of one trial, or of all.
class OptunaTrials {
public:
    OptunaTrials(const ForeignDatabase& database, const std::filesystem::path& file)
        : m_database(database)
        , m_file(file) {}

    Result<std::vector<Part>> read() {
        RUNGLASS_ASSIGN(m_studies, readStudies(m_database, m_damaged));
        const auto trials = readTrials();
        if (m_parts.empty() && !trials.ok()) {
            return trials.error();  // there is no run that could say so
        }
        RUNGLASS_TRY(upToDamage(trials, "trials", m_damaged));
        RUNGLASS_TRY(upToDamage(readParams(), "trial_params", m_damaged));
        RUNGLASS_TRY(upToDamage(readValues(), "trial_values", m_damaged));
        RUNGLASS_TRY(upToDamage(readIntermediate(), "trial_intermediate_values", m_damaged));
        RUNGLASS_TRY(upToDamage(readAttributes(), "trial_user_attributes", m_damaged));
        for (std::size_t i = 0; i < m_parts.size(); ++i) {
            auto& part = m_parts[i];
            part.record.sortKeys();
            part.damage = notNumbers(m_file, m_bad[i].notNumbers);
            const auto others = notJson(m_file, m_bad[i].notJson);
            part.damage.insert(part.damage.end(), others.begin(), others.end());
            const auto tables = damagedTables(m_file, m_damaged);
            part.damage.insert(part.damage.end(), tables.begin(), tables.end());
        }
        return std::move(m_parts);
    }

private:
    /// Rows of one trial that are left out.
    struct Bad {
        BadRowsByTable notNumbers;
        BadRowsByTable notJson;
    };

    Part* find(std::int64_t trial) {
        const auto place = m_places.find(trial);
        return place == m_places.end() ? nullptr : &m_parts[place->second];
    }
    Bad& badOf(const Part& part) { return m_bad[static_cast<std::size_t>(&part - m_parts.data())]; }

    Result<void> readTrials() {
        const auto columns = m_database.columns("trials");
        const bool numbered = std::find(columns.begin(), columns.end(), "number") != columns.end();
        return m_database.each(
            "SELECT trial_id, " + std::string(numbered ? "number" : "trial_id") +
                ", study_id, state, datetime_start, datetime_complete FROM trials ORDER BY trial_id",
            [&](const ForeignRow& row) {
                m_places[row.integer(0)] = m_parts.size();
                m_studyOf[row.integer(0)] = row.integer(2);
                auto& part = m_parts.emplace_back();
                part.key = std::to_string(row.integer(0));
                part.rank = Rank::Tracker;
                part.folder = m_file / part.key;  // a place of its own, where nothing lies
                part.record.name = tr("trial {}", row.integer(1));
                part.record.experiment = Symbol(m_studies[row.integer(2)].name);
                part.record.status = statusOf(row.text(3));
                part.record.startTimeMs = parseLocalTime(row.text(4));
                part.record.endTimeMs = parseLocalTime(row.text(5));
                part.record.tags.push_back({Symbol("optuna.state"), Symbol(toValidUtf8(row.text(3)))});
                if (const auto directions = m_studies[row.integer(2)].directionText(); !directions.empty()) {
                    part.record.tags.push_back({Symbol("optuna.direction"), Symbol(directions)});
                }
            });
    }

    Result<void> readParams() {
        return m_database.each(
            "SELECT trial_id, param_name, param_value, distribution_json, rowid FROM trial_params",
            [&](const ForeignRow& row) {
                auto* const part = find(row.integer(0));
                if (part == nullptr) {
                    return;
                }
                const auto stored = row.number(2);
                if (!stored) {
                    badOf(*part).notNumbers["trial_params"].add(row.integer(4));
                } else if (!isSoundJson(row.text(3))) {
                    badOf(*part).notJson["trial_params"].add(row.integer(4));
                } else {
                    part->record.params.push_back(
                        {Symbol(toValidUtf8(row.text(1))), Symbol(paramText(*stored, row.text(3)))});
                }
            });
    }

    Result<void> readValues() {
        if (!m_database.hasTable("trial_values")) {
            return {};
        }
        const auto columns = m_database.columns("trial_values");
        const auto has = [&](const char* name) {
            return std::find(columns.begin(), columns.end(), name) != columns.end();
        };
        return m_database.each("SELECT trial_id, " + std::string(has("objective") ? "objective" : "0") +
                                   ", value, " + (has("value_type") ? "value_type" : "'FINITE'") +
                                   ", rowid FROM trial_values NOT INDEXED",
                               [&](const ForeignRow& row) {
                                   auto* const part = find(row.integer(0));
                                   if (part == nullptr) {
                                       return;
                                   }
                                   const auto value = valueOf(row, 2);
                                   if (!value) {
                                       badOf(*part).notNumbers["trial_values"].add(row.integer(4));
                                       return;
                                   }
                                   const auto& study = m_studies[m_studyOf[row.integer(0)]];
                                   const auto index = static_cast<std::size_t>(row.integer(1));
                                   model::MetricSummary summary;
                                   summary.add({0, part->record.endTimeMs.value_or(0), *value});
                                   part->record.metrics.push_back({Symbol(study.objective(index)), summary});
                               });
    }

    /// Sorted here: SQLite would sort before it gives the first row, or go by an index, and a damaged page
    /// would cost all of them.
    Result<void> readIntermediate() {
        const auto columns = m_database.columns("trial_intermediate_values");
        if (columns.empty()) {
            return {};
        }
        std::map<Part*, std::vector<model::Point>> points;
        const auto read =
            m_database.each("SELECT trial_id, step, intermediate_value, " + intermediateType(columns) +
                                ", rowid FROM trial_intermediate_values NOT INDEXED",
                            [&](const ForeignRow& row) {
                                auto* part = find(row.integer(0));
                                if (part == nullptr) {
                                    return;
                                }
                                if (const auto value = valueOf(row, 2)) {
                                    points[part].push_back({row.integer(1), 0, *value});
                                } else {
                                    badOf(*part).notNumbers["trial_intermediate_values"].add(row.integer(4));
                                }
                            });
        for (auto& [part, some] : points) {
            std::ranges::stable_sort(some, {}, &model::Point::step);
            auto& metric = part->record.metrics.emplace_back();
            metric.key = Symbol(kIntermediate);
            std::ranges::for_each(some, [&](const model::Point& point) { metric.summary.add(point); });
        }
        return read;
    }

    Result<void> readAttributes() {
        if (!m_database.hasTable("trial_user_attributes")) {
            return {};
        }
        return m_database.each(
            "SELECT trial_id, key, value_json, rowid FROM trial_user_attributes", [&](const ForeignRow& row) {
                auto* const part = find(row.integer(0));
                if (part == nullptr) {
                    return;
                }
                if (!isSoundJson(row.text(2))) {
                    badOf(*part).notJson["trial_user_attributes"].add(row.integer(3));
                    return;
                }
                JsonReader json(row.text(2));
                const auto text =
                    json.peek() == JsonKind::String ? json.string().value_or("") : std::string(json.skip());
                part->record.tags.push_back({Symbol(toValidUtf8(row.text(1))), Symbol(toValidUtf8(text))});
            });
    }

    const ForeignDatabase& m_database;
    const std::filesystem::path& m_file;
    Studies m_studies;
    std::vector<Part> m_parts;
    std::map<std::size_t, Bad> m_bad;    ///< by place in m_parts
    std::vector<std::string> m_damaged;  ///< tables that were not read to their end
    std::map<std::int64_t, std::size_t> m_places;
    std::map<std::int64_t, std::int64_t> m_studyOf;
};

class OptunaReader : public Reader {
public:
    explicit OptunaReader(std::filesystem::path file)
        : m_file(std::move(file)) {}

    Result<std::vector<SharedPart>> read(std::stop_token stop) override {
        if (!m_stamps.empty() && databaseStamps(m_file) == m_stamps) {
            return m_keeper.parts();
        }
        std::vector<FileStamp> stamps;
        auto parts = lookAtDatabase(m_file, std::move(stop), [&](const ForeignDatabase& database) {
            stamps = database.stamps();
            return OptunaTrials(database, m_file).read();
        });
        if (!parts.ok()) {
            return std::move(parts).error();
        }
        m_stamps = std::move(stamps);
        return m_keeper.publish(std::move(*parts));
    }

    [[nodiscard]] std::vector<FileStamp> stamps() const override { return m_stamps; }

    Result<model::RunDetail> detail(std::string_view key) override {
        RUNGLASS_ASSIGN(const auto parts, read({}));
        for (const auto& part : parts) {
            if (part->key == key) {
                model::RunDetail detail;
                detail.record = part->record;
                return detail;
            }
        }
        return Error{ErrorCode::NotFound, tr("The Optuna database has no trial {}.", toValidUtf8(key)), {}};
    }

    Result<model::Series> series(std::string_view key, std::string_view metric, std::size_t from,
                                 std::stop_token stop) override {
        if (metric != kIntermediate) {
            return finalValue(key, metric, from);
        }
        const auto trial = parseInt(key).value_or(-1);
        return lookAtDatabase(
            m_file, std::move(stop), [&](const ForeignDatabase& database) -> Result<model::Series> {
                const auto columns = database.columns("trial_intermediate_values");
                std::vector<model::Point> points;
                const auto read = pastDamagedIndices([&](const std::string& hint) {
                    points.clear();
                    return database.each(
                        "SELECT step, intermediate_value, " + intermediateType(columns) +
                            " FROM trial_intermediate_values" + hint + " WHERE trial_id = ?",
                        [&](const ForeignRow& row) {
                            if (const auto value = valueOf(row, 1)) {
                                points.push_back({row.integer(0), 0, *value});
                            }
                        },
                        trial);
                });
                std::vector<std::string> damaged;  // as read() has said
                RUNGLASS_TRY(upToDamage(read, "trial_intermediate_values", damaged));
                if (points.empty()) {
                    return noSuchMetric(metric);
                }
                std::ranges::stable_sort(points, {}, &model::Point::step);
                model::Series series;
                for (std::size_t i = from; i < points.size(); ++i) {
                    series.push(points[i]);
                }
                return series;
            });
    }

private:
    static Error noSuchMetric(std::string_view metric) {
        return {ErrorCode::NotFound, tr("The run has no metric {}.", toValidUtf8(metric)), {}};
    }

    Result<model::Series> finalValue(std::string_view key, std::string_view metric, std::size_t from) {
        RUNGLASS_ASSIGN(const auto whole, detail(key));
        const auto* summary = whole.record.metric(Symbol::find(metric));
        if (summary == nullptr) {
            return noSuchMetric(metric);
        }
        model::Series series;
        if (from == 0) {
            series.push({summary->lastStep, summary->lastTimeMs, summary->last});
        }
        return series;
    }

    std::filesystem::path m_file;
    std::vector<FileStamp> m_stamps;
    PartKeeper m_keeper;
};

class OptunaFormat : public Format {
public:
    [[nodiscard]] std::string_view name() const override { return "optuna"; }

    void recognise(const Folder& folder, Findings& findings) const override {
        for (const auto& database : databasesIn(folder, findings)) {
            if (database.has("studies") && database.has("trials") && database.has("trial_params")) {
                findings.origins.push_back(database.file);
            }
        }
    }

    [[nodiscard]] std::unique_ptr<Reader> open(const std::filesystem::path& origin) const override {
        return std::make_unique<OptunaReader>(origin);
    }
};

}  // namespace

std::unique_ptr<const Format> makeOptuna() {
    return std::make_unique<OptunaFormat>();
}

}  // namespace runglass::sources
