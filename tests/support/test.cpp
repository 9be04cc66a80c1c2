// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/test.h"

#include <QProcess>
#include <fstream>

#include "runglass/base/run_id.h"

namespace runglass::test {

TempFolder::TempFolder()
    : m_path(std::filesystem::temp_directory_path() / ("runglass-test-" + RunId::generate().hex())) {
    std::filesystem::create_directories(m_path);
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    std::filesystem::permissions(m_path, std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(m_path, ignored);
}

std::filesystem::path TempFolder::write(std::string_view name, std::string_view content) const {
    const auto path = m_path / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path;
}

ProcessResult runProcess(const std::vector<std::string>& command, const std::filesystem::path& folder,
                         std::string_view input) {
    QProcess process;
    if (!folder.empty()) {
        process.setWorkingDirectory(QString::fromStdString(folder.string()));
    }
    QStringList arguments;
    for (std::size_t i = 1; i < command.size(); ++i) {
        arguments << QString::fromStdString(command[i]);
    }
    process.start(QString::fromStdString(command.at(0)), arguments);
    process.write(input.data(), static_cast<qint64>(input.size()));
    process.closeWriteChannel();
    ProcessResult result;
    if (!process.waitForFinished(300'000)) {
        result.err = process.errorString().toStdString();
        return result;
    }
    result.out = process.readAllStandardOutput().toStdString();
    result.err = process.readAllStandardError().toStdString();
    result.exitCode =
        process.exitStatus() == QProcess::CrashExit ? 128 + process.exitCode() : process.exitCode();
    return result;
}

std::string git(const std::filesystem::path& folder, const std::vector<std::string>& arguments) {
    std::vector<std::string> command{"env",
                                     "GIT_CONFIG_GLOBAL=/dev/null",
                                     "GIT_CONFIG_SYSTEM=/dev/null",
                                     "git",
                                     "-c",
                                     "user.name=Ada Test",
                                     "-c",
                                     "user.email=ada@example.org",
                                     "-c",
                                     "init.defaultBranch=main",
                                     "-c",
                                     "protocol.file.allow=always"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const auto result = runProcess(command, folder);
    if (result.exitCode != 0) {
        QTest::qFail(("git failed: " + result.err).c_str(), __FILE__, __LINE__);
    }
    return result.out;
}

std::filesystem::path runglassProgram() {
    return qEnvironmentVariable("RUNGLASS_TEST_BINARY").toStdString();
}

std::filesystem::path sourceFolder() {
    return qEnvironmentVariable("RUNGLASS_SOURCE_DIR").toStdString();
}

}  // namespace runglass::test
