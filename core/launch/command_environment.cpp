// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_environment.h"

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace runglass::launch {

namespace {

/// A set of NAME=value that keeps the order and the bytes of what it began with.
class Environment {
public:
    Environment() {
        for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
            m_entries.emplace_back(*entry);
        }
    }

    [[nodiscard]] std::optional<std::string> value(std::string_view name) const {
        for (const auto& entry : m_entries) {
            if (isOf(entry, name)) {
                return entry.substr(name.size() + 1);
            }
        }
        return std::nullopt;
    }

    void set(std::string_view name, std::string_view value) {
        std::erase_if(m_entries, [&](const std::string& entry) { return isOf(entry, name); });
        m_entries.push_back(fmt::format("{}={}", name, value));
    }

    std::vector<std::string> take() && { return std::move(m_entries); }

private:
    static bool isOf(std::string_view entry, std::string_view name) {
        return entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name);
    }
    std::vector<std::string> m_entries;
};

/// Where runglass.py lies: in the installed tree (bin/ beside share/), or in the build tree.
std::filesystem::path pythonFolder(const Environment& environment, const std::filesystem::path& program) {
    if (const auto given = environment.value("RUNGLASS_PYTHON")) {
        return *given;
    }
    std::error_code error;
    const auto binaries = program.parent_path();
    for (const char* up : {"..", "../.."}) {
        const auto folder = (binaries / up / "share/runglass/python").lexically_normal();
        if (std::filesystem::exists(folder / "runglass.py", error)) {
            return folder;
        }
    }
    return {};
}

}  // namespace

std::vector<std::string> commandEnvironment(const RunFolder& folder,
                                            const std::vector<model::Variable>& more) {
    Environment environment;
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    environment.set("RUNGLASS_RUN_ID", folder.id().hex());
    environment.set("RUNGLASS_PROJECT", folder.project().native());
    environment.set("RUNGLASS_SPOOL", folder.spool().native());
    environment.set("RUNGLASS_BIN", program.native());
    if (!environment.value("PYTHONUNBUFFERED")) {
        environment.set("PYTHONUNBUFFERED", "1");
    }
    const auto python = pythonFolder(environment, program);
    if (!python.empty()) {
        const auto before = environment.value("PYTHONPATH").value_or("");
        environment.set("PYTHONPATH",
                        before.empty() ? python.native() : fmt::format("{}:{}", before, python.native()));
    }
    for (const auto& [name, value] : more) {
        environment.set(name, value);
    }
    return std::move(environment).take();
}

}  // namespace runglass::launch
