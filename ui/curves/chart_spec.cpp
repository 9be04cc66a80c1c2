// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_spec.h"

#include <algorithm>

#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {
constexpr char kCustomMark = '\x1f';
}

QString customName(Symbol id) {
    const auto text = id.text();
    return !text.empty() && text.front() == kCustomMark
               ? QString::fromUtf8(text.data() + 1, static_cast<qsizetype>(text.size()) - 1)
               : QString();
}

Symbol customId(const QString& name) {
    return name.isEmpty() ? Symbol() : Symbol(kCustomMark + name.toStdString());
}

bool ChartSpec::isCustom() const {
    return !customName(id).isEmpty();
}

model::Goal ChartSpec::goal() const {
    auto goal = model::Goal::Unknown;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto& expression = lines[i].expression;
        const auto own = expression.isKey() ? model::goalOf(expression.keys().front()) : model::Goal::Unknown;
        if (i > 0 && own != goal) {
            return model::Goal::Unknown;
        }
        goal = own;
    }
    return goal;
}

ChartSpec ChartSpec::ofMetric(Symbol key) {
    ChartSpec spec;
    spec.id = key;
    spec.title = projectText(key.text());
    spec.lines = {{spec.title, series::Expression::ofKey(key.text())}};
    spec.texts = {key.str()};
    return spec;
}

ChartSpec ChartSpec::custom(Symbol id, const QString& title, const std::vector<std::string>& texts) {
    ChartSpec spec;
    spec.id = id;
    spec.texts = texts;
    QStringList names;
    for (const auto& text : texts) {
        auto parsed = series::Expression::parse(text);
        if (auto* expression = std::get_if<series::Expression>(&parsed)) {
            names << projectText(text);
            spec.lines.push_back({names.last(), std::move(*expression)});
        }
    }
    spec.title = title.isEmpty() ? names.join(QStringLiteral(", ")) : title;
    return spec;
}

Symbol ChartSpec::freeId(const std::vector<ChartSpec>& taken) {
    for (int n = 1;; ++n) {
        const auto id = customId(QStringLiteral("c%1").arg(n));
        if (std::none_of(taken.begin(), taken.end(), [&](const ChartSpec& spec) { return spec.id == id; })) {
            return id;
        }
    }
}

}  // namespace runglass::ui
