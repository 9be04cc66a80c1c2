// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QRegularExpression>
#include <QTest>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"

namespace runglass::test {

/// Base of every test class: any Qt warning fails the test function that caused it.
class TestCase : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() {
        // The offscreen platform says that it cannot do what a window manager does; that is no mistake of
        // ours.
        QTest::failOnWarning(QRegularExpression(QStringLiteral(
            "^(?!This plugin does not support (propagateSizeHints|raise|grabbing the keyboard)).*")));
        setUp();
    }
    void cleanup() { tearDown(); }

protected:
    virtual void setUp() {}
    virtual void tearDown() {}
};

/// A folder of its own that goes with the object.
class TempFolder {
public:
    TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder();
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return m_path / name; }
    /// Writes a file with its parent folders.
    std::filesystem::path write(std::string_view name, std::string_view content) const;

private:
    std::filesystem::path m_path;
};

struct ProcessResult {
    int exitCode = -1;  ///< 128+N for signal N
    std::string out;
    std::string err;
};

/// Runs a program to its end with argv (no shell). `folder` is its working directory; `input` its standard
/// input.
ProcessResult runProcess(const std::vector<std::string>& command, const std::filesystem::path& folder = {},
                         std::string_view input = {});

/// `git -C folder args…` with a fixed author and no configuration of the machine; fails the test on a
/// non-zero exit.
std::string git(const std::filesystem::path& folder, const std::vector<std::string>& arguments);

/// The built `runglass`, and the source tree.
std::filesystem::path runglassProgram();
std::filesystem::path sourceFolder();

inline std::string describe(const Error& error) {
    return error.message + " " + error.detail;
}

}  // namespace runglass::test

/// Fails the test with the error's message unless `result` is a success.
#define VERIFY_OK(result)                                                                          \
    do {                                                                                           \
        const auto& verifyResult = (result);                                                       \
        QVERIFY2(verifyResult.ok(),                                                                \
                 verifyResult.ok() ? "" : runglass::test::describe(verifyResult.error()).c_str()); \
    } while (false)
