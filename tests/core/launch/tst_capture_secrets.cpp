// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/launch/capture.h"
#include "support/test.h"

using runglass::launch::looksLikeSecret;

class TestCaptureSecrets : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void variables_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<bool>("secret");
        const auto row = [](const char* name, const char* value, bool secret) {
            QTest::newRow(
                qPrintable(QStringLiteral("%1=%2").arg(QString::fromUtf8(name), QString::fromUtf8(value))))
                << QString::fromUtf8(name) << QString::fromUtf8(value) << secret;
        };
        row("WANDB_API_KEY", "0123", true);
        row("HF_TOKEN", "x", true);
        row("GITHUBTOKEN", "x", true);
        row("PGPASSWORD", "x", true);
        row("AWS_SECRET_ACCESS_KEY", "x", true);
        row("db.password", "x", true);
        row("SENTRY_DSN", "x", true);
        row("GOOGLE_APPLICATION_CREDENTIALS", "/k.json", true);
        row("WANDB_API_KEY", "", false);
        row("TOKENIZERS_PARALLELISM", "false", false);
        row("KEYBOARD", "us", false);
        row("MONKEY", "1", false);
        row("PWD", "/home/ada", false);
        row("OLDPWD", "/", false);
        row("PATH", "/usr/bin:/bin", false);
        row("SSH_AUTH_SOCK", "/tmp/agent", false);
        row("AUTHOR", "Ada", false);
        row("COMPASS", "n", false);
        row("X", "ghp_0123456789abcdefghijABCDEFGHIJ012345", true);
        row("X", "Bearer sk-proj-0123456789abcdefghij", true);
        row("X", "id=AKIAIOSFODNN7EXAMPLE", true);
        row("X", "AKIA is a prefix", false);
        row("X", "-----BEGIN RSA PRIVATE KEY-----\nabc", true);
        row("DATABASE_URL", "postgres://ada:hunter2@db/x", true);
        row("X", "see redis://:pw@cache:6379", true);
        row("X", "https://example.org/a:b@c", false);
        row("X", "https://example.org:8080/path", false);
        row("X", "ssh://git@github.com/a/b", false);
        row("X", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N", true);
        row("X", "sk-learn", false);
        row("X", "hf_transfer", false);
    }
    void variables() {
        QFETCH(QString, name);
        QFETCH(QString, value);
        QTEST(looksLikeSecret(name.toStdString(), value.toStdString()), "secret");
    }

    void aRunKeepsNoSecret() {
        const runglass::test::TempFolder folder;
        folder.write("c.yaml", "lr: 1e-3\nservice:\n  api_key: hunter2secret\n");
        runglass::launch::LaunchSpec spec;
        spec.project = folder.path();
        spec.command = {"python3",      "train.py",   "--config",
                        "c.yaml",       "--password", "letmein77",
                        "--max-tokens", "512",        "--hub=ghp_0123456789abcdefghijABCDEFGHIJ012345"};
        spec.environment = {{"MY_TOKEN", "topsecretvalue"}, {"PLAIN", "shown"}};
        const auto detail = runglass::launch::captureRun(spec);
        std::string all;
        for (const auto& param : detail.record.params) {
            all += param.key.str() + "=" + param.value.str() + "\n";
        }
        QVERIFY(all.find("max-tokens=512") != std::string::npos);
        QVERIFY(all.find("lr=1e-3") != std::string::npos);
        for (const auto& word : detail.command) {
            all += word + "\n";
        }
        for (const auto& file : detail.configFiles) {
            all += file.content;
        }
        for (const auto& [key, value] : detail.environment->variables) {
            all += key + "=" + value + "\n";
        }
        QVERIFY(all.find("PLAIN=shown") != std::string::npos);
        for (const char* secret : {"hunter2secret", "letmein77", "ghp_", "topsecretvalue"}) {
            QVERIFY2(all.find(secret) == std::string::npos, secret);
        }
        const auto& withheld = detail.environment->withheld;
        QVERIFY(std::find(withheld.begin(), withheld.end(), "MY_TOKEN") != withheld.end());
        QVERIFY(!detail.problems.empty());
        QVERIFY(detail.problems.back().find("password") != std::string::npos);
    }

    void tokensOfPeopleAndOfModels_data() {
        QTest::addColumn<QString>("word");
        QTest::addColumn<bool>("kept");
        for (const char* secret : {"token=abcdef99", "hub.token=abcdef99", "--token=abcdef99",
                                   "hf_token=abcdef99", "+api_token=abcdef99", "password=abcdef99"}) {
            QTest::newRow(secret) << QString::fromUtf8(secret) << false;
        }
        for (const char* harmless : {"eos_token=abcdef99", "max_token=abcdef99", "tokens=abcdef99",
                                     "tokenizer=abcdef99", "--pad-token=abcdef99"}) {
            QTest::newRow(harmless) << QString::fromUtf8(harmless) << true;
        }
    }

    void tokensOfPeopleAndOfModels() {
        QFETCH(const QString, word);
        QFETCH(const bool, kept);
        const runglass::test::TempFolder folder;
        runglass::launch::LaunchSpec spec;
        spec.project = folder.path();
        spec.command = {"python3", "train.py", word.toStdString()};
        const auto detail = runglass::launch::captureRun(spec);
        QCOMPARE(detail.record.params.size(), std::size_t{1});
        QCOMPARE(detail.record.params[0].value.text() == "abcdef99", kept);
        QCOMPARE(detail.command.back().find("abcdef99") != std::string::npos, kept);
        QCOMPARE(detail.problems.empty(), kept);
    }
};

QTEST_GUILESS_MAIN(TestCaptureSecrets)
#include "tst_capture_secrets.moc"
