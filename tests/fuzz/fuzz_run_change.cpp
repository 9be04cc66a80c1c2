// SPDX-License-Identifier: GPL-3.0-or-later
// What lies aside of a run while another program holds the run database (store::RunChange).
#include <cstdlib>

#include "runglass/store/run_change.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace runglass;
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
