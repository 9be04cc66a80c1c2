// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace runglass::launch {

/// The series keys under which the supervisor stores its samples. Units are in the names.
inline constexpr const char* kCpuPercent = "system/cpu_percent";    ///< 100 = one core
inline constexpr const char* kMemoryBytes = "system/memory_bytes";  ///< resident, whole process tree
inline constexpr const char* kReadBytesPerSecond = "system/read_bytes_per_s";
inline constexpr const char* kWriteBytesPerSecond = "system/write_bytes_per_s";
inline constexpr const char* kProcesses = "system/processes";
// With NVML, per device that the run uses: system/gpu.0.percent, .memory_bytes, .power_watts, .temperature_c

struct ResourceSample {
    std::int64_t timeMs = 0;
    std::vector<std::pair<std::string, double>> values;  ///< key, value
};

/// Samples the process tree below one process. A child of the caller is taken to be the first process of a
/// run (see process_tree.h), so that its orphans count too. Rates are since the sample before, or
/// construction.
class ResourceSampler {
public:
    explicit ResourceSampler(int rootPid);
    ~ResourceSampler();
    ResourceSampler(const ResourceSampler&) = delete;
    ResourceSampler& operator=(const ResourceSampler&) = delete;

    ResourceSample sample();
    /// The living processes of the last sample, zombies included.
    [[nodiscard]] std::vector<int> processes() const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace runglass::launch
