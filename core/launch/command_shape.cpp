// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the script in a command line by knowing the common wrappers and launchers. Each row of the table says
// how to get past one of them; what is not in the table is the program itself.
#include "command_shape.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "runglass/base/text.h"

namespace runglass::launch {

namespace {

using Words = std::vector<std::string_view>;

enum class Follows {
    Command,  ///< another command: `nohup CMD…`
    Script    ///< a Python script, or a module after -m: `torchrun train.py`
};

/// How a launcher reads its own options. With `othersTakeValue`, every option but the listed ones takes the
/// next word; otherwise only the listed ones do. `--option=value` is one word in either case.
struct Launcher {
    std::string_view name;
    std::string_view subcommand;  ///< empty: none
    Words listed;
    bool othersTakeValue = false;
    int positionals = 0;  ///< of its own, before what it runs (`timeout 60 CMD`)
    Follows follows = Follows::Command;
};

const std::vector<Launcher>& launchers() {
    static const std::vector<Launcher> kLaunchers = {
        {"nohup", "", {}, false, 0, Follows::Command},
        {"setsid", "", {}, false, 0, Follows::Command},
        {"time", "", {"-o", "-f", "--output", "--format"}, false, 0, Follows::Command},
        {"nice", "", {"-n", "--adjustment"}, false, 0, Follows::Command},
        {"ionice", "", {"-c", "-n", "--class", "--classdata"}, false, 0, Follows::Command},
        {"stdbuf", "", {"-i", "-o", "-e", "--input", "--output", "--error"}, false, 0, Follows::Command},
        {"timeout", "", {"-k", "-s", "--kill-after", "--signal"}, false, 1, Follows::Command},
        {"taskset", "", {}, false, 1, Follows::Command},
        {"chrt", "", {}, false, 1, Follows::Command},
        {"numactl", "", {"-N", "-m", "-C", "-i", "-p"}, false, 0, Follows::Command},
        {"sudo", "", {"-u", "-g", "-h", "-p", "-C", "-D"}, false, 0, Follows::Command},
        {"xvfb-run", "", {"-n", "-s", "-e", "-f", "-p", "--server-args"}, false, 0, Follows::Command},
        {"uv",
         "run",
         {"-p", "--python", "--with", "--with-requirements", "--with-editable", "--extra", "--group",
          "--only-group", "--env-file", "--project", "--directory", "--package", "--index-url"},
         false,
         0,
         Follows::Command},
        {"poetry", "run", {"-C", "-P", "--directory", "--project"}, false, 0, Follows::Command},
        {"pipenv", "run", {}, false, 0, Follows::Command},
        {"pdm", "run", {"-p", "--project", "--venv"}, false, 0, Follows::Command},
        {"rye", "run", {}, false, 0, Follows::Command},
        {"pixi", "run", {"-e", "--environment", "--manifest-path"}, false, 0, Follows::Command},
        {"conda", "run", {"-n", "-p", "--name", "--prefix", "--cwd"}, false, 0, Follows::Command},
        {"mamba", "run", {"-n", "-p", "--name", "--prefix", "--cwd"}, false, 0, Follows::Command},
        {"micromamba", "run", {"-n", "-p", "--name", "--prefix", "--cwd"}, false, 0, Follows::Command},
        {"mpirun",
         "",
         {"-np", "-n", "-c", "-N", "-H", "--host", "--hostfile", "-machinefile", "-x", "--map-by",
          "--bind-to", "-wdir"},
         false,
         0,
         Follows::Command},
        {"mpiexec", "", {"-np", "-n", "-c", "-H", "--host", "--hostfile", "-x"}, false, 0, Follows::Command},
        {"horovodrun", "", {"-np", "-H", "--host", "--hostfile", "-p"}, false, 0, Follows::Command},
        {"srun",
         "",
         {"-n", "-N", "-c", "-p", "-J", "-t", "-o", "-e", "-A", "-w", "-G", "-D", "-q"},
         false,
         0,
         Follows::Command},
        {"torchrun",
         "",
         {"--standalone", "--no_python", "--no-python", "--run_path", "--run-path"},
         true,
         0,
         Follows::Script},
        {"accelerate",
         "launch",
         {"--multi_gpu", "--multi-gpu", "--cpu", "--mps", "--tpu", "--ipex", "--use_deepspeed", "--use_fsdp",
          "--use_megatron_lm", "--use_xpu", "-q", "--quiet", "--no_python", "--debug", "--same_network",
          "--enable_cpu_affinity", "--use-deepspeed", "--use-fsdp", "--no-python"},
         true,
         0,
         Follows::Script},
        {"deepspeed",
         "",
         {"--no_python", "--no_local_rank", "--no_ssh", "--force_multi", "--save_pid"},
         true,
         0,
         Follows::Script},
        {"coverage",
         "run",
         {"-a", "-p", "--append", "--branch", "--parallel-mode", "--timid"},
         true,
         0,
         Follows::Script},
        {"kernprof",
         "",
         {"-l", "-v", "-b", "--line-by-line", "--view", "--builtin"},
         true,
         0,
         Follows::Script},
    };
    return kLaunchers;
}

/// Modules that run the script named after their own options, and the row of the table that describes them.
std::string_view launcherOfModule(std::string_view module) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kModules = {{
        {"torch.distributed.run", "torchrun"},
        {"torch.distributed.launch", "torchrun"},
        {"torch.distributed.elastic.multiprocessing", "torchrun"},
        {"accelerate.commands.launch", "accelerate"},
        {"deepspeed.launcher.runner", "deepspeed"},
        {"coverage", "coverage"},
        {"kernprof", "kernprof"},
    }};
    const auto* it =
        std::find_if(kModules.begin(), kModules.end(), [&](const auto& row) { return row.first == module; });
    return it == kModules.end() ? std::string_view{} : it->second;
}

/// Interpreters whose first word that is not an option is the script.
bool isOtherInterpreter(std::string_view name) {
    constexpr std::array<std::string_view, 9> kNames = {"bash", "sh",   "zsh",  "Rscript", "julia",
                                                        "node", "perl", "ruby", "octave"};
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool contains(const Words& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

class Walker {
public:
    explicit Walker(const std::vector<std::string>& command)
        : m_words(command) {}

    CommandShape walk() {
        while (m_at < m_words.size() && stepOverWrapper()) {
        }
        m_shape.firstArgument = std::min(m_at, m_words.size());
        return std::move(m_shape);
    }

private:
    [[nodiscard]] bool more() const { return m_at < m_words.size(); }
    [[nodiscard]] std::string_view word() const { return m_words[m_at]; }
    [[nodiscard]] bool atOption() const { return more() && word().size() > 1 && word().front() == '-'; }

    /// Moves past one wrapper and returns true, or settles program, script and arguments and returns false.
    bool stepOverWrapper() {
        const std::string_view name = baseName(word());
        m_shape.program = m_at;
        if (name == "env") {
            ++m_at;
            readEnv();
            return more();
        }
        if (isPython(name)) {
            ++m_at;
            readPython();
            return false;
        }
        for (const auto& launcher : launchers()) {
            if (launcher.name == name && hasSubcommand(launcher)) {
                m_at += launcher.subcommand.empty() ? 1 : 2;
                return readLauncher(launcher);
            }
        }
        ++m_at;
        if (isOtherInterpreter(name)) {
            readInterpreter();
        } else if (name.ends_with(".py")) {
            m_shape.script = m_shape.program;
        }
        return false;
    }

    [[nodiscard]] bool hasSubcommand(const Launcher& launcher) const {
        return launcher.subcommand.empty() ||
               (m_at + 1 < m_words.size() && m_words[m_at + 1] == launcher.subcommand);
    }

    void readEnv() {
        while (more()) {
            if (auto variable = assignment(word())) {
                m_shape.environment.push_back(std::move(*variable));
                ++m_at;
            } else if (word() == "-u" || word() == "-C" || word() == "--unset" || word() == "--chdir") {
                m_at += 2;
            } else if (atOption()) {
                ++m_at;
            } else {
                break;
            }
        }
    }

    /// Python's own options: https://docs.python.org/3/using/cmdline.html
    void readPython() {
        while (atOption()) {
            const std::string_view option = word();
            ++m_at;
            if (option == "-c") {
                ++m_at;  // the code; what follows is its sys.argv[1:]
                return;
            }
            if (option.substr(0, 2) == "-m") {
                readModule(option.substr(2));
                return;
            }
            if (option == "-W" || option == "-X" || option == "--check-hash-based-pycs") {
                ++m_at;
            }
        }
        takeScript();
    }

    void readModule(std::string_view attached) {
        if (!attached.empty()) {
            return;  // `-mpkg`: no word names the module alone; its arguments follow
        }
        if (!more()) {
            return;
        }
        const auto launcherName = launcherOfModule(word());
        for (const auto& launcher : launchers()) {
            if (!launcherName.empty() && launcher.name == launcherName) {
                ++m_at;
                if (more() && !launcher.subcommand.empty() && word() == launcher.subcommand) {
                    ++m_at;
                }
                readLauncher(launcher);
                return;
            }
        }
        m_shape.isModule = true;
        takeScript();
    }

    bool readLauncher(const Launcher& launcher) {
        while (atOption()) {
            const std::string_view option = word();
            ++m_at;
            if (option == "--") {
                break;
            }
            if (launcher.follows == Follows::Script && (option == "-m" || option == "--module")) {
                m_shape.isModule = true;
                break;
            }
            const bool takesValue = option.find('=') == std::string_view::npos &&
                                    contains(launcher.listed, option) != launcher.othersTakeValue;
            // A script is never the value of a launcher's option, whatever the table does not know.
            if (takesValue && more() && !word().ends_with(".py")) {
                noteConda(launcher, option);
                ++m_at;
            }
        }
        for (int i = 0; i < launcher.positionals && more(); ++i) {
            ++m_at;
        }
        if (launcher.follows == Follows::Script) {
            takeScript();
            return false;
        }
        return more();
    }

    void noteConda(const Launcher& launcher, std::string_view option) {
        if (launcher.name.ends_with("conda") || launcher.name.ends_with("mamba")) {
            if (option == "-n" || option == "--name" || option == "-p" || option == "--prefix") {
                m_shape.condaEnvironment = word();
            }
        }
    }

    void readInterpreter() {
        while (atOption()) {
            const bool code = word() == "-c" || word() == "-e";
            ++m_at;
            if (code) {
                ++m_at;
                return;
            }
        }
        takeScript();
    }

    void takeScript() {
        if (more()) {
            m_shape.script = m_at;
            ++m_at;
        }
    }

    const std::vector<std::string>& m_words;
    std::size_t m_at = 0;
    CommandShape m_shape;
};

}  // namespace

CommandShape shapeOf(const std::vector<std::string>& command) {
    return Walker(command).walk();
}

std::string_view baseName(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool isPython(std::string_view programName) {
    for (const std::string_view stem : {"pythonw", "python", "pypy"}) {
        if (programName.starts_with(stem)) {
            const auto rest = programName.substr(stem.size());
            return std::all_of(rest.begin(), rest.end(),
                               [](unsigned char c) { return std::isdigit(c) != 0 || c == '.' || c == 't'; });
        }
    }
    return false;
}

bool isNegativeNumber(std::string_view word) {
    return word.size() > 1 && word.front() == '-' && parseDouble(word).has_value() &&
           (std::isdigit(static_cast<unsigned char>(word[1])) != 0 || word[1] == '.' || word == "-inf");
}

std::optional<model::Variable> assignment(std::string_view word) {
    const auto sign = word.find('=');
    if (sign == std::string_view::npos || sign == 0) {
        return std::nullopt;
    }
    const auto name = word.substr(0, sign);
    const bool valid = std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
                       std::all_of(name.begin(), name.end(),
                                   [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
    if (!valid) {
        return std::nullopt;
    }
    return model::Variable(name, word.substr(sign + 1));
}

}  // namespace runglass::launch
