// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "runglass/base/symbol.h"
#include "runglass/model/run.h"

namespace runglass::ui {

/// Something that runs have in common or differ in: what they are grouped, coloured or dashed by.
struct RunKey {
    enum class Kind {
        None,
        Experiment,
        Param,
        Tag,
        Repeat,  ///< experiment and all params but the seed: runs that repeat each other
    };
    Kind kind = Kind::None;
    Symbol key;  ///< of a param or tag

    [[nodiscard]] bool empty() const { return kind == Kind::None; }
    friend bool operator==(const RunKey&, const RunKey&) = default;
};

/// The run's value, as text to compare by. A run that lacks the param or tag has the empty text.
std::string valueOf(const model::RunRecord& run, const RunKey& key);

/// Whether a param only tells repetitions apart: `seed`, `random_seed`, `random_state`, `trainer.seed` …
bool isSeed(std::string_view param);

/// `experiment`, `lr`, `tag stage`, `repeats`; for menus and legends.
QString nameOf(const RunKey& key);

/// `experiment`, `param:lr`, `tag:stage`, `repeats`, empty for none: as views are stored and commands say it.
QString textOf(const RunKey& key);
RunKey runKeyFromText(const QString& text);

}  // namespace runglass::ui
