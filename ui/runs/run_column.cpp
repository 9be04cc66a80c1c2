// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/runs/run_column.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "run_times.h"
#include "runglass/base/clock.h"
#include "runglass/base/text.h"
#include "runglass/model/goal.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/run_status.h"

namespace runglass::ui {

namespace {

using Kind = RunColumn::Kind;
using Value = RunColumn::Value;

QString tr(const char* text) {
    return QCoreApplication::translate("RunColumn", text);
}

struct KindName {
    Kind kind;
    const char* text;   // in settings
    const char* title;  // in the header
};

constexpr std::array<KindName, 16> kKinds{{
    {Kind::Visibility, "visible", ""},
    {Kind::Status, "status", ""},
    {Kind::Name, "name", QT_TRANSLATE_NOOP("RunColumn", "Name")},
    {Kind::Metric, "metric", ""},
    {Kind::Param, "param", ""},
    {Kind::Tag, "tag", ""},
    {Kind::Experiment, "experiment", QT_TRANSLATE_NOOP("RunColumn", "Experiment")},
    {Kind::Started, "started", QT_TRANSLATE_NOOP("RunColumn", "Started")},
    {Kind::Ended, "ended", QT_TRANSLATE_NOOP("RunColumn", "Ended")},
    {Kind::Duration, "duration", QT_TRANSLATE_NOOP("RunColumn", "Duration")},
    {Kind::Commit, "commit", QT_TRANSLATE_NOOP("RunColumn", "Commit")},
    {Kind::Branch, "branch", QT_TRANSLATE_NOOP("RunColumn", "Branch")},
    {Kind::Source, "source", QT_TRANSLATE_NOOP("RunColumn", "Source")},
    {Kind::Id, "id", QT_TRANSLATE_NOOP("RunColumn", "Id")},
    {Kind::Starred, "starred", ""},
    {Kind::Parent, "parent", QT_TRANSLATE_NOOP("RunColumn", "Parent")},
}};

constexpr std::array<const char*, 3> kValues{"last", "min", "max"};

const KindName& nameOf(Kind kind) {
    return kKinds.at(static_cast<std::size_t>(kind));
}

/// A run that diverged is not as good as it was before: its last value tells.
double metricValue(const model::MetricSummary& summary, Value value) {
    if (std::isnan(summary.last)) {
        return summary.last;
    }
    switch (value) {
        case Value::Min:
            return summary.min;
        case Value::Max:
            return summary.max;
        case Value::Last:
            break;
    }
    return summary.last;
}

CellValue textCell(std::string_view text) {
    return text.empty() ? CellValue() : CellValue(text);
}

CellValue optionalText(std::optional<std::string_view> text) {
    return text ? CellValue(*text) : CellValue();
}

CellValue timeCell(std::optional<std::int64_t> time) {
    return time ? CellValue(static_cast<double>(*time)) : CellValue();
}

/// By name; the short id of one without a name, or that is not there any more.
CellValue parentCell(const model::RunRecord& run, const model::RunTable* table) {
    if (!run.parent) {
        return {};
    }
    const auto* parent = table ? table->find(*run.parent) : nullptr;
    return parent && !parent->name.empty() ? std::string_view(parent->name)
                                           : Symbol(run.parent->shortHex()).text();
}

}  // namespace

RunColumn RunColumn::metric(Symbol key) {
    switch (model::goalOf(key.text())) {
        case model::Goal::Minimize:
            return {Kind::Metric, key, Value::Min};
        case model::Goal::Maximize:
            return {Kind::Metric, key, Value::Max};
        case model::Goal::Unknown:
            break;
    }
    return {Kind::Metric, key, Value::Last};
}

bool RunColumn::numeric() const {
    return kind == Kind::Metric || kind == Kind::Duration;
}

QString RunColumn::title() const {
    if (!key.empty()) {
        return projectText(key.text());
    }
    const char* title = nameOf(kind).title;
    return *title == '\0' ? QString() : tr(title);
}

QString RunColumn::description() const {
    switch (kind) {
        case Kind::Metric:
            switch (value) {
                case Value::Last:
                    return tr("Last value of metric %1").arg(title());
                case Value::Min:
                    return tr("Smallest value of metric %1").arg(title());
                case Value::Max:
                    return tr("Largest value of metric %1").arg(title());
            }
            break;
        case Kind::Param:
            return tr("Param %1").arg(title());
        case Kind::Tag:
            return tr("Tag %1").arg(title());
        case Kind::Visibility:
            return tr("Shown in charts");
        case Kind::Status:
            return tr("State");
        case Kind::Starred:
            return tr("Starred");
        default:
            break;
    }
    return title();
}

QString RunColumn::statistic() const {
    if (kind != Kind::Metric || value == Value::Last) {
        return {};
    }
    return value == Value::Min ? tr("min") : tr("max");
}

QString RunColumn::toText() const {
    const auto name = QString::fromLatin1(nameOf(kind).text);
    if (kind == Kind::Metric) {
        return QStringLiteral("%1.%2:%3")
            .arg(name, QLatin1String(kValues.at(static_cast<std::size_t>(value))),
                 QString::fromStdString(key.str()));
    }
    return key.empty() ? name : name + QLatin1Char(':') + QString::fromStdString(key.str());
}

std::optional<RunColumn> RunColumn::fromText(const QString& text) {
    const auto colon = text.indexOf(QLatin1Char(':'));
    const auto head = text.left(colon < 0 ? text.size() : colon).split(QLatin1Char('.'));
    RunColumn column;
    const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const KindName& kind) {
        return head[0] == QLatin1String(kind.text);
    });
    if (found == kKinds.end()) {
        return std::nullopt;
    }
    column.kind = found->kind;
    const bool keyed = column.kind == Kind::Metric || column.kind == Kind::Param || column.kind == Kind::Tag;
    if (keyed != (colon >= 0) || (head.size() > 1) != (column.kind == Kind::Metric)) {
        return std::nullopt;
    }
    if (keyed) {
        column.key = Symbol(text.mid(colon + 1).toStdString());
    }
    if (head.size() > 1) {
        const auto value = std::find_if(kValues.begin(), kValues.end(),
                                        [&](const char* name) { return head[1] == QLatin1String(name); });
        if (value == kValues.end()) {
            return std::nullopt;
        }
        column.value = static_cast<Value>(value - kValues.begin());
    }
    return column;
}

CellValue cellValue(const model::RunRecord& run, const RunColumn& column, const CellContext& context) {
    switch (column.kind) {
        case Kind::Metric:
            if (const auto* summary = run.metric(column.key); summary && summary->count > 0) {
                return metricValue(*summary, column.value);
            }
            return {};
        case Kind::Param:
            return optionalText(run.param(column.key));
        case Kind::Tag:
            return optionalText(run.tag(column.key));
        case Kind::Name:
            return textCell(run.name);
        case Kind::Experiment:
            return textCell(run.experiment.text());
        case Kind::Started:
            return timeCell(run.startTimeMs);
        case Kind::Ended:
            return model::isTerminal(run.status) ? timeCell(run.endTimeMs) : CellValue();
        case Kind::Duration:
            return timeCell(run.durationMs(context.nowMs));
        case Kind::Commit:
            return textCell(run.git.commit);
        case Kind::Branch:
            return textCell(run.git.branch);
        case Kind::Source:
            return textCell(run.source.text());
        case Kind::Parent:
            return parentCell(run, context.table);
        case Kind::Status:
            return static_cast<double>(run.status);
        case Kind::Starred:
            return run.starred ? 0.0 : 1.0;
        case Kind::Id:
        case Kind::Visibility:
            break;
    }
    return static_cast<double>(run.number);
}

QString cellText(const model::RunRecord& run, const RunColumn& column, int decimals,
                 const CellContext& context) {
    switch (column.kind) {
        case Kind::Visibility:
        case Kind::Starred:
            return {};
        case Kind::Status:
            return statusText(run.status);
        case Kind::Id:
            return QString::fromStdString(run.id.shortHex());
        case Kind::Name:
            return projectText(run.name.empty() ? run.id.shortHex() : run.name);
        default:
            break;
    }
    const auto value = cellValue(run, column, context);
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        return projectText(column.kind == Kind::Commit ? text->substr(0, 7) : *text);
    }
    const auto* number = std::get_if<double>(&value);
    if (!number) {
        const bool ended = column.kind == Kind::Duration && model::isTerminal(run.status);
        return ended ? QStringLiteral("—") : QString();
    }
    switch (column.kind) {
        case Kind::Duration:
            return formatDuration(static_cast<std::int64_t>(*number));
        case Kind::Started:
        case Kind::Ended:
            return formatTime(static_cast<std::int64_t>(*number), context.nowMs);
        default:
            return formatMetric(*number, decimals);
    }
}

QString leftOutText(const model::RunRecord& run) {
    constexpr std::uint64_t kMost = std::numeric_limits<int>::max();
    return run.leftOut == 0 ? QString()
                            : QCoreApplication::translate(
                                  "RunColumn", "%n record(s) could not be read: the inspector says which",
                                  nullptr, static_cast<int>(std::min(run.leftOut, kMost)));
}

QString cellTooltip(const model::RunRecord& run, const RunColumn& column, const CellContext& context) {
    const auto value = cellValue(run, column, context);
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        const bool marked = column.kind == Kind::Name && run.leftOut > 0;
        return marked ? projectText(*text) + QLatin1Char('\n') + leftOutText(run) : projectText(*text);
    }
    const auto* number = std::get_if<double>(&value);
    if (!number) {
        return {};
    }
    switch (column.kind) {
        case Kind::Status:
            return stateTooltip(run, context.nowMs);
        case Kind::Started:
        case Kind::Ended:
            return formatFullTime(static_cast<std::int64_t>(*number));
        case Kind::Metric: {
            const auto& summary = *run.metric(column.key);
            return QStringLiteral("%1\n%2\n%3")
                .arg(column.description(), formatExact(*number),
                     tr("%1 points, last step %2")
                         .arg(formatCount(static_cast<std::int64_t>(summary.count)),
                              formatCount(summary.lastStep)));
        }
        case Kind::Id:
            return QString::fromStdString(run.id.hex());
        default:
            return cellText(run, column, 4, context);
    }
}

QString cellForCopy(const model::RunRecord& run, const RunColumn& column, const CellContext& context) {
    const auto value = cellValue(run, column, context);
    const auto* number = std::get_if<double>(&value);
    switch (column.kind) {
        case Kind::Id:
            return QString::fromStdString(run.id.hex());
        case Kind::Status:
            return QString::fromStdString(std::string(model::statusName(run.status)));
        case Kind::Starred:
            return run.starred ? QStringLiteral("1") : QStringLiteral("0");
        case Kind::Started:
        case Kind::Ended:
            return number ? QString::fromStdString(isoUtc(static_cast<std::int64_t>(*number))) : QString();
        case Kind::Duration:  // in seconds
            return number ? QString::fromStdString(formatDouble(*number / 1000)) : QString();
        default:
            break;
    }
    if (number) {
        return QString::fromStdString(formatDouble(*number));
    }
    const auto* text = std::get_if<std::string_view>(&value);
    return text ? QString::fromUtf8(text->data(), static_cast<qsizetype>(text->size())) : QString();
}

}  // namespace runglass::ui
