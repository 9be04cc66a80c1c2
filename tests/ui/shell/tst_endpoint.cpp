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
