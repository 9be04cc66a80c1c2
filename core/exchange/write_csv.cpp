// SPDX-License-Identifier: GPL-3.0-or-later
#include <fstream>
#include <map>
#include <ostream>

#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/exchange/export_run.h"

namespace runglass::exchange {
namespace {

/// RFC 4180.
std::string csvCell(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        return std::string(text);
    }
    std::string cell = "\"";
    for (const char c : text) {
        cell += c == '"' ? "\"\"" : std::string(1, c);
    }
    return cell + '"';
}

/// All rows of one run, or none.
Result<void> writeRun(sources::ProjectRuns& from, const RunId& id, std::ostream& out,
                      const std::stop_token& stop) {
    RUNGLASS_ASSIGN(const auto detail, from.detail(id));
    std::map<std::string, model::Series> all;
    for (const auto& metric : detail.record.metrics) {
        RUNGLASS_ASSIGN(all[metric.key.str()], from.series(id, metric.key.text(), 0, stop));
    }
    const std::string run = id.hex() + ',' + csvCell(detail.record.name) + ',';
    for (const auto& [key, points] : all) {
        const std::string head = run + csvCell(key) + ',';
        for (std::size_t i = 0; i < points.size(); ++i) {
            out << head << points.steps[i] << ',' << points.timesMs[i] << ','
                << formatDouble(points.values[i]) << '\n';
        }
    }
    return {};
}

}  // namespace

Result<std::vector<RunFailure>> writeCsv(sources::ProjectRuns& from, std::span<const RunId> runs,
                                         const std::filesystem::path& file, std::stop_token stop) {
    std::vector<RunFailure> failures;
    errno = 0;
    std::ofstream out(file, std::ios::binary);
    out << "run_id,run,key,step,time_ms,value\n";
    for (const RunId& id : runs) {
        const auto written = writeRun(from, id, out, stop);
        if (!written.ok() && written.error().code == ErrorCode::Cancelled) {
            return written.error();
        }
        if (!written.ok()) {
            failures.push_back({id, written.error()});
        }
    }
    out.close();
    if (!out) {
        return errorFromErrno(errno != 0 ? errno : EIO, tr("The export cannot be written."), file);
    }
    return failures;
}

}  // namespace runglass::exchange
