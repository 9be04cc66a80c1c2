// SPDX-License-Identifier: GPL-3.0-or-later
// What people and shells see: tables, terminals, locales, help, man page, completion.
#include <algorithm>

#include "cli_support.h"

using namespace runglass::test;

namespace {

/// Every word that begins with two dashes in the help of a command.
QStringList optionsOf(const std::string& help) {
    QStringList options;
    QRegularExpression option(QStringLiteral("^  (?:-\\w, )?(--[a-z-]+)"),
                              QRegularExpression::MultilineOption);
    auto matches = option.globalMatch(QString::fromStdString(help));
    while (matches.hasNext()) {
        options << matches.next().captured(1);
    }
    return options;
}

QStringList commandNames(const std::filesystem::path& folder) {
    QStringList names;
    const auto help = QString::fromStdString(output(folder, {"--help"}));
    QRegularExpression command(QStringLiteral("^  ([a-z]+)  +\\S"), QRegularExpression::MultilineOption);
    auto matches = command.globalMatch(
        help.section(QStringLiteral("Commands:"), 1).section(QStringLiteral("Options:"), 0, 0));
    while (matches.hasNext()) {
        names << matches.next().captured(1);
    }
    return names;
}

}  // namespace

class TestOutput : public runglass::test::TestCase {
    Q_OBJECT

    TempFolder m_project;
    [[nodiscard]] const std::filesystem::path& folder() const { return m_project.path(); }

    /// On a terminal of this many columns.
    std::string onTerminal(int columns, const std::string& command) const {
        const auto line =
            "stty cols " + std::to_string(columns) + "; " + runglassProgram().native() + " " + command;
        auto text = runProcess({"script", "-qec", line, "/dev/null"}, folder()).out;
        std::erase(text, '\r');
        return text;
    }

    /// What bash offers for these words; the last one is being typed.
    std::vector<std::string> completions(const std::string& words, int position) const {
        const auto script = "source <(\"$0\" __generate bash); runglass() { \"$0\" \"$@\"; }; PATH=" +
                            runglassProgram().parent_path().native() + ":$PATH; COMP_WORDS=(" + words +
                            "); COMP_CWORD=" + std::to_string(position) +
                            "; _runglass 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"";
        return lines(runProcess({"bash", "-c", script, runglassProgram().native()}, folder()).out);
    }

private Q_SLOTS:
    void initTestCase() {
        makeProject(m_project, {{"readme", "x\n"}});
        const Words names{"plain", "日本語の実験", "naïve café", "esc\x1b[31m\nnewline",
                          std::string(120, 'w')};
        for (const auto& name : names) {
            output(folder(), {"run", "-q", "--name", name, "--", "echo", "step=1 loss=0.125 val/acc=0.5"});
        }
    }

    void columnsAlignWhateverTheScript() {
        const auto rows = lines(output(folder(), {"runs", "--columns", "name,exit_code,status"}));
        QCOMPARE(rows.size(), std::size_t{6});
        // A ruler of its own: CJK takes two columns, combining marks none.
        const auto result =
            runProcess({"python3", "-c",
                        "import sys, unicodedata as u\n"
                        "width = lambda t: sum(0 if u.combining(c) else 2 if u.east_asian_width(c) in 'WF' "
                        "else 1 for c in t)\n"
                        "rows = sys.stdin.read().splitlines()\n"
                        "at = {width(r[:r.index('finished')]) for r in rows[1:]}\n"
                        "assert len(at) == 1, at\n"
                        "assert width(rows[0][:rows[0].index('status')]) in at\n"
                        "assert not any(ord(c) < 32 for r in rows for c in r)\n"},
                       folder(), output(folder(), {"runs", "--columns", "name,exit_code,status"}));
        QVERIFY2(result.exitCode == 0, result.err.c_str());
    }

    void terminalsGetLinesThatFit() {
        const auto piped = lines(output(folder(), {"runs"}));
        QVERIFY(std::ranges::any_of(piped,
                                    [](const auto& line) { return line.size() > 150; }));  // nothing is cut
        for (const int columns : {40, 80, 132}) {
            for (const auto& line : lines(onTerminal(columns, "runs"))) {
                QVERIFY2(QString::fromStdString(line).startsWith(QLatin1Char('(')) ||
                             QString::fromStdString(line).size() <= columns,
                         line.c_str());
            }
        }
        QVERIFY(onTerminal(80, "runs").find("…") != std::string::npos);
    }

    /// Numbers have a dot in every locale. The locale is made here, as few machines have it.
    void numbersDoNotFollowTheLocale() {
        const TempFolder locales;
        const auto made =
            runProcess({"localedef", "-i", "de_DE", "-f", "UTF-8", (locales / "de_DE.UTF-8").native()});
        if (made.exitCode != 0) {
            QSKIP("the package locales is not installed");
        }
        const Words german{"LC_ALL=de_DE.UTF-8", "LOCPATH=" + locales.path().native()};
        const auto check = runProcess({"env", german[0], german[1], "python3", "-c",
                                       "import locale; locale.setlocale(locale.LC_ALL, ''); "
                                       "print(locale.localeconv()['decimal_point'])"});
        QCOMPARE(check.out, std::string(",\n"));
        for (const Words& words : {Words{"runs"}, Words{"runs", "--format", "json"},
                                   Words{"runs", "--format", "csv"}, Words{"metrics", "plain"}}) {
            QCOMPARE(call(folder(), words, german).out, output(folder(), words));
        }
        QCOMPARE(lines(call(folder(), {"runs", "-q", "--filter", "metrics.loss = 0.125"}, german).out).size(),
                 std::size_t{5});
    }

    void helpTeachesByExample() {
        const auto names = commandNames(folder());
        for (const char* name : {"open", "run", "runs", "show", "log", "metrics", "diff", "history", "plot",
                                 "stop", "check", "demo"}) {
            QVERIFY2(names.contains(QLatin1String(name)), name);
        }
        for (const auto& name : names) {
            const auto help = output(folder(), {name.toStdString(), "--help"});
            QCOMPARE(help, output(folder(), {"help", name.toStdString()}));
            QVERIFY2(help.find("\nExamples:\n  runglass " + name.toStdString()) != std::string::npos,
                     help.c_str());
            for (const auto& line : lines(help)) {
                QVERIFY2(QString::fromStdString(line).size() <= 100, line.c_str());
            }
        }
    }

    void manPageAndCompletionsHaveEveryOption() {
        const TempFolder made;
        const auto page =
            made.write("runglass.1",
                       output(folder(), {"__generate", "man"}) +
                           runProcess({"cat", (sourceFolder() / "packaging/man/sections.1").native()}).out);
        const auto rendered =
            runProcess({"env", "MANWIDTH=400", "man", "--warnings", "-l", "-Tutf8", page.native()});
        QCOMPARE(rendered.exitCode, 0);
        QCOMPARE(rendered.err, std::string());
        const auto plain = runProcess({"col", "-bx"}, {}, rendered.out);
        const auto manual = QString::fromStdString(plain.exitCode == 0 ? plain.out : rendered.out);
        const auto bash = QString::fromStdString(output(folder(), {"__generate", "bash"}));
        const auto zsh = QString::fromStdString(output(folder(), {"__generate", "zsh"}));
        for (const auto& name : commandNames(folder())) {
            QVERIFY2(manual.contains(QStringLiteral("runglass ") + name), qPrintable(name));
            const auto options = optionsOf(output(folder(), {name.toStdString(), "--help"}));
            QVERIFY(options.size() >= 2);
            for (const auto& option : options) {
                QVERIFY2(manual.contains(option), qPrintable(name + option));
                const auto offered = completions("runglass " + name.toStdString() + " --", 2);
                QVERIFY2(std::ranges::find(offered, option.toStdString()) != offered.end(),
                         qPrintable(name + option));
                const auto section = zsh.section(QStringLiteral("        ") + name + QStringLiteral(")\n"), 1)
                                         .section(QStringLiteral(";;"), 0, 0);
                QVERIFY2(section.contains(option + QLatin1Char('[')), qPrintable(name + option));
            }
        }
        const auto bashFile = made.write("bash", bash.toStdString());
        const auto zshFile = made.write("zsh", zsh.toStdString());
        QCOMPARE(runProcess({"bash", "-n", bashFile.native()}).exitCode, 0);
        QCOMPARE(runProcess({"zsh", "-n", zshFile.native()}).exitCode, 0);
    }

    void bashCompletesIdsAndKeys() {
        auto ids = lines(output(folder(), {"runs", "-q"}));
        for (auto& id : ids) {
            id = id.substr(0, 8);
        }
        QCOMPARE(completions("runglass show ''", 2), ids);
        QCOMPARE(completions("runglass show " + ids[2].substr(0, 7), 2), Words{ids[2]});
        QCOMPARE(completions("runglass plot --metric va", 3), Words{"val/acc"});
        QCOMPARE(completions("runglass runs --format ''", 3), (Words{"table", "json", "csv"}));
        QCOMPARE(completions("runglass hi", 1), Words{"history"});
        QCOMPARE(completions("runglass run pytho", 2).empty(), false);
    }

    /// Qt costs more time to load than most commands take.
    void doesNotLoadQt() {
        const auto linked = runProcess({"ldd", runglassProgram().native()}).out;
        QVERIFY2(linked.find("libQt") == std::string::npos, linked.c_str());
    }
};

QTEST_GUILESS_MAIN(TestOutput)
#include "tst_output.moc"
