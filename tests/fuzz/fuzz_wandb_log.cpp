// SPDX-License-Identifier: GPL-3.0-or-later
// Logs of W&B, in pieces of any size: the framing, the records, and the JSON in them.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "level_log.h"
#include "wandb_run.h"

using namespace runglass;
using namespace runglass::sources;

namespace {

struct Outcome {
    std::uint64_t records = 0;
    std::uint64_t bad = 0;
    std::size_t metrics = 0;
};

Outcome readInPieces(ByteView log, std::size_t piece) {
    Outcome outcome;
    LevelLog reader(kWandbHeader);
    WandbRun run;
    SeriesSink sink("loss");
    run.collect(&sink);
    std::string console;
    run.wantConsole(&console);
    std::size_t at = 0;
    std::size_t window = piece;
    while (at < log.size()) {
        const auto bytes = log.subspan(at, std::min(window, log.size() - at));
        const auto done = reader.feed(bytes, at, [&](ByteView record, std::uint64_t offset) {
            if (offset >= log.size()) {
                std::abort();
            }
            run.add(record);
            ++outcome.records;
        });
        if (done > bytes.size()) {
            std::abort();
        }
        at += done;
        if (done == 0 && at + bytes.size() == log.size()) {
            break;
        }
        window = done == 0 ? window * 2 : piece;
    }
    outcome.bad = reader.badRecords();
    outcome.metrics = run.metrics().size();
    return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView log(data, size);
    const auto whole = readInPieces(log, size + 1);
    if (whole.records > size || whole.bad > size) {
        std::abort();
    }
    if (size < 4096) {
        readInPieces(log, 64);
    }
    // Without a frame, so that mutations reach the records.
    WandbRun run;
    run.add(log);
    return 0;
}
