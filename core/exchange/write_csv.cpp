// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <fstream>

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

}  // namespace

Result<void> writeCsv(sources::ProjectRuns& from, std::span<const RunId> runs,
                      const std::filesystem::path& file, std::stop_token stop) {
    errno = 0;
    std::ofstream out(file, std::ios::binary);
    out << "run_id,run,key,step,time_ms,value\n";
    for (const RunId& id : runs) {
        RUNGLASS_ASSIGN(const auto detail, from.detail(id));
        std::vector<std::string> keys;
        for (const auto& metric : detail.record.metrics) {
            keys.push_back(metric.key.str());
        }
        std::ranges::sort(keys);
        const std::string run = id.hex() + ',' + csvCell(detail.record.name) + ',';
        for (const auto& key : keys) {
            RUNGLASS_ASSIGN(const auto points, from.series(id, key, 0, stop));
            const std::string head = run + csvCell(key) + ',';
            for (std::size_t i = 0; i < points.size(); ++i) {
                out << head << points.steps[i] << ',' << points.timesMs[i] << ','
                    << formatDouble(points.values[i]) << '\n';
            }
        }
    }
    out.close();
    return out ? Result<void>()
               : Result<void>(
                     errorFromErrno(errno != 0 ? errno : EIO, tr("The export cannot be written."), file));
}

}  // namespace runglass::exchange
