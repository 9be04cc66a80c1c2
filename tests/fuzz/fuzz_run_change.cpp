// SPDX-License-Identifier: GPL-3.0-or-later
// What lies aside while another program holds the run database: changes of runs and of the catalog.
#include <cstdlib>

#include "runglass/store/catalog_change.h"
#include "runglass/store/kept_run.h"
#include "runglass/store/run_change.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace runglass;
    if (const auto changes = store::decodeCatalogChanges({data, size})) {
        const auto written = store::encodeCatalogChanges(*changes);
        const auto again = store::decodeCatalogChanges(written);
        if (!again || store::encodeCatalogChanges(*again) != written) {
            std::abort();
        }
    }
    if (const auto run = store::decodeRun({data, size})) {
        const auto written = store::encodeRun(*run);
        const auto again = store::decodeRun(written);
        if (!again || store::encodeRun(*again) != written) {
            std::abort();
        }
        return 0;
    }
    const auto change = store::decodeChange({data, size});
    if (!change) {
        return 0;
    }
    // What was read is written as it would be read again.
    const auto written = store::encodeChange(*change);
    const auto again = store::decodeChange(written);
    if (!again || store::encodeChange(*again) != written) {
        std::abort();
    }
    model::RunRecord record;
    store::applyTo(record, *change, Symbol("experiment"));
    return 0;
}
