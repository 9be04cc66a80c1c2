// SPDX-License-Identifier: GPL-3.0-or-later
// meta.yaml and metric files of MLflow's file store.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mlflow_meta.h"
#include "mlflow_metric_file.h"

using namespace runglass::sources;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto meta = MlflowMeta::parse(text); meta.ok()) {
        for (const char* key : {"run_id", "name", "status"}) {
            if (!meta->text(key).empty() && !meta->has(key)) {
                std::abort();
            }
        }
        static_cast<void>(meta->integer("start_time"));
        static_cast<void>(meta->below("tags"));
    } else if (meta.error().message.empty()) {
        std::abort();
    }
    for (const bool takeLast : {false, true}) {
        std::size_t lines = 0;
        MetricFileEnd end;
        const auto done = forEachMetricLine(
            text, takeLast, end, [&](const runglass::model::Point&) { ++lines; },
            [&](std::size_t offset) {
                if (offset >= size) {
                    std::abort();
                }
            });
        const bool isWhole = text.empty() || text.ends_with('\n');
        if (done > size || lines > size || (isWhole && done != size)) {
            std::abort();
        }
    }
    return 0;
}
