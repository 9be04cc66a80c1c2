// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/launch/gpu_watch.h"

#include "nvml.h"

namespace runglass::launch {

GpuWatch::GpuWatch()
    : GpuWatch(Nvml::open()) {}

GpuWatch::GpuWatch(std::unique_ptr<Nvml> nvml)
    : m_nvml(std::move(nvml)) {}

GpuWatch::~GpuWatch() = default;

std::vector<GpuLoad> GpuWatch::read() const {
    std::vector<GpuLoad> loads;
    const unsigned count = m_nvml ? m_nvml->deviceCount() : 0;
    for (unsigned device = 0; device < count; ++device) {
        const auto reading = m_nvml->read(device);
        loads.push_back({m_nvml->deviceName(device), reading.utilisationPercent, reading.memoryUsedBytes,
                         m_nvml->memoryTotalBytes(device)});
    }
    return loads;
}

}  // namespace runglass::launch
