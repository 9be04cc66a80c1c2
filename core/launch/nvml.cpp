// SPDX-License-Identifier: GPL-3.0-or-later
#include "nvml.h"

#include <dlfcn.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace runglass::launch {

namespace {

// The part of nvml.h that is used here. NVIDIA keeps these layouts; new ones get new function names (_v2,
// _v3).
using Device = struct OpaqueDevice*;
using Status = int;
constexpr Status kSuccess = 0;
constexpr Status kInsufficientSize = 7;
constexpr int kTemperatureGpu = 0;
constexpr unsigned long long kValueNotAvailable = ~0ULL;
constexpr unsigned kNameLength = 96;

struct Memory {
    unsigned long long total = 0;
    unsigned long long free = 0;
    unsigned long long used = 0;
};

struct Utilisation {
    unsigned gpu = 0;
    unsigned memory = 0;
};

struct ProcessInfo {
    unsigned pid = 0;
    unsigned long long usedGpuMemory = 0;
    unsigned gpuInstanceId = 0;
    unsigned computeInstanceId = 0;
};

struct CloseLibrary {
    void operator()(void* library) const { ::dlclose(library); }
};

}  // namespace

struct Nvml::Api {
    std::unique_ptr<void, CloseLibrary> library;
    Status (*init)() = nullptr;
    Status (*shutdown)() = nullptr;
    Status (*driverVersion)(char*, unsigned) = nullptr;
    Status (*count)(unsigned*) = nullptr;
    Status (*handle)(unsigned, Device*) = nullptr;
    Status (*name)(Device, char*, unsigned) = nullptr;
    Status (*uuid)(Device, char*, unsigned) = nullptr;
    Status (*memory)(Device, Memory*) = nullptr;
    Status (*utilisation)(Device, Utilisation*) = nullptr;
    Status (*power)(Device, unsigned*) = nullptr;
    Status (*temperature)(Device, int, unsigned*) = nullptr;
    Status (*processes)(Device, unsigned*, ProcessInfo*) = nullptr;

    template <typename Function>
    bool find(Function& function, const char* symbol) {
        // The conversion from void* that POSIX promises for dlsym.
        function = reinterpret_cast<Function>(::dlsym(library.get(), symbol));
        return function != nullptr;
    }

    bool findAll() {
        const bool essential = find(init, "nvmlInit_v2") && find(shutdown, "nvmlShutdown") &&
                               find(count, "nvmlDeviceGetCount_v2") &&
                               find(handle, "nvmlDeviceGetHandleByIndex_v2");
        find(driverVersion, "nvmlSystemGetDriverVersion");
        find(name, "nvmlDeviceGetName");
        find(uuid, "nvmlDeviceGetUUID");
        find(memory, "nvmlDeviceGetMemoryInfo");
        find(utilisation, "nvmlDeviceGetUtilizationRates");
        find(power, "nvmlDeviceGetPowerUsage");
        find(temperature, "nvmlDeviceGetTemperature");
        if (!find(processes, "nvmlDeviceGetComputeRunningProcesses_v3")) {
            find(processes, "nvmlDeviceGetComputeRunningProcesses_v2");
        }
        return essential;
    }

    [[nodiscard]] Device device(unsigned index) const {
        Device device = nullptr;
        return handle(index, &device) == kSuccess ? device : nullptr;
    }

    /// Calls `function(device, &value)` and gives the value where NVML has one.
    template <typename Value>
    std::optional<Value> ask(Status (*function)(Device, Value*), unsigned index) const {
        Device handleOfDevice = device(index);
        Value value{};
        if (function == nullptr || handleOfDevice == nullptr ||
            function(handleOfDevice, &value) != kSuccess) {
            return std::nullopt;
        }
        return value;
    }

    [[nodiscard]] std::optional<unsigned> degrees(unsigned index) const {
        Device handleOfDevice = device(index);
        unsigned value = 0;
        if (temperature == nullptr || handleOfDevice == nullptr ||
            temperature(handleOfDevice, kTemperatureGpu, &value) != kSuccess) {
            return std::nullopt;
        }
        return value;
    }

    std::string text(Status (*function)(Device, char*, unsigned), unsigned index) const {
        std::array<char, kNameLength> buffer{};
        Device handleOfDevice = device(index);
        if (function == nullptr || handleOfDevice == nullptr ||
            function(handleOfDevice, buffer.data(), buffer.size() - 1) != kSuccess) {
            return {};
        }
        return buffer.data();
    }
};

std::unique_ptr<Nvml> Nvml::open() {
    // Without the control device every call would fail after a search through the library path.
    if (::access("/dev/nvidiactl", F_OK) != 0) {
        return nullptr;
    }
    return load("libnvidia-ml.so.1");
}

std::unique_ptr<Nvml> Nvml::load(const char* library) {
    auto api = std::make_unique<Api>();
    api->library.reset(::dlopen(library, RTLD_LAZY | RTLD_LOCAL));
    if (!api->library || !api->findAll() || api->init() != kSuccess) {
        return nullptr;
    }
    return std::unique_ptr<Nvml>(new Nvml(std::move(api)));
}

Nvml::Nvml(std::unique_ptr<Api> api)
    : m_api(std::move(api)) {}

Nvml::~Nvml() {
    m_api->shutdown();
}

unsigned Nvml::deviceCount() const {
    unsigned count = 0;
    return m_api->count(&count) == kSuccess ? count : 0;
}

std::string Nvml::driverVersion() const {
    std::array<char, kNameLength> buffer{};
    if (m_api->driverVersion == nullptr ||
        m_api->driverVersion(buffer.data(), buffer.size() - 1) != kSuccess) {
        return {};
    }
    return buffer.data();
}

std::string Nvml::deviceName(unsigned device) const {
    return m_api->text(m_api->name, device);
}

std::string Nvml::deviceUuid(unsigned device) const {
    return m_api->text(m_api->uuid, device);
}

std::optional<std::uint64_t> Nvml::memoryTotalBytes(unsigned device) const {
    const auto memory = m_api->ask<Memory>(m_api->memory, device);
    return memory ? std::optional<std::uint64_t>(memory->total) : std::nullopt;
}

GpuReading Nvml::read(unsigned device) const {
    GpuReading reading;
    if (const auto memory = m_api->ask<Memory>(m_api->memory, device)) {
        reading.memoryUsedBytes = memory->used;
    }
    if (const auto rates = m_api->ask<Utilisation>(m_api->utilisation, device)) {
        reading.utilisationPercent = rates->gpu;
    }
    if (const auto milliwatts = m_api->ask<unsigned>(m_api->power, device)) {
        reading.powerWatts = *milliwatts / 1000.0;
    }
    if (const auto degrees = m_api->degrees(device)) {
        reading.temperatureCelsius = *degrees;
    }
    return reading;
}

std::vector<GpuProcess> Nvml::processes(unsigned device) const {
    Device handle = m_api->device(device);
    if (m_api->processes == nullptr || handle == nullptr) {
        return {};
    }
    std::vector<ProcessInfo> infos(16);
    // Processes may start between the two calls; a few rounds settle it.
    for (int attempt = 0; attempt < 3; ++attempt) {
        auto count = static_cast<unsigned>(infos.size());
        const Status status = m_api->processes(handle, &count, infos.data());
        if (status == kSuccess) {
            std::vector<GpuProcess> found;
            for (unsigned i = 0; i < count; ++i) {
                const auto used = infos[i].usedGpuMemory;
                found.push_back({static_cast<int>(infos[i].pid), used == kValueNotAvailable
                                                                     ? std::nullopt
                                                                     : std::optional<std::uint64_t>(used)});
            }
            return found;
        }
        if (status != kInsufficientSize) {
            break;
        }
        infos.resize(count + 16);
    }
    return {};
}

}  // namespace runglass::launch
