// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace runglass::launch {

/// What one GPU says of itself at one moment. A value that the device does not report is absent.
struct GpuReading {
    std::optional<std::uint64_t> memoryUsedBytes;
    std::optional<double> utilisationPercent;  ///< of the time, over the driver's last sample period
    std::optional<double> powerWatts;
    std::optional<double> temperatureCelsius;
};

/// GPU memory that one process holds. Inside a container the pid may be one of the host.
struct GpuProcess {
    int pid = 0;
    std::optional<std::uint64_t> memoryBytes;
};

/// NVIDIA's management library, found at run time. Machines without it, and builds without its headers, lose
/// nothing but these numbers. The functions are those of the NVML API reference, stable since driver 470.
/// Not copyable; calls are thread-safe as far as NVML's are.
class Nvml {
public:
    /// Null where the machine has no NVIDIA driver or NVML refuses to start. Costs nothing without a driver
    /// and some milliseconds with one.
    static std::unique_ptr<Nvml> open();
    /// The same from a library of this name or path, whether or not there is a driver.
    static std::unique_ptr<Nvml> load(const char* library);
    Nvml(const Nvml&) = delete;
    Nvml& operator=(const Nvml&) = delete;
    ~Nvml();

    [[nodiscard]] unsigned deviceCount() const;
    /// `535.161.08`; empty when unknown.
    [[nodiscard]] std::string driverVersion() const;
    [[nodiscard]] std::string deviceName(unsigned device) const;
    /// Stable identity, as in CUDA_VISIBLE_DEVICES: `GPU-…`.
    [[nodiscard]] std::string deviceUuid(unsigned device) const;
    [[nodiscard]] std::optional<std::uint64_t> memoryTotalBytes(unsigned device) const;
    [[nodiscard]] GpuReading read(unsigned device) const;
    /// Processes with a compute context on the device.
    [[nodiscard]] std::vector<GpuProcess> processes(unsigned device) const;

private:
    struct Api;
    explicit Nvml(std::unique_ptr<Api> api);
    std::unique_ptr<Api> m_api;
};

}  // namespace runglass::launch
