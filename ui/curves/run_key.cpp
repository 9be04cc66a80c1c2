// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/curves/run_key.h"

#include <QCoreApplication>
#include <algorithm>

#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr QLatin1String kExperiment("experiment");
constexpr QLatin1String kRepeats("repeats");
constexpr QLatin1String kParam("param:");
constexpr QLatin1String kTag("tag:");

QString translated(const char* text) {
    return QCoreApplication::translate("RunKey", text);
}

std::string repeatText(const model::RunRecord& run) {
    std::vector<std::string> parts;
    for (const auto& [key, value] : run.params) {
        if (!isSeed(key.text())) {
            parts.push_back(key.str() + '\0' + value.str());
        }
    }
    std::sort(parts.begin(), parts.end());  // Symbols have no order that lasts
    std::string text = run.experiment.str();
    for (const auto& part : parts) {
        text += '\1' + part;
    }
    return text;
}

}  // namespace

bool isSeed(std::string_view param) {
    const auto dot = param.find_last_of("./");
    auto name = std::string(dot == std::string_view::npos ? param : param.substr(dot + 1));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return name == "seed" || name == "random_seed" || name == "random_state" || name == "manual_seed";
}

std::string valueOf(const model::RunRecord& run, const RunKey& key) {
    switch (key.kind) {
        case RunKey::Kind::None:
            break;
        case RunKey::Kind::Experiment:
            return run.experiment.str();
        case RunKey::Kind::Param:
            return std::string(run.param(key.key).value_or(""));
        case RunKey::Kind::Tag:
            return std::string(run.tag(key.key).value_or(""));
        case RunKey::Kind::Repeat:
            return repeatText(run);
    }
    return {};
}

QString nameOf(const RunKey& key) {
    switch (key.kind) {
        case RunKey::Kind::None:
            break;
        case RunKey::Kind::Experiment:
            return translated(QT_TRANSLATE_NOOP("RunKey", "experiment"));
        case RunKey::Kind::Param:
            return projectText(key.key.text());
        case RunKey::Kind::Tag:
            return translated(QT_TRANSLATE_NOOP("RunKey", "tag %1")).arg(projectText(key.key.text()));
        case RunKey::Kind::Repeat:
            return translated(QT_TRANSLATE_NOOP("RunKey", "repeats"));
    }
    return {};
}

QString textOf(const RunKey& key) {
    switch (key.kind) {
        case RunKey::Kind::None:
            break;
        case RunKey::Kind::Experiment:
            return kExperiment;
        case RunKey::Kind::Param:
            return kParam + QString::fromStdString(key.key.str());
        case RunKey::Kind::Tag:
            return kTag + QString::fromStdString(key.key.str());
        case RunKey::Kind::Repeat:
            return kRepeats;
    }
    return {};
}

RunKey runKeyFromText(const QString& text) {
    if (text == kExperiment) {
        return {RunKey::Kind::Experiment, {}};
    }
    if (text == kRepeats) {
        return {RunKey::Kind::Repeat, {}};
    }
    for (const auto& [prefix, kind] :
         {std::pair(kParam, RunKey::Kind::Param), std::pair(kTag, RunKey::Kind::Tag)}) {
        if (text.startsWith(prefix) && text.size() > prefix.size()) {
            return {kind, Symbol(text.mid(prefix.size()).toStdString())};
        }
    }
    return {};
}

}  // namespace runglass::ui
