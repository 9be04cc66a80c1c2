// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/sources/folder.h"
#include "runglass/sources/reader.h"

namespace runglass::sources {

struct DatabaseLook;

/// What a format makes of one folder.
struct Findings {
    /// Files in it, or itself, that this format's readers open; absolute.
    std::vector<std::filesystem::path> origins;
    /// Names of folders in it that the walk need not enter, because all that is in them belongs to one of
    /// `origins` and holds no run of any other format (MLflow's `metrics`, Guild's `sourcecode`).
    std::vector<std::string> closed;
    /// What looks like a run's file and cannot be read as one.
    std::vector<Damage> problems = {};
    /// Databases in it that another program holds, so that nobody can tell whose they are.
    std::vector<std::filesystem::path> held = {};
    /// What the first format that asked has found out of the databases in it, for those that follow.
    std::shared_ptr<const std::vector<DatabaseLook>> databases = nullptr;
};

/// A kind of files that some tool leaves behind. Stateless; called from several threads.
class Format {
public:
    Format() = default;
    Format(const Format&) = delete;
    Format& operator=(const Format&) = delete;
    virtual ~Format() = default;

    /// As in `source = 'mlflow'` and in the Source column: `mlflow`, `tensorboard`, `wandb` …
    [[nodiscard]] virtual std::string_view name() const = 0;

    /// Called once for each folder of the project. Decides by names where that is certain; may look at the
    /// first bytes of a file where it is not.
    virtual void recognise(const Folder& folder, Findings& findings) const = 0;

    [[nodiscard]] virtual std::unique_ptr<Reader> open(const std::filesystem::path& origin) const = 0;
};

/// Every format, in the order in which they look at a folder. A new one is a file and a line in formats.cpp.
std::span<const std::unique_ptr<const Format>> formats();

}  // namespace runglass::sources
