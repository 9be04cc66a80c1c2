// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <algorithm>
#include <set>

#include "command_table.h"
#include "desktop.h"
#include "json_writer.h"
#include "output.h"
#include "project_data.h"
#include "runglass/base/file.h"
#include "runglass/base/translate.h"
#include "runglass/series/expression.h"
#include "words.h"

namespace runglass::cli {

namespace {

/// What the desktop is asked to draw; its members are those of the request file.
struct PlotRequest {
    std::filesystem::path project;
    std::vector<std::string> metrics;
    std::vector<RunId> runs;
    std::vector<std::pair<const char*, std::string>> texts;  ///< members that are as on the command line
    std::vector<const char*> switches;                       ///< members that are true
    double smoothing = 0;
    double scale = 1;
    std::int64_t width = 800;
    std::int64_t height = 500;
    std::filesystem::path output;

    [[nodiscard]] std::string json() const {
        std::string text;
        JsonWriter json(1, &text);
        json.beginObject();
        json.text("project", project.native());
        json.beginArray("metrics");
        for (const auto& metric : metrics) {
            json.text(metric);
        }
        json.endArray();
        json.beginArray("runs");
        for (const auto& run : runs) {
            json.text(run.hex());
        }
        json.endArray();
        for (const auto& [member, value] : texts) {
            json.text(member, value);
        }
        for (const auto* member : switches) {
            json.boolean(member, true);
        }
        json.number("smoothing", smoothing);
        json.number("scale", scale);
        json.integer("width", width);
        json.integer("height", height);
        json.text("output", output.native());
        json.endObject();
        return text;
    }
};

/// A file of a name that nobody else has, gone with the object.
class RequestFile {
public:
    static Result<RequestFile> write(const std::string& content) {
        std::error_code failure;
        auto pattern = (std::filesystem::temp_directory_path(failure) / "runglass-plot-XXXXXX").native();
        const int fd = mkstemp(pattern.data());
        if (fd < 0) {
            return errorFromErrno(errno, tr("The chart's description cannot be written."), pattern);
        }
        close(fd);
        RequestFile file(pattern);
        RUNGLASS_TRY(writeFileAtomically(file.m_path, content));
        return file;
    }
    RequestFile(RequestFile&& other) noexcept
        : m_path(std::exchange(other.m_path, {})) {}
    RequestFile& operator=(RequestFile&&) = delete;
    ~RequestFile() {
        std::error_code ignored;
        if (!m_path.empty()) {
            std::filesystem::remove(m_path, ignored);
        }
    }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    explicit RequestFile(std::filesystem::path path)
        : m_path(std::move(path)) {}
    std::filesystem::path m_path;
};

Error unknownMetric(const std::string& metric, const std::vector<model::SharedRun>& runs) {
    std::set<std::string_view> keys;
    for (const auto& run : runs) {
        for (const auto& candidate : run->metrics) {
            keys.insert(candidate.key.text());
        }
    }
    std::string known;
    for (const auto key : keys) {
        known += (known.empty() ? "" : ", ") + std::string(key);
    }
    return {ErrorCode::NotFound,
            known.empty() ? tr("None of the runs has metrics.")
                          : tr("None of the runs has the metric {}. There are {}.", metric, known),
            {}};
}

Result<std::vector<model::SharedRun>> candidateRuns(const Invocation& invocation, ProjectData& project) {
    RUNGLASS_ASSIGN(const auto table, loadRuns(project));
    const auto named = invocation.values("--runs");
    if (named.empty()) {
        return chooseRuns(invocation, *table);
    }
    std::vector<model::SharedRun> runs;
    for (const auto& list : named) {
        std::size_t begin = 0;
        while (begin <= list.size()) {
            const auto end = std::min(list.find(',', begin), list.size());
            RUNGLASS_ASSIGN(const auto id, resolveRun(project, list.substr(begin, end - begin)));
            if (const auto position = table->runs.find(id)) {
                runs.push_back(table->runs[*position]);
            }
            begin = end + 1;
        }
    }
    return runs;
}

Result<std::filesystem::path> outputOf(const Invocation& invocation) {
    const auto given = invocation.value("--output");
    if (!given) {
        return Error{
            ErrorCode::Invalid, tr("-o is missing: -o FILE.svg, FILE.png, FILE.pdf or FILE.csv"), {}};
    }
    std::error_code failure;
    const auto path = std::filesystem::absolute(*given, failure);
    const auto extension = path.extension();
    if (extension != ".svg" && extension != ".png" && extension != ".pdf" && extension != ".csv") {
        return Error{ErrorCode::Invalid,
                     tr("-o takes a file that ends in .svg, .png, .pdf or .csv, not {}.", *given),
                     {}};
    }
    const auto folder = path.parent_path();
    if (!std::filesystem::is_directory(folder, failure)) {
        return errorFromErrno(failure ? failure.value() : ENOTDIR, tr("The chart cannot be written."),
                              folder);
    }
    return path;
}

// Metrics that a run must have for each of the texts: the text itself where some run has such a metric, else
// those of the expression.
Result<std::vector<std::vector<std::string>>> keysOf(const std::vector<std::string>& metrics,
                                                     const std::vector<model::SharedRun>& runs) {
    std::vector<std::vector<std::string>> keys;
    for (const auto& text : metrics) {
        const auto symbol = Symbol::find(text);
        const bool isKey = std::any_of(runs.begin(), runs.end(),
                                       [symbol](const auto& run) { return run->metric(symbol) != nullptr; });
        auto parsed = series::Expression::parse(text);
        const auto* expression = std::get_if<series::Expression>(&parsed);
        if (isKey || (expression && expression->isKey())) {
            keys.push_back({text});
        } else if (expression) {
            keys.push_back(expression->keys());
        } else {
            const auto& error = std::get<series::ExpressionError>(parsed);
            return Error{ErrorCode::Invalid,
                         tr("`{}` has a mistake at position {}. {}", text, error.position + 1, error.message),
                         {}};
        }
    }
    return keys;
}

bool hasAll(const model::RunRecord& run, const std::vector<std::string>& keys) {
    return std::all_of(keys.begin(), keys.end(),
                       [&](const auto& key) { return run.metric(Symbol::find(key)) != nullptr; });
}

Result<void> takeLooks(const Invocation& invocation, PlotRequest* request) {
    for (const char* option : {"--band", "--line"}) {
        if (invocation.value(option) && !invocation.value("--group")) {
            return Error{ErrorCode::Invalid, tr("{} is of groups. Say with --group which.", option), {}};
        }
    }
    for (const auto& [option, member] :
         {std::pair("--x", "x"), std::pair("--smooth-kind", "smoothing_kind"), std::pair("--line", "centre"),
          std::pair("--band", "band"), std::pair("--restarts", "overlap"), std::pair("--title", "title"),
          std::pair("--theme", "theme")}) {
        if (const auto value = invocation.value(option)) {
            request->texts.emplace_back(member, *value);
        }
    }
    if (const auto metric = invocation.value("--x-metric")) {
        request->texts.emplace_back("x", "metric");
        request->texts.emplace_back("x_metric", *metric);
    }
    for (const auto& [option, member] :
         {std::pair("--group", "group_by"), std::pair("--color-by", "color_by"),
          std::pair("--dash-by", "style_by")}) {
        const auto value = invocation.value(option);
        if (!value) {
            continue;
        }
        const bool named = value->starts_with("param:") || value->starts_with("tag:");
        if (!named && *value != "experiment" && *value != "repeats") {
            return Error{ErrorCode::Invalid,
                         tr("{} takes experiment, repeats, param:NAME or tag:NAME, not {}.", option, *value),
                         {}};
        }
        request->texts.emplace_back(member, *value);
    }
    for (const auto& [option, member] :
         {std::pair("--log-x", "log_x"), std::pair("--log-y", "log_y"), std::pair("--robust", "robust_y")}) {
        if (invocation.has(option)) {
            request->switches.push_back(member);
        }
    }
    return {};
}

Result<void> takeNumbers(const Invocation& invocation, PlotRequest* request) {
    const auto kind = invocation.value("--smooth-kind").value_or("ema");
    const double most = kind == "gaussian" ? 100 : kind == "mean" ? 500 : 0.999;
    RUNGLASS_ASSIGN(const auto smoothing, invocation.number("--smooth", 0, most));
    RUNGLASS_ASSIGN(const auto width, invocation.integer("--width", 100, 16'384));
    RUNGLASS_ASSIGN(const auto height, invocation.integer("--height", 100, 16'384));
    RUNGLASS_ASSIGN(const auto scale, invocation.number("--scale", 0.1, 16));
    request->smoothing = smoothing.value_or(request->smoothing);
    request->width = width.value_or(request->width);
    request->height = height.value_or(request->height);
    request->scale = scale.value_or(request->scale);
    return {};
}

Result<int> plot(const Invocation& invocation) {
    PlotRequest request;
    request.metrics = invocation.values("--metric");
    if (request.metrics.empty()) {
        return Error{
            ErrorCode::Invalid, tr("--metric is missing: --metric K. See runglass plot --help."), {}};
    }
    RUNGLASS_ASSIGN(request.output, outputOf(invocation));
    RUNGLASS_TRY(takeNumbers(invocation, &request));
    RUNGLASS_TRY(takeLooks(invocation, &request));

    RUNGLASS_ASSIGN(auto project, openProject(invocation));
    request.project = project.folder;
    RUNGLASS_ASSIGN(const auto candidates, candidateRuns(invocation, project));
    RUNGLASS_ASSIGN(const auto keys, keysOf(request.metrics, candidates));
    for (const auto& run : candidates) {
        if (std::any_of(keys.begin(), keys.end(), [&](const auto& one) { return hasAll(*run, one); })) {
            request.runs.push_back(run->id);
        }
    }
    if (request.runs.empty()) {
        return unknownMetric(request.metrics.front(), candidates);
    }
    RUNGLASS_ASSIGN(const auto file, RequestFile::write(request.json()));
    RUNGLASS_ASSIGN(const int drawn, callDesktop({"--plot-request", file.path().native()}));
    return drawn == 0 ? project.exitCode() : drawn;
}

}  // namespace

Command plotCommand() {
    return {
        .name = "plot",
        .summary = "draw a metric of some runs into a file",
        .description =
            "Draws the curves as the desktop does, into SVG, PNG or PDF, or writes the points that "
            "are drawn as CSV. Works without a display.",
        .arguments = {},
        .options =
            {{.name = "--metric",
              .value = "K",
              .help = "The metric to draw, or an expression such as \"train/loss - val/loss\". Given "
                      "several times: several curves a run.",
              .letter = 'm',
              .repeated = true,
              .completes = Completes::MetricKey},
             {.name = "--output",
              .value = "FILE",
              .help = "The file; .svg, .png, .pdf or .csv decides what it becomes.",
              .letter = 'o',
              .completes = Completes::File},
             {.name = "--runs",
              .value = "RUN,RUN…",
              .help = "These runs; without it all that have the metric.",
              .letter = 'r',
              .repeated = true,
              .completes = Completes::Run},
             {.name = "--filter", .value = "EXPR", .help = "Only runs that match; see runglass runs --help."},
             {.name = "--order-by", .value = "KEYS", .help = "The order of the legend."},
             {.name = "--all", .value = "", .help = "Archived runs too.", .letter = 'a'},
             {.name = "--smooth",
              .value = "S",
              .help = "Smoothing from 0 to 0.999, as TensorBoard's slider. For gaussian the standard "
                      "deviation, for mean the window, in points."},
             {.name = "--smooth-kind",
              .value = "ema|time-ema|gaussian|mean",
              .help = "Exponential moving average by point or by distance in x, Gaussian, running mean.",
              .choices = {"ema", "time-ema", "gaussian", "mean"}},
             {.name = "--x",
              .value = "step|time|relative",
              .help = "What runs to the right: the step, the time of day, or the time since the start "
                      "of the run.",
              .choices = {"step", "time", "relative"}},
             {.name = "--x-metric",
              .value = "K",
              .help = "The values of this metric run to the right, joined by step.",
              .completes = Completes::MetricKey},
             {.name = "--restarts",
              .value = "keep|overwrite",
              .help = "Of runs that went back to an earlier step: all points, or the later ones.",
              .choices = {"keep", "overwrite"}},
             {.name = "--group",
              .value = "KEY",
              .help = "One line a group of runs: experiment, repeats (all params but the seed), "
                      "param:NAME or tag:NAME."},
             {.name = "--line",
              .value = "mean|median|min|max",
              .help = "The line of a group; the mean without it.",
              .choices = {"mean", "median", "min", "max"}},
             {.name = "--band",
              .value = "sd|se|ci|bootstrap|minmax|none",
              .help = "Around it: standard deviation (without this option), standard error, 95 % confidence "
                      "by Student's t or bootstrap, minimum to maximum, or none.",
              .choices = {"sd", "se", "ci", "bootstrap", "minmax", "none"}},
             {.name = "--color-by",
              .value = "KEY",
              .help = "What colors tell apart, as for --group; a param of numbers gets a scale."},
             {.name = "--dash-by", .value = "KEY", .help = "What dashes tell apart, as for --group."},
             {.name = "--log-x", .value = "", .help = "A logarithmic x axis."},
             {.name = "--log-y", .value = "", .help = "A logarithmic y axis."},
             {.name = "--robust", .value = "", .help = "The y axis leaves the outer 5 % of values out."},
             {.name = "--theme",
              .value = "light|dark",
              .help = "Colors of the picture; light without it.",
              .choices = {"light", "dark"}},
             {.name = "--title", .value = "TEXT", .help = "Above the chart; the metrics without it."},
             {.name = "--width", .value = "PIXELS", .help = "Width; 800 without it."},
             {.name = "--height", .value = "PIXELS", .help = "Height; 500 without it."},
             {.name = "--scale", .value = "N", .help = "Of a PNG: pixels for each of width and height."}},
        .examples = {{"runglass plot --metric val/acc -o acc.svg", "All runs that have it."},
                     {"runglass plot --metric loss --runs 8f3a1c20,c41b07e9 --smooth 0.6 --log-y -o loss.png",
                      "Two runs, smoothed."},
                     {"runglass plot --metric loss --filter \"params.opt = 'adam'\" --x relative -o loss.pdf",
                      "Over the time that they took."},
                     {"runglass plot --metric val/loss --group repeats --band ci -o loss.svg",
                      "Means over seeds, with their confidence."},
                     {"runglass plot --metric \"train/loss - val/loss\" -o gap.csv", "Points to work with."}},
        .run = plot};
}

}  // namespace runglass::cli
