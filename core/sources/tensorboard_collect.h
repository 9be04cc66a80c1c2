// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runglass/model/series.h"
#include "tensorboard_event.h"
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

    explicit SummaryCollector(std::filesystem::path file)
        : m_file(std::move(file)) {}

    void take(const TfRecord& record) override;

    [[nodiscard]] const std::vector<Tag>& tags() const { return m_tags; }
    [[nodiscard]] const SessionInfo& session() const { return m_session; }
    [[nodiscard]] const DamageList& damage() const { return m_damage; }
    /// Unix milliseconds of the first and the last event that has a time; 0 where none has.
    [[nodiscard]] std::int64_t firstTimeMs() const { return m_firstTimeMs; }
    [[nodiscard]] std::int64_t lastTimeMs() const { return m_lastTimeMs; }

private:
    Tag* tagFor(std::string_view name, std::uint64_t offset);
    void takeValue(const Value& value, const Event& event, std::int64_t timeMs, std::uint64_t offset);

    std::filesystem::path m_file;
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
    /// Leaves out the first `skip` points.
    SeriesCollector(std::string_view tag, std::size_t skip)
        : m_tag(tag)
        , m_skip(skip) {}

    void take(const TfRecord& record) override;
    /// Call before each file: kinds are told anew there.
    void startFile() { m_kind = TagKind::Unknown; }
    /// Goes on after `count` points that somebody has read already.
    void resume(std::size_t count, TagKind kind) {
        m_count = count;
        m_kind = kind;
    }
    [[nodiscard]] TagKind kind() const { return m_kind; }

    [[nodiscard]] model::Series&& takeSeries() { return std::move(m_series); }
    /// Points met, with those left out.
    [[nodiscard]] std::size_t count() const { return m_count; }

private:
    std::string m_tag;
    std::size_t m_skip;
    std::size_t m_count = 0;
    TagKind m_kind = TagKind::Unknown;
    model::Series m_series;
};

}  // namespace runglass::sources::tensorboard
