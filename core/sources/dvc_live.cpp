// SPDX-License-Identifier: GPL-3.0-or-later
#include "dvc_live.h"

#include <algorithm>

#include "decoded_series.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::sources {
namespace {

class DvcLiveReader : public Reader {
public:
    explicit DvcLiveReader(std::filesystem::path folder)
        : m_folder(std::move(folder)) {}

    Result<std::vector<SharedPart>> read(std::stop_token /*stop*/) override {
        const bool same = m_part && std::ranges::all_of(m_stamps, [](const FileStamp& stamp) {
                              return FileStamp::of(stamp.path) == stamp;
                          });
        if (same) {
            return std::vector{m_part};
        }
        auto part = std::make_shared<Part>();
        part->rank = Rank::Framework;
        part->folder = m_folder;
        part->ownsFolder = true;
        part->tellsStatus = false;
        const DvcWorkTree files(m_folder);
        const auto state = readDvcLiveFolder(files);
        fillDvcRecord(state, part->record);
        addDvcDamage(state, *part);
        for (const auto& metric : part->record.metrics) {
            const auto time = metric.summary.lastTimeMs;
            if (time > 0) {
                part->record.endTimeMs = std::max(part->record.endTimeMs.value_or(0), time);
            }
        }
        m_stamps = files.stamps();
        m_part = std::move(part);
        return std::vector{m_part};
    }
    [[nodiscard]] std::vector<FileStamp> stamps() const override { return m_stamps; }
    Result<model::RunDetail> detail(std::string_view /*key*/) override {
        RUNGLASS_ASSIGN(const auto parts, read({}));
        model::RunDetail detail;
        detail.record = parts.front()->record;
        return detail;
    }
    Result<model::Series> series(std::string_view /*key*/, std::string_view metric, std::size_t from,
                                 std::stop_token /*stop*/) override {
        return dvcSeries(readDvcLiveFolder(DvcWorkTree(m_folder)), metric, from);
    }

private:
    std::filesystem::path m_folder;
    std::vector<FileStamp> m_stamps;
    SharedPart m_part;
};

}  // namespace

std::unique_ptr<Reader> makeDvcLiveReader(std::filesystem::path folder) {
    return std::make_unique<DvcLiveReader>(std::move(folder));
}

void fillDvcRecord(const DvcState& state, model::RunRecord& record) {
    record.status = model::RunStatus::Finished;
    for (const auto& [key, value] : state.params) {
        record.params.push_back({Symbol(key), Symbol(value)});
    }
    for (const auto& metric : state.metrics) {
        model::MetricSummary summary;
        for (std::size_t i = 0; i < metric.points.size(); ++i) {
            summary.add(metric.points.at(i));
        }
        record.metrics.push_back({Symbol(metric.key), summary});
    }
    record.sortKeys();
}

void addDvcDamage(const DvcState& state, Part& part) {
    for (const auto& damage : state.damage) {
        part.damage.push_back(damage);
        part.damage.back().file = part.folder / damage.file;
    }
}

Result<model::Series> dvcSeries(const DvcState& state, std::string_view metric, std::size_t from) {
    for (const auto& known : state.metrics) {
        if (known.key == metric) {
            return restOf(known.points, from);
        }
    }
    return Error{ErrorCode::NotFound, tr("The run has no metric {}.", toValidUtf8(metric)), {}};
}

}  // namespace runglass::sources
