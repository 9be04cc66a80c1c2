// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_check.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>

#include "runglass/base/file.h"
#include "runglass/launch/capture.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr std::uint64_t kMaxScriptBytes = 2U << 20U;

QString tr(const char* text) {
    return QCoreApplication::translate("CommandCheck", text);
}

std::vector<model::Variable> ownEnvironment() {
    std::vector<model::Variable> variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string text = *entry;
        const auto sign = text.find('=');
        if (sign != std::string::npos && sign > 0) {
            variables.emplace_back(text.substr(0, sign), text.substr(sign + 1));
        }
    }
    return variables;
}

/// Number of single-letter edits and swaps of neighbours between two short words (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1,
                                   cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
            }
        }
    }
    return cost[a.size()][b.size()];
}

/// A usual program with nearly this name that is installed.
QString suggestion(const std::string& name, std::string_view path, const std::filesystem::path& folder) {
    constexpr std::array<std::string_view, 12> kUsual = {"python3", "python",  "torchrun", "accelerate",
                                                         "bash",    "sh",      "uv",       "poetry",
                                                         "conda",   "Rscript", "julia",    "make"};
    for (const auto usual : kUsual) {
        if (name.size() <= 20 && name != usual && distance(name, usual) <= 2 &&
            launch::findProgram(usual, path, folder)) {
            return tr(" Did you mean `%1`?")
                .arg(QString::fromUtf8(usual.data(), static_cast<qsizetype>(usual.size())));
        }
    }
    return {};
}

QString mistakeOf(const launch::SplitCommand& split, const std::vector<model::Variable>& variables,
                  const std::filesystem::path& folder) {
    if (!split.complete) {
        return tr("A quote is open. Close it, or put a backslash before it.");
    }
    if (split.words.empty()) {
        return {};
    }
    std::string_view path;
    for (const auto& [name, value] : variables) {
        path = name == "PATH" ? std::string_view(value) : path;
    }
    const auto& program = split.words.front();
    if (launch::findProgram(program, path, folder)) {
        return {};
    }
    const auto shown = projectText(program);
    if (program.find('/') != std::string::npos) {
        std::error_code ignored;
        return std::filesystem::exists(folder / program, ignored)
                   ? tr("%1 cannot be executed. Put an interpreter before it, or run chmod +x on it.")
                         .arg(shown)
                   : tr("%1 does not exist in the working folder.").arg(shown);
    }
    return tr("`%1` is not in PATH.").arg(shown) + suggestion(program, path, folder);
}

}  // namespace

CommandCheck checkCommand(const std::string& line, const std::filesystem::path& workingDirectory) {
    CommandCheck check;
    const auto split = launch::splitCommand(line);
    const auto variables = ownEnvironment();
    check.mistake = mistakeOf(split, variables, workingDirectory);
    check.script = launch::scriptOfCommand(split.words);
    if (check.script.ends_with(".py")) {
        if (const auto text = readFile(workingDirectory / check.script, kMaxScriptBytes)) {
            check.scriptFound = true;
            check.flags = launch::detectFlags(*text);
        } else if (check.mistake.isEmpty()) {
            check.mistake = tr("%1 does not exist in the working folder.").arg(projectText(check.script));
        }
    }
    const auto environment = launch::captureEnvironment(split.words, workingDirectory, variables);
    check.withheld = static_cast<int>(environment.withheld.size());
    if (!environment.pythonExecutable.empty()) {
        std::error_code ignored;
        const auto relative =
            std::filesystem::path(environment.pythonExecutable).lexically_relative(workingDirectory);
        const bool inside = !relative.empty() && !relative.native().starts_with("..");
        check.interpreter = tr("%1, Python %2, %n packages")
                                .arg(projectText(inside ? relative.native() : environment.pythonExecutable),
                                     projectText(environment.pythonVersion));
        check.interpreter.replace(QLatin1String("%n"),
                                  formatCount(static_cast<std::int64_t>(environment.packages.size())));
    }
    return check;
}

}  // namespace runglass::ui
