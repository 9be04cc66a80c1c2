// SPDX-License-Identifier: GPL-3.0-or-later
// Form → command and command → form.
#include "runglass/ui/launch/flag_edit.h"
#include "support/test.h"

using namespace runglass;
using Type = launch::ScriptFlag::Type;

class FlagEditTest final : public test::TestCase {
    Q_OBJECT

    launch::ScriptFlags m_declared = launch::detectFlags(
        "import argparse\n"
        "p.add_argument('data')\n"
        "p.add_argument('-b', '--batch', type=int, default=32)\n"
        "p.add_argument('--lr', type=float, default=1e-3)\n"
        "p.add_argument('--name')\n"
        "p.add_argument('--layers', nargs='+', type=int)\n"
        "p.add_argument('--amp', action='store_true')\n"
        "p.add_argument('--comp', action=argparse.BooleanOptionalAction)\n");

    const launch::ScriptFlag& flag(const char* name) {
        for (const auto& candidate : m_declared.flags) {
            if (candidate.name == name) {
                return candidate;
            }
        }
        qFatal("no such flag");
    }
    QString value(const char* line, const char* name) {
        const auto found = ui::flagValue(line, flag(name), m_declared);
        return found ? QString::fromStdString(*found) : QStringLiteral("-");
    }
    QString with(const char* line, const char* name, std::optional<std::string> text) {
        const auto changed = ui::withFlagValue(line, flag(name), text);
        // What was set must be read back.
        if (text && flag(name).type != Type::Switch) {
            const auto back = ui::flagValue(changed, flag(name), m_declared);
            if (!back || *back != *text) {
                return QStringLiteral("not read back: ") + QString::fromStdString(changed);
            }
        }
        return QString::fromStdString(changed);
    }

private Q_SLOTS:
    void read() {
        QCOMPARE(value("python t.py d --lr 3e-3", "--lr"), QStringLiteral("3e-3"));
        QCOMPARE(value("python t.py d --lr=3e-3", "--lr"), QStringLiteral("3e-3"));
        QCOMPARE(value("python t.py d -b 8 --amp", "--batch"), QStringLiteral("8"));
        QCOMPARE(value("python t.py d --amp x", "--amp"), QStringLiteral("true"));
        QCOMPARE(value("python t.py d --no-comp", "--comp"), QStringLiteral("false"));
        QCOMPARE(value("python t.py d --layers 1 2 3 --amp", "--layers"), QStringLiteral("1 2 3"));
        QCOMPARE(value("python t.py d --name 'a b'", "--name"), QStringLiteral("a b"));
        QCOMPARE(value("python t.py d", "--lr"), QStringLiteral("-"));
        QCOMPARE(value("torchrun --lr 5 t.py d", "--lr"), QStringLiteral("-"));
        QCOMPARE(value("", "--lr"), QStringLiteral("-"));
    }

    void change() {
        QCOMPARE(with("python t.py d  --lr 3e-3 --amp", "--lr", "1e-4"),
                 QStringLiteral("python t.py d  --lr 1e-4 --amp"));
        QCOMPARE(with("python t.py --lr=3e-3 \"q u\"", "--lr", "1e-4"),
                 QStringLiteral("python t.py --lr=1e-4 \"q u\""));
        QCOMPARE(with("python t.py -b 8", "--batch", "16"), QStringLiteral("python t.py -b 16"));
        QCOMPARE(with("python t.py", "--name", "it's"), QStringLiteral("python t.py --name 'it'\\''s'"));
        QCOMPARE(with("python t.py --layers 1 2 3 --amp", "--layers", "4 5"),
                 QStringLiteral("python t.py --layers 4 5 --amp"));
        QCOMPARE(with("python t.py -- x", "--lr", "1"), QStringLiteral("python t.py --lr 1 -- x"));
        QCOMPARE(with("python t.py  ", "--lr", "-1"), QStringLiteral("python t.py --lr -1"));
    }

    void remove() {
        QCOMPARE(with("python t.py --lr 3 --amp", "--lr", std::nullopt), QStringLiteral("python t.py --amp"));
        QCOMPARE(with("python t.py --amp --lr=3", "--lr", std::nullopt), QStringLiteral("python t.py --amp"));
        QCOMPARE(with("python t.py --amp", "--amp", std::nullopt), QStringLiteral("python t.py"));
        QCOMPARE(with("python t.py", "--amp", std::nullopt), QStringLiteral("python t.py"));
    }

    void switches() {
        QCOMPARE(with("python t.py", "--amp", "true"), QStringLiteral("python t.py --amp"));
        QCOMPARE(with("python t.py --comp", "--comp", "false"), QStringLiteral("python t.py --no-comp"));
        QCOMPARE(with("python t.py --no-comp", "--comp", "true"), QStringLiteral("python t.py --comp"));
        QCOMPARE(with("python t.py --amp", "--amp", "false"), QStringLiteral("python t.py"));
    }
};

QTEST_MAIN(FlagEditTest)
#include "tst_flag_edit.moc"
