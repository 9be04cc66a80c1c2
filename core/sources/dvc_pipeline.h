// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "dvc_files.h"
#include "runglass/model/run_detail.h"
#include "runglass/sources/reader.h"

/// What dvc.yaml and dvc.lock say (https://dvc.org/doc/user-guide/project-structure/dvcyaml-files). Paths are
/// relative to their folder, and none leads out of it. Nothing is evaluated: `${name}` is looked up in
/// params.yaml and `vars`; what it stands for where they do not tell is found in dvc.lock.
namespace runglass::sources {

struct DvcParamsFile {
    std::string path;
    std::vector<std::string> keys;  ///< dotted; empty: the whole file
};

struct DvcFields {
    std::string path;                  ///< a file; of `y` without columns also a folder
    std::vector<std::string> columns;  ///< empty where none is named
};

struct DvcPlot {
    std::vector<DvcFields> y;
    std::vector<DvcFields> x;  ///< of other files: `x: {file: column}`
    std::string xColumn;       ///< of the same file; empty where there is none
    std::string view;          ///< DVC's `template`
    bool header = true;
};

/// A file or folder as dvc.lock or a .dvc file has it.
struct DvcOutput {
    std::string path;
    std::string md5;  ///< with `.dir` at its end for a folder
    std::int64_t size = 0;
    std::int64_t files = 0;  ///< in a folder; 0 where it is not told
};

/// What a stage was run with.
struct DvcLockedParams {
    std::string path;
    std::vector<model::Variable> values;  ///< dotted
};

struct DvcPipeline {
    std::vector<std::string> commands;  ///< of the stages, in order
    std::vector<DvcParamsFile> params;  ///< each file once
    std::vector<std::string> metrics;   ///< files or folders, each once
    std::vector<DvcPlot> plots;
    std::vector<DvcOutput> outputs;       ///< that dvc.lock knows
    std::vector<DvcOutput> dependencies;  ///< that dvc.lock knows
    std::vector<DvcLockedParams> lockedParams;
    std::string lock;  ///< dvc.lock as it is

    /// The output that is `path` or a folder around it; nothing where dvc.lock has none.
    [[nodiscard]] const DvcOutput* outputAround(std::string_view path) const;
    /// Whether it is a file of metrics or plots, or lies in a folder of them.
    [[nodiscard]] bool shows(std::string_view path) const;
};

/// Reads both; one that is no YAML is damage, the other stands.
DvcPipeline readDvcPipeline(const DvcFiles& files, std::vector<Damage>& damage);

/// Whether a dvc.yaml in the file's folder or one above it, within the same repository, lists the file among
/// its metrics or plots: it is part of DVC's run then, and no run of its own.
bool isShownByDvc(const std::filesystem::path& file);

/// Whether the params in a file are set by code, which is not run.
bool isDvcCode(std::string_view path);

/// The content of a file of params or metrics under dotted keys, by its extension. What cannot be read is
/// damage; nothing for an absent file.
std::vector<model::Variable> dvcValues(const DvcFiles& files, const std::string& path,
                                       std::vector<Damage>& damage);
std::vector<model::Variable> dvcValuesIn(std::string_view content, const std::string& path,
                                         std::vector<Damage>& damage);

/// What DVC starts for these command lines of stages: a shell, which is left out where all it would do is to
/// part words at blanks.
std::vector<std::string> argvOf(const std::vector<std::string>& commands);

}  // namespace runglass::sources
