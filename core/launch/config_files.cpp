// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "command_shape.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/launch/capture.h"

namespace runglass::launch {

namespace {

/// More is data, not configuration.
constexpr std::uint64_t kMaxConfigBytes = 1U << 20U;

bool hasConfigExtension(const std::filesystem::path& path) {
    constexpr std::array<std::string_view, 4> kExtensions = {".yaml", ".yml", ".json", ".toml"};
    return std::find(kExtensions.begin(), kExtensions.end(), path.extension().native()) != kExtensions.end();
}

/// The part of a word that may name a file: `x.yaml`, `--config=x.yaml`, `config=x.yaml`, `@x.yaml`.
std::string_view namedFile(std::string_view word) {
    const auto sign = word.find('=');
    if (sign != std::string_view::npos) {
        word.remove_prefix(sign + 1);
    }
    if (word.starts_with('@')) {
        word.remove_prefix(1);
    }
    return word;
}

}  // namespace

std::vector<model::ConfigFile> configFilesOf(const std::vector<std::string>& command,
                                             const std::filesystem::path& workingDirectory,
                                             std::vector<std::string>& problems) {
    std::vector<model::ConfigFile> files;
    for (std::size_t i = shapeOf(command).firstArgument; i < command.size(); ++i) {
        const std::string name(namedFile(command[i]));
        const bool known = std::any_of(files.begin(), files.end(),
                                       [&](const model::ConfigFile& file) { return file.path == name; });
        if (known || !hasConfigExtension(name)) {
            continue;
        }
        auto content = readFile(workingDirectory / name, kMaxConfigBytes);
        if (content) {
            auto digest = sha256Of(*content);
            files.push_back({name, std::move(digest), std::move(*content)});
        } else if (content.error().code == ErrorCode::TooLarge) {
            problems.push_back(
                tr("{} is larger than {} bytes: data rather than configuration. Neither it nor its "
                   "params are recorded; --dataset NAME=PATH records which data it was.",
                   toValidUtf8(name), kMaxConfigBytes));
        }
    }
    return files;
}

}  // namespace runglass::launch
