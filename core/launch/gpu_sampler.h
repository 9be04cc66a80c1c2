// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "nvml.h"

namespace runglass::launch {

/// Readings of the GPUs that a run uses, as series `system/gpu.<device>.<what>`. Empty on machines without
/// NVML.
class GpuSampler {
public:
    explicit GpuSampler(std::unique_ptr<Nvml> nvml = Nvml::open());
    /// `pids` are the processes of the run. A device counts from the first time that one of them holds memory
    /// on it.
    std::vector<std::pair<std::string, double>> sample(const std::unordered_set<int>& pids);

private:
    [[nodiscard]] bool uses(unsigned device, const std::unordered_set<int>& pids) const;

    std::unique_ptr<Nvml> m_nvml;
    std::vector<bool> m_used;
};

}  // namespace runglass::launch
