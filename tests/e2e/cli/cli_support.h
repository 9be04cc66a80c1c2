// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <unistd.h>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <string>
#include <vector>

#include "support/test.h"

namespace runglass::test {

using Words = std::vector<std::string>;

/// `runglass words…` in `folder`, with variables set (`NAME=value`).
inline ProcessResult call(const std::filesystem::path& folder, const Words& words,
                          const Words& variables = {}) {
    Words command{"env"};
    command.insert(command.end(), variables.begin(), variables.end());
    command.push_back(runglassProgram().native());
    command.insert(command.end(), words.begin(), words.end());
    return runProcess(command, folder);
}

/// Runs it as somebody who is not root, whom permissions would not stop.
inline ProcessResult callAsNobody(const std::filesystem::path& folder, const Words& words) {
    Words command;
    if (::geteuid() == 0) {
        command = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
    }
    command.push_back(runglassProgram().native());
    command.insert(command.end(), words.begin(), words.end());
    return runProcess(command, folder);
}

/// As call(), expected to end with 0; its standard output.
inline std::string output(const std::filesystem::path& folder, const Words& words) {
    const auto result = call(folder, words);
    if (result.exitCode != 0) {
        QTest::qFail(
            (words[0] + " ended with " + std::to_string(result.exitCode) + ": " + result.err).c_str(),
            __FILE__, __LINE__);
    }
    return result.out;
}

inline QJsonDocument json(const std::filesystem::path& folder, Words words) {
    words.insert(words.end(), {"--format", "json"});
    const auto text = output(folder, words);
    QJsonParseError problem{};
    auto document = QJsonDocument::fromJson(QByteArray::fromStdString(text), &problem);
    if (problem.error != QJsonParseError::NoError) {
        QTest::qFail((words[0] + " printed no JSON: " + problem.errorString().toStdString()).c_str(),
                     __FILE__, __LINE__);
    }
    return document;
}

/// What the sqlite3 program answers, without the last line end.
inline std::string sqlite(const std::filesystem::path& folder, const std::string& query) {
    const auto result = runProcess(
        {"sqlite3", "-readonly", "-cmd", ".timeout 10000", (folder / ".runglass/runs.db").native(), query});
    if (result.exitCode != 0) {
        QTest::qFail(("sqlite3: " + result.err).c_str(), __FILE__, __LINE__);
    }
    return result.out.empty() ? result.out : result.out.substr(0, result.out.size() - 1);
}

/// A git project with one commit.
inline void makeProject(const TempFolder& folder,
                        const std::vector<std::pair<std::string, std::string>>& files) {
    for (const auto& [name, content] : files) {
        folder.write(name, content);
    }
    git(folder.path(), {"init", "-q"});
    git(folder.path(), {"add", "."});
    git(folder.path(), {"commit", "-q", "-m", "First version"});
}

inline Words lines(const std::string& text) {
    Words result;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const auto end = std::min(text.find('\n', begin), text.size());
        result.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return result;
}

}  // namespace runglass::test
