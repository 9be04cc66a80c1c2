// SPDX-License-Identifier: GPL-3.0-or-later
// The run database beside its peers, in the same run: (a) one SQLite row a point, (b) the same bytes written
// to and read from a plain file. Prints one line a measurement, medians of 5. `bench_store
// [append|read|size|table|concurrent]`.
#include <string>

#include "store/measurements.h"

int main(int argc, char** argv) {
    using namespace runglass;
    const std::string wanted = argc > 1 ? argv[1] : "";
    const auto asked = [&](const char* name) { return wanted.empty() || wanted == name; };
    if (asked("append")) {
        bench::measureAppend();
    }
    if (asked("read")) {
        bench::measureRead();
    }
    if (asked("size")) {
        bench::measureSize();
    }
    if (asked("table")) {
        bench::measureRunTable(10'000);
        bench::measureRunTable(100'000);
    }
    if (asked("concurrent")) {
        bench::measureConcurrency(10);
    }
    return 0;
}
