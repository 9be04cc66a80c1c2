// SPDX-License-Identifier: GPL-3.0-or-later
// The database against a model of it in plain containers: thousands of random calls, every answer compared.
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <random>

#include "runglass/store/integrity.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::store;

namespace {

struct ReferenceRun {
    std::string name;
    model::RunStatus status = model::RunStatus::Running;
    std::string note;
    bool starred = false;
    std::map<std::string, std::string> params;
    std::map<std::string, std::string> tags;
    std::map<std::string, model::Series> metrics;
};

using Reference = std::map<RunId, ReferenceRun>;

/// Keys with spaces, quotes, an embedded NUL, right-to-left, emoji, and the empty one.
const std::vector<std::string> kKeys{
    "loss", "val/acc", "mit Leerzeichen", "\"quoted\" 'x'", std::string("a\0b", 3), "שלום",
    "🙂", "",        "line\nbreak",     "Ünïcödé"};

bool sameBits(double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

bool sameSeries(const model::Series& a, const model::Series& b, std::size_t from = 0) {
    if (a.size() != b.size() - from) {
        return false;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto x = a.at(i);
        const auto y = b.at(i + from);
        if (x.step != y.step || x.timeMs != y.timeMs || !sameBits(x.value, y.value)) {
            return false;
        }
    }
    return true;
}

bool sameSummary(const model::MetricSummary& summary, const model::Series& series) {
    model::MetricSummary expected;
    for (std::size_t i = 0; i < series.size(); ++i) {
        expected.add(series.at(i));
    }
    return summary.count == expected.count && summary.nanCount == expected.nanCount &&
           summary.infiniteCount == expected.infiniteCount && sameBits(summary.first, expected.first) &&
           sameBits(summary.last, expected.last) && sameBits(summary.min, expected.min) &&
           sameBits(summary.max, expected.max) && summary.firstStep == expected.firstStep &&
           summary.lastStep == expected.lastStep && summary.lastTimeMs == expected.lastTimeMs;
}

bool sameRun(const model::RunRecord& record, const ReferenceRun& expected) {
    bool same = record.name == expected.name && record.status == expected.status &&
                record.starred == expected.starred && record.hasNote == !expected.note.empty() &&
                record.params.size() == expected.params.size() &&
                record.tags.size() == expected.tags.size() &&
                record.metrics.size() == expected.metrics.size();
    for (const auto& [key, value] : expected.params) {
        same = same && record.param(Symbol(key)) == std::optional<std::string_view>(value);
    }
    for (const auto& [key, value] : expected.tags) {
        same = same && record.tag(Symbol(key)) == std::optional<std::string_view>(value);
    }
    for (const auto& [key, series] : expected.metrics) {
        const auto* const summary = record.metric(Symbol(key));
        same = same && summary != nullptr && sameSummary(*summary, series);
    }
    return same;
}

class Player {
public:
    Player(const std::filesystem::path& project, unsigned seed)
        : m_project(project)
        , m_random(seed) {
        reopen();
    }

    /// One random call on both; false when the answers differ.
    bool play() {
        const auto what = pick(100);
        if (m_reference.empty() || what < 4) {
            return create();
        }
        auto it = std::next(m_reference.begin(), static_cast<std::ptrdiff_t>(pick(m_reference.size())));
        RunWriter writer(*m_database);
        if (what < 60) {
            return append(writer, it->first, it->second);
        }
        if (what < 68) {
            return compareSeries(it->first, it->second);
        }
        if (what < 74) {
            it->second.tags[kKeys[pick(kKeys.size())]] = "tag";
            return retag(writer, it->first, it->second);
        }
        if (what < 78) {
            return untag(writer, it->first, it->second);
        }
        if (what < 84) {
            return addParam(writer, it->first, it->second);
        }
        if (what < 87) {
            it->second.note = pick(2) == 0 ? "" : "# Note";
            return writer.setNote(it->first, it->second.note).ok();
        }
        if (what < 90) {
            it->second.starred = !it->second.starred;
            return writer.setStarred(it->first, it->second.starred).ok();
        }
        if (what < 92) {
            it->second.status = model::RunStatus::Failed;
            return writer.endRun(it->first, {model::RunStatus::Failed, 1, {}, 5, {}, {}, {}}).ok();
        }
        if (what < 94) {
            const bool done = writer.deleteRun(it->first).ok();
            m_reference.erase(it);
            return done;
        }
        if (what < 96) {
            return rollBack(writer, it->first);
        }
        if (what < 98) {
            reopen();
            return true;
        }
        return compareTables();
    }

    bool compareTables() {
        RunReader reader(*m_database);
        const auto fresh = reader.runTable();
        const auto changes = reader.changesSince(m_table->revision);
        if (!fresh.ok() || !changes.ok()) {
            return false;
        }
        m_table = RunReader::apply(m_table, *changes);
        bool same = (*fresh)->runs.size() == m_reference.size() &&
                    m_table->runs.size() == m_reference.size() && m_table->revision == (*fresh)->revision &&
                    m_table->tagKeys == (*fresh)->tagKeys && m_table->metricKeys == (*fresh)->metricKeys &&
                    m_table->paramKeys == (*fresh)->paramKeys;
        for (const auto& [id, run] : m_reference) {
            const auto* const a = (*fresh)->find(id);
            const auto* const b = m_table->find(id);
            same = same && a != nullptr && b != nullptr && sameRun(*a, run) && sameRun(*b, run);
        }
        return same;
    }

private:
    std::size_t pick(std::size_t count) { return m_random() % count; }

    void reopen() {
        m_database.reset();
        m_database.emplace(Database::open(m_project, OpenMode::ReadWrite).value());
        if (!m_table) {
            m_table = RunReader(*m_database).runTable().value();
        }
    }

    bool create() {
        model::RunDetail detail;
        detail.record.id = RunId::derive(std::to_string(m_random()));
        detail.record.name = kKeys[pick(kKeys.size())];
        detail.record.status = model::RunStatus::Running;
        m_reference[detail.record.id].name = detail.record.name;
        return RunWriter(*m_database).createRun(detail).ok();
    }

    model::Point randomPoint() {
        const auto any = static_cast<std::int64_t>(m_random());
        const auto kind = pick(10);
        return {kind < 8 ? any % 1000 : any, kind < 9 ? 1'700'000'000'000 + any % 100'000 : any,
                kind < 5   ? static_cast<double>(any % 1000) / 7
                : kind < 8 ? static_cast<double>(static_cast<float>(any))
                           : std::bit_cast<double>(any)};
    }

    bool append(RunWriter& writer, const RunId& id, ReferenceRun& run) {
        constexpr std::array<std::size_t, 8> sizes{1, 1, 2, 7, 30, 200, 1500, 9000};
        const auto count = sizes[pick(sizes.size())];
        const auto keys = 1 + pick(kKeys.size());
        std::vector<MetricPoint> points;
        for (std::size_t i = 0; i < count; ++i) {
            points.push_back({kKeys[pick(keys)], randomPoint()});
            run.metrics[std::string(points.back().key)].push(points.back().point);
        }
        return writer.appendPoints(id, points).ok();
    }

    bool compareSeries(const RunId& id, const ReferenceRun& run) {
        RunReader reader(*m_database);
        for (const auto& key : kKeys) {
            const auto expected = run.metrics.find(key);
            const auto whole = reader.series(id, key);
            if (expected == run.metrics.end()) {
                if (whole.ok() || whole.error().code != ErrorCode::NotFound) {
                    return false;
                }
                continue;
            }
            const auto from = pick(expected->second.size() + 1);
            const auto part = reader.series(id, key, from);
            if (!whole.ok() || !sameSeries(*whole, expected->second) || !part.ok() ||
                !sameSeries(*part, expected->second, from)) {
                return false;
            }
        }
        return true;
    }

    static bool retag(RunWriter& writer, const RunId& id, const ReferenceRun& run) {
        for (const auto& [key, value] : run.tags) {
            if (!writer.setTag(id, key, value).ok()) {
                return false;
            }
        }
        return true;
    }

    bool untag(RunWriter& writer, const RunId& id, ReferenceRun& run) {
        const auto& key = kKeys[pick(kKeys.size())];
        run.tags.erase(key);
        return writer.removeTag(id, key).ok();
    }

    bool addParam(RunWriter& writer, const RunId& id, ReferenceRun& run) {
        const std::vector<model::Variable> params{{kKeys[pick(kKeys.size())], kKeys[pick(kKeys.size())]}};
        const auto refused = writer.setParams(id, params);
        const auto [it, added] = run.params.emplace(params[0].first, params[0].second);
        const bool conflict = !added && it->second != params[0].second;
        return refused.ok() && refused->size() == (conflict ? 1U : 0U);
    }

    bool rollBack(RunWriter& writer, const RunId& id) {
        const auto done = writer.transaction([&]() -> Result<void> {
            std::vector<MetricPoint> points{{"only in a transaction that fails", randomPoint()}};
            points.push_back({kKeys[0], randomPoint()});
            RUNGLASS_TRY(writer.appendPoints(id, points));
            RUNGLASS_TRY(writer.setTag(id, "lost", "x"));
            return Error{ErrorCode::Invalid, "on purpose", {}};
        });
        return !done.ok() && done.error().message == "on purpose";
    }

    std::filesystem::path m_project;
    std::mt19937_64 m_random;
    std::optional<Database> m_database;
    model::SharedRunTable m_table;
    Reference m_reference;
};

}  // namespace

class TestRandom : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void databaseEqualsItsModel_data() {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 4; ++seed) {
            QTest::addRow("seed %u", seed) << seed;
        }
    }
    void databaseEqualsItsModel() {
        QFETCH(const unsigned, seed);
        const test::TempFolder folder;
        Player player(folder.path(), seed);
        for (int i = 0; i < 500; ++i) {
            QVERIFY2(player.play(), qPrintable(QStringLiteral("call %1").arg(i)));
        }
        QVERIFY(player.compareTables());
        const auto checked = checkIntegrity(folder.path());
        VERIFY_OK(checked);
        QVERIFY2(checked->clean(), checked->clean() ? "" : checked->findings[0].message.c_str());
    }

    void fiveThousandMetrics() {
        const test::TempFolder folder;
        auto database = Database::open(folder.path(), OpenMode::ReadWrite);
        RunWriter writer(database.value());
        model::RunDetail detail;
        detail.record.id = RunId::derive("wide");
        VERIFY_OK(writer.createRun(detail));
        std::vector<std::string> keys;
        for (int i = 0; i < 5000; ++i) {
            keys.push_back("layer/" + std::to_string(i) + "/norm");
        }
        constexpr std::int64_t kSteps = 40;  // 200,000 points: the tail is folded again and again
        for (std::int64_t step = 0; step < kSteps; ++step) {
            std::vector<MetricPoint> points;
            for (std::size_t i = 0; i < keys.size(); ++i) {
                points.push_back(
                    {keys[i], {step, step * 10, static_cast<double>(step) + static_cast<double>(i)}});
            }
            VERIFY_OK(writer.appendPoints(detail.record.id, points));
        }
        RunReader reader(database.value());
        QCOMPARE(reader.runTable().value()->metricKeys.size(), std::size_t{5000});
        const auto series = reader.series(detail.record.id, "layer/4321/norm").value();
        QCOMPARE(series.size(), std::size_t{kSteps});
        QCOMPARE(series.at(39).value, 4360.0);
        QVERIFY(checkIntegrity(folder.path()).value().clean());
    }

    void tenMillionPoints() {
        const test::TempFolder folder;
        auto database = Database::open(folder.path(), OpenMode::ReadWrite);
        RunWriter writer(database.value());
        model::RunDetail detail;
        detail.record.id = RunId::derive("long");
        VERIFY_OK(writer.createRun(detail));
        constexpr std::int64_t kPoints = 10'000'000;
        const auto valueAt = [](std::int64_t i) { return static_cast<double>(i * 7 % 1001); };
        std::vector<MetricPoint> points;
        for (std::int64_t i = 0; i < kPoints; ++i) {
            points.push_back({"loss", {i, i * 5, valueAt(i)}});
            if (points.size() == 500'000) {
                VERIFY_OK(writer.appendPoints(detail.record.id, points));
                points.clear();
            }
        }
        const auto series = RunReader(database.value()).series(detail.record.id, "loss").value();
        QCOMPARE(series.size(), static_cast<std::size_t>(kPoints));
        for (std::int64_t i = 0; i < kPoints; ++i) {
            if (!(series.at(static_cast<std::size_t>(i)) == model::Point{i, i * 5, valueAt(i)})) {
                QFAIL(qPrintable(QStringLiteral("point %1").arg(i)));
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestRandom)
#include "tst_random.moc"
