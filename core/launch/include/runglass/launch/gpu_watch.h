// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace runglass::launch {

class Nvml;

/// What a GPU of this machine is doing, whoever uses it. A value that it does not report is absent.
struct GpuLoad {
    std::string name;
    std::optional<double> utilisationPercent;  ///< of the time, over the driver's last sample period
    std::optional<std::uint64_t> memoryUsedBytes;
    std::optional<std::uint64_t> memoryTotalBytes;
};

/// The GPUs of this machine, to be asked again and again. Not thread-safe.
class GpuWatch {
public:
    /// Opens NVML; some milliseconds where there is a driver, nothing where there is none.
    GpuWatch();
    explicit GpuWatch(std::unique_ptr<Nvml> nvml);
    GpuWatch(const GpuWatch&) = delete;
    GpuWatch& operator=(const GpuWatch&) = delete;
    ~GpuWatch();

    /// Empty where there is no GPU that can be asked.
    [[nodiscard]] std::vector<GpuLoad> read() const;

private:
    std::unique_ptr<Nvml> m_nvml;
};

}  // namespace runglass::launch
