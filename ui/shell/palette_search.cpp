// SPDX-License-Identifier: GPL-3.0-or-later
#include "palette_search.h"

#include <algorithm>

#include "runglass/ui/widgets/format.h"

namespace runglass::ui {
namespace {

bool better(const FoundRun& a, const FoundRun& b) {
    return a.score != b.score ? a.score > b.score : a.run->number > b.run->number;
}

bool idStartsWith(const RunId& id, const QStringList& terms) {
    constexpr qsizetype kLeast = 4;
    return terms.size() == 1 && terms.first().size() >= kLeast &&
           QString::fromLatin1(id.hex().c_str()).startsWith(terms.first());
}

}  // namespace

QList<FoundRun> findRuns(const model::RunTable& table, const QStringList& terms, int limit,
                         const std::stop_token& stop) {
    QList<FoundRun> best;
    for (const model::SharedRun& run : table.runs) {
        if (stop.stop_requested()) {
            return {};
        }
        FoundRun found{run, {}, 0};
        if (auto hit = fuzzyMatch(terms, projectText(run->name))) {
            found.score = hit->score;
            found.hit = std::move(*hit);
        } else if (idStartsWith(run->id, terms)) {
            found.score = 100;
        } else {
            continue;
        }
        const auto place = std::lower_bound(best.begin(), best.end(), found, better);
        if (place != best.end() || best.size() < limit) {
            best.insert(place, std::move(found));
            best.resize(std::min<qsizetype>(best.size(), limit));
        }
    }
    return best;
}

}  // namespace runglass::ui
