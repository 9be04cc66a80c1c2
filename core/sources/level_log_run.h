// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "decoded_series.h"
#include "level_log.h"
#include "runglass/base/translate.h"
#include "runglass/sources/folder.h"
#include "runglass/sources/reader.h"
#include "stand_in.h"

namespace runglass::sources {

/// The file in `folder` whose name ends in `ending`; else `otherwise`, which is missing.
std::filesystem::path levelLogIn(const std::filesystem::path& folder, std::string_view ending,
                                 const std::string& otherwise);

/// Whether a file in `folder` is such a log by its name.
bool hasLevelLog(const Folder& folder, std::string_view ending);

/// What the readers of W&B and SwanLab have in common: one log of records, of which a `Run` makes sense.
/// `Run::add(record)` is false for a malformed record; `Run::collect(SeriesSink*)` says where its points go.
template <typename Run>
class LevelLogRun {
public:
    LevelLogRun(std::filesystem::path log, const LevelLogHeader& header)
        : m_header(header)
        , m_log(header)
        , m_file(std::move(log)) {}

    [[nodiscard]] const std::filesystem::path& path() const { return m_file.path(); }
    [[nodiscard]] const Run& run() const { return m_run; }

    /// Takes in what the log has gained; everything, where it was written anew.
    Result<void> readOn(const std::stop_token& stop) {
        RUNGLASS_ASSIGN(const auto change, m_file.refresh());
        if (change == GrowingFile::Change::Rewritten || change == GrowingFile::Change::Gone) {
            m_log.startAgain();
            m_run = Run();
            m_malformed = 0;
        }
        RUNGLASS_TRY(m_log.readOn(m_file, stop, [this](ByteView record, std::uint64_t at) {
            if (!m_run.add(record) && m_malformed++ == 0) {
                m_firstMalformed = at;
            }
        }));
        return cancelledOr(stop);
    }

    /// Everything that the log says, from its beginning. Returns the state in which the file was.
    Result<FileStamp> readAll(Run& run, const std::stop_token& stop) const {
        GrowingFile file(m_file.path());
        RUNGLASS_TRY(file.refresh());
        LevelLog log(m_header);
        RUNGLASS_TRY(log.readOn(file, stop, [&](ByteView record, std::uint64_t) { run.add(record); }));
        RUNGLASS_TRY(cancelledOr(stop));
        return file.stamp();
    }

    /// The series of the log, at least that of `metric` where it has one. A log that has grown since the last
    /// question costs what it has gained, as long as the answer to that is kept.
    Result<DecodedSeries::Shared> series(std::string_view metric, const std::stop_token& stop) {
        auto& decoded = DecodedSeries::shared();
        if (auto known = decoded.find(FileStamp::of(m_file.path()))) {
            return known;
        }
        auto decoder = std::exchange(m_decoder, std::nullopt);
        const auto before = decoder ? decoder->series.lock() : nullptr;
        const auto change = before ? decoder->file.refresh() : GrowingFile::Change::Rewritten;
        const bool leadsOn =
            change && (*change == GrowingFile::Change::Grown || *change == GrowingFile::Change::None);
        if (!leadsOn) {
            decoder.emplace(Decoder{LevelLog(m_header), GrowingFile(m_file.path()), Run(), {}});
            RUNGLASS_TRY(decoder->file.refresh());
        }
        auto sink = leadsOn ? SeriesSink(std::string(metric), *before) : SeriesSink(std::string(metric));
        decoder->run.collect(&sink);
        RUNGLASS_TRY(decoder->log.readOn(decoder->file, stop,
                                         [&](ByteView record, std::uint64_t) { decoder->run.add(record); }));
        RUNGLASS_TRY(cancelledOr(stop));
        decoder->run.collect(nullptr);
        const bool all = sink.hasAll();
        auto series = decoded.keep(decoder->file.stamp(), std::move(sink));
        if (all) {
            decoder->series = series;
            m_decoder = std::move(decoder);
        }
        return series;
    }

    /// What readOn() could not read. `notALog` is for people.
    [[nodiscard]] std::vector<Damage> damage(std::string notALog) const {
        std::vector<Damage> damage;
        if (!m_log.hasHeader()) {
            const auto head = m_file.readAt(0, 64);
            const auto standIn = head.ok() ? standInFor(path(), *head) : std::nullopt;
            damage.push_back({path(), 0, 1, standIn.value_or(std::move(notALog))});
        }
        if (m_log.badRecords() > 0) {
            damage.push_back({path(), m_log.firstBadOffset(), m_log.badRecords(),
                              tr("A record is damaged: its checksum or length is wrong.")});
        }
        if (m_malformed > 0) {
            damage.push_back({path(), m_firstMalformed, m_malformed,
                              tr("A record, or a value in it, cannot be decoded.")});
        }
        if (m_log.hasHeader() && (m_log.inRecord() || m_file.consumed() < m_file.size())) {
            damage.push_back(
                {path(), m_file.consumed(), 1, tr("The last record is only half there."), false, true});
        }
        return damage;
    }
    [[nodiscard]] bool exists() const { return m_file.stamp().exists; }

private:
    /// Where series() stopped.
    struct Decoder {
        LevelLog log;
        GrowingFile file;
        Run run;
        std::weak_ptr<const SeriesSink::Series> series;  ///< what it had read until then, while that is kept
    };

    static Result<void> cancelledOr(const std::stop_token& stop) {
        return stop.stop_requested() ? Result<void>(Error{ErrorCode::Cancelled, tr("Cancelled."), {}})
                                     : Result<void>();
    }

    LevelLogHeader m_header;
    LevelLog m_log;
    GrowingFile m_file;
    Run m_run;
    std::optional<Decoder> m_decoder;
    std::uint64_t m_malformed = 0;
    std::uint64_t m_firstMalformed = 0;
};

}  // namespace runglass::sources
