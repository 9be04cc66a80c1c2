// SPDX-License-Identifier: GPL-3.0-or-later
// What detectFlags reads from a script's text, compared for argparse with what Python itself makes of the
// same script.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "runglass/launch/script_flags.h"
#include "support/test.h"

using runglass::launch::detectFlags;
using runglass::launch::ScriptFlag;
using Type = runglass::launch::ScriptFlag::Type;

namespace {

const char* const kArgparseScript = R"PY(
import argparse
from pathlib import Path

MODELS = ["mlp", 'cnn', "vit"]
DEFAULT_LR = 3e-3   # a comment, with "quotes" and add_argument("--no")

def build_parser():
    """p.add_argument("--in-a-docstring")"""
    p = argparse.ArgumentParser(description="x")
    p.add_argument("data")
    p.add_argument("extra", nargs="?", default="none")
    p.add_argument("--model", choices=MODELS, default="cnn", help="which " "network (default: %(default)s)")
    p.add_argument('-b', '--batch-size', type=int, default=32,
                   help='images in a '
                        'batch')
    p.add_argument("--lr",
                   type=float, default=DEFAULT_LR)
    p.add_argument("--layers", type=int, nargs="+", default=[64, 64])
    p.add_argument("--amp", action="store_true")
    p.add_argument("--no-shuffle", dest="shuffle", action="store_false")
    p.add_argument("--compile", action=argparse.BooleanOptionalAction, default=False)
    p.add_argument("--tag", action="append")
    p.add_argument("-v", "--verbose", action="count", default=0)
    p.add_argument("--out", type=Path, default=Path("runs"))
    p.add_argument("--seed", type=int, required=True)
    p.add_argument("--clip", type=float, default=-1.5)
    p.add_argument("--weird", default='it\'s "so"')
    p.add_argument("--hidden", help=argparse.SUPPRESS)
    p.add_argument("--version", action="version", version="1")
    g = p.add_argument_group("more")
    g.add_argument("--dropout", type=float, choices=[0.0, 0.1, 0.5], default=0.1)
    g.add_argument(
        "--schedule",
        type=str,
        choices=("cosine", "step"),
        default=None,
    )
    return p
)PY";

const ScriptFlag* find(const std::vector<ScriptFlag>& flags, std::string_view name) {
    for (const auto& flag : flags) {
        if (flag.name == name) {
            return &flag;
        }
    }
    return nullptr;
}

QString words(const std::vector<std::string>& list) {
    QStringList texts;
    for (const auto& text : list) {
        texts << QString::fromStdString(text);
    }
    return texts.join(QLatin1Char(' '));
}

}  // namespace

class TestFlags : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void agreesWithArgparse() {
        const auto found = detectFlags(kArgparseScript);
        QCOMPARE(found.reader, std::string("argparse"));
        const runglass::test::TempFolder folder;
        folder.write("script.py", kArgparseScript);
        folder.write(
            "dump.py",
            "import argparse, json, script\n"
            "out = []\n"
            "for a in script.build_parser()._actions:\n"
            "    if a.help == argparse.SUPPRESS or isinstance(a, (argparse._HelpAction, "
            "argparse._VersionAction)):\n"
            "        continue\n"
            "    out.append(dict(options=a.option_strings or [a.dest], default=None if a.default is None "
            "else str(a.default),\n"
            "        choices=[str(c) for c in a.choices or []], required=a.required, zero=a.nargs == 0,\n"
            "        type=getattr(a.type, '__name__', None),\n"
            "        several=a.nargs in ('+', '*')))\n"
            "print(json.dumps(out))\n");
        const auto python = runglass::test::runProcess({"/usr/bin/python3", "-B", "dump.py"}, folder.path());
        QVERIFY2(python.exitCode == 0, python.err.c_str());
        const auto actions = QJsonDocument::fromJson(QByteArray::fromStdString(python.out)).array();
        QVERIFY(actions.size() >= 17);
        QCOMPARE(found.flags.size(), static_cast<std::size_t>(actions.size()));
        for (const auto& value : actions) {
            const auto action = value.toObject();
            QStringList options;
            for (const auto& option : action[QLatin1String("options")].toArray()) {
                options << option.toString();
            }
            const ScriptFlag* flag = nullptr;
            for (const auto& option : options) {
                flag = flag != nullptr ? flag : find(found.flags, option.toStdString());
            }
            QVERIFY2(flag != nullptr, qPrintable(options.join(QLatin1Char(' '))));
            auto own = words(flag->aliases).split(QLatin1Char(' '), Qt::SkipEmptyParts)
                       << QString::fromStdString(flag->name);
            own.sort();
            options.sort();
            QCOMPARE(own, options);
            QStringList choices;
            for (const auto& choice : action[QLatin1String("choices")].toArray()) {
                choices << choice.toString();
            }
            QCOMPARE(words(flag->choices), choices.join(QLatin1Char(' ')));
            QCOMPARE(flag->required, action[QLatin1String("required")].toBool());
            QCOMPARE(flag->takesSeveral, action[QLatin1String("several")].toBool());
            QCOMPARE(flag->type == Type::Switch, action[QLatin1String("zero")].toBool());
            const auto type = action[QLatin1String("type")].toString();
            QCOMPARE(flag->type == Type::Integer, type == QLatin1String("int"));
            if (flag->choices.empty()) {
                QCOMPARE(flag->type == Type::Number, type == QLatin1String("float"));
            }
            QCOMPARE(flag->positional, !options.first().startsWith(QLatin1Char('-')));
            const bool plain = !action[QLatin1String("default")].isNull() && type != QLatin1String("Path") &&
                               flag->type != Type::Switch;
            if (plain) {
                const auto text = QString::fromStdString(flag->defaultValue);
                const auto expected = action[QLatin1String("default")].toString();
                const bool sameNumber = text.toDouble() == expected.toDouble() && expected.toDouble() != 0;
                QVERIFY2(text == expected || sameNumber, qPrintable(text + QStringLiteral(" ") + expected));
            }
        }
        QCOMPARE(find(found.flags, "--lr")->defaultValue, std::string("3e-3"));
        QCOMPARE(find(found.flags, "--model")->help, std::string("which network (default: cnn)"));
        QCOMPARE(find(found.flags, "--batch-size")->help, std::string("images in a batch"));
        QCOMPARE(find(found.flags, "--weird")->defaultValue, std::string("it's \"so\""));
        QVERIFY(find(found.flags, "--out")->type == Type::Path);
        QVERIFY(find(found.flags, "--tag")->repeatable);
        QVERIFY(find(found.flags, "--in-a-docstring") == nullptr);
    }

    void click() {
        const auto found = detectFlags(R"PY(
import click
@click.command()
@click.argument("data", type=click.Path(exists=True))
@click.option("--lr", "-l", default=1e-3, show_default=True, help="step size")
@click.option("--epochs", "epochs_", default=10)
@click.option("--opt", type=click.Choice(["adam", "sgd"], case_sensitive=False), default="adam")
@click.option("--shuffle/--no-shuffle", default=True)
@click.option("--amp", is_flag=True)
@click.option("--tag", multiple=True)
@click.option("--n", type=click.IntRange(1, 8), required=True)
@click.option("--size", nargs=2, type=int)
def main(): pass
)PY");
        QCOMPARE(found.reader, std::string("click"));
        QCOMPARE(found.flags.size(), std::size_t(9));
        const auto* lr = find(found.flags, "--lr");
        QVERIFY(lr && lr->type == Type::Number && lr->defaultValue == "1e-3" && lr->help == "step size");
        QCOMPARE(words(lr->aliases), QStringLiteral("-l"));
        QVERIFY(find(found.flags, "--epochs")->type == Type::Integer);
        QCOMPARE(words(find(found.flags, "--opt")->choices), QStringLiteral("adam sgd"));
        QVERIFY(find(found.flags, "--shuffle")->type == Type::Switch);
        QCOMPARE(words(find(found.flags, "--shuffle")->aliases), QStringLiteral("--no-shuffle"));
        QVERIFY(find(found.flags, "--amp")->type == Type::Switch);
        QVERIFY(find(found.flags, "--tag")->repeatable);
        QVERIFY(find(found.flags, "--n")->required && find(found.flags, "--n")->type == Type::Integer);
        QVERIFY(find(found.flags, "--size")->takesSeveral);
        const auto* data = find(found.flags, "data");
        QVERIFY(data && data->positional && data->required && data->type == Type::Path);
    }

    void typer() {
        const auto found = detectFlags(R"PY(
import typer
from typing import Annotated, Optional, List
app = typer.Typer()

@app.command()
def train(data: Path, lr: float = 1e-3, num_epochs: int = typer.Option(10, "--epochs", "-e", help="how long"),
          amp: bool = False, name: Optional[str] = None,
          width: Annotated[int, typer.Option(help="units")] = 64, tags: List[str] = []):
    helper(lr)

def helper(x: float = 3): pass
if __name__ == "__main__":
    app()
)PY");
        QCOMPARE(found.reader, std::string("typer"));
        QCOMPARE(found.flags.size(), std::size_t(7));
        QVERIFY(find(found.flags, "data")->positional && find(found.flags, "data")->type == Type::Path);
        QVERIFY(find(found.flags, "--lr")->type == Type::Number);
        const auto* epochs = find(found.flags, "--epochs");
        QVERIFY(epochs && epochs->defaultValue == "10" && epochs->help == "how long" &&
                epochs->type == Type::Integer);
        QVERIFY(find(found.flags, "--amp")->type == Type::Switch);
        QCOMPARE(words(find(found.flags, "--amp")->aliases), QStringLiteral("--no-amp"));
        QVERIFY(find(found.flags, "--name")->defaultValue.empty());
        QCOMPARE(find(found.flags, "--width")->help, std::string("units"));
        QVERIFY(find(found.flags, "--tags")->repeatable);
    }

    void typerRun() {
        const auto found = detectFlags("import typer\ndef main(n: int = 1): pass\ntyper.run(main)\n");
        QCOMPARE(found.flags.size(), std::size_t(1));
        QCOMPARE(found.flags[0].name, std::string("--n"));
    }

    void absl() {
        const auto found = detectFlags(R"PY(
from absl import flags
FLAGS = flags.FLAGS
flags.DEFINE_float("lr", 1e-3, "step size")
_N = flags.DEFINE_integer(name='n', default=None, help='count', required=True)
flags.DEFINE_enum("opt", "adam", ["adam", "sgd"], "which")
flags.DEFINE_bool("amp", False, "mixed precision")
flags.DEFINE_multi_string("tag", [], "tags")
)PY");
        QCOMPARE(found.reader, std::string("absl"));
        QCOMPARE(found.flags.size(), std::size_t(5));
        QVERIFY(find(found.flags, "--lr")->type == Type::Number &&
                find(found.flags, "--lr")->defaultValue == "1e-3");
        QVERIFY(find(found.flags, "--n")->required && find(found.flags, "--n")->help == "count");
        QCOMPARE(words(find(found.flags, "--opt")->choices), QStringLiteral("adam sgd"));
        QVERIFY(find(found.flags, "--amp")->type == Type::Switch);
        QVERIFY(find(found.flags, "--tag")->repeatable);
    }

    void dataclasses() {
        const auto found = detectFlags(R"PY(
from dataclasses import dataclass, field
from transformers import HfArgumentParser
@dataclass
class Args:
    """Settings."""
    model_name: str = field(metadata={"help": "which " "model", "choices": ["a", "b"]})
    learning_rate: float = 5e-5
    layers: list[int] = field(default_factory=list)
    fp16: bool = False
    cache_dir: Optional[str] = field(default=None, metadata={"help": "where"})

    def method(self): x: int = 3

class NotOne:
    y: int = 1
parser = HfArgumentParser(Args)
)PY");
        QCOMPARE(found.reader, std::string("HfArgumentParser"));
        QCOMPARE(found.flags.size(), std::size_t(5));
        const auto* model = find(found.flags, "--model_name");
        QVERIFY(model->required && model->type == Type::Choice && model->help == "which model");
        QVERIFY(find(found.flags, "--learning_rate")->type == Type::Number);
        QVERIFY(find(found.flags, "--layers")->takesSeveral &&
                find(found.flags, "--layers")->type == Type::Integer);
        QVERIFY(find(found.flags, "--fp16")->type == Type::Switch);
        QVERIFY(find(found.flags, "--cache_dir")->type == Type::Path &&
                !find(found.flags, "--cache_dir")->required);
    }

    void whatCannotBeReadIsLeftOut() {
        QVERIFY(detectFlags("").flags.empty());
        QVERIFY(
            detectFlags("p.add_argument(name)\np.add_argument(f\"--{x}\")\np.add_argument(").flags.empty());
        QVERIFY(detectFlags("'''p.add_argument('--x')").flags.empty());
        QVERIFY(detectFlags("# p.add_argument('--x')").flags.empty());
        const auto found = detectFlags(
            "p.add_argument('--a', choices=make(), default=f(3), type=lambda x: int(x), nargs=N)");
        QCOMPARE(found.flags.size(), std::size_t(1));
        QVERIFY(found.flags[0].choices.empty());
        QCOMPARE(found.flags[0].defaultValue, std::string("f(3)"));
    }

    void hostileTextIsBounded() {
        for (const char* piece : {"(", "[{(", "'", "\"\"\"", "\\\n", "p.add_argument(",
                                  "@dataclass\nclass A:\n ", "@click.option(", "\n\t", "def f("}) {
            std::string text = "import typer, click\nHfArgumentParser\n";
            while (text.size() < 300'000) {
                text += piece;
            }
            detectFlags(text);
        }
    }
};

QTEST_GUILESS_MAIN(TestFlags)
#include "tst_flags.moc"
