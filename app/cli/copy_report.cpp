// SPDX-License-Identifier: GPL-3.0-or-later
#include "copy_report.h"

#include <algorithm>

#include "output.h"
#include "runglass/base/translate.h"

namespace runglass::cli {

namespace {

constexpr std::size_t kMostNamed = 5;

/// Calls `say` with the first few.
template <typename T, typename Say>
void sayFirst(const std::vector<T>& all, Say&& say) {
    std::for_each_n(all.begin(), std::min(all.size(), kMostNamed), say);
    if (all.size() > kMostNamed) {
        complain(tr("… and {} more.", all.size() - kMostNamed));
    }
}

}  // namespace

void sayFailures(const std::vector<exchange::RunFailure>& failures, const model::RunTable& table) {
    sayFirst(failures, [&](const exchange::RunFailure& failure) {
        const auto* run = table.find(failure.id);
        const auto name = run == nullptr || run->name.empty() ? std::string() : " (" + run->name + ")";
        complain(tr("{}{} is left out. {}", failure.id.shortHex(), name, failure.error.message));
    });
}

void sayLeftOut(const exchange::CopyTally& tally, const model::RunTable& table) {
    sayFirst(tally.problems, [](const std::string& problem) { complain(problem); });
    if (tally.missingArtifacts == 1) {
        complain(tr("1 artifact could not be copied; its name and size are kept. {}", tally.firstMissing));
    } else if (tally.missingArtifacts > 1) {
        complain(tr("{} artifacts could not be copied; their names and sizes are kept. The first: {}",
                    tally.missingArtifacts, tally.firstMissing));
    }
    sayFailures(tally.failures, table);
}

}  // namespace runglass::cli
