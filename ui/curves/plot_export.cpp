// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/curves/plot_export.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

#include "chart_image.h"
#include "runglass/base/translate.h"
#include "runglass/sources/project_runs.h"
#include "runglass/sources/run_table.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr int kLeast = 100;
constexpr int kMost = 16'384;

Error invalid(const std::filesystem::path& file, const std::string& what) {
    return {
        ErrorCode::Invalid, runglass::tr("The plot request {} cannot be used. {}", file.string(), what), {}};
}

std::optional<XAxis> axisFromText(const QString& text) {
    if (text.isEmpty() || text == QLatin1String("step")) {
        return XAxis::Step;
    }
    if (text == QLatin1String("relative")) {
        return XAxis::Relative;
    }
    return text == QLatin1String("time") || text == QLatin1String("wall") ? std::optional(XAxis::Wall)
                                                                          : std::nullopt;
}

std::filesystem::path pathOf(const QJsonValue& value) {
    return value.toString().toStdString();
}

DrawnCurve drawnOf(const model::RunRecord& run, SharedCurve curve) {
    const int index = static_cast<int>(run.number) - 1;
    DrawnCurve drawn;
    drawn.run = run.id;
    drawn.name = projectText(run.name.empty() ? run.id.shortHex() : run.name);
    drawn.color = run.color ? QColor::fromRgb(*run.color) : Theme::current().seriesColor(index);
    drawn.style = Theme::current().seriesPenStyle(index);
    drawn.curve = std::move(curve);
    return drawn;
}

std::vector<const model::RunRecord*> chosenRuns(const model::RunTable& table, const PlotRequest& request,
                                                Symbol key) {
    std::vector<const model::RunRecord*> runs;
    if (request.runs.empty()) {
        for (const auto& run : table.runs) {
            if (!run->archived && run->metric(key)) {
                runs.push_back(run.get());
            }
        }
        return runs;
    }
    for (const auto& id : request.runs) {
        if (const auto* run = table.find(id); run && run->metric(key)) {
            runs.push_back(run);
        }
    }
    return runs;
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
    request.metric = json[QLatin1String("metric")].toString().toStdString();
    request.output = pathOf(json[QLatin1String("output")]);
    if (request.project.empty() || request.metric.empty() || request.output.empty()) {
        return invalid(file, runglass::tr("It must name project, metric and output."));
    }
    for (const auto& value : json[QLatin1String("runs")].toArray()) {
        const auto id = RunId::fromHex(value.toString().toStdString());
        if (!id) {
            return invalid(file, runglass::tr("`{}` is not a run id.", value.toString().toStdString()));
        }
        request.runs.push_back(*id);
    }
    const auto x = axisFromText(json[QLatin1String("x")].toString());
    if (!x) {
        return invalid(file, runglass::tr("x is `step`, `relative` or `time`."));
    }
    request.settings.x = *x;
    request.settings.smoothing = std::clamp(json[QLatin1String("smoothing")].toDouble(0), 0.0, 0.999);
    request.settings.logY = json[QLatin1String("log_y")].toBool();
    request.settings.logX = json[QLatin1String("log_x")].toBool();
    request.settings.robustY = json[QLatin1String("robust_y")].toBool();
    request.width = std::clamp(json[QLatin1String("width")].toInt(request.width), kLeast, kMost);
    request.height = std::clamp(json[QLatin1String("height")].toInt(request.height), kLeast, kMost);
    return request;
}

Result<void> writePlot(const PlotRequest& request) {
    const auto catalogue =
        std::make_shared<sources::Catalogue>(sources::CatalogueOptions{.project = request.project});
    RUNGLASS_ASSIGN(const auto table, sources::readRunTable(request.project, *catalogue));
    sources::ProjectRuns reader(request.project, catalogue);
    const auto key = Symbol::find(request.metric);
    const auto runs = key.empty() ? std::vector<const model::RunRecord*>() : chosenRuns(*table, request, key);
    if (runs.empty()) {
        return Error{ErrorCode::NotFound, runglass::tr("No run has the metric {}.", request.metric), {}};
    }
    ChartImage image;
    image.metric = projectText(request.metric);
    image.settings = request.settings;
    image.width = request.width;
    image.height = request.height;
    for (const auto* run : runs) {
        RUNGLASS_ASSIGN(auto series, reader.series(run->id, request.metric));
        auto shared = std::make_shared<const model::Series>(std::move(series));
        image.curves.push_back(
            drawnOf(*run, makeCurve(std::move(shared), request.settings, run->startTimeMs)));
    }
    return writeChart(image, request.output);
}

}  // namespace runglass::ui
