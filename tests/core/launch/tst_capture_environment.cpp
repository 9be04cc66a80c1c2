// SPDX-License-Identifier: GPL-3.0-or-later
// Interpreter and distributions, compared with what Python says of itself, and with environments laid out
// file by file.
#include <sys/sysinfo.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "runglass/launch/capture.h"
#include "support/test.h"

namespace fs = std::filesystem;
using runglass::launch::captureEnvironment;
using runglass::model::Environment;
using runglass::test::runProcess;
using runglass::test::TempFolder;

namespace {

QString shown(const Environment& environment) {
    QStringList texts;
    for (const auto& package : environment.packages) {
        texts << QString::fromStdString(package.name + " " + package.version);
    }
    return texts.join(QLatin1String(", "));
}

std::string canonical(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
        return static_cast<char>(c == '_' || c == '.' ? '-' : std::tolower(c));
    });
    return name;
}

void makeProgram(const fs::path& path, std::string_view content = "#!/bin/sh\n") {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << content;
    fs::permissions(path, fs::perms::owner_all);
}

}  // namespace

class TestCaptureEnvironment : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void agreesWithPython() {
        const auto python = runProcess({"env", "-i", "PATH=/usr/bin:/bin", "/usr/bin/python3", "-c",
                                        "import importlib.metadata as m, platform\n"
                                        "print(platform.python_version())\n"
                                        "seen = set()\n"
                                        "for d in m.distributions():\n"
                                        "    n = d.metadata['Name']\n"
                                        "    if n and n.lower() not in seen:\n"
                                        "        seen.add(n.lower())\n"
                                        "        print(n, d.version)\n"});
        QVERIFY2(python.exitCode == 0, python.err.c_str());
        auto lines = QString::fromStdString(python.out).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        const auto version = lines.takeFirst();
        QVERIFY(!lines.isEmpty());
        const auto environment =
            captureEnvironment({"python3", "train.py"}, "/", {{"PATH", "/usr/bin:/bin"}});
        QCOMPARE(QString::fromStdString(environment.pythonExecutable), QStringLiteral("/usr/bin/python3"));
        QCOMPARE(QString::fromStdString(environment.pythonVersion), version);
        QVERIFY(environment.virtualEnvironment.empty());
        QStringList own;
        for (const auto& package : environment.packages) {
            own << QString::fromStdString(canonical(package.name) + " " + package.version);
        }
        QStringList expected;
        for (const auto& line : lines) {
            expected << QString::fromStdString(
                            canonical(line.section(QLatin1Char(' '), 0, 0).toStdString())) +
                            QLatin1Char(' ') + line.section(QLatin1Char(' '), 1);
        }
        own.sort();
        expected.sort();
        QCOMPARE(own.join(QLatin1Char('\n')), expected.join(QLatin1Char('\n')));
    }

    void virtualEnvironment() {
        const TempFolder folder;
        const fs::path venv = folder / "p/.venv";
        folder.write("p/.venv/pyvenv.cfg",
                     "home = /nowhere/bin\ninclude-system-site-packages = false\nversion = 3.12.1\n");
        fs::create_directories(venv / "bin");
        makeProgram(folder / "base/python3.12");
        fs::create_symlink(folder / "base/python3.12", venv / "bin/python");
        const std::string site = "p/.venv/lib/python3.12/site-packages/";
        folder.write(site + "scikit_learn-1.2.1.dist-info/METADATA", "Name: scikit-learn\n");
        folder.write(site + "PyYAML-6.0-py3.12.egg-info", "");
        folder.write(site + "~umpy-1.0.dist-info/METADATA", "");
        folder.write(site + "bare.egg-info/PKG-INFO",
                     "Metadata-Version: 2.1\nName: bare\nVersion: 0.3\n\nVersion: 9\n");
        folder.write(site + "mine.egg-link", (folder / "src").string() + "\n.\n");
        folder.write("src/mine.egg-info/PKG-INFO", "Name: mine\nVersion: 2.0.dev1\n");
        const auto environment = captureEnvironment({".venv/bin/python", "t.py"}, folder / "p", {});
        QCOMPARE(environment.pythonExecutable, (venv / "bin/python").string());
        QCOMPARE(QString::fromStdString(environment.pythonVersion), QStringLiteral("3.12.1"));
        QCOMPARE(environment.virtualEnvironment, venv.string());
        QCOMPARE(shown(environment),
                 QStringLiteral("bare 0.3, mine 2.0.dev1, PyYAML 6.0, scikit-learn 1.2.1"));
        // The same environment through PATH, through uv and through a script's first line.
        const std::string path = (venv / "bin").string() + ":/usr/bin";
        QCOMPARE(shown(captureEnvironment({"python", "t.py"}, folder.path(), {{"PATH", path}})),
                 shown(environment));
        QCOMPARE(
            shown(captureEnvironment({"uv", "run", "python", "t.py"}, folder / "p", {{"PATH", "/usr/bin"}})),
            shown(environment));
        makeProgram(folder / "p/tool", "#!" + (venv / "bin/python").string() + "\nimport x\n");
        QCOMPARE(shown(captureEnvironment({"./tool", "--a"}, folder / "p", {})), shown(environment));
        makeProgram(folder / "p/tool2", "#!/usr/bin/env -S python -u\n");
        QCOMPARE(shown(captureEnvironment({"./tool2"}, folder / "p", {{"PATH", path}})), shown(environment));
    }

    void pythonPathAndUserSiteComeFirst() {
        const TempFolder folder;
        makeProgram(folder / "opt/bin/python3.9");
        folder.write("opt/lib/python3.9/site-packages/a-1.dist-info/METADATA", "");
        folder.write("opt/lib/python3.9/site-packages/b-1.dist-info/METADATA", "");
        folder.write("opt/lib/python3.9/site-packages/c-1.dist-info/METADATA", "");
        folder.write("home/.local/lib/python3.9/site-packages/b-2.dist-info/METADATA", "");
        folder.write("home/.local/lib/python3.9/site-packages/a-2.dist-info/METADATA", "");
        folder.write("extra/a-3.dist-info/METADATA", "");
        const std::string python = (folder / "opt/bin/python3.9").string();
        std::vector<runglass::model::Variable> variables = {{"HOME", (folder / "home").string()},
                                                            {"PYTHONPATH", "extra:/none"}};
        QCOMPARE(shown(captureEnvironment({python, "t.py"}, folder.path(), variables)),
                 QStringLiteral("a 3, b 2, c 1"));
        variables.emplace_back("PYTHONNOUSERSITE", "1");
        QCOMPARE(shown(captureEnvironment({python, "t.py"}, folder.path(), variables)),
                 QStringLiteral("a 3, b 1, c 1"));
        QCOMPARE(captureEnvironment({python}, folder.path(), variables).pythonVersion, std::string("3.9"));
    }

    void conda() {
        const TempFolder folder;
        makeProgram(folder / "conda/envs/ml/bin/python3.10");
        fs::create_symlink("python3.10", folder / "conda/envs/ml/bin/python");
        folder.write("conda/envs/ml/conda-meta/python-3.10.13-h955ad1f_0.json", "{}");
        folder.write("conda/envs/ml/conda-meta/cuda-toolkit-12.1-0.json", "{}");
        folder.write("conda/envs/ml/lib/python3.10/site-packages/torch-2.1.0+cu121.dist-info/METADATA", "");
        const auto environment =
            captureEnvironment({"conda", "run", "-n", "ml", "python", "t.py"}, folder.path(),
                               {{"CONDA_EXE", (folder / "conda/bin/conda").string()}});
        QCOMPARE(environment.pythonVersion, std::string("3.10.13"));
        QCOMPARE(environment.virtualEnvironment, (folder / "conda/envs/ml").string());
        QCOMPARE(shown(environment), QStringLiteral("cuda-toolkit 12.1, python 3.10.13, torch 2.1.0+cu121"));
    }

    void pyenv() {
        const TempFolder folder;
        makeProgram(folder / "pyenv/shims/python3");
        makeProgram(folder / "pyenv/versions/3.11.9/bin/python3.11");
        fs::create_symlink("python3.11", folder / "pyenv/versions/3.11.9/bin/python3");
        folder.write("pyenv/versions/3.11.9/lib/python3.11/site-packages/a-1.dist-info/METADATA", "");
        folder.write("p/.python-version", "3.11.9\n");
        fs::create_directories(folder / "p/sub");
        const auto environment = captureEnvironment({"python3", "t.py"}, folder / "p/sub",
                                                    {{"PATH", (folder / "pyenv/shims").string()}});
        QCOMPARE(shown(environment), QStringLiteral("a 1"));
    }

    void notPython() {
        const auto environment = captureEnvironment({"/bin/true"}, "/", {{"A", "1"}});
        QVERIFY(environment.pythonExecutable.empty());
        QVERIFY(environment.packages.empty());
        QCOMPARE(environment.variables, (std::vector<runglass::model::Variable>{{"A", "1"}}));
        QVERIFY(captureEnvironment({"no-such-program"}, "/", {}).pythonExecutable.empty());
        QVERIFY(captureEnvironment({}, "/", {}).pythonExecutable.empty());
    }

    void hardware() {
        const auto hardware = runglass::launch::captureHardware();
        const auto processors = runProcess({"nproc"}).out;
        QVERIFY(hardware.cpuCount >= 1);
        QVERIFY2(hardware.cpuCount <= std::stoi(processors), processors.c_str());
        struct sysinfo info {};
        QCOMPARE(::sysinfo(&info), 0);
        QCOMPARE(hardware.memoryBytes, static_cast<std::int64_t>(info.totalram) * info.mem_unit);
        QCOMPARE(hardware.hostName + "\n", runProcess({"uname", "-n"}).out);
        const auto kernel = runProcess({"uname", "-sr"}).out;
        QVERIFY(hardware.operatingSystem.find(kernel.substr(0, kernel.size() - 1)) != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestCaptureEnvironment)
#include "tst_capture_environment.moc"
