// SPDX-License-Identifier: GPL-3.0-or-later
#include <sched.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <string>

#include "nvml.h"
#include "runglass/base/text.h"
#include "runglass/launch/capture.h"

namespace runglass::launch {

namespace fs = std::filesystem;

namespace {

/// Value of the first `key<separator>value` line; quotes around it removed.
std::string firstValue(const fs::path& file, std::string_view key, char separator) {
    std::ifstream stream(file);
    std::string line;
    while (std::getline(stream, line)) {
        const auto sign = line.find(separator);
        if (sign != std::string::npos && trimmed(std::string_view(line).substr(0, sign)) == key) {
            auto value = trimmed(std::string_view(line).substr(sign + 1));
            if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
                value = value.substr(1, value.size() - 2);
            }
            return toValidUtf8(value);
        }
    }
    return {};
}

std::string firstLine(const fs::path& file) {
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    return line;
}

std::string cpuModel() {
    auto model = firstValue("/proc/cpuinfo", "model name", ':');
    if (model.empty()) {
        // ARM boards tell their name in the device tree instead.
        model = toValidUtf8(firstLine("/sys/firmware/devicetree/base/model"));
        model.resize(std::min(model.size(), model.find('\0')));
    }
    return model;
}

/// Processors that the affinity mask allows.
int allowedProcessors() {
    for (int capacity = 1024; capacity <= 1 << 16; capacity *= 4) {
        cpu_set_t* set = CPU_ALLOC(static_cast<std::size_t>(capacity));
        const auto size = CPU_ALLOC_SIZE(static_cast<std::size_t>(capacity));
        const int status = ::sched_getaffinity(0, size, set);
        const int count = status == 0 ? CPU_COUNT_S(size, set) : 0;
        CPU_FREE(set);
        if (count > 0) {
            return count;
        }
    }
    return static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN));
}

/// Folder of this process in the cgroup v2 tree, from `0::/path` in /proc/self/cgroup.
fs::path ownCgroup() {
    std::ifstream stream("/proc/self/cgroup");
    std::string line;
    while (std::getline(stream, line)) {
        if (line.starts_with("0::/")) {
            return fs::path("/sys/fs/cgroup") / line.substr(4);
        }
    }
    return "/sys/fs/cgroup";
}

/// CPU quota of the cgroup and its parents in processors, rounded up; 0 where there is none.
int quotaProcessors() {
    double smallest = 0;
    const fs::path root = "/sys/fs/cgroup";
    for (fs::path folder = ownCgroup(); folder.native().starts_with(root.native());
         folder = folder.parent_path()) {
        const std::string line = firstLine(folder / "cpu.max");  // `max 100000` or `150000 100000`
        const auto blank = line.find(' ');
        const auto quota = parseDouble(line.substr(0, blank));
        const auto period = blank == std::string::npos ? std::nullopt : parseDouble(line.substr(blank + 1));
        if (quota && period && *period > 0 && (smallest == 0 || *quota / *period < smallest)) {
            smallest = *quota / *period;
        }
        if (folder == root) {
            break;
        }
    }
    const auto quotaV1 = parseInt(firstLine("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"));
    const auto periodV1 = parseInt(firstLine("/sys/fs/cgroup/cpu/cpu.cfs_period_us"));
    if (quotaV1 && periodV1 && *quotaV1 > 0 && *periodV1 > 0) {
        smallest = static_cast<double>(*quotaV1) / static_cast<double>(*periodV1);
    }
    return static_cast<int>(std::ceil(smallest));
}

int usableProcessors() {
    const int allowed = allowedProcessors();
    const int quota = quotaProcessors();
    return quota > 0 ? std::min(allowed, quota) : allowed;
}

std::string operatingSystem() {
    utsname system{};
    ::uname(&system);
    std::string name = firstValue("/etc/os-release", "PRETTY_NAME", '=');
    const std::string kernel = std::string(system.sysname) + " " + system.release;
    return name.empty() ? kernel : name + ", " + kernel;
}

std::string hostName() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? toValidUtf8(name.data()) : std::string();
}

std::int64_t installedMemory() {
    struct sysinfo info {};
    return ::sysinfo(&info) == 0
               ? static_cast<std::int64_t>(info.totalram) * static_cast<std::int64_t>(info.mem_unit)
               : 0;
}

/// Without NVML the kernel driver still tells names and version, but no memory.
void readNvidiaProc(model::Hardware& hardware) {
    std::error_code ignored;
    std::vector<fs::path> folders;
    for (const auto& entry : fs::directory_iterator("/proc/driver/nvidia/gpus", ignored)) {
        folders.push_back(entry.path());
    }
    std::sort(folders.begin(), folders.end());
    for (const auto& folder : folders) {
        auto name = firstValue(folder / "information", "Model", ':');
        if (!name.empty()) {
            hardware.gpus.push_back(std::move(name));
        }
    }
    // `NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.161.08  Tue …`
    const std::string line = firstLine("/proc/driver/nvidia/version");
    const auto module = line.find("Module");
    const auto digits = module == std::string::npos ? module : line.find_first_of("0123456789", module);
    if (digits != std::string::npos) {
        hardware.gpuDriver = line.substr(digits, line.find_first_not_of("0123456789.", digits) - digits);
    }
}

void readGpus(model::Hardware& hardware) {
    const auto nvml = Nvml::open();
    if (!nvml) {
        readNvidiaProc(hardware);
        return;
    }
    hardware.gpuDriver = toValidUtf8(nvml->driverVersion());
    for (unsigned device = 0; device < nvml->deviceCount(); ++device) {
        std::string text = toValidUtf8(nvml->deviceName(device));
        if (const auto bytes = nvml->memoryTotalBytes(device)) {
            text += ", " + std::to_string(*bytes >> 20U) + " MiB";
        }
        hardware.gpus.push_back(std::move(text));
    }
}

}  // namespace

model::Hardware captureHardware() {
    model::Hardware hardware;
    hardware.hostName = hostName();
    hardware.operatingSystem = operatingSystem();
    hardware.cpuModel = cpuModel();
    hardware.cpuCount = usableProcessors();
    hardware.memoryBytes = installedMemory();
    readGpus(hardware);
    return hardware;
}

}  // namespace runglass::launch
