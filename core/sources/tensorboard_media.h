// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "runglass/model/run_detail.h"
#include "tensorboard_collect.h"

namespace runglass::sources::tensorboard {

/// An image, sound, histogram or text that an event file holds.
struct Medium {
    model::Artifact artifact;  ///< `images/<tag>/<step>.png`; the name is the same at every reading
    std::int64_t step = 0;
    std::size_t file = 0;      ///< which of the run's files
    std::uint64_t offset = 0;  ///< of its record in there
    std::size_t value = 0;     ///< which value of the record's summary
    std::size_t sample = 0;    ///< which of the images or sounds of that value
    TagKind kind = TagKind::Other;
};

/// The bytes of one sample of a value: the encoded image or sound as it was logged, the Markdown of a text,
/// the buckets of a histogram as CSV. Nothing where there is none.
std::optional<std::string> contentOf(const Value& value, TagKind kind, std::size_t sample);

/// Lists what there is to show beside scalars and has not been taken back (Restarts), without copying any of
/// it.
class MediaCollector : public TfRecordVisitor {
public:
    /// More than anybody looks through; what comes after is counted and left out.
    static constexpr std::size_t kMost = 20'000;

    void startFile();
    void take(const TfRecord& record) override;
    [[nodiscard]] std::vector<Medium> takeMedia() { return std::move(m_media); }
    [[nodiscard]] std::uint64_t leftOut() const { return m_leftOut; }
    [[nodiscard]] std::uint64_t takenBack() const { return m_takenBack; }

private:
    void takeValue(const Value& value, const Event& event, std::uint64_t offset, std::size_t index);
    void add(const std::string& stem, std::string_view extension, Medium medium);
    void takeBack(std::int64_t step);

    std::size_t m_files = 0;
    bool m_mayRestart = false;  ///< a START from now on is not the first
    std::unordered_map<std::string, TagKind> m_kinds;
    std::unordered_map<std::string, int> m_names;  ///< how often a name has occurred
    std::vector<Medium> m_media;
    std::uint64_t m_leftOut = 0;
    std::uint64_t m_takenBack = 0;
};

/// Picks one medium's bytes out of its file.
class MediumExtractor : public TfRecordVisitor {
public:
    explicit MediumExtractor(const Medium& medium)
        : m_medium(medium) {}
    void take(const TfRecord& record) override;
    [[nodiscard]] std::optional<std::string>& content() { return m_content; }

private:
    Medium m_medium;
    std::optional<std::string> m_content;
};

}  // namespace runglass::sources::tensorboard
