// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/settle.h"

#include <algorithm>

#include "runglass/sources/catalogue.h"
#include "runglass/sources/folder.h"
#include "runglass/store/written_files.h"

namespace runglass::sources {
namespace {

/// Whether a run that is not settled may still be told apart from this one by its record.
bool othersAreUnsettled(const store::Layout& layout, const RunId& run) {
    const auto listed = listFolder(store::writtenFolder(layout));
    return listed.ok() && std::ranges::any_of(listed->entries, [&](const Entry& entry) {
               const auto id = RunId::fromHex(entry.name);
               const auto other = id && *id != run ? store::readWrittenFiles(layout, *id) : std::nullopt;
               return other && !other->settled;
           });
}

}  // namespace

void settleWrittenFiles(const std::filesystem::path& project, const RunId& run) {
    const store::Layout layout(project);
    const auto written = store::readWrittenFiles(layout, run);
    if (!written || !written->endMs || written->settled) {
        return;
    }
    Catalogue catalogue({.project = project});
    if (!catalogue.load()->complete) {
        return;
    }
    std::vector<store::KeptFile> kept;
    for (auto& file : catalogue.filesOf(run)) {
        kept.push_back({std::move(file.path), file.size, file.modifiedNs});
    }
    store::WrittenFilesLog log(layout, run);
    if (kept.empty() && !othersAreUnsettled(layout, run)) {
        log.remove();
    } else {
        log.settle(kept);
    }
}

}  // namespace runglass::sources
