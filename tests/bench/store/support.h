// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "runglass/store/run_writer.h"

/// What the measurements of the run database share. See bench_store.cpp.
namespace runglass::bench {

inline constexpr int kRepeats = 5;
inline constexpr std::size_t kPoints = 1'000'000;
inline constexpr std::size_t kKeys = 20;
inline constexpr std::size_t kBatch = 1000;

/// Seconds by the clock on the wall, and of this process on the processor: the latter says more where others
/// use the machine.
struct Seconds {
    double wall = 0;
    double cpu = 0;
};
Seconds secondsOf(const std::function<void()>& work);
/// Of the wall times and of the processor times, each by itself.
Seconds median(const std::vector<Seconds>& times);
double median(std::vector<double> values);

template <typename T>
T orDie(Result<T> result) {
    if (!result.ok()) {
        std::fprintf(stderr, "%s %s\n", result.error().message.c_str(), result.error().detail.c_str());
        std::abort();
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(result).value();
    }
}

class Folder {
public:
    Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder();
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

enum class Values { FullEntropy, NoisyLoss, WasFloat };
inline constexpr Values kAllValues[] = {Values::FullEntropy, Values::NoisyLoss, Values::WasFloat};
const char* nameOf(Values values);

/// Steps 0, 1, 2 …, times about 10 ms apart with jitter.
model::Series makeSeries(std::size_t count, Values kind, unsigned seed = 1);
std::vector<std::string> keyNames(std::size_t count);
/// kPoints points of interleaved metrics, which borrow `keys`.
std::vector<store::MetricPoint> interleaved(const std::vector<std::string>& keys, Values kind);

RunId newRun(store::RunWriter& writer, const std::string& name);
/// Appends to a new run of a new database, kBatch points a transaction.
Seconds appendOurs(const std::filesystem::path& folder, const std::vector<store::MetricPoint>& points,
                   RunId* id = nullptr);
/// Size of the database, once the write-ahead log has been checkpointed and is gone.
std::uintmax_t databaseSize(const std::filesystem::path& project);

}  // namespace runglass::bench
