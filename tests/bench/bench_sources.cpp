// SPDX-License-Identifier: GPL-3.0-or-later
// Event files against the least that any reader has to do: read() the file and pass once over it with
// CRC-32C. Google Benchmark runs both in one process, on one thread, over the same file in the page cache.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <iostream>

#include "../core/sources/event_writer.h"
#include "runglass/base/crc32c.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/sources/format.h"

namespace {

using namespace runglass;
using test::Message;

/// A training run's log: 20 tags a step, every other one written as TensorFlow 2 does, 60 bytes an event.
class EventFile {
public:
    EventFile() {
        std::string pattern = (std::filesystem::temp_directory_path() / "runglass-bench-XXXXXX").native();
        m_folder = ::mkdtemp(pattern.data());
        std::ofstream file(path(), std::ios::binary);
        file << test::versionRecord(1.6e9);
        for (std::int64_t step = 0; step < kSteps; ++step) {
            std::string records;
            for (int tag = 0; tag < kTags; ++tag) {
                records += record(step, tag);
            }
            file << records;
        }
    }
    EventFile(const EventFile&) = delete;
    EventFile& operator=(const EventFile&) = delete;
    ~EventFile() { std::filesystem::remove_all(m_folder); }

    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }
    [[nodiscard]] std::filesystem::path path() const {
        return m_folder / "events.out.tfevents.1600000000.bench";
    }
    static constexpr std::int64_t kEvents = 2'000'000;
    static constexpr int kTags = 20;

private:
    static constexpr std::int64_t kSteps = kEvents / kTags;
    static std::string record(std::int64_t step, int tag) {
        const auto value = static_cast<float>(std::exp(-1e-5 * static_cast<double>(step)) + tag);
        const auto name = "train/metric_" + std::to_string(tag);
        const double time = 1.6e9 + static_cast<double>(step);
        if (tag % 2 == 0) {
            return test::scalarRecord(name, step, value, time);
        }
        const auto tensor = Message().number(1, 1).text(2, "").text(4, Message().fixed(value).bytes());
        Message message;
        message.text(1, name).text(8, tensor.bytes());
        if (step == 0) {
            message.text(9, test::metadata("scalars"));
        }
        return test::valueRecord(step, time, message);
    }
    std::filesystem::path m_folder;
};

const EventFile& eventFile() {
    static const EventFile file;
    return file;
}

void countBytes(benchmark::State& state) {
    const auto size = static_cast<std::int64_t>(std::filesystem::file_size(eventFile().path()));
    state.SetBytesProcessed(state.iterations() * size);
}

/// The limit.
void readAndChecksum(benchmark::State& state) {
    std::vector<std::uint8_t> buffer(std::size_t{1} << 20U);
    const auto path = eventFile().path();
    for (auto _ : state) {
        const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        std::uint32_t crc = 0;
        for (;;) {
            const auto got = ::read(file.get(), buffer.data(), buffer.size());
            if (got <= 0) {
                break;
            }
            crc = crc32c({buffer.data(), static_cast<std::size_t>(got)}, crc);
        }
        benchmark::DoNotOptimize(crc);
    }
    countBytes(state);
}
BENCHMARK(readAndChecksum)->Unit(benchmark::kMillisecond);

std::unique_ptr<sources::Reader> openReader() {
    for (const auto& format : sources::formats()) {
        if (format->name() == "tensorboard") {
            return format->open(eventFile().folder());
        }
    }
    std::abort();
}

/// What opening a project does: the summary of every series.
void readEventFile(benchmark::State& state) {
    for (auto _ : state) {
        const auto parts = openReader()->read({});
        if (!parts.ok() || parts->front()->record.metrics.size() != EventFile::kTags ||
            !parts->front()->damage.empty()) {
            state.SkipWithError("the run was not read");
            break;
        }
    }
    countBytes(state);
    state.SetItemsProcessed(state.iterations() * EventFile::kEvents);
}
BENCHMARK(readEventFile)->Unit(benchmark::kMillisecond);

/// What showing a curve does: all points of one tag of twenty.
void readSeries(benchmark::State& state, const char* tag) {
    for (auto _ : state) {
        const auto series = openReader()->series("", tag, 0, {});
        if (!series.ok() || series->size() != EventFile::kEvents / EventFile::kTags) {
            state.SkipWithError("the series was not read");
            break;
        }
    }
    countBytes(state);
}
BENCHMARK_CAPTURE(readSeries, simpleValue, "train/metric_4")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(readSeries, tensor, "train/metric_5")->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
