// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/curves/plot_export.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

#include "chart_image.h"
#include "curve_order.h"
#include "runglass/base/translate.h"
#include "runglass/sources/project_runs.h"
#include "runglass/sources/run_table.h"
#include "runglass/ui/theme/theme_scope.h"
#include "runglass/ui/widgets/format.h"
#include "settings_text.h"

namespace runglass::ui {

namespace {

Error invalid(const std::filesystem::path& file, const std::string& what) {
    return {
        ErrorCode::Invalid, runglass::tr("The plot request {} cannot be used. {}", file.string(), what), {}};
}

std::filesystem::path pathOf(const QJsonValue& value) {
    return value.toString().toStdString();
}

// A member that is there must be a word that is known.
template <typename Value>
Result<void> take(const std::filesystem::path& file, const QJsonObject& json, const char* member,
                  std::optional<Value> (*read)(const QString&), Value* target) {
    const auto text = json[QLatin1String(member)].toString();
    if (text.isEmpty()) {
        return {};
    }
    const auto value = read(text);
    if (!value) {
        return invalid(file, runglass::tr("`{}` is no {}.", text.toStdString(), member));
    }
    *target = *value;
    return {};
}

Result<void> takeSettings(const std::filesystem::path& file, const QJsonObject& json,
                          ChartSettings* settings) {
    RUNGLASS_TRY(take(file, json, "x", xAxisFromText, &settings->x));
    RUNGLASS_TRY(take(file, json, "smoothing_kind", smoothingFromText, &settings->smoothingKind));
    RUNGLASS_TRY(take(file, json, "overlap", overlapFromText, &settings->overlap));
    RUNGLASS_TRY(take(file, json, "centre", centreFromText, &settings->group.centre));
    RUNGLASS_TRY(take(file, json, "band", bandFromText, &settings->group.band));
    settings->xMetric = Symbol(json[QLatin1String("x_metric")].toString().toStdString());
    if (settings->x == XAxis::Metric && settings->xMetric.empty()) {
        return invalid(file, runglass::tr("x is a metric, and x_metric does not name it."));
    }
    settings->group.by = runKeyFromText(json[QLatin1String("group_by")].toString());
    settings->smoothing =
        std::clamp(json[QLatin1String("smoothing")].toDouble(0), 0.0, mostSmoothing(settings->smoothingKind));
    settings->logY = json[QLatin1String("log_y")].toBool();
    settings->logX = json[QLatin1String("log_x")].toBool();
    settings->robustY = json[QLatin1String("robust_y")].toBool();
    return {};
}

// In the order of the request, which is that of the legend.
std::vector<model::SharedRun> chosenRuns(const model::RunTable& table, const PlotRequest& request) {
    std::vector<model::SharedRun> runs;
    if (request.runs.empty()) {
        std::copy_if(table.runs.begin(), table.runs.end(), std::back_inserter(runs),
                     [](const model::SharedRun& run) { return !run->archived; });
        return runs;
    }
    for (const auto& id : request.runs) {
        if (const auto place = table.runs.find(id)) {
            runs.push_back(table.runs[*place]);
        }
    }
    return runs;
}

Result<void> checkKey(const RunKey& key, const std::vector<model::SharedRun>& runs) {
    const bool ofParam = key.kind == RunKey::Kind::Param;
    if (!ofParam && key.kind != RunKey::Kind::Tag) {
        return {};
    }
    const bool known = std::any_of(runs.begin(), runs.end(), [&](const model::SharedRun& run) {
        return (ofParam ? run->param(key.key) : run->tag(key.key)).has_value();
    });
    if (known) {
        return {};
    }
    return Error{ErrorCode::NotFound,
                 ofParam ? runglass::tr("No run has the param {}.", key.key.text())
                         : runglass::tr("No run has the tag {}.", key.key.text()),
                 {}};
}

// A text that is the name of a metric is that metric, whatever it looks like.
Result<ChartSpec> specOf(const PlotRequest& request, const std::vector<model::SharedRun>& runs) {
    ChartSpec spec;
    QStringList names;
    for (const auto& text : request.metrics) {
        const auto key = Symbol::find(text);
        const bool isKey = !key.empty() && std::any_of(runs.begin(), runs.end(), [key](const auto& run) {
            return run->metric(key) != nullptr;
        });
        names << projectText(text);
        if (isKey) {
            spec.lines.push_back({names.last(), series::Expression::ofKey(text)});
            continue;
        }
        auto parsed = series::Expression::parse(text);
        if (const auto* error = std::get_if<series::ExpressionError>(&parsed)) {
            return Error{ErrorCode::Invalid,
                         runglass::tr("`{}` has a mistake at position {}. {}", text, error->position + 1,
                                      error->message),
                         {}};
        }
        spec.lines.push_back({names.last(), std::get<series::Expression>(std::move(parsed))});
    }
    spec.title = request.title.isEmpty() ? names.join(QStringLiteral(", ")) : request.title;
    return spec;
}

/// The runs whose points can be read; why others cannot goes to `left`.
Result<std::vector<DrawnCurve>> drawnCurves(sources::ProjectRuns& reader, const ChartSpec& spec,
                                            const std::vector<CurveUnit>& units, const PlotRequest& request,
                                            const CurveLooks& looks, std::vector<Error>& left) {
    std::vector<DrawnCurve> drawn;
    for (const auto& unit : units) {
        auto order = orderOf(unit.id, spec, request.settings);
        for (const auto& run : unit.members) {
            CurveOrder::Member member{{}, run->startTimeMs};
            for (const auto key : keysOf(spec, request.settings)) {
                member.series.push_back(nullptr);
                if (!run->metric(key)) {
                    continue;
                }
                auto series = reader.series(run->id, key.text());
                if (series) {
                    member.series.back() = model::share(std::move(series).value());
                } else if (series.error().code == ErrorCode::Damaged) {
                    left.push_back(series.error());
                } else {
                    return series.error();
                }
            }
            order.members.push_back(std::move(member));
        }
        auto curves = makeCurves(order, request.settings);
        for (std::size_t line = 0; line < curves.size(); ++line) {
            if (curves[line]) {
                DrawnCurve one;
                one.curve = std::move(curves[line]);
                dress(&one, unit, spec, line, order.group, looks);
                one.live = false;  // a file stays as it is
                drawn.push_back(std::move(one));
            }
        }
    }
    return drawn;
}

/// A picture without a single point is none, where the choice of x is to blame for it.
Result<void> checkPlaced(const std::vector<DrawnCurve>& curves, const PlotRequest& request) {
    const auto& metric = request.metrics.front();
    const auto x = request.settings.x;
    const auto all = [&curves](auto is) { return std::all_of(curves.begin(), curves.end(), is); };
    if (!all([](const DrawnCurve& drawn) { return drawn.curve->empty(); })) {
        return {};
    }
    if (x == XAxis::Metric) {
        return Error{ErrorCode::NotFound,
                     runglass::tr("No run has values of {} and of {} at the same steps.", metric,
                                  request.settings.xMetric.text()),
                     {}};
    }
    if (x != XAxis::Step && all([](const DrawnCurve& drawn) { return drawn.curve->withoutX > 0; })) {
        return Error{ErrorCode::NotFound,
                     runglass::tr("No point of {} has a time: draw it with --x step.", metric),
                     {}};
    }
    return {};
}

}  // namespace

Result<PlotRequest> parsePlotRequest(const std::filesystem::path& file) {
    QFile in(QString::fromStdString(file.string()));
    if (!in.open(QIODevice::ReadOnly)) {
        return invalid(file, in.errorString().toStdString() + ".");
    }
    QJsonParseError problem;
    const auto json = QJsonDocument::fromJson(in.read(1 << 20), &problem).object();
    if (problem.error != QJsonParseError::NoError) {
        return invalid(file, runglass::tr("It is not JSON: {} at byte {}.",
                                          problem.errorString().toStdString(), problem.offset));
    }
    PlotRequest request;
    request.project = pathOf(json[QLatin1String("project")]);
    for (const auto& text : json[QLatin1String("metrics")].toArray()) {
        request.metrics.push_back(text.toString().toStdString());
    }
    request.output = pathOf(json[QLatin1String("output")]);
    if (request.project.empty() || request.metrics.empty() || request.output.empty()) {
        return invalid(file, runglass::tr("It must name project, metrics and output."));
    }
    for (const auto& value : json[QLatin1String("runs")].toArray()) {
        const auto id = RunId::fromHex(value.toString().toStdString());
        if (!id) {
            return invalid(file, runglass::tr("`{}` is not a run id.", value.toString().toStdString()));
        }
        request.runs.push_back(*id);
    }
    RUNGLASS_TRY(takeSettings(file, json, &request.settings));
    request.color = runKeyFromText(json[QLatin1String("color_by")].toString());
    request.style = runKeyFromText(json[QLatin1String("style_by")].toString());
    request.title = json[QLatin1String("title")].toString();
    const auto theme = json[QLatin1String("theme")].toString(QStringLiteral("light"));
    request.dark = theme == QLatin1String("dark");
    if (!request.dark && theme != QLatin1String("light")) {
        return invalid(file, runglass::tr("`{}` is no theme.", theme.toStdString()));
    }
    request.scale = std::clamp(json[QLatin1String("scale")].toDouble(1), 0.1, 16.0);
    request.width = std::clamp(json[QLatin1String("width")].toInt(request.width), kLeastChart, kMostChart);
    request.height = std::clamp(json[QLatin1String("height")].toInt(request.height), kLeastChart, kMostChart);
    return request;
}

Result<std::vector<Error>> writePlot(const PlotRequest& request) {
    const auto catalogue =
        std::make_shared<sources::Catalogue>(sources::CatalogueOptions{.project = request.project});
    RUNGLASS_ASSIGN(const auto table, sources::readRunTable(request.project, *catalogue));
    sources::ProjectRuns reader(request.project, catalogue);
    const auto runs = chosenRuns(*table, request);
    RUNGLASS_ASSIGN(const auto spec, specOf(request, runs));
    for (const auto& key : {request.settings.group.by, request.color, request.style}) {
        RUNGLASS_TRY(checkKey(key, runs));
    }
    const auto units = curveUnits(runs, spec, request.settings);
    if (units.empty()) {
        return Error{
            ErrorCode::NotFound, runglass::tr("No run has the metric {}.", request.metrics.front()), {}};
    }
    const ThemeScope theme(request.dark);
    const CurveLooks looks({request.color.empty() ? request.settings.group.by : request.color, request.style},
                           runs);
    ChartImage image;
    image.metric = spec.title;
    image.settings = request.settings;
    image.dark = request.dark;
    image.width = request.width;
    image.height = request.height;
    image.scale = request.scale;
    if (looks.scale()) {
        image.colors = NamedScale{nameOf(looks.choice().color), *looks.scale()};
    }
    std::vector<Error> left;
    RUNGLASS_ASSIGN(image.curves, drawnCurves(reader, spec, units, request, looks, left));
    if (image.curves.empty() && !left.empty()) {
        return left.front();
    }
    RUNGLASS_TRY(checkPlaced(image.curves, request));
    RUNGLASS_TRY(writeChart(image, request.output));
    return left;
}

}  // namespace runglass::ui
