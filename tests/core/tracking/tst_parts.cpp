// SPDX-License-Identifier: GPL-3.0-or-later
// Paths, routes, access and JSON by themselves: what is hard to reach from outside.
#include <cmath>
#include <limits>

#include "access.h"
#include "artifact_path.h"
#include "entity_filter.h"
#include "http_server.h"
#include "json_out.h"
#include "router.h"
#include "support/test.h"
#include "validation.h"

using namespace runglass;
using namespace runglass::tracking;

class TestParts : public runglass::test::TestCase {
    Q_OBJECT

private Q_SLOTS:
    void routes() {
        QCOMPARE(Router::withinService("/api/2.0/mlflow/runs/get"), std::string_view("runs/get"));
        QCOMPARE(Router::withinService("/ajax-api/2.0/mlflow/runs/get"), std::string_view("runs/get"));
        QCOMPARE(Router::withinService("/team/x/api/2.0/mlflow/runs/get"), std::string_view("runs/get"));
        QCOMPARE(Router::withinService("/api/2.0/preview/mlflow/runs/get"), std::string_view("runs/get"));
        QCOMPARE(Router::withinService("/api/2.0/mlflow-artifacts/artifacts/a/api/2.0/mlflow/x"),
                 std::string_view("mlflow-artifacts/artifacts/a/api/2.0/mlflow/x"));
        QCOMPARE(Router::withinService("/api/x/api/2.0/mlflow/runs/get"), std::string_view("runs/get"));
        QCOMPARE(Router::withinService("/api/ajax-api/2.0/mlflow/runs/get"), std::string_view("runs/get"));
        QCOMPARE(Router::withinService("/prefix/health"), std::string_view("health"));
        QCOMPARE(Router::withinService("//health"), std::string_view("health"));
        QCOMPARE(Router::countedPath("/api/3.0/mlflow/traces/tr-0123456789abcdef/tags"),
                 std::string("/api/3.0/mlflow/traces/*/tags"));
        for (const std::string other :
             {"/graphql", "/metrics", "/v1/traces", "/tea", "/api/2.0/mlflow/runs/get/", "/prefix/graphql"}) {
            QCOMPARE(Router::countedPath(other), other);
        }
        for (const char* const ofBrowsers :
             {"", "/", "//", "/favicon.ico", "/robots.txt", "/apple-touch-icon-120x120.png",
              "/.well-known/change-password"}) {
            QVERIFY2(Router::countedPath(ofBrowsers).empty(), ofBrowsers);
        }
    }

    void placesForConnections() {
        QCOMPARE(connectionsFor(1024), 384U);  // the usual limit of open files
        QCOMPARE(connectionsFor(64), 64U);
        QCOMPARE(connectionsFor(1'000'000), 512U);
    }

    void artifactPaths() {
        const std::string id = "0123456789abcdef0123456789abcdef";
        auto path = ArtifactPath::parse("3/" + id + "/artifacts/dir/a.txt");
        QVERIFY(path.ok() && path->run == RunId::fromHex(id));
        QCOMPARE(path->path, std::string("dir/a.txt"));
        path = ArtifactPath::parse("deep/er/" + id + "/artifacts");
        QVERIFY(path.ok() && path->run.has_value() && path->path.empty());
        path = ArtifactPath::parse("3/models/m-" + id + "/artifacts/MLmodel");
        QVERIFY(path.ok() && !path->run);
        QCOMPARE(path->path, "3/models/m-" + id + "/artifacts/MLmodel");
        path = ArtifactPath::parse("3/" + id + "/artifactsx/a");
        QVERIFY(path.ok() && !path->run);
        for (const char* bad : {"..", "a/../b", "/etc", "a\\b", "c:/x", "a//b", "./a", "%2e%2e/a",
                                "%25252e%25252e/a", "a%2f..%2fb", "a\nb", "\xff"}) {
            QVERIFY2(!ArtifactPath::parse(bad).ok(), bad);
        }
        for (const char* good : {"a..b/..c", "...", "100%", "a%41", "größe", "a b", "xy:z"}) {
            QVERIFY2(ArtifactPath::parse(good).ok(), good);
        }
    }

    void entries() {
        const std::vector<model::Artifact> files{
            {"a", "", 1, 0}, {"b/c", "", 2, 0}, {"b/d/e", "", 3, 0}, {"ba", "", 4, 0}};
        QCOMPARE(entriesOf(files, "").size(), std::size_t{3});
        const auto inner = entriesOf(files, "b");
        QCOMPARE(inner.size(), std::size_t{2});
        QVERIFY(inner[0].name == "c" && inner[0].size == 2 && inner[1].name == "d" && inner[1].isFolder);
        QVERIFY(entriesOf(files, "a").empty());
    }

    void json() {
        JsonOut out;
        out.beginObject();
        out.text("text", "a\"\\\n\x01\xff ü");
        out.integer("least", std::numeric_limits<std::int64_t>::min());
        out.real("one", 1);
        out.real("tenth", 0.1);
        out.real("large", 1e300);
        out.real("nan", std::numeric_limits<double>::quiet_NaN());
        out.beginArray("list");
        out.text("x");
        out.beginObject();
        out.endObject();
        out.endArray();
        out.boolean("yes", true);
        out.endObject();
        QCOMPARE(
            std::move(out).take(),
            std::string(
                "{\"text\":\"a\\\"\\\\\\n\\u0001\xEF\xBF\xBD ü\",\"least\":-9223372036854775808,\"one\":1.0,"
                "\"tenth\":0.1,\"large\":1e+300,\"nan\":\"NaN\",\"list\":[\"x\",{}],\"yes\":true}"));
    }

    void bodies() {
        const JsonBody numbers(
            R"({"a": "7", "b": 7.0, "c": 7.5, "d": NaN, "e": 18446744073709551615, "f": null})");
        QCOMPARE(numbers.fields().integer("a").valueOr({}).value_or(0), 7);
        QCOMPARE(numbers.fields().integer("b").valueOr({}).value_or(0), 7);
        QVERIFY(!numbers.fields().integer("c").ok());
        QVERIFY(std::isnan(numbers.fields().real("d").valueOr({}).value_or(0)));
        QVERIFY(!numbers.fields().integer("e").ok());
        QVERIFY(!numbers.fields().has("f"));
        QVERIFY(!numbers.fields().has("g"));
        QVERIFY(!JsonBody(std::string(1000, '[')).fields().json());
        for (const char* const nothing : {"", " \n", "null", "\xEF\xBB\xBF"}) {
            QVERIFY2(!JsonBody(nothing).fields().json() && !JsonBody(nothing).refusal(), nothing);
        }
        QVERIFY(JsonBody("\xEF\xBB\xBF{\"a\": 1}").fields().has("a"));
        for (const auto& [body, why] :
             {std::pair("[]", "another value"), std::pair("7", "another value"),
              std::pair("\"x\"", "another value"), std::pair("\"[]\"", "another value"),
              std::pair("{\"a\": ", "no JSON object"), std::pair("not json", "no JSON object"),
              std::pair("{\"a\": \"\\ud800\"}", "half of a surrogate pair"),
              std::pair("{\"a\": \"\xFF\"}", "not valid UTF-8")}) {
            const JsonBody refused(body);
            QVERIFY2(refused.refusal() && refused.refusal()->message.find(why) != std::string::npos, body);
            QVERIFY(!refused.fields().json());
        }
        const JsonBody nested("\"{\\\"a\\\": 1}\"");
        QVERIFY(nested.fields().has("a"));
    }

    void cutting() {
        QCOMPARE(cutTo("äöü", 2), std::string_view("äö"));
        QCOMPARE(cutTo("abc", 3), std::string_view("abc"));
        QCOMPARE(lengthOf("äöü"), std::size_t{3});
    }

    void tokens() {
        QCOMPARE(offsetOf(pageTokenOf(42)).valueOr(0), std::size_t{42});
        QCOMPARE(offsetOf("").valueOr(1), std::size_t{0});
        for (const char* bad : {"zzz", "offset-", "offset--1", "offset-1x"}) {
            QVERIFY2(!offsetOf(bad).ok(), bad);
        }
    }

    void entityFilters() {
        const auto filter = EntityFilter::parse("attribute.name LIKE 'a%' and size >= 2 and tags.t = 'x'",
                                                {"size DESC"}, {{"name"}, {"size", true}});
        QVERIFY(filter.ok());
        std::vector<EntityFilter::Layout> things;
        things.emplace_back(0, 0).attribute("name", "ab").attribute("size", 2).tag("t", "x");
        things.emplace_back(1, 0).attribute("name", "ac").attribute("size", 3).tag("t", "x");
        things.emplace_back(2, 0).attribute("name", "b").attribute("size", 9).tag("t", "x");
        things.emplace_back(3, 0).attribute("name", "ad").attribute("size", 9).tag("t", "y");
        QVERIFY(filter->select(std::move(things)) == (std::vector<std::size_t>{1, 0}));
        QVERIFY(!EntityFilter::parse("colour = 'x'", {}, {{"name"}}).ok());
        QVERIFY(!EntityFilter::parse("name = ", {}, {{"name"}}).ok());
    }
};

QTEST_GUILESS_MAIN(TestParts)
#include "tst_parts.moc"
