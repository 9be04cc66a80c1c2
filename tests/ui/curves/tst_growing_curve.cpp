// SPDX-License-Identifier: GPL-3.0-or-later
// A curve whose series has got points goes on from the one before: it must equal the one made anew, and must
// not touch what was there.
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <csignal>
#include <limits>
#include <random>

#include "curve.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

bool sameBits(std::span<const double> a, std::span<const double> b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
        return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
    });
}

bool same(const CurveLine& a, const CurveLine& b) {
    const std::size_t n = a.ys.size();
    if (!sameBits(a.ys, b.ys) || a.pyramid.size() != n || b.pyramid.size() != n) {
        return false;
    }
    return a.pyramid.extent(a.ys, 0, n) == b.pyramid.extent(b.ys, 0, n) &&
           a.pyramid.extent(a.ys, n / 3, n / 2) == b.pyramid.extent(b.ys, n / 3, n / 2);
}

/// The name of the first field that differs; nothing when there is none.
const char* difference(const Curve& a, const Curve& b) {
    const model::SeriesView points(*a.series);
    const model::SeriesView expected(*b.series);
    if (!std::equal(points.steps.begin(), points.steps.end(), expected.steps.begin(), expected.steps.end()) ||
        !std::equal(points.timesMs.begin(), points.timesMs.end(), expected.timesMs.begin(),
                    expected.timesMs.end()) ||
        !sameBits(points.values, expected.values)) {
        return "points";
    }
    if (a.xs.size() != b.xs.size() || !(a.xs == b.xs) || a.xs.isRegular() != b.xs.isRegular()) {
        return "x";
    }
    if (a.segments != b.segments) {
        return "segments";
    }
    if (!(a.notShown == b.notShown) || a.withoutX != b.withoutX) {
        return "what is not shown";
    }
    if (!same(a.raw, b.raw)) {
        return "raw line";
    }
    if (a.smoothed.has_value() != b.smoothed.has_value() || (a.smoothed && !same(*a.smoothed, *b.smoothed))) {
        return "smoothed line";
    }
    return nullptr;
}

model::Series randomSeries(std::mt19937_64& random, std::size_t count) {
    const auto kind = random() % 4;
    const auto times = random() % 8;  // 1: none has one, 2: some have none
    std::normal_distribution<double> noise;
    model::Series series;
    std::int64_t step = static_cast<std::int64_t>(random() % 20) - 10;
    std::int64_t time = static_cast<std::int64_t>(random() % 2000) - 1000;
    for (std::size_t i = 0; i < count; ++i) {
        double value = kind == 0 && i < count / 2 ? 0.25 : noise(random);
        value = random() % 17 == 0 ? kNan : random() % 33 == 0 ? 1.5e308 : value;
        series.push({step, times == 1 || (times == 2 && random() % 5 == 0) ? 0 : time, value});
        const bool back = kind == 2 && random() % 25 == 0;
        step += kind == 3 ? static_cast<std::int64_t>(random() % 3) : 1;
        step = back ? step - static_cast<std::int64_t>(random() % 30) : step;
        time += random() % 40 == 0 ? -500 : static_cast<std::int64_t>(100 + (kind == 0 ? 0 : random() % 9));
    }
    return series;
}

ChartSettings randomSettings(std::mt19937_64& random) {
    ChartSettings settings;
    settings.x = static_cast<XAxis>(random() % 4);
    settings.logX = random() % 3 == 0;
    settings.logY = random() % 3 == 0;
    settings.overlap = random() % 2 == 0 ? series::Overlap::KeepAll : series::Overlap::LaterOverwrites;
    settings.smoothingKind = static_cast<series::SmoothingKind>(random() % 5);
    const double amounts[] = {0, 0.6, 0.9, 3, 25};
    settings.smoothing = amounts[random() % 5];
    return settings;
}

/// The pages that lie within some memory, but for the first and the last few elements, cannot be read any
/// more.
template <typename T>
void forbid(const T* elements, std::size_t count) {
    constexpr std::uintptr_t kPage = 4096;
    constexpr std::size_t kLast = 2'000;
    if (count < 2 * kLast) {
        return;
    }
    const auto from = (reinterpret_cast<std::uintptr_t>(elements) + 2 * kPage - 1) / kPage * kPage;
    const auto to = reinterpret_cast<std::uintptr_t>(elements + (count - kLast)) / kPage * kPage;
    if (from < to && ::mprotect(reinterpret_cast<void*>(from), to - from, PROT_NONE) != 0) {
        ::_exit(2);
    }
}

void forbid(const series::Pyramid& pyramid) {
    for (std::size_t size = series::Pyramid::kLeastBlock; pyramid.blocks(size).size() > 0; size *= 4) {
        const auto whole = pyramid.blocks(size).whole;
        forbid(whole.data(), whole.size());
    }
}

void forbid(const Curve& curve) {
    forbid(curve.series->steps.data(), curve.series->size());
    forbid(curve.series->timesMs.data(), curve.series->size());
    forbid(curve.series->values.data(), curve.series->size());
    forbid(curve.raw.ys.data(), curve.raw.ys.data() == curve.series->values.data() ? 0 : curve.raw.ys.size());
    forbid(curve.raw.pyramid);
    if (curve.smoothed) {
        forbid(curve.smoothed->ys.data(), curve.smoothed->ys.size());
        forbid(curve.smoothed->pyramid);
    }
}

/// True when `work` ends in a process of its own, in which pages may be made unreadable.
bool survives(const std::function<void()>& work) {
    const auto child = ::fork();
    if (child == 0) {
        ::signal(SIGSEGV, SIG_DFL);  // of the test library, which would look for a debugger
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_CORE, &none);
        work();
        ::_exit(0);
    }
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

class GrowingCurveTest final : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void goingOnEqualsMakingAnew() {
        std::mt19937_64 random(1);
        for (int round = 0; round < 1500; ++round) {
            const auto whole = randomSeries(random, 1 + random() % 200);
            const auto xSeries = model::share(randomSeries(random, 150));
            auto settings = randomSettings(random);
            std::optional<std::int64_t> start;
            auto grown = model::share({});
            SharedCurve former;
            while (grown->size() < whole.size()) {
                const auto more = std::min(whole.size() - grown->size(), 1 + random() % 60);
                grown = std::make_shared<const model::GrowingSeries>(
                    grown->appended(model::SeriesView(whole).sub(grown->size(), more)));
                if (random() % 4 == 0) {
                    settings = randomSettings(random);
                    start = random() % 2 == 0 ? std::nullopt : std::optional<std::int64_t>(-700);
                }
                const CurveInput input{grown, start, settings.x == XAxis::Metric ? xSeries : nullptr};
                const auto curve = makeCurve(input, settings, former);
                const auto* wrong = difference(*curve, *makeCurve(input, settings));
                QVERIFY2(!wrong, wrong);
                // The same points once more, as when a chart is opened again.
                QVERIFY(!difference(*makeCurve(input, settings, curve), *curve));
                former = curve;
            }
        }
    }

    // Members of any kind get points one after the other, or all at once; some are not there at first.
    void groupsGoOnToo() {
        std::mt19937_64 random(3);
        std::size_t wentOn = 0;
        for (int round = 0; round < 300; ++round) {
            std::vector<model::Series> whole;
            std::vector<CurveInput> inputs;
            for (std::size_t i = 0; i < 1 + random() % 4; ++i) {
                whole.push_back(randomSeries(random, 1 + random() % 120));
                inputs.push_back({model::share({}), {}, nullptr});
            }
            auto settings = randomSettings(random);
            settings.x = static_cast<XAxis>(random() % 3);
            settings.group.by = {RunKey::Kind::Experiment, {}};
            settings.group.centre = static_cast<series::Centre>(random() % 4);
            settings.group.band = static_cast<series::Band>(random() % 6);
            SharedCurve former;
            for (int turn = 0; turn < 8; ++turn) {
                for (std::size_t i = 0; i < inputs.size(); ++i) {
                    const auto known = inputs[i].series->size();
                    const auto more = std::min(whole[i].size() - known, random() % 2 * (random() % 40));
                    inputs[i].series = std::make_shared<const model::GrowingSeries>(
                        inputs[i].series->appended(model::SeriesView(whole[i]).sub(known, more)));
                }
                if (random() % 6 == 0) {
                    settings.smoothing =
                        settings.smoothing > 0 ? 0 : 0.6;  // of the line, not of what it is of
                }
                const auto curve = makeGroupCurve(inputs, settings, former);
                const auto anew = makeGroupCurve(inputs, settings);
                const auto* wrong = difference(*curve, *anew);
                QVERIFY2(!wrong, wrong);
                QVERIFY(curve->n == anew->n && curve->band.has_value() == anew->band.has_value());
                QVERIFY(!curve->band || (same(curve->band->lower, anew->band->lower) &&
                                         same(curve->band->upper, anew->band->upper)));
                QCOMPARE(curve->lost == nullptr, anew->lost == nullptr);
                if (curve->lost) {
                    QVERIFY(curve->lost->xs == anew->lost->xs);
                    QCOMPARE(curve->lost->values.size(), anew->lost->values.size());
                }
                wentOn += former && former->xs.size() > 0 ? 1 : 0;
                former = curve;
            }
        }
        QVERIFY(wentOn > 1000);
    }

    void anotherSeriesIsMadeAnew() {
        std::mt19937_64 random(2);
        const auto one = model::share(randomSeries(random, 100));
        const auto other = model::share(randomSeries(random, 120));
        const ChartSettings settings;
        const auto former = makeCurve(CurveInput{one, {}, nullptr}, settings);
        const CurveInput input{other, {}, nullptr};
        QVERIFY(!difference(*makeCurve(input, settings, former), *makeCurve(input, settings)));
    }

    void nothingOfWhatWasThereIsTouched_data() {
        QTest::addColumn<int>("x");
        QTest::addColumn<bool>("logY");
        QTest::addColumn<double>("smoothing");
        QTest::addColumn<bool>("even");
        QTest::newRow("steps") << int(XAxis::Step) << false << 0.0 << true;
        QTest::newRow("steps, smoothed") << int(XAxis::Step) << false << 0.9 << true;
        QTest::newRow("uneven steps, smoothed, log") << int(XAxis::Step) << true << 0.9 << false;
        QTest::newRow("relative time") << int(XAxis::Relative) << false << 0.9 << false;
        QTest::newRow("wall time, log") << int(XAxis::Wall) << true << 0.0 << true;
    }

    // Of 1,000,000 points and 100 new ones: what is older than the last 2,000 cannot even be read.
    void nothingOfWhatWasThereIsTouched() {
        QFETCH(int, x);
        QFETCH(bool, logY);
        QFETCH(double, smoothing);
        QFETCH(bool, even);
        ChartSettings settings;
        settings.x = static_cast<XAxis>(x);
        settings.logY = logY;
        settings.smoothing = smoothing;
        model::Series series;
        for (std::int64_t i = 0; i < 1'000'000; ++i) {
            series.push(
                {even ? i : i + i / 7, 1'000 + 5 * i + (even ? 0 : i % 3), std::sin(static_cast<double>(i))});
        }
        // Twice, since the first that is appended to what was made at once moves it to where there is room.
        const auto grow = [](const model::SharedSeries& former) {
            model::Series fresh;
            for (std::int64_t i = 0; i < 100; ++i) {
                fresh.push({2'000'000 + former->steps.back() + i, 1 + former->timesMs.back() + i, 0.5});
            }
            return std::make_shared<const model::GrowingSeries>(former->appended(fresh));
        };
        const auto first = model::share(std::move(series));
        const auto made = makeCurve(CurveInput{first, {}, nullptr}, settings);
        const auto second = grow(first);
        const auto curve = makeCurve(CurveInput{second, {}, nullptr}, settings, made);
        QVERIFY(survives([&] {
            forbid(*curve);
            const auto third = grow(second);
            const auto longer = makeCurve(CurveInput{third, {}, nullptr}, settings, curve);
            const bool shared =
                longer->raw.ys.data() == curve->raw.ys.data() && longer->main().ys.size() == third->size();
            if (!shared) {
                ::_exit(1);
            }
        }));
        // Who makes it anew does read it: so much for the test.
        QVERIFY(!survives([&] {
            forbid(*curve);
            makeCurve(CurveInput{second, {}, nullptr}, settings);
        }));
    }
};

QTEST_MAIN(GrowingCurveTest)
#include "tst_growing_curve.moc"
