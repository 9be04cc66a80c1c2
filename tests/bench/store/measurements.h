// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Each prints its figures, one line a measurement.
namespace runglass::bench {

void measureAppend();
void measureRead();
void measureSize();
void measureRunTable(int runs);
/// Four writers of 5,000 points/s beside a reader at 10 Hz.
void measureConcurrency(int seconds);

}  // namespace runglass::bench
