// SPDX-License-Identifier: GPL-3.0-or-later
// Two devices behind NVML's interface (NVML API reference, release 535): an idle one that reports little, and
// one that the process of FAKE_NVML_PID computes on. Layouts and codes are those of nvml.h, typed in anew.
#include <cstdio>
#include <cstdlib>

namespace {

constexpr int kSuccess = 0;
constexpr int kNotSupported = 3;
constexpr int kInsufficientSize = 7;

int devices[2] = {0, 1};

bool isIdle(const void* device) {
    return device == &devices[0];
}

int copy(const char* text, char* to, unsigned size) {
    std::snprintf(to, size, "%s", text);
    return kSuccess;
}

struct Memory {
    unsigned long long total, free, used;
};
struct Utilization {
    unsigned gpu, memory;
};
struct ProcessInfo {
    unsigned pid;
    unsigned long long usedGpuMemory;
    unsigned gpuInstanceId, computeInstanceId;
};

}  // namespace

extern "C" {
int nvmlInit_v2();
int nvmlShutdown();
int nvmlDeviceGetCount_v2(unsigned* count);
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device);
int nvmlSystemGetDriverVersion(char* version, unsigned length);
int nvmlDeviceGetName(void* device, char* name, unsigned length);
int nvmlDeviceGetMemoryInfo(void* device, Memory* memory);
int nvmlDeviceGetUtilizationRates(void* device, Utilization* rates);
int nvmlDeviceGetPowerUsage(void* device, unsigned* milliwatts);
int nvmlDeviceGetTemperature(void* device, int sensor, unsigned* degrees);
int nvmlDeviceGetComputeRunningProcesses_v3(void* device, unsigned* count, ProcessInfo* infos);

int nvmlInit_v2() {
    return kSuccess;
}
int nvmlShutdown() {
    return kSuccess;
}
int nvmlDeviceGetCount_v2(unsigned* count) {
    *count = 2;
    return kSuccess;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
    *device = &devices[index];
    return kSuccess;
}
int nvmlSystemGetDriverVersion(char* version, unsigned length) {
    return copy("535.161.08", version, length);
}
int nvmlDeviceGetName(void* device, char* name, unsigned length) {
    return copy(isIdle(device) ? "NVIDIA T4" : "NVIDIA H200", name, length);
}
int nvmlDeviceGetMemoryInfo(void* device, Memory* memory) {
    *memory = isIdle(device) ? Memory{16, 16, 0} : Memory{150'000'000'000, 146'900'000'000, 3'100'000'000};
    return kSuccess;
}
int nvmlDeviceGetUtilizationRates(void* device, Utilization* rates) {
    *rates = {71, 12};
    return isIdle(device) ? kNotSupported : kSuccess;
}
int nvmlDeviceGetPowerUsage(void* device, unsigned* milliwatts) {
    *milliwatts = 182'500;
    return isIdle(device) ? kNotSupported : kSuccess;
}
int nvmlDeviceGetTemperature(void* /*device*/, int sensor, unsigned* degrees) {
    *degrees = 64;
    return sensor == 0 ? kSuccess : kNotSupported;
}
int nvmlDeviceGetComputeRunningProcesses_v3(void* device, unsigned* count, ProcessInfo* infos) {
    constexpr unsigned kProcesses = 20;  // more than anybody asks for at first
    if (isIdle(device)) {
        *count = 0;
        return kSuccess;
    }
    const bool enough = *count >= kProcesses;
    *count = kProcesses;
    if (!enough) {
        return kInsufficientSize;
    }
    const char* pid = std::getenv("FAKE_NVML_PID");
    for (unsigned i = 0; i < kProcesses; ++i) {
        infos[i] = {1, i == 1 ? ~0ULL : 1'000ULL, 0, 0};
    }
    infos[kProcesses - 1].pid = pid != nullptr ? static_cast<unsigned>(std::atoi(pid)) : 1;
    return kSuccess;
}
}
