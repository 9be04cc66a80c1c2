// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalogue_impl.h"

namespace runglass::sources {

struct Catalogue::Impl::Pass {
    Loader loader;
    bool deep = false;  ///< walks everything; what it does not meet is gone
    bool changed = false;
    std::unordered_set<std::string> seen;
};

/// Whether nothing has changed since these stamps were taken; what `seen` says of its path is believed.
bool isAsStamped(const std::vector<FileStamp>& stamps, const FileStamp& seen = {});

}  // namespace runglass::sources
