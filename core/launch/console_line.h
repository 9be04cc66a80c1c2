// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runglass::launch {

/// What one line says: scalars, and where in the training it stands.
struct LineFinding {
    struct Position {
        std::int64_t done = 0;
        std::int64_t total = 0;
    };
    std::vector<std::pair<std::string, double>> scalars;
    std::optional<std::int64_t> step;   ///< `step 120`, `iter: 120`, `[120]`
    std::optional<std::int64_t> epoch;  ///< `Epoch 3/10`
    std::optional<Position> position;   ///< `[640/60000 (1%)]`, `47/94`
    bool isBar = false;                 ///< a progress bar as Keras, tqdm and Lightning draw them
};

/// A line of plain text: `loss: 0.12 (step 3)`, `epoch=3 loss=0.12`, `Epoch 3/10 - loss: 0.12`, `[10]
/// train-rmse:0.1`.
LineFinding readTextLine(std::string_view line);
/// A line that is, or ends in, a JSON object or Python dict; nothing otherwise.
std::optional<LineFinding> readDictLine(std::string_view line);

/// Whether `word` names a place in training (`epoch`, `step`, `iter` …), in any case.
bool isStepWord(std::string_view word);
/// Whether `key` is told on the console without being a measurement (`eta`, `pid`, `version` …).
bool isIgnoredKey(std::string_view key);
/// Whether a part of `key` is a usual name of a metric (`loss`, `acc`, `f1` …).
bool hasMetricWord(std::string_view key);

/// `line` without terminal control sequences and with only what a terminal would show last of a line
/// rewritten by carriage returns.
std::string visibleText(std::string_view line);

}  // namespace runglass::launch
