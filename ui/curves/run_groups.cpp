// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_groups.h"

#include <QRegularExpression>
#include <algorithm>
#include <unordered_map>

#include "curve_looks.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

QString nameOfRun(const model::RunRecord& run) {
    return projectText(run.name.empty() ? run.id.shortHex() : run.name);
}

QString commonName(const std::vector<model::SharedRun>& members) {
    auto name = nameOfRun(*members.front());
    if (members.size() == 1) {
        return name;
    }
    for (const auto& run : members) {
        const auto other = nameOfRun(*run);
        const auto length = std::min(name.size(), other.size());
        const auto differs = std::mismatch(name.begin(), name.begin() + length, other.begin());
        name.truncate(differs.first - name.begin());
    }
    static const QRegularExpression tail(QStringLiteral(R"([\s_\-=#.,]*(\b|_)(s|seed|run)?[\s_\-=#.,]*$)"),
                                         QRegularExpression::CaseInsensitiveOption);
    name.remove(tail);
    return name.isEmpty() ? projectText(members.front()->experiment.text()) : name;
}

}  // namespace

std::vector<CurveGroup> groupRuns(const std::vector<model::SharedRun>& runs, const RunKey& key) {
    std::vector<CurveGroup> groups;
    std::unordered_map<std::string, std::size_t> places;
    for (const auto& run : runs) {
        auto value = valueOf(*run, key);
        const auto [place, isNew] = places.emplace(value, groups.size());
        if (isNew) {
            groups.push_back({RunId::derive("group\n" + value), std::move(value), {}, {}});
        }
        groups[place->second].members.push_back(run);
    }
    for (auto& group : groups) {
        group.name =
            key.kind == RunKey::Kind::Repeat ? commonName(group.members) : valueText(key, group.value);
    }
    return groups;
}

}  // namespace runglass::ui
