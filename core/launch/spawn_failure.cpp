// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <numeric>
#include <string_view>
#include <system_error>

#include "process_spawn.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::launch {

namespace {

/// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours count 1 each.
std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(last.begin(), last.end(), 0U);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

std::string_view environmentValue(const std::vector<std::string>& environment, std::string_view name) {
    for (const std::string_view entry : environment) {
        if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=') {
            return entry.substr(name.size() + 1);
        }
    }
    return {};
}

/// The program in PATH whose name is nearest to `name`, if one is near enough to be a slip of the finger.
std::string similarProgram(std::string_view name, std::string_view searchPath) {
    const std::size_t most = name.size() < 4 ? 1 : 2;
    std::string best;
    std::size_t bestDistance = most + 1;
    while (!searchPath.empty()) {
        const std::size_t end = std::min(searchPath.find(':'), searchPath.size());
        const std::filesystem::path folder(searchPath.substr(0, end));
        searchPath.remove_prefix(std::min(end + 1, searchPath.size()));
        std::error_code ignored;
        for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
            const std::string candidate = entry.path().filename().native();
            if (candidate.size() + most < name.size() || candidate.size() > name.size() + most) {
                continue;
            }
            const std::size_t distance = editDistance(name, candidate);
            const bool better = distance < bestDistance || (distance == bestDistance && candidate < best);
            if (better && isValidUtf8(candidate) && ::access(entry.path().c_str(), X_OK) == 0) {
                best = candidate;
                bestDistance = distance;
            }
        }
    }
    return best;
}

/// The program behind `#!` in the first line of a script; empty where there is none.
std::string interpreterOf(const std::filesystem::path& file) {
    const FileDescriptor script(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    std::array<char, 256> buffer{};
    const ssize_t count = script.valid() ? ::read(script.get(), buffer.data(), buffer.size()) : 0;
    std::string_view line(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (!line.starts_with("#!")) {
        return {};
    }
    line = trimmed(line.substr(2, line.find('\n') - 2));
    return std::string(line.substr(0, line.find_first_of(" \t\r")));
}

SpawnFailure notFound(const SpawnSpec& spec, const std::filesystem::path& file) {
    const std::string name = toValidUtf8(spec.command.front());
    if (spec.command.front().find('/') == std::string::npos) {
        const auto similar = similarProgram(spec.command.front(), environmentValue(spec.environment, "PATH"));
        return {127, similar.empty() ? tr("`{}` is not in PATH.", name)
                                     : tr("`{}` is not in PATH. Did you mean `{}`?", name, similar)};
    }
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) {
        return {127, tr("{} does not exist.", name)};
    }
    const std::string interpreter = interpreterOf(file);
    return {127, interpreter.empty() ? tr("{} needs a program loader that does not exist here.", name)
                                     : tr("{} names the interpreter {}, which does not exist.", name,
                                          toValidUtf8(interpreter))};
}

}  // namespace

SpawnFailure explainSpawnFailure(int errorNumber, const SpawnSpec& spec) {
    const std::string name = toValidUtf8(spec.command.front());
    std::error_code ignored;
    if (!spec.workingDirectory.empty() && !std::filesystem::is_directory(spec.workingDirectory, ignored)) {
        return {126,
                tr("The working directory {} does not exist.", toValidUtf8(spec.workingDirectory.native()))};
    }
    const auto file = spec.workingDirectory / spec.command.front();
    switch (errorNumber) {
        case ENOENT:
        case ENOTDIR:
            return notFound(spec, file);
        case EACCES:
            if (std::filesystem::is_directory(file, ignored)) {
                return {126, tr("{} is a folder, not a program.", name)};
            }
            return {126,
                    tr("{} is not executable. Make it so with chmod +x, or name its interpreter.", name)};
        case ENOEXEC:
            return {126,
                    tr("{} is not a program that this system can run. A script needs a first line with #!.",
                       name)};
        case E2BIG:
            return {126, tr("The command line is longer than the system allows.")};
        default:
            return {126, tr("{} cannot be started: {}.", name,
                            std::error_code(errorNumber, std::generic_category()).message())};
    }
}

}  // namespace runglass::launch
