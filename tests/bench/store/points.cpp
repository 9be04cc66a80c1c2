// SPDX-License-Identifier: GPL-3.0-or-later
// Points: append, read, and size on disk.
#include <fstream>
#include <span>

#include "measurements.h"
#include "row_peer.h"
#include "runglass/store/run_reader.h"
#include "support.h"

namespace runglass::bench {

namespace fs = std::filesystem;
using namespace store;

namespace {

struct Times {
    std::vector<Seconds> ours;
    std::vector<Seconds> indexed;
    std::vector<Seconds> clustered;
    std::vector<Seconds> plain;

    /// Millions of points a second, and how many times faster ours is; by the wall clock, then by processor
    /// time.
    void print(const char* what, Values kind) const {
        const auto own = median(ours);
        std::printf("%s, %-24s ours %6.2f M/s (cpu %6.2f)", what, nameOf(kind), 1 / own.wall, 1 / own.cpu);
        const auto peer = [&](const char* name, const std::vector<Seconds>& times) {
            const auto theirs = median(times);
            std::printf(" | %s %6.2f (cpu %6.2f): %.1fx (cpu %.1fx)", name, 1 / theirs.wall, 1 / theirs.cpu,
                        theirs.wall / own.wall, theirs.cpu / own.cpu);
        };
        peer("rows+index", indexed);
        peer("WITHOUT ROWID", clustered);
        peer("plain file", plain);
        std::printf("\n");
        std::fflush(stdout);
    }
};

void writePlain(const fs::path& file, const std::vector<MetricPoint>& points) {
    std::ofstream out(file, std::ios::binary);
    std::vector<model::Point> raw;
    for (std::size_t at = 0; at < points.size(); at += kBatch) {
        raw.clear();
        for (std::size_t j = at; j < at + kBatch; ++j) {
            raw.push_back(points[j].point);
        }
        out.write(reinterpret_cast<const char*>(raw.data()),
                  static_cast<std::streamsize>(raw.size() * sizeof raw[0]));
        out.flush();
    }
}

template <typename T>
void readColumn(std::ifstream& in, model::Column<T>& column) {
    column.resize(kPoints);
    in.read(reinterpret_cast<char*>(column.data()), static_cast<std::streamsize>(kPoints * sizeof(T)));
}

}  // namespace

void measureAppend() {
    const auto keys = keyNames(kKeys);
    for (const auto kind : kAllValues) {
        const auto points = interleaved(keys, kind);
        Times times;
        for (int i = 0; i < kRepeats; ++i) {
            const Folder folder;
            times.ours.push_back(appendOurs(folder.path(), points));
            RowPeer a(folder.path() / "a.db", RowPeer::Kind::RowsAndIndex);
            times.indexed.push_back(secondsOf([&] { a.append(points, kKeys); }));
            RowPeer b(folder.path() / "b.db", RowPeer::Kind::WithoutRowId);
            times.clustered.push_back(secondsOf([&] { b.append(points, kKeys); }));
            times.plain.push_back(secondsOf([&] { writePlain(folder.path() / "plain", points); }));
        }
        times.print("append, 1000 a transaction, 20 keys", kind);
    }
}

void measureRead() {
    const std::vector<std::string> keys{"loss"};
    for (const auto kind : kAllValues) {
        const auto points = interleaved(keys, kind);
        const Folder folder;
        RunId id;
        appendOurs(folder.path(), points, &id);
        RowPeer a(folder.path() / "a.db", RowPeer::Kind::RowsAndIndex);
        a.append(points, 1);
        RowPeer b(folder.path() / "b.db", RowPeer::Kind::WithoutRowId);
        b.append(points, 1);
        writePlain(folder.path() / "plain", points);
        Times times;
        for (int i = 0; i < kRepeats; ++i) {
            auto database = orDie(Database::open(folder.path(), OpenMode::ReadOnly));
            RunReader reader(database);
            times.ours.push_back(secondsOf([&] {
                if (orDie(reader.series(id, "loss")).size() != kPoints) {
                    std::abort();
                }
            }));
            times.indexed.push_back(secondsOf([&] { (void)a.read(0); }));
            times.clustered.push_back(secondsOf([&] { (void)b.read(0); }));
            times.plain.push_back(secondsOf([&] {
                std::ifstream in(folder.path() / "plain", std::ios::binary);
                model::Series series;
                readColumn(in, series.steps);
                readColumn(in, series.timesMs);
                readColumn(in, series.values);
            }));
        }
        times.print("read a series of 1M", kind);
    }
}

void measureSize() {
    for (const auto kind : kAllValues) {
        for (const std::size_t keyCount : {std::size_t{1}, kKeys}) {
            const auto keys = keyNames(keyCount);
            const Folder folder;
            appendOurs(folder.path(), interleaved(keys, kind));
            std::printf("size on disk, 1M points, %2zu keys, %-24s %.2f bytes a point\n", keyCount,
                        nameOf(kind), static_cast<double>(databaseSize(folder.path())) / kPoints);
        }
    }
}

}  // namespace runglass::bench
