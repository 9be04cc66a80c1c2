// SPDX-License-Identifier: GPL-3.0-or-later
#include "look.h"

#include <algorithm>
#include <array>

#include "folder_handle.h"
#include "mlflow.h"
#include "paths.h"
#include "runglass/base/clock.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "skip_rules.h"
#include "tensorboard_reader.h"

namespace runglass::sources {
namespace {

namespace fs = std::filesystem;

/// A data set of 100,000 links is no news, and each costs a look.
constexpr std::size_t kMostLinksExplained = 256;

/// File systems tell times by the kernel's tick: 1 to 10 ms, and 2 s on FAT.
constexpr std::int64_t kClockTickMs = 50;

/// Folders of the system that are no files on any disk.
constexpr std::array<std::string_view, 4> kNotOnDisk{"/proc", "/sys", "/dev", "/run"};

void passOverAppleDouble(Folder& folder, std::vector<Damage>& problems) {
    Damage remark;
    remark.count = 0;
    std::size_t others = 0;
    std::erase_if(folder.entries, [&](const Entry& entry) {
        if (!isAppleDouble(folder, entry)) {
            return false;
        }
        others += remark.file.empty() ? 0 : 1;
        remark.file = remark.file.empty() ? folder.path / entry.name : remark.file;
        return true;
    });
    if (!remark.file.empty()) {
        remark.reason =
            others == 0
                ? tr("This is an AppleDouble file of macOS, not a run's; passed over.")
                : tr("This is an AppleDouble file of macOS, not a run's; passed over with {} more.", others);
        problems.push_back(std::move(remark));
    }
}

/// Names that only tools give, to what they log. Links to other files are none of ours.
bool isLogByName(std::string_view name) {
    constexpr std::array<std::string_view, 5> kNames{"trainer_state.json", "metrics.csv", "results.csv",
                                                     "history.csv", "mlflow.db"};
    return tensorboard::isEventFileName(name) || name.ends_with(".wandb") || name.ends_with(".swanlab") ||
           std::ranges::find(kNames, name) != kNames.end();
}

/// A link that a person may expect to be followed: says where it leads, if nowhere or out of the project.
/// Links within the project are no loss, because what they lead to is walked where it lies.
void explainLink(const fs::path& link, std::span<const fs::path> roots, std::vector<Damage>& problems) {
    std::error_code failure;
    const fs::path target = fs::canonical(link, failure);
    if (failure == std::errc::too_many_symbolic_link_levels) {
        problems.push_back({link, 0, 1, tr("This link leads back to itself; not followed.")});
        return;
    }
    if (failure) {
        return;
    }
    const bool known = std::ranges::any_of(
        roots, [&](const fs::path& root) { return liesIn(target.native(), root.native()); });
    if (!fs::is_directory(target, failure)) {
        if (!known && isLogByName(link.filename().native())) {
            problems.push_back(
                {link, 0, 1,
                 tr("This link leads out of the project to the file {}; not followed. To see its run: "
                    "runglass "
                    "sources add {}",
                    toValidUtf8(target.native()), toValidUtf8(target.parent_path().native()))});
        }
        return;
    }
    if (liesIn(link.parent_path().native(), target.native())) {
        problems.push_back({link, 0, 0, tr("This link leads back to a folder around it; not followed.")});
    } else if (!known) {
        problems.push_back(
            {link, 0, 1,
             tr("This link leads out of the project to {}; not followed. To see its runs: runglass "
                "sources add {}",
                toValidUtf8(target.native()), toValidUtf8(target.native()))});
    }
}

/// Whoever opens an experiment or a run of MLflow's sees nothing: what it is, its store knows.
void explainPartOfStore(const Folder& folder, std::span<const fs::path> roots,
                        std::vector<Damage>& problems) {
    if (!folder.hasFile("meta.yaml") || std::ranges::find(roots, folder.path) == roots.end()) {
        return;
    }
    const auto above = folder.path.parent_path();
    for (const auto& store : {above, above.parent_path()}) {
        if (const auto listed = listFolder(store); listed.ok() && isMlflowStore(*listed)) {
            problems.push_back(
                {folder.path, 0, 1,
                 tr("This is a part of the MLflow store {}: open that.", toValidUtf8(store.native()))});
            return;
        }
    }
}

}  // namespace

FolderLook lookAt(const fs::path& path, Formats formats, std::span<const fs::path> roots) {
    FolderLook look;
    auto folder = listFolder(path, look.stamp);
    if (look.stamp.exists && nowMs() - look.stamp.modifiedNs / 1'000'000 < kClockTickMs) {
        look.stamp.modifiedNs = -1;  // what comes within the same tick would not show: to be looked at again
    }
    if (!folder) {
        if (folder.error().code != ErrorCode::NotFound) {  // gone since its name was read
            look.problems.push_back({path, 0, 1, folder.error().message});
        }
        return look;
    }
    passOverAppleDouble(*folder, look.problems);
    explainPartOfStore(*folder, roots, look.problems);
    Findings findings;
    for (const auto& format : formats) {
        const auto before = findings.origins.size();
        format->recognise(*folder, findings);
        for (std::size_t i = before; i < findings.origins.size(); ++i) {
            look.origins.push_back({format.get(), findings.origins[i]});
        }
    }
    look.held = std::move(findings.held);
    for (const auto& file : look.held) {
        look.problems.push_back(
            {file, 0, 1, tr("Another program is writing to it. It is read as soon as that is done.")});
    }
    look.problems.insert(look.problems.end(), findings.problems.begin(), findings.problems.end());
    const bool closed = isMarkedAsClosed(*folder);
    std::size_t links = 0;
    for (const Entry& entry : folder->entries) {
        if (entry.kind == EntryKind::Link && links++ < kMostLinksExplained) {
            explainLink(path / entry.name, roots, look.problems);
        }
        if (entry.kind != EntryKind::Folder || isNeverEntered(entry.name) ||
            (closed && entry.name != kEnteredInEnvironments) ||
            std::ranges::find(findings.closed, entry.name) != findings.closed.end()) {
            continue;
        }
        auto below = path / entry.name;
        if (std::ranges::find(kNotOnDisk, below.native()) == kNotOnDisk.end()) {
            look.enter.push_back(std::move(below));
        }
    }
    return look;
}

}  // namespace runglass::sources
