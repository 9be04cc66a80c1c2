// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runglass/model/run.h"

namespace runglass::model {

using Variable = std::pair<std::string, std::string>;

struct Package {
    std::string name;
    std::string version;
    friend bool operator==(const Package&, const Package&) = default;
};

struct Hardware {
    std::string hostName;
    std::string operatingSystem;  ///< e.g. `Debian GNU/Linux 12 (bookworm), Linux 6.1.0`
    std::string cpuModel;
    int cpuCount = 0;               ///< logical processors the run may use
    std::int64_t memoryBytes = 0;   ///< installed
    std::vector<std::string> gpus;  ///< `NVIDIA H200, 143771 MiB`
    std::string gpuDriver;
    friend bool operator==(const Hardware&, const Hardware&) = default;
};

/// What a run ran in. Read from files and the system, never by executing anything of the project.
struct Environment {
    std::string pythonExecutable;
    std::string pythonVersion;
    std::string virtualEnvironment;  ///< folder, empty where there is none
    std::vector<Package> packages;   ///< by name, case-insensitively
    std::vector<Variable> variables;
    std::vector<std::string>
        withheld;  ///< names of variables whose values look like secrets and were not stored
    Hardware hardware;
};

/// A configuration file named on the command line, as it was when the run started.
struct ConfigFile {
    std::string path;  ///< as given
    std::string sha256;
    std::string content;
};

struct Artifact {
    std::string path;  ///< name within the run, with `/`
    std::string sha256;
    std::int64_t size = 0;
    std::int64_t timeMs = 0;
};

struct Dataset {
    std::string name;
    std::string digest;
    std::string location;  ///< path or URL as logged
    std::string profile;   ///< JSON, may be empty
};

/// A file that the snapshot left out.
struct LeftOutFile {
    std::string path;
    std::int64_t size = 0;
};

/// A place that a run was read from. A run may have several: event files inside an MLflow run, the folder of
/// the launcher around it.
struct Origin {
    Symbol source;         ///< `mlflow`
    std::string location;  ///< file or folder, relative to the project; bytes
    std::string key;       ///< of the run within it; empty where it holds one run
    bool isHere = true;    ///< false where the run came in an export: the place is another computer's
    friend bool operator==(const Origin&, const Origin&) = default;
};

/// Everything there is to show of one run, except its points and console.
struct RunDetail {
    RunRecord record;
    std::vector<std::string> command;  ///< argv
    std::string workingDirectory;
    std::optional<Environment> environment;
    std::vector<ConfigFile> configFiles;
    std::vector<Artifact> artifacts;
    std::vector<Dataset> datasets;
    std::vector<LeftOutFile> leftOut;
    std::string note;                   ///< Markdown
    std::vector<std::string> problems;  ///< what went wrong while recording or reading, for people
    std::vector<std::string> remarks;   ///< what else is to be known of what was read, and is no fault
    std::vector<Origin> origins;        ///< of a foreign run or a copy of one, the one that names it first
    // getrusage of the process tree; absent while running
    std::optional<double> userSeconds;
    std::optional<double> systemSeconds;
    std::optional<std::int64_t> peakMemoryBytes;
};

}  // namespace runglass::model
