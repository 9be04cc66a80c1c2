// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/syntax.h"

#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

/// `text/K`-style notation of what was coloured.
QString colored(Language language, std::string_view line, SyntaxState state = 0,
                SyntaxState* next = nullptr) {
    std::vector<SyntaxSpan> spans;
    const SyntaxState after = highlightLine(language, line, state, &spans);
    if (next != nullptr) {
        *next = after;
    }
    constexpr char kLetters[] = "KSNCFT";
    QString out;
    for (const auto& span : spans) {
        const auto text = line.substr(static_cast<std::size_t>(span.begin),
                                      static_cast<std::size_t>(span.end - span.begin));
        out += QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())) + QLatin1Char('/') +
               QLatin1Char(kLetters[static_cast<int>(span.kind)]) + QLatin1Char(' ');
    }
    return out.trimmed();
}

}  // namespace

class TestSyntax : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void lines_data() {
        QTest::addColumn<int>("language");
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, Language language, const char* line, const char* expected) {
            QTest::newRow(name) << static_cast<int>(language) << QByteArray(line)
                                << QString::fromUtf8(expected);
        };
        row("def", Language::Python, "def augment(x, cfg):  # all", "def/K augment/F # all/C");
        row("class", Language::Python, "class Net(Module): pass", "class/K Net/T pass/K");
        row("number", Language::Python, "lr = 1e-3 + 0x1F - .5", "1e-3/N 0x1F/N .5/N");
        row("name with digits", Language::Python, "conv2d(x1)", "");
        row("strings", Language::Python, "f('a#b', r\"c\\\")", "'a#b'/S r\"c\\\")/S");
        row("prefix", Language::Python, "x = f'{a}'", "f'{a}'/S");
        row("decorator", Language::Python, "@torch.no_grad()", "@torch.no_grad/F");
        row("match statement", Language::Python, "match command:", "match/K");
        row("match name", Language::Python, "match = re.match(p, s)", "");
        row("yaml", Language::Yaml, "lr: 3e-4  # peak", "3e-4/N # peak/C");
        row("yaml constant", Language::Yaml, "nesterov: true", "true/K");
        row("yaml no comment", Language::Yaml, "url: a#b", "");
        row("yaml word in a path", Language::Yaml, "path: /no/thing", "");
        row("json", Language::Json, R"(  "lr": 0.1, "on": true, "s": "x")",
            R"("lr"/F 0.1/N "on"/F true/K "s"/F "x"/S)");
        row("toml", Language::Toml, "[train.opt]", "[train.opt]/T");
        row("toml value", Language::Toml, "lr = 0.1 # x", "0.1/N # x/C");
        row("shell", Language::Shell, "if [ -f x ]; then # y", "if/K then/K # y/C");
        row("plain", Language::Plain, "def 1 'x'", "");
        row("open string", Language::Python, "x = 'abc", "'abc/S");
        row("escape at the end", Language::Python, "x = 'abc\\", "'abc\\/S");
        row("empty", Language::Python, "", "");
    }
    void lines() {
        QFETCH(int, language);
        QFETCH(QByteArray, line);
        QFETCH(QString, expected);
        QCOMPARE(colored(static_cast<Language>(language),
                         std::string_view(line.data(), static_cast<std::size_t>(line.size()))),
                 expected);
    }
    void stringsOverSeveralLines() {
        SyntaxState state = 0;
        QCOMPARE(colored(Language::Python, "x = \"\"\"one", 0, &state), QStringLiteral("\"\"\"one/S"));
        QVERIFY(state != 0);
        QCOMPARE(colored(Language::Python, "def ''' 1", state, &state), QStringLiteral("def ''' 1/S"));
        QCOMPARE(colored(Language::Python, "end\"\"\" + 1", state, &state),
                 QStringLiteral("end\"\"\"/S 1/N"));
        QCOMPARE(static_cast<int>(state), 0);
        QCOMPARE(colored(Language::Python, "'''all on one line''' if x", 0, &state),
                 QStringLiteral("'''all on one line'''/S if/K"));
        QCOMPARE(static_cast<int>(state), 0);
    }
    void anyBytesAreTaken() {
        std::vector<SyntaxSpan> spans;
        for (int language = 0; language <= static_cast<int>(Language::Shell); ++language) {
            for (int a = 0; a < 256; ++a) {
                for (int b = 0; b < 256; ++b) {
                    const char line[] = {static_cast<char>(a), static_cast<char>(b), static_cast<char>(a)};
                    spans.clear();
                    highlightLine(static_cast<Language>(language), std::string_view(line, 3), 0, &spans);
                    int at = 0;
                    for (const auto& span : spans) {
                        QVERIFY(span.begin >= at && span.end > span.begin && span.end <= 3);
                        at = span.end;
                    }
                }
            }
        }
    }
    void languagesByName() {
        QCOMPARE(static_cast<int>(languageOf("src/train.py")), static_cast<int>(Language::Python));
        QCOMPARE(static_cast<int>(languageOf("a.yml")), static_cast<int>(Language::Yaml));
        QCOMPARE(static_cast<int>(languageOf("py")), static_cast<int>(Language::Plain));
        QCOMPARE(static_cast<int>(languageOf("a.py/README")), static_cast<int>(Language::Plain));
    }
};

QTEST_GUILESS_MAIN(TestSyntax)
#include "tst_syntax.moc"
