// SPDX-License-Identifier: GPL-3.0-or-later
#include "curves_state.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "runglass/ui/session/app_settings.h"

namespace runglass::ui {

namespace {

constexpr auto kView = "curves";

template <typename Keys>
QJsonArray textsOf(const Keys& keys) {
    QJsonArray texts;
    for (const Symbol key : keys) {
        texts.append(QString::fromStdString(key.str()));
    }
    return texts;
}

std::vector<Symbol> keysOf(const QJsonValue& texts) {
    std::vector<Symbol> keys;
    for (const auto& text : texts.toArray()) {
        const Symbol key(text.toString().toStdString());
        if (!key.empty() && std::find(keys.begin(), keys.end(), key) == keys.end()) {
            keys.push_back(key);
        }
    }
    return keys;
}

}  // namespace

CurvesState CurvesState::load(const std::filesystem::path& project) {
    CurvesState state;
    const auto json =
        QJsonDocument::fromJson(AppSettings::instance().projectState(project, QLatin1String(kView))).object();
    if (json.isEmpty()) {
        return state;
    }
    state.pinned = keysOf(json[QLatin1String("pinned")]);
    const auto logY = keysOf(json[QLatin1String("logY")]);
    state.logY = QSet<Symbol>(logY.begin(), logY.end());
    state.folded.clear();
    for (const auto& title : json[QLatin1String("folded")].toArray()) {
        state.folded.insert(title.toString());
    }
    return state;
}

void CurvesState::save(const std::filesystem::path& project) const {
    const QJsonObject json{{QStringLiteral("pinned"), textsOf(pinned)},
                           {QStringLiteral("logY"), textsOf(logY)},
                           {QStringLiteral("folded"), QJsonArray::fromStringList(folded.values())}};
    AppSettings::instance().setProjectState(project, QLatin1String(kView),
                                            QJsonDocument(json).toJson(QJsonDocument::Compact));
}

}  // namespace runglass::ui
