// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QHash>
#include <QString>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runglass/ui/curves/run_key.h"

namespace runglass::ui {

/// By what curves are told apart. Nothing: each run has its colour, from the palette by its number, and
/// dashes from the 13th on.
struct LooksChoice {
    RunKey color;
    RunKey style;
    friend bool operator==(const LooksChoice&, const LooksChoice&) = default;
};

/// A continuous colour scale over the values of a param.
struct ColorScale {
    double lower = 0;
    double upper = 1;
    bool log = false;  ///< when all values are positive and span two decades

    [[nodiscard]] double share(double value) const;  ///< 0 … 1
    /// Of the distinct values of a param; nothing when one of them is no number, or they are all equal.
    static std::optional<ColorScale> of(const std::vector<std::string>& values);
};

/// Colours and dashes of runs in the present theme. Colours picked by hand come before all others. Immutable.
class CurveLooks {
public:
    /// `before` keeps the colours of values that it has seen: they do not change when other runs are shown.
    CurveLooks(const LooksChoice& choice, const std::vector<model::SharedRun>& runs,
               const CurveLooks* before = nullptr);

    [[nodiscard]] const LooksChoice& choice() const { return m_choice; }
    [[nodiscard]] QColor color(const model::RunRecord& run) const;
    [[nodiscard]] Qt::PenStyle style(const model::RunRecord& run) const;
    /// Of a group that the run is in: colours picked for single runs do not count.
    [[nodiscard]] QColor groupColor(const model::RunRecord& member) const;
    [[nodiscard]] const std::optional<ColorScale>& scale() const { return m_scale; }

    struct Entry {
        QString text;
        QColor color;  ///< invalid: the entry is about dashes
        Qt::PenStyle style = Qt::SolidLine;
    };
    /// Values of the keys that tell curves apart, in order of first appearance. Empty when colours are by
    /// run.
    [[nodiscard]] std::vector<Entry> legend() const;

private:
    using Slots = std::vector<std::string>;
    static void collect(const RunKey& key, const std::vector<model::SharedRun>& runs, Slots* slots);
    static int slotOf(const Slots& slots, const std::string& value);

    LooksChoice m_choice;
    Slots m_colorValues;
    Slots m_styleValues;
    std::optional<ColorScale> m_scale;
};

using SharedLooks = std::shared_ptr<const CurveLooks>;

/// The number that a param's text says, if it is one.
std::optional<double> numberOf(std::string_view text);

/// The text of a key's value in a legend: `lr = 1e-3`, `lr not set`, `digits-cnn`.
QString valueText(const RunKey& key, const std::string& value);

}  // namespace runglass::ui
