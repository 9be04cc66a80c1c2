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
#include "words.h"

namespace runglass::cli {

namespace {

/// What the desktop is asked to draw; its members are those of the request file.
struct PlotRequest {
    std::filesystem::path project;
    std::string metric;
    std::vector<RunId> runs;
    double smoothing = 0;
    std::string x = "step";
    bool logY = false;
    std::int64_t width = 800;
    std::int64_t height = 500;
    std::filesystem::path output;

    [[nodiscard]] std::string json() const {
        std::string text;
        JsonWriter json(1, &text);
        json.beginObject();
        json.key("project");
        json.text(project.native());
        json.key("metric");
        json.text(metric);
        json.key("runs");
        json.beginArray();
        for (const auto& run : runs) {
            json.text(run.hex());
        }
        json.endArray();
        json.key("smoothing");
        json.number(smoothing);
        json.key("x");
        json.text(x);
        json.key("log_y");
        json.boolean(logY);
        json.key("width");
        json.integer(width);
        json.key("height");
        json.integer(height);
        json.key("output");
        json.text(output.native());
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
        return Error{ErrorCode::Invalid, tr("-o is missing: -o FILE.svg, FILE.png or FILE.pdf"), {}};
    }
    std::error_code failure;
    const auto path = std::filesystem::absolute(*given, failure);
    const auto extension = path.extension();
    if (extension != ".svg" && extension != ".png" && extension != ".pdf") {
        return Error{
            ErrorCode::Invalid, tr("-o takes a file that ends in .svg, .png or .pdf, not {}.", *given), {}};
    }
    const auto folder = path.parent_path();
    if (!std::filesystem::is_directory(folder, failure)) {
        return errorFromErrno(failure ? failure.value() : ENOTDIR, tr("The chart cannot be written."),
                              folder);
    }
    return path;
}

Result<int> plot(const Invocation& invocation) {
    PlotRequest request;
    const auto metric = invocation.value("--metric");
    if (!metric) {
        return Error{
            ErrorCode::Invalid, tr("--metric is missing: --metric K. See runglass plot --help."), {}};
    }
    request.metric = *metric;
    RUNGLASS_ASSIGN(request.output, outputOf(invocation));
    RUNGLASS_ASSIGN(const auto smoothing, invocation.number("--smooth", 0, 0.999));
    RUNGLASS_ASSIGN(const auto width, invocation.integer("--width", 100, 16'384));
    RUNGLASS_ASSIGN(const auto height, invocation.integer("--height", 100, 16'384));
    request.smoothing = smoothing.value_or(request.smoothing);
    request.width = width.value_or(request.width);
    request.height = height.value_or(request.height);
    request.x = invocation.value("--x").value_or(request.x);
    request.logY = invocation.has("--log-y");

    RUNGLASS_ASSIGN(auto project, openProject(invocation));
    request.project = project.folder;
    RUNGLASS_ASSIGN(const auto candidates, candidateRuns(invocation, project));
    for (const auto& run : candidates) {
        if (run->metric(Symbol::find(*metric)) != nullptr) {
            request.runs.push_back(run->id);
        }
    }
    if (request.runs.empty()) {
        return unknownMetric(*metric, candidates);
    }
    RUNGLASS_ASSIGN(const auto file, RequestFile::write(request.json()));
    return callDesktop({"--plot-request", file.path().native()});
}

}  // namespace

Command plotCommand() {
    return {
        .name = "plot",
        .summary = "draw a metric of some runs into a file",
        .description = "Draws the curves as the desktop does, into SVG, PNG or PDF. Works without a display.",
        .arguments = {},
        .options = {{.name = "--metric",
                     .value = "K",
                     .help = "The metric to draw.",
                     .letter = 'm',
                     .completes = Completes::MetricKey},
                    {.name = "--output",
                     .value = "FILE",
                     .help = "The file; .svg, .png or .pdf decides what it becomes.",
                     .letter = 'o',
                     .completes = Completes::File},
                    {.name = "--runs",
                     .value = "RUN,RUN…",
                     .help = "These runs; without it all that have the metric.",
                     .letter = 'r',
                     .repeated = true,
                     .completes = Completes::Run},
                    {.name = "--filter",
                     .value = "EXPR",
                     .help = "Only runs that match; see runglass runs --help."},
                    {.name = "--order-by", .value = "KEYS", .help = "The order of the legend."},
                    {.name = "--all", .value = "", .help = "Archived runs too.", .letter = 'a'},
                    {.name = "--smooth",
                     .value = "S",
                     .help = "Smoothing from 0 to 0.999, as TensorBoard's slider."},
                    {.name = "--x",
                     .value = "step|time|relative",
                     .help = "What runs to the right: the step, the time of day, or the time since the start "
                             "of the run.",
                     .choices = {"step", "time", "relative"}},
                    {.name = "--log-y", .value = "", .help = "A logarithmic y axis."},
                    {.name = "--width", .value = "PIXELS", .help = "Width; 800 without it."},
                    {.name = "--height", .value = "PIXELS", .help = "Height; 500 without it."}},
        .examples = {{"runglass plot --metric val/acc -o acc.svg", "All runs that have it."},
                     {"runglass plot --metric loss --runs 8f3a1c20,c41b07e9 --smooth 0.6 --log-y -o loss.png",
                      "Two runs, smoothed."},
                     {"runglass plot --metric loss --filter \"params.opt = 'adam'\" --x relative -o loss.pdf",
                      "Over the time that they took."}},
        .run = plot};
}

}  // namespace runglass::cli
