// SPDX-License-Identifier: GPL-3.0-or-later
#include "gpu_sampler.h"

#include <algorithm>

#include <fmt/format.h>

#include "proc_stat.h"

namespace runglass::launch {

GpuSampler::GpuSampler(std::unique_ptr<Nvml> nvml)
    : m_nvml(std::move(nvml))
    , m_used(m_nvml ? m_nvml->deviceCount() : 0, false) {}

bool GpuSampler::uses(unsigned device, const std::unordered_set<int>& pids) const {
    const auto processes = m_nvml->processes(device);
    const auto isOurs = [&](const GpuProcess& process) { return pids.contains(process.pid); };
    if (std::any_of(processes.begin(), processes.end(), isOurs)) {
        return true;
    }
    // Inside a container NVML tells pids of the host. A device whose users are all invisible is most likely
    // used by the container, and a curve too many is better than one that is missing.
    const auto isVisible = [](const GpuProcess& process) { return readProcStat(process.pid).has_value(); };
    return !processes.empty() && std::none_of(processes.begin(), processes.end(), isVisible);
}

std::vector<std::pair<std::string, double>> GpuSampler::sample(const std::unordered_set<int>& pids) {
    std::vector<std::pair<std::string, double>> values;
    for (unsigned device = 0; device < m_used.size(); ++device) {
        m_used[device] = m_used[device] || uses(device, pids);
        if (!m_used[device]) {
            continue;
        }
        const auto reading = m_nvml->read(device);
        const auto add = [&](const char* what, const auto& value) {
            if (value) {
                values.emplace_back(fmt::format("system/gpu.{}.{}", device, what),
                                    static_cast<double>(*value));
            }
        };
        add("percent", reading.utilisationPercent);
        add("memory_bytes", reading.memoryUsedBytes);
        add("power_watts", reading.powerWatts);
        add("temperature_c", reading.temperatureCelsius);
    }
    return values;
}

}  // namespace runglass::launch
