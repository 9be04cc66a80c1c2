// SPDX-License-Identifier: GPL-3.0-or-later
// What others get to know of a standing server: that it is there, where, and what it could not answer.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "runglass/base/clock.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/store/run_writer.h"
#include "runglass/tracking/standing_server.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::tracking;

class TestStanding : public runglass::test::TestCase {
    Q_OBJECT

    /// The answer to a GET, up to the end of the connection.
    static std::string get(std::uint16_t port, const std::string& path) {
        const FileDescriptor connection(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const auto request = "GET " + path +
                             " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: a client\r\n"
                             "Connection: close\r\n\r\n";
        if (::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
            ::send(connection.get(), request.data(), request.size(), 0) < 0) {
            return {};
        }
        std::string answer;
        std::array<char, 4096> buffer{};
        ssize_t count = 0;
        while ((count = ::recv(connection.get(), buffer.data(), buffer.size(), 0)) > 0) {
            answer.append(buffer.data(), static_cast<std::size_t>(count));
        }
        return answer;
    }

private Q_SLOTS:
    void foundWhileItLives() {
        const test::TempFolder folder;
        const auto before = nowMs();
        QVERIFY(!findStanding(folder.path()));
        {
            const auto server = StandingServer::start({.project = folder.path(), .token = {}, .run = {}});
            QVERIFY(server.ok());
            const auto standing = findStanding(folder.path());
            QVERIFY(standing.has_value());
            QCOMPARE(standing->pid, static_cast<int>(::getpid()));
            QVERIFY(standing->port != 0);
            QCOMPARE(standing->uri, "http://127.0.0.1:" + std::to_string(standing->port));
            QVERIFY(standing->startedMs >= before && standing->startedMs <= nowMs());
            QVERIFY(!standing->needsToken);
            QVERIFY(get(standing->port, "/health").ends_with("OK"));

            const auto second = StandingServer::start({.project = folder.path(), .token = {}, .run = {}});
            QVERIFY(!second.ok() && second.error().code == ErrorCode::Exists);
            QVERIFY(second.error().message.find(standing->uri) != std::string::npos);
        }
        QVERIFY(!findStanding(folder.path()));
        QVERIFY(stopStanding(folder.path()).error().code == ErrorCode::NotFound);
    }

    // Each window looks every few seconds, with the same lock for an instant.
    void startsWhileOthersLook() {
        const test::TempFolder folder;
        const auto options = ServerOptions{.project = folder.path(), .token = {}, .run = {}};
        QVERIFY(StandingServer::start(options).ok());  // leaves the file behind that is looked at
        std::jthread looks([&](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                static_cast<void>(findStanding(folder.path()));
            }
        });
        for (int i = 0; i < 50; ++i) {
            VERIFY_OK(StandingServer::start(options));
        }
    }

    void unansweredCallsAreCounted() {
        const test::TempFolder folder;
        const auto none = unansweredCalls(folder.path());
        QVERIFY(none.ok() && none->empty());
        auto server = StandingServer::start({.project = folder.path(), .token = "secret", .run = {}});
        QVERIFY(server.ok());
        QVERIFY(findStanding(folder.path())->needsToken);
        // Who may not call is not counted: anybody could fill the list.
        QVERIFY(get(server->server().port(), "/api/3.0/mlflow/traces/search").find(" 401 ") !=
                std::string::npos);
        QVERIFY(unansweredCalls(folder.path())->empty());
    }

    void unansweredCallsAreNotEndless() {
        constexpr std::int64_t kMost = 1000;
        const test::TempFolder folder;
        auto database = store::Database::open(folder.path(), store::OpenMode::ReadWrite);
        QVERIFY(database.ok());
        store::TrackedRuns tracked(*database);
        const auto counted = store::RunWriter(*database).transaction([&]() -> Result<void> {
            for (std::int64_t i = 0; i < kMost + 5; ++i) {
                RUNGLASS_TRY(tracked.countUnanswered({"GET", "/" + std::to_string(i), 1, i, "a client"}));
            }
            return {};
        });
        VERIFY_OK(counted);
        const auto calls = unansweredCalls(folder.path());
        QCOMPARE(calls->size(), static_cast<std::size_t>(kMost));
        QCOMPARE(calls->front().path, std::string("/1004"));
        QCOMPARE(calls->back().path, std::string("/5"));
    }

    void unansweredCallsOfClients() {
        const test::TempFolder folder;
        auto server = StandingServer::start({.project = folder.path(), .token = {}, .run = {}});
        QVERIFY(server.ok());
        for (int i = 0; i < 3; ++i) {
            QVERIFY(
                get(server->server().port(), "/api/3.0/mlflow/traces/search").find("ENDPOINT_NOT_FOUND") !=
                std::string::npos);
        }
        const auto calls = unansweredCalls(folder.path());
        QVERIFY(calls.ok());
        QCOMPARE(calls->size(), std::size_t{1});
        QCOMPARE(calls->front().path, std::string("/api/3.0/mlflow/traces/search"));
        QCOMPARE(calls->front().count, std::int64_t{3});
        QCOMPARE(calls->front().client, std::string("a client"));
    }
};

QTEST_GUILESS_MAIN(TestStanding)
#include "tst_standing.moc"
