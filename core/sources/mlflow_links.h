// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "folder_handle.h"
#include "mlflow_meta.h"

namespace runglass::sources {

/// The `meta.yaml` of a folder of a file store; nothing when there is none or it cannot be read.
inline std::optional<MlflowMeta> mlflowMetaIn(const FolderHandle& folder) {
    constexpr std::uint64_t kMaxBytes = 16U << 20U;  // a dataset's profile may be long
    std::string content;
    if (!folder.valid() || !folder.read("meta.yaml", content, kMaxBytes)) {
        return std::nullopt;
    }
    auto meta = MlflowMeta::parse(content);
    return meta.ok() ? std::optional(std::move(meta).value()) : std::nullopt;
}

/// Calls `take(name, meta)` for the folders in `folder` that have a `meta.yaml`, by name.
template <typename Take>
void forEachMlflowMeta(const FolderHandle& folder, Take&& take) {
    std::vector<Entry> entries;
    if (!folder.valid() || !folder.list(entries)) {
        return;
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
    for (const auto& entry : entries) {
        if (const auto meta = mlflowMetaIn(folder.sub(entry.name))) {
            take(entry.name, *meta);
        }
    }
}

}  // namespace runglass::sources
