// SPDX-License-Identifier: GPL-3.0-or-later
// Follows the rules of Python's own start-up (Modules/getpath.py and Lib/site.py) as far as they decide what
// is importable, reading only files.
#include "python_interpreter.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/launch/capture.h"

namespace runglass::launch {

namespace fs = std::filesystem;

namespace {

bool isThere(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

bool isFolder(const fs::path& path) {
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}

fs::path resolved(const fs::path& path) {
    std::error_code error;
    auto real = fs::canonical(path, error);
    return error ? path : real;
}

// --- which program ---

std::string interpreterOfFirstLine(std::string_view line) {
    std::vector<std::string> words;
    std::size_t start = 0;
    while (start < line.size()) {
        const auto end = std::min(line.find_first_of(" \t", start), line.size());
        if (end > start) {
            words.emplace_back(line.substr(start, end - start));
        }
        start = end + 1;
    }
    const auto shape = shapeOf(words);
    return words.empty() || shape.program >= words.size() ? std::string() : words[shape.program];
}

/// `#!/usr/bin/env python3` → `python3`; empty without such a line.
std::string interpreterOfScript(const fs::path& script) {
    std::array<char, 512> start{};  // Linux itself reads 256 bytes
    std::ifstream file(script, std::ios::binary);
    file.read(start.data(), start.size());
    const std::string_view content(start.data(), static_cast<std::size_t>(file.gcount()));
    if (!content.starts_with("#!")) {
        return {};
    }
    return interpreterOfFirstLine(trimmed(content.substr(2, content.find('\n') - 2)));
}
fs::path condaPrefix(std::string_view name, const std::vector<model::Variable>& environment) {
    if (name.find('/') != std::string_view::npos) {
        return name;
    }
    fs::path root = variable(environment, "MAMBA_ROOT_PREFIX");
    const fs::path condaProgram = variable(environment, "CONDA_EXE");
    if (!condaProgram.empty()) {
        root = condaProgram.parent_path().parent_path();  // <root>/bin/conda
    }
    return root.empty() || name == "base" ? root : root / "envs" / name;
}

/// `.venv` in the folder or one above it: what uv, poetry (in-project), pdm and pipenv use.
fs::path projectEnvironment(fs::path folder) {
    for (;; folder = folder.parent_path()) {
        if (isThere(folder / ".venv" / "pyvenv.cfg")) {
            return folder / ".venv";
        }
        if (folder == folder.parent_path()) {
            return {};
        }
    }
}

std::string firstWordOf(const fs::path& file) {
    const auto content = readFile(file, 1U << 12U);
    const auto text = content ? trimmed(*content) : std::string_view{};
    return std::string(text.substr(0, text.find_first_of(" \t\r\n")));
}

/// pyenv puts shell scripts named like interpreters first in PATH. The version comes from PYENV_VERSION, else
/// from the nearest .python-version, else from the global file
/// (https://github.com/pyenv/pyenv#understanding-python-version-selection).
fs::path behindPyenv(const fs::path& program, const fs::path& workingDirectory,
                     const std::vector<model::Variable>& environment) {
    const fs::path root = program.parent_path().parent_path();
    if (program.parent_path().filename() != "shims" || !isFolder(root / "versions")) {
        return program;
    }
    std::string version(variable(environment, "PYENV_VERSION"));
    for (fs::path folder = workingDirectory; version.empty(); folder = folder.parent_path()) {
        version = firstWordOf(folder / ".python-version");
        if (folder == folder.parent_path()) {
            break;
        }
    }
    if (version.empty()) {
        version = firstWordOf(root / "version");
    }
    version.resize(std::min(version.size(), version.find(':')));  // several may be listed
    const fs::path real = root / "versions" / version / "bin" / program.filename();
    return !version.empty() && version.find('/') == std::string::npos && isThere(real) ? real : program;
}

bool usesProjectEnvironment(const std::vector<std::string>& command) {
    for (const auto& word : command) {
        const auto name = baseName(word);
        if (name == "uv" || name == "poetry" || name == "pdm" || name == "pipenv" || name == "rye") {
            return true;
        }
        if (isPython(name)) {
            return false;
        }
    }
    return false;
}

/// PATH as the wrapped program sees it: a project or conda environment comes first.
std::string searchPath(const std::vector<std::string>& command, const CommandShape& shape,
                       const fs::path& workingDirectory, const std::vector<model::Variable>& environment) {
    std::string path(variable(environment, "PATH"));
    fs::path prefix;
    if (!shape.condaEnvironment.empty()) {
        prefix = condaPrefix(shape.condaEnvironment, environment);
    } else if (usesProjectEnvironment(command)) {
        prefix = projectEnvironment(workingDirectory);
    }
    return prefix.empty() ? path : (prefix / "bin").native() + ":" + path;
}

std::optional<fs::path> findExecutable(const std::vector<std::string>& command,
                                       const fs::path& workingDirectory,
                                       const std::vector<model::Variable>& environment) {
    const auto shape = shapeOf(command);
    if (shape.program >= command.size()) {
        return std::nullopt;
    }
    auto variables = environment;
    variables.insert(variables.end(), shape.environment.begin(), shape.environment.end());
    const auto path = searchPath(command, shape, workingDirectory, variables);
    const std::string& name = command[shape.program];
    const auto program = findProgram(name, path, workingDirectory);
    if (isPython(baseName(name))) {
        return program ? std::optional(behindPyenv(*program, workingDirectory, variables)) : std::nullopt;
    }
    if (!program) {
        // `uv run train.py`: the runner puts its Python before a script that is not executable.
        return name.ends_with(".py") ? findProgram("python3", path, workingDirectory) : std::nullopt;
    }
    const auto interpreter = interpreterOfScript(*program);
    return isPython(baseName(interpreter)) ? findProgram(interpreter, path, workingDirectory) : std::nullopt;
}

// --- which installation ---

struct VenvConfig {
    fs::path folder;
    fs::path home;  ///< folder of the base interpreter
    std::string version;
    bool systemSitePackages = false;
};

/// pyvenv.cfg beside the executable or one folder above it (PEP 405), before links are followed.
std::optional<VenvConfig> readVenv(const fs::path& executable) {
    for (const fs::path& folder : {executable.parent_path().parent_path(), executable.parent_path()}) {
        const auto content = readFile(folder / "pyvenv.cfg", 1U << 16U);
        if (!content) {
            continue;
        }
        VenvConfig config{folder, {}, {}, false};
        std::string_view rest = *content;
        while (!rest.empty()) {
            const auto line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(rest.size(), line.size() + 1));
            const auto sign = line.find('=');
            if (sign == std::string_view::npos) {
                continue;
            }
            const auto key = trimmed(line.substr(0, sign));
            const auto value = trimmed(line.substr(sign + 1));
            if (key == "home") {
                config.home = value;
            } else if (key == "version" || key == "version_info") {
                config.version = value.substr(0, value.find_first_not_of("0123456789."));
                while (config.version.ends_with('.')) {
                    config.version.pop_back();
                }
            } else if (key == "include-system-site-packages") {
                config.systemSitePackages = value == "true" || value == "True" || value == "TRUE";
            }
        }
        return config;
    }
    return std::nullopt;
}

/// `3.11` of `python3.11`, or of the only lib/python3.* beside it.
std::string shortVersion(const fs::path& realExecutable, const fs::path& prefix) {
    const std::string name = realExecutable.filename();
    const auto digits = name.find_first_of("0123456789");
    if (digits != std::string::npos && name.find('.', digits) != std::string::npos) {
        return name.substr(digits, name.find_first_not_of("0123456789.", digits) - digits);
    }
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(prefix / "lib", ignored)) {
        const std::string folder = entry.path().filename();
        if (folder.starts_with("python3.") && isThere(entry.path() / "os.py")) {
            return folder.substr(6);
        }
    }
    return {};
}

/// `3.11.2`: the version string that CPython is compiled with stands in its program or shared library,
/// between NULs.
std::string compiledVersion(const fs::path& file, const std::string& minor) {
    constexpr std::uint64_t kMaxBytes = 64U << 20U;
    const auto content = minor.empty() ? Result<std::string>(std::string()) : readFile(file, kMaxBytes);
    if (!content) {
        return {};
    }
    const std::string wanted = minor + ".";
    std::string_view rest = *content;
    while (const void* found = ::memmem(rest.data(), rest.size(), wanted.data(), wanted.size())) {
        const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - rest.data());
        const char before = at > 0 ? rest[at - 1] : '\0';
        const auto text = rest.substr(at, std::min(rest.find('\0', at), at + minor.size() + 8) - at);
        const auto patch = text.substr(minor.size() + 1);
        // The linker may have made it the tail of a longer string; but not of a longer number.
        const bool plausible = std::isdigit(static_cast<unsigned char>(before)) == 0 && before != '.' &&
                               !patch.empty() && patch.size() <= 6 &&
                               std::isdigit(static_cast<unsigned char>(patch.front())) != 0 &&
                               std::all_of(patch.begin(), patch.end(),
                                           [](unsigned char c) { return std::isalnum(c) != 0 || c == '+'; });
        if (plausible) {
            return std::string(text);
        }
        rest.remove_prefix(at + 1);
    }
    return {};
}

/// `#define PY_VERSION "3.11.2"`, where the headers are installed.
std::string headerVersion(const fs::path& prefix, const std::string& minor) {
    constexpr std::string_view kDefine = "#define PY_VERSION";
    const auto content = readFile(prefix / "include" / ("python" + minor) / "patchlevel.h", 1U << 16U);
    const auto define = content ? content->find(kDefine) : std::string::npos;
    const auto open = define == std::string::npos ? define : content->find('"', define);
    const auto close = open == std::string::npos ? open : content->find('"', open + 1);
    return close == std::string::npos ? std::string() : content->substr(open + 1, close - open - 1);
}

std::string fullVersion(const fs::path& realExecutable, const fs::path& prefix, const std::string& minor) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(prefix / "conda-meta", ignored)) {
        const std::string name = entry.path().filename();
        if (name.starts_with("python-3")) {
            return name.substr(7, name.find('-', 7) - 7);
        }
    }
    auto version = headerVersion(prefix, minor);
    if (version.empty()) {
        version = compiledVersion(realExecutable, minor);
    }
    if (version.empty()) {
        version = compiledVersion(prefix / "lib" / ("libpython" + minor + ".so.1.0"), minor);
    }
    return version.empty() ? minor : version;
}

// --- where distributions are ---

class SiteFolders {
public:
    void add(const fs::path& folder) {
        if (!folder.empty() && isFolder(folder)) {
            const auto real = resolved(folder);
            if (std::find(m_real.begin(), m_real.end(), real) == m_real.end()) {
                m_real.push_back(real);
                m_folders.push_back(folder);
            }
        }
    }
    void addPrefix(const fs::path& prefix, const std::string& minor) {
        add(prefix / "lib" / ("python" + minor) / "site-packages");
        add(prefix / "lib64" / ("python" + minor) / "site-packages");
    }
    /// Debian's python3 keeps what apt and what pip installed apart from site-packages.
    void addDebian(const fs::path& prefix, const std::string& minor) {
        if (prefix == "/usr") {
            add(fs::path("/usr/local/lib") / ("python" + minor) / "dist-packages");
            add("/usr/lib/python3/dist-packages");
            add(fs::path("/usr/lib") / ("python" + minor) / "dist-packages");
        }
    }
    std::vector<fs::path> take() { return std::move(m_folders); }

private:
    std::vector<fs::path> m_folders;
    std::vector<fs::path> m_real;
};

fs::path userSite(const std::vector<model::Variable>& environment, const std::string& minor) {
    if (!variable(environment, "PYTHONNOUSERSITE").empty()) {
        return {};
    }
    fs::path base = variable(environment, "PYTHONUSERBASE");
    if (base.empty()) {
        base = variable(environment, "HOME");
        base = base.empty() ? base : base / ".local";
    }
    return base.empty() ? base : base / "lib" / ("python" + minor) / "site-packages";
}

void addPythonPath(SiteFolders& folders, const std::vector<model::Variable>& environment,
                   const fs::path& workingDirectory) {
    std::string_view rest = variable(environment, "PYTHONPATH");
    while (!rest.empty()) {
        const auto entry = rest.substr(0, rest.find(':'));
        rest.remove_prefix(std::min(rest.size(), entry.size() + 1));
        if (!entry.empty()) {
            folders.add(workingDirectory / entry);
        }
    }
}

PythonInterpreter describe(const fs::path& executable, const fs::path& workingDirectory,
                           const std::vector<model::Variable>& environment) {
    PythonInterpreter python;
    python.executable = executable;
    const auto venv = readVenv(executable);
    const fs::path real = resolved(executable);
    const fs::path basePrefix =
        venv && !venv->home.empty() ? resolved(venv->home).parent_path() : real.parent_path().parent_path();
    const std::string minor = shortVersion(real, basePrefix);
    python.version = fullVersion(real, basePrefix, minor);
    if (venv && venv->version.starts_with(minor + ".") && !python.version.starts_with(minor + ".")) {
        python.version = venv->version;
    }
    SiteFolders folders;
    addPythonPath(folders, environment, workingDirectory);
    if (venv) {
        python.virtualEnvironment = venv->folder;
        folders.addPrefix(venv->folder, minor);
    } else if (isFolder(basePrefix / "conda-meta")) {
        python.virtualEnvironment = basePrefix;
    }
    if (!venv || venv->systemSitePackages) {
        folders.add(userSite(environment, minor));
        folders.addDebian(basePrefix, minor);
        folders.addPrefix(basePrefix, minor);
    }
    python.siteFolders = folders.take();
    return python;
}

}  // namespace

std::string_view variable(const std::vector<model::Variable>& environment, std::string_view name) {
    const auto it = std::find_if(environment.rbegin(), environment.rend(),
                                 [&](const model::Variable& entry) { return entry.first == name; });
    return it == environment.rend() ? std::string_view{} : std::string_view(it->second);
}

std::optional<fs::path> findProgram(std::string_view name, std::string_view path,
                                    const fs::path& workingDirectory) {
    const auto runnable = [](const fs::path& file) {
        std::error_code ignored;
        return fs::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
    };
    if (name.find('/') != std::string_view::npos) {
        const auto file = (workingDirectory / name).lexically_normal();
        return runnable(file) ? std::optional(file) : std::nullopt;
    }
    while (!path.empty()) {
        const auto folder = path.substr(0, path.find(':'));
        path.remove_prefix(std::min(path.size(), folder.size() + 1));
        const auto file = workingDirectory / folder / name;
        if (runnable(file)) {
            return file;
        }
    }
    return std::nullopt;
}

std::optional<PythonInterpreter> findPython(const std::vector<std::string>& command,
                                            const fs::path& workingDirectory,
                                            const std::vector<model::Variable>& environment) {
    const auto executable = findExecutable(command, workingDirectory, environment);
    return executable ? std::optional(describe(*executable, workingDirectory, environment)) : std::nullopt;
}

}  // namespace runglass::launch
