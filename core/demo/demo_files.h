// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace runglass::demo {

/// A file of resources/demo: `<stage>/<path>`. A stage holds what changed since the stage before it.
struct DemoFile {
    std::string_view path;
    std::string_view content;
};

std::span<const DemoFile> demoFiles();

}  // namespace runglass::demo
