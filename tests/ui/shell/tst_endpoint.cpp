// SPDX-License-Identifier: GPL-3.0-or-later
// The tracking endpoint in the window, checked against the command line and plain HTTP.
#include <QClipboard>
#include <QDialog>
#include <QLabel>
#include <QLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTreeWidget>

#include "endpoint.h"
#include "endpoint_dialog.h"
#include "endpoint_item.h"
#include "fact_list.h"
#include "runglass/ui/runs/inspector.h"
#include "runglass/ui/widgets/label.h"
#include "shell_support.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

test::ProcessResult serve(const std::filesystem::path& project, std::vector<std::string> arguments) {
    std::vector<std::string> command{test::runglassProgram().string(), "serve", "--project",
                                     project.string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return test::runProcess(command);
}

/// Where `serve --detach` says that it listens.
std::string uriOf(const test::ProcessResult& served) {
    const auto from = served.out.find("http://");
    return served.out.substr(from, served.out.find('\n', from) - from);
}

/// The body of the answer, whatever its status.
std::string get(const std::string& uri) {
    return test::runProcess({"python3", "-c",
                             "import sys, urllib.request, urllib.error\n"
                             "try: print(urllib.request.urlopen(sys.argv[1]).read())\n"
                             "except urllib.error.HTTPError as error: print(error.read())\n",
                             uri})
        .out;
}

/// Sends `body`, in which ' stands for "; the answer, whatever its status.
std::string post(const std::string& uri, std::string body, const char* method = "POST") {
    std::replace(body.begin(), body.end(), '\'', '"');
    return test::runProcess({"python3", "-c",
                             "import sys, urllib.request, urllib.error\n"
                             "request = urllib.request.Request(sys.argv[1], sys.argv[2].encode(), "
                             "{'Content-Type': 'application/json'}, method=sys.argv[3])\n"
                             "try: print(urllib.request.urlopen(request).read().decode())\n"
                             "except urllib.error.HTTPError as error: print(error.read())\n",
                             uri, body, method})
        .out;
}

bool showsFact(const Inspector& inspector, const QString& key) {
    const auto lists = inspector.findChildren<FactList*>();
    return std::any_of(lists.begin(), lists.end(), [&](const FactList* list) {
        const auto& facts = list->facts();
        return std::any_of(facts.begin(), facts.end(), [&](const auto& fact) { return fact.key == key; });
    });
}

/// One project with a window on it; nothing goes on serving it afterwards.
struct ServedProject {
    test::TempFolder folder;
    MainWindow window;

    ServedProject() {
        test::makeRuns(folder.path(), {"one"});
        QVERIFY(window.openProject(folder.path()).ok());
    }
    ~ServedProject() { serve(folder.path(), {"--stop"}); }

    [[nodiscard]] Endpoint* endpoint() const { return window.findChild<Endpoint*>(); }
    [[nodiscard]] EndpointItem* item() const { return window.findChild<EndpointItem*>(); }
    template <typename Widget>
    [[nodiscard]] Widget* part(const char* name) const {
        return window.findChild<Widget*>(QLatin1String(name));
    }
    void trigger(const char* action) const { part<QAction>(action)->trigger(); }
};

/// Whether every wrapped text of the dialog is seen whole, and nothing lies over something else.
bool hasRoom(const ServedProject& project) {
    auto* dialog = project.part<QDialog>("endpointDialog");
    for (const auto* label : dialog->findChildren<QLabel*>()) {
        if (label->isVisible() && label->wordWrap() &&
            label->height() < label->heightForWidth(label->width())) {
            return false;
        }
    }
    return dialog->height() >= dialog->layout()->totalHeightForWidth(dialog->width());
}

}  // namespace

class EndpointTest : public test::ShellTestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        qputenv("RUNGLASS_BIN", QByteArray::fromStdString(test::runglassProgram().string()));
    }

    void theDialogStartsAndStopsIt() {
        ServedProject project;
        test::showWindow(&project.window);
        QTRY_VERIFY(project.window.session()->loaded());
        QVERIFY(!project.item()->isVisible());
        project.trigger("run.endpoint");
        auto* state = project.part<Label>("endpointState");
        auto* button = project.part<QPushButton>("endpointStart");
        QCOMPARE(state->text(), QStringLiteral("Not served"));
        QVERIFY(!project.part<QPushButton>("endpointCopy")->isEnabled());
        QTRY_VERIFY(hasRoom(project));
        project.part<QSpinBox>("endpointPort")->setValue(0);
        button->click();
        QTRY_VERIFY(project.endpoint()->standing().has_value());
        const auto uri = QString::fromStdString(project.endpoint()->standing()->uri);
        QVERIFY(project.endpoint()->isOurs());
        QCOMPARE(state->text(), QStringLiteral("Served at ") + uri);
        QVERIFY(!project.part<QLabel>("endpointProblem")->isVisible());
        const auto told = serve(project.folder.path(), {"--status"});
        QCOMPARE(told.exitCode, 0);
        QVERIFY2(told.out.find(uri.toStdString()) != std::string::npos, told.out.c_str());
        project.part<QPushButton>("endpointCopy")->click();
        QCOMPARE(QApplication::clipboard()->text(),
                 QStringLiteral("export MLFLOW_TRACKING_URI=%1\n").arg(uri));
        QVERIFY(project.item()->isVisible());
        QCOMPARE(button->text(), QStringLiteral("Stop"));
        button->click();
        QTRY_COMPARE(state->text(), QStringLiteral("Not served"));
        QCOMPARE(serve(project.folder.path(), {"--status"}).exitCode, 1);
        QTRY_VERIFY(!project.item()->isVisible());
    }

    void callsThatAreNotAnsweredAreCounted() {
        ServedProject project;
        test::showWindow(&project.window);
        const auto uri = uriOf(serve(project.folder.path(), {"--detach", "--port", "0"}));
        project.trigger("run.endpoint");
        for (int i = 0; i < 3; ++i) {
            const auto answer = get(uri + "/api/2.0/mlflow/no-such-thing");
            QVERIFY2(answer.find("ENDPOINT_NOT_FOUND") != std::string::npos, answer.c_str());
        }
        QTRY_COMPARE(project.endpoint()->unansweredCount(), 3);
        auto* calls = project.part<QTreeWidget>("endpointCalls");
        QVERIFY(calls->isVisible());
        QTRY_VERIFY(hasRoom(project));
        QCOMPARE(calls->topLevelItemCount(), 1);
        QCOMPARE(calls->topLevelItem(0)->text(0), QStringLiteral("3"));
        QCOMPARE(calls->topLevelItem(0)->text(1), QStringLiteral("GET /api/2.0/mlflow/no-such-thing"));
        QVERIFY(calls->topLevelItem(0)->text(2).startsWith(QStringLiteral("Python-urllib/")));
        QVERIFY2(project.item()->text().contains(QLatin1Char('3')), qPrintable(project.item()->text()));
        // They are told of when nothing listens any more, too.
        QCOMPARE(serve(project.folder.path(), {"--stop"}).exitCode, 0);
        QTRY_VERIFY(!project.endpoint()->standing());
        QVERIFY(project.item()->isVisible());
        QCOMPARE(calls->topLevelItemCount(), 1);
        QVERIFY(serve(project.folder.path(), {"--status"}).out.find("no-such-thing") != std::string::npos);
        // Who has read of them may forget them.
        auto* forget = project.part<QPushButton>("endpointForget");
        QVERIFY(forget->isVisible());
        forget->click();
        QTRY_COMPARE(project.endpoint()->unansweredCount(), 0);
        QTRY_VERIFY(!calls->isVisible() && !forget->isVisible());
        QVERIFY(serve(project.folder.path(), {"--status"}).out.find("no-such-thing") == std::string::npos);
    }

    /// Nothing has to be selected anew or loaded again for what a script says of its run.
    void whatAScriptLogsAppears() {
        ServedProject project;
        test::showWindow(&project.window);
        auto* session = project.window.session();
        QTRY_VERIFY(session->loaded());
        const auto uri = uriOf(serve(project.folder.path(), {"--detach", "--port", "0"})) + "/api/2.0/mlflow";
        const auto made =
            post(uri + "/runs/create", "{'experiment_id': '0', 'run_name': 'first', 'start_time': 1}");
        const auto id = RunId::fromHex(made.substr(made.find("run_id\":\"") + 9, 32));
        QVERIFY2(id.has_value(), made.c_str());
        const auto run = [&] {
            const auto* const record = session->runs()->find(*id);
            return record != nullptr ? *record : model::RunRecord();
        };
        const auto body = [&](const std::string& rest) { return "{'run_id': '" + id->hex() + "', " + rest; };
        QTRY_COMPARE(run().name, std::string("first"));
        QCOMPARE(run().status, model::RunStatus::Running);
        session->select({*id});
        auto* inspector = project.window.currentView()->findChild<Inspector*>();
        QTRY_COMPARE(inspector->run(), id);
        post(uri + "/runs/log-batch",
             body("'params': [{'key': 'lr', 'value': '0.1'}], 'tags': [{'key': 'stage', 'value': 'late'}], "
                  "'metrics': [{'key': 'acc', 'value': 0.5, 'timestamp': 1, 'step': 3}]}"));
        QTRY_COMPARE(run().param(Symbol("lr")).value_or(""), std::string_view("0.1"));
        QCOMPARE(run().tag(Symbol("stage")).value_or(""), std::string_view("late"));
        QVERIFY(run().metric(Symbol("acc")) != nullptr && run().metric(Symbol("acc"))->last == 0.5);
        post(uri + "/runs/update", body("'run_name': 'second'}"));
        QTRY_COMPARE(run().name, std::string("second"));
        post(uri + "/runs/set-tag", body("'key': 'mlflow.note.content', 'value': 'what it is about'}"));
        auto* note = inspector->findChild<QPlainTextEdit*>(QStringLiteral("runNote"));
        QTRY_COMPARE(note->toPlainText(), QStringLiteral("what it is about"));
        post(uri + "-artifacts/artifacts/0/" + id->hex() + "/artifacts/late.txt", "hello", "PUT");
        QTRY_VERIFY(showsFact(*inspector, QStringLiteral("late.txt")));
        post(uri + "/runs/update", body("'status': 'FAILED', 'end_time': 5}"));
        QTRY_COMPARE(run().status, model::RunStatus::Failed);
    }

    void itOutlivesTheWindow() {
        const test::TempFolder folder;
        test::makeRuns(folder.path(), {"one"});
        QString uri;
        {
            MainWindow window;
            QVERIFY(window.openProject(folder.path()).ok());
            auto* endpoint = window.findChild<Endpoint*>();
            endpoint->start(0);
            QTRY_VERIFY(endpoint->standing().has_value());
            uri = QString::fromStdString(endpoint->standing()->uri);
        }
        MainWindow window;
        test::showWindow(&window);
        QVERIFY(window.openProject(folder.path()).ok());
        auto* endpoint = window.findChild<Endpoint*>();
        QTRY_VERIFY(endpoint->standing().has_value());
        QCOMPARE(QString::fromStdString(endpoint->standing()->uri), uri);
        QVERIFY(!endpoint->isOurs());
        auto* stop = window.findChild<QAction*>(QStringLiteral("run.stopEndpoint"));
        QTRY_VERIFY(stop->isEnabled());
        stop->trigger();
        QTRY_VERIFY(!endpoint->standing());
        QCOMPARE(serve(folder.path(), {"--status"}).exitCode, 1);
        QVERIFY(!stop->isEnabled());
    }

    void aTakenPortIsSaid() {
        const test::TempFolder other;
        test::makeRuns(other.path(), {"one"});
        const auto uri = QString::fromStdString(uriOf(serve(other.path(), {"--detach", "--port", "0"})));
        ServedProject project;
        test::showWindow(&project.window);
        project.trigger("run.endpoint");
        const auto port = uri.section(QLatin1Char(':'), -1).toInt();
        project.part<QSpinBox>("endpointPort")->setValue(port);
        project.part<QPushButton>("endpointStart")->click();
        auto* problem = project.part<QLabel>("endpointProblem");
        QTRY_VERIFY(problem->isVisible());
        QVERIFY2(problem->text().contains(QString::number(port)), qPrintable(problem->text()));
        QVERIFY(!project.endpoint()->standing());
        QVERIFY(project.part<QPushButton>("endpointStart")->isEnabled());
        QCOMPARE(serve(other.path(), {"--stop"}).exitCode, 0);
        project.part<QPushButton>("endpointStart")->click();  // the remedy
        QTRY_VERIFY(project.endpoint()->standing().has_value());
        QCOMPARE(int{project.endpoint()->standing()->port}, port);
        QVERIFY(!problem->isVisible());
        QCOMPARE(project.endpoint()->usualPort(), port);
    }

    void aSecretIsAskedForByName() {
        ServedProject project;
        serve(project.folder.path(), {"--detach", "--port", "0", "--token", "abc"});
        QTRY_VERIFY(project.endpoint()->standing().has_value());
        QVERIFY(
            project.endpoint()->instructions().endsWith(QStringLiteral("\nexport MLFLOW_TRACKING_TOKEN=")));
    }
};

QTEST_MAIN(EndpointTest)
#include "tst_endpoint.moc"
