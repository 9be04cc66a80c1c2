// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runglass/model/series.h"
#include "tensorboard_event.h"
#include "tensorboard_restarts.h"
#include "tfrecord.h"

namespace runglass::sources::tensorboard {

/// What a tag's values are. A writer says it once, with the first value.
enum class TagKind : std::uint8_t { Unknown, Scalar, Image, Audio, Histogram, Text, Hparams, Other };

/// The kind of a tag whose values so far are `kind`, after `value`.
TagKind kindAfter(TagKind kind, const Value& value);

/// The number in a value of a tag of this kind.
std::optional<double> numberIn(const Value& value, TagKind kind);

/// Reads the events of one file into a summary for each scalar tag. Keeps no points. Tags are many, and come
/// in the same order again and again: each remembers which one followed it, so that a tag is normally found
/// by one comparison.
class SummaryCollector : public TfRecordVisitor {
public:
    struct Tag {
        std::string name;
        TagKind kind = TagKind::Unknown;
        model::MetricSummary summary;  ///< count is 0 when there are no scalars
        std::size_t following = 0;
    };
    /// No person can look through more; a file with more is broken or hostile.
    static constexpr std::size_t kMaxTags = 100'000;
    static constexpr std::size_t kMaxTagBytes = 4096;

    /// What is known of restarts before reading: without that, a restart that takes points back leaves the
    /// summaries outdated().
    struct Known {
        bool isFirst = true;                       ///< no file of the run was written before this one
        std::int64_t takenBack = Restarts::kNone;  ///< the least step that later files take back
        Restarts restarts = {};                    ///< in this file
    };

    explicit SummaryCollector(std::filesystem::path file)
        : m_file(std::move(file)) {}
    SummaryCollector(std::filesystem::path file, Known known)
        : m_file(std::move(file))
        , m_known(std::move(known)) {}

    void take(const TfRecord& record) override;

    [[nodiscard]] const std::vector<Tag>& tags() const { return m_tags; }
    [[nodiscard]] const SessionInfo& session() const { return m_session; }
    [[nodiscard]] const DamageList& damage() const { return m_damage; }
    /// Unix milliseconds of the first and the last event that has a time; 0 where none has.
    [[nodiscard]] std::int64_t firstTimeMs() const { return m_firstTimeMs; }
    [[nodiscard]] std::int64_t lastTimeMs() const { return m_lastTimeMs; }
    [[nodiscard]] bool isFirst() const { return m_known.isFirst; }
    /// Those of this file, as far as it has been read.
    [[nodiscard]] const Restarts& restarts() const { return m_restarts; }
    /// Whether the summaries have points in them that have been taken back, or lack some that stand, now that
    /// this is known of the files around: the file has to be read again then, with that.
    [[nodiscard]] bool isOutdated(bool isFirst, std::int64_t takenBack) const;

private:
    Tag* tagFor(std::string_view name, std::uint64_t offset);
    void takeValue(const Value& value, const Event& event, std::int64_t timeMs, std::uint64_t offset);
    void takeStart(const Event& event, std::uint64_t offset);

    std::filesystem::path m_file;
    Known m_known;
    Restarts m_restarts;
    bool m_started = false;
    bool m_outdated = false;
    std::int64_t m_limit = Restarts::kNone;                                  ///< of the event at hand
    std::int64_t m_greatestStep = std::numeric_limits<std::int64_t>::min();  ///< of all points
    std::int64_t m_greatestKept = std::numeric_limits<std::int64_t>::min();
    std::vector<Tag> m_tags;
    std::unordered_map<std::string, std::size_t> m_index;
    std::size_t m_last = 0;
    SessionInfo m_session;
    DamageList m_damage;
    std::int64_t m_firstTimeMs = 0;
    std::int64_t m_lastTimeMs = 0;
};

/// Reads the points of one tag.
class SeriesCollector : public TfRecordVisitor {
public:
    /// Where somebody stopped, to go on from there.
    struct State {
        TagKind kind = TagKind::Unknown;
        std::int64_t greatestStep = std::numeric_limits<std::int64_t>::min();
        bool mayRestart = false;  ///< a START from now on is not the first
    };

    explicit SeriesCollector(std::string_view tag)
        : m_tag(tag) {}
    SeriesCollector(std::string_view tag, const State& state)
        : m_tag(tag)
        , m_state(state)
        , m_readBefore(state.greatestStep) {}

    void take(const TfRecord& record) override;
    /// Call before each file: kinds are told anew there.
    void startFile() {
        m_state.kind = TagKind::Unknown;
        m_state.mayRestart = m_state.mayRestart || m_files++ > 0;
    }
    [[nodiscard]] const State& state() const { return m_state; }
    /// Whether points from before the given state have been taken back since.
    [[nodiscard]] bool reachesBack() const {
        return m_restarts.limit() <= m_readBefore && !m_restarts.empty();
    }

    /// Those that stand.
    [[nodiscard]] model::Series takeSeries();

private:
    std::string m_tag;
    std::size_t m_files = 0;
    State m_state;
    std::int64_t m_readBefore = std::numeric_limits<std::int64_t>::min();
    Restarts m_restarts;  ///< their places are numbers of points
    model::Series m_series;
};

}  // namespace runglass::sources::tensorboard
