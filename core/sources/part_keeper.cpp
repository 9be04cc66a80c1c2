// SPDX-License-Identifier: GPL-3.0-or-later
#include "part_keeper.h"

#include <bit>

namespace runglass::sources {
namespace {

class Fingerprint {
public:
    void add(std::uint64_t value) {
        m_value ^= value + 0x9E3779B97F4A7C15U + (m_value << 12U) + (m_value >> 4U);
        m_value *= 0xFF51AFD7ED558CCDU;
    }
    void add(std::string_view text) { add(std::hash<std::string_view>()(text)); }
    void add(double value) { add(std::bit_cast<std::uint64_t>(value)); }
    void add(const std::optional<std::int64_t>& value) {
        add(value ? static_cast<std::uint64_t>(*value) : ~std::uint64_t{0});
    }
    void add(const std::vector<model::KeyValue>& values) {
        add(std::uint64_t{values.size()});
        for (const auto& [key, value] : values) {
            add(std::uint64_t{key.index()} << 32U | value.index());
        }
    }
    [[nodiscard]] std::uint64_t value() const { return m_value; }

private:
    std::uint64_t m_value = 0;
};

}  // namespace

std::uint64_t fingerprintOf(const Part& part) {
    Fingerprint print;
    const auto& record = part.record;
    for (const std::string_view text :
         {std::string_view(part.parentKey), std::string_view(part.folder.native()),
          std::string_view(record.name), record.experiment.text(), std::string_view(record.git.commit),
          std::string_view(record.git.branch), std::string_view(record.git.remote)}) {
        print.add(text);
    }
    print.add(static_cast<std::uint64_t>(record.status));
    print.add(std::uint64_t{record.archived} | std::uint64_t{record.hasNote} << 1U |
              std::uint64_t{record.git.dirty} << 2U | std::uint64_t{part.tellsStatus} << 3U);
    print.add(record.startTimeMs);
    print.add(record.endTimeMs);
    print.add(std::optional<std::int64_t>(record.exitCode));
    print.add(record.params);
    print.add(record.tags);
    for (const auto& [key, summary, stepMetric] : record.metrics) {
        print.add(std::uint64_t{key.index()});
        print.add(std::uint64_t{stepMetric.index()});
        print.add(summary.count);
        print.add(summary.nanCount);
        print.add(summary.infiniteCount);
        print.add(summary.first);
        print.add(summary.last);
        print.add(summary.min);
        print.add(summary.max);
        print.add(static_cast<std::uint64_t>(summary.firstStep));
        print.add(static_cast<std::uint64_t>(summary.lastStep));
        print.add(static_cast<std::uint64_t>(summary.lastTimeMs));
    }
    for (const auto& damage : part.damage) {
        print.add(std::string_view(damage.reason));
        print.add(damage.offset);
        print.add(damage.count);
    }
    return print.value();
}

std::vector<SharedPart> PartKeeper::publish(std::vector<Part> parts) {
    std::unordered_map<std::string, Kept> kept;
    kept.reserve(parts.size());
    m_parts.clear();
    m_parts.reserve(parts.size());
    for (auto& part : parts) {
        const auto fingerprint = fingerprintOf(part);
        auto& entry = kept[part.key];
        if (const auto before = m_kept.find(part.key);
            before != m_kept.end() && before->second.fingerprint == fingerprint) {
            entry = before->second;
        } else {
            entry = {fingerprint, std::make_shared<const Part>(std::move(part))};
        }
        m_parts.push_back(entry.part);
    }
    m_kept = std::move(kept);
    return m_parts;
}

}  // namespace runglass::sources
