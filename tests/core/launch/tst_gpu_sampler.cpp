// SPDX-License-Identifier: GPL-3.0-or-later
// What is sampled where NVML is present: from a library of the same interface, since few test machines have
// the real one.
#include "gpu_sampler.h"

#include <unistd.h>

#include <map>

#include "nvml.h"
#include "runglass/launch/gpu_watch.h"
#include "support/test.h"

using namespace runglass::launch;

class TestGpuSampler : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void absentLibrary() { QVERIFY(Nvml::load("/nowhere/libnvidia-ml.so.1") == nullptr); }

    // A library that is something else.
    void foreignLibrary() { QVERIFY(Nvml::load("libm.so.6") == nullptr); }

    void devices() {
        const auto nvml = Nvml::load(FAKE_NVML);
        QVERIFY(nvml != nullptr);
        QCOMPARE(nvml->deviceCount(), 2U);
        QCOMPARE(nvml->driverVersion(), std::string("535.161.08"));
        QCOMPARE(nvml->deviceName(1), std::string("NVIDIA H200"));
        QCOMPARE(nvml->deviceUuid(1), std::string());  // a function that this library has not
        QCOMPARE(nvml->memoryTotalBytes(1).value(), std::uint64_t{150'000'000'000});
        const auto processes = nvml->processes(1);
        QCOMPARE(processes.size(), std::size_t{20});
        QCOMPARE(processes[0].memoryBytes.value(), std::uint64_t{1000});
        QVERIFY(!processes[1].memoryBytes);  // NVML_VALUE_NOT_AVAILABLE
    }

    void onlyTheDevicesOfTheRun() {
        qputenv("FAKE_NVML_PID", QByteArray::number(::getpid()));
        GpuSampler sampler(Nvml::load(FAKE_NVML));
        QVERIFY(sampler.sample({999'999}).empty());
        const std::map<std::string, double> expected{{"system/gpu.1.percent", 71},
                                                     {"system/gpu.1.memory_bytes", 3.1e9},
                                                     {"system/gpu.1.power_watts", 182.5},
                                                     {"system/gpu.1.temperature_c", 64}};
        const auto first = sampler.sample({::getpid()});
        QVERIFY((std::map<std::string, double>(first.begin(), first.end())) == expected);
        const auto later = sampler.sample({999'999});  // between two kernels it is still the run's
        QVERIFY((std::map<std::string, double>(later.begin(), later.end())) == expected);
    }

    void everyDeviceWhoeverUsesIt() {
        qputenv("FAKE_NVML_PID", "1");
        const GpuWatch watch(Nvml::load(FAKE_NVML));
        const auto loads = watch.read();
        QCOMPARE(loads.size(), std::size_t{2});
        QCOMPARE(loads[1].name, std::string("NVIDIA H200"));
        QCOMPARE(loads[1].utilisationPercent.value(), 71.0);
        QCOMPARE(loads[1].memoryUsedBytes.value(), std::uint64_t{3'100'000'000});
        QCOMPARE(loads[1].memoryTotalBytes.value(), std::uint64_t{150'000'000'000});
        QVERIFY(GpuWatch(nullptr).read().empty());
    }

    void withoutNvmlThereIsNothing() {
        GpuSampler sampler(nullptr);
        QVERIFY(sampler.sample({::getpid()}).empty());
    }
};

QTEST_GUILESS_MAIN(TestGpuSampler)
#include "tst_gpu_sampler.moc"
