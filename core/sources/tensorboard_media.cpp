// SPDX-License-Identifier: GPL-3.0-or-later
#include "tensorboard_media.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "runglass/base/text.h"

namespace runglass::sources::tensorboard {

namespace {

constexpr std::size_t kMostSamples = 1000;  // images of one value: TensorBoard's own limit is far lower

std::string_view folderOf(TagKind kind) {
    switch (kind) {
        case TagKind::Image:
            return "images";
        case TagKind::Audio:
            return "audio";
        case TagKind::Histogram:
            return "histograms";
        case TagKind::Text:
            return "text";
        default:
            return {};
    }
}

/// A tag as a path within the run: no part of it is empty or leads upwards.
std::string pathOf(std::string_view tag) {
    std::string path;
    while (!tag.empty()) {
        const auto slash = std::min(tag.find('/'), tag.size());
        const auto part = tag.substr(0, slash);
        if (!part.empty() && part != "." && part != "..") {
            path += path.empty() ? "" : "/";
            path += part;
        }
        tag.remove_prefix(std::min(slash + 1, tag.size()));
    }
    return path.empty() ? "untitled" : path;
}

std::string_view extensionOf(TagKind kind, std::string_view content) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kMagic{
        {{"\x89PNG", ".png"}, {"\xFF\xD8\xFF", ".jpg"}, {"GIF8", ".gif"}, {"RIFF", ".wav"}}};
    switch (kind) {
        case TagKind::Histogram:
            return ".csv";
        case TagKind::Text:
            return ".md";
        default:
            break;
    }
    const auto* const found = std::find_if(
        kMagic.begin(), kMagic.end(), [&](const auto& known) { return content.starts_with(known.first); });
    return found != kMagic.end() ? found->second : ".bin";
}

/// The bytes field of Summary.Image and Summary.Audio that holds the file.
std::string_view encodedIn(ByteView message) {
    std::string_view encoded;
    Wire fields(message);
    while (fields.next()) {
        if (fields.key() == Wire::bytesKey(4)) {
            encoded = fields.text();
        } else {
            fields.skip();
        }
    }
    return encoded;
}

/// Encoded images or sounds in a value: of TensorFlow 1 and PyTorch one message, of TensorFlow 2 a tensor of
/// strings that starts with width and height, or alternates between sounds and labels.
std::vector<std::string_view> samplesOf(const Value& value, TagKind kind) {
    if (value.payload == Payload::Image || value.payload == Payload::Audio) {
        return {encodedIn(value.message)};
    }
    if (value.payload != Payload::Tensor) {
        return {};
    }
    auto texts = textsOf(value.message, 2 * kMostSamples);
    if (kind == TagKind::Image) {
        texts.erase(texts.begin(), texts.begin() + std::min<std::ptrdiff_t>(2, std::ssize(texts)));
    } else if (kind == TagKind::Audio) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < texts.size(); i += 2) {
            texts[kept++] = texts[i];
        }
        texts.resize(kept);
    }
    return texts;
}

double doubleAt(ByteView bytes, std::size_t index) {
    double value = 0;
    std::memcpy(&value, bytes.data() + index * sizeof value, sizeof value);
    return value;
}

void appendBucket(std::string& csv, double left, double right, double count) {
    fmt::format_to(std::back_inserter(csv), "{},{},{}\n", formatDouble(left), formatDouble(right),
                   formatDouble(count));
}

constexpr std::string_view kHistogramHeader = "left,right,count\n";

/// HistogramProto: bucket i ends at limit[i] and starts where the one before ends.
std::string histogramFromProto(ByteView message) {
    constexpr std::uint32_t kMin = 1;
    constexpr std::uint32_t kLimits = 6;
    constexpr std::uint32_t kCounts = 7;
    double left = 0;
    ByteView limits;
    ByteView counts;
    Wire fields(message);
    while (fields.next()) {
        switch (fields.key()) {
            case Wire::fixed64Key(kMin):
                left = fields.real64();
                break;
            case Wire::bytesKey(kLimits):
                limits = fields.bytes();
                break;
            case Wire::bytesKey(kCounts):
                counts = fields.bytes();
                break;
            default:
                fields.skip();
        }
    }
    std::string csv(kHistogramHeader);
    const auto buckets = std::min(limits.size(), counts.size()) / sizeof(double);
    for (std::size_t i = 0; i < buckets; ++i) {
        const double right = doubleAt(limits, i);
        appendBucket(csv, left, right, doubleAt(counts, i));
        left = right;
    }
    return csv;
}

/// A float64 tensor of rows (left, right, count).
std::string histogramFromTensor(ByteView tensor) {
    std::string csv(kHistogramHeader);
    Wire fields(tensor);
    while (fields.next()) {
        if (fields.key() != Wire::bytesKey(4) && fields.key() != Wire::bytesKey(6)) {
            fields.skip();
            continue;
        }
        const auto rows = fields.bytes();
        for (std::size_t i = 0; i + 3 <= rows.size() / sizeof(double); i += 3) {
            appendBucket(csv, doubleAt(rows, i), doubleAt(rows, i + 1), doubleAt(rows, i + 2));
        }
    }
    return csv;
}

}  // namespace

std::optional<std::string> contentOf(const Value& value, TagKind kind, std::size_t sample) {
    if (kind == TagKind::Histogram) {
        return value.payload == Payload::Histogram ? histogramFromProto(value.message)
                                                   : histogramFromTensor(value.message);
    }
    const auto samples = samplesOf(value, kind);
    if (kind == TagKind::Text) {
        std::string text;
        for (const auto part : samples) {
            text += text.empty() ? "" : "\n\n";
            text += toValidUtf8(part);
        }
        return text;
    }
    return sample < samples.size() ? std::optional<std::string>(samples[sample]) : std::nullopt;
}

void MediaCollector::startFile() {
    m_mayRestart = m_mayRestart || m_files++ > 0;
    m_kinds.clear();
}

void MediaCollector::add(const std::string& stem, std::string_view extension, Medium medium) {
    if (m_media.size() == kMost) {
        ++m_leftOut;
        return;
    }
    std::string name = fmt::format("{}{}", stem, extension);
    const int before = m_names[name]++;
    medium.artifact.path =
        before == 0 ? std::move(name) : fmt::format("{} ({}){}", stem, before + 1, extension);
    m_media.push_back(std::move(medium));
}

void MediaCollector::takeBack(std::int64_t step) {
    m_takenBack += std::erase_if(m_media, [&](const Medium& medium) {
        if (medium.step < step) {
            return false;
        }
        m_names.erase(medium.artifact.path);  // what comes in its place has the name again
        return true;
    });
}

void MediaCollector::takeValue(const Value& value, const Event& event, std::uint64_t offset,
                               std::size_t index) {
    if (value.tag.size() > SummaryCollector::kMaxTagBytes || !isValidUtf8(value.tag)) {
        return;
    }
    // A map look-up per value, where reading summaries guesses: this runs once, when a person opens a run.
    auto& kind = m_kinds[std::string(value.tag)];
    kind = kindAfter(kind, value);
    const auto folder = folderOf(kind);
    const bool hasContent = value.payload != Payload::None && value.payload != Payload::SimpleValue;
    if (folder.empty() || !hasContent) {
        return;
    }
    Medium medium;
    medium.step = event.step;
    medium.file = m_files - 1;
    medium.offset = offset;
    medium.value = index;
    medium.kind = kind;
    medium.artifact.timeMs = millisecondsOf(event.wallTime);
    const auto stem = fmt::format("{}/{}/{}", folder, pathOf(value.tag), event.step);
    if (kind == TagKind::Histogram || kind == TagKind::Text) {
        medium.artifact.size = static_cast<std::int64_t>(contentOf(value, kind, 0)->size());
        add(stem, extensionOf(kind, {}), medium);
        return;
    }
    const auto samples = samplesOf(value, kind);
    for (medium.sample = 0; medium.sample < samples.size(); ++medium.sample) {
        const auto content = samples[medium.sample];
        medium.artifact.size = static_cast<std::int64_t>(content.size());
        add(samples.size() > 1 ? fmt::format("{}-{}", stem, medium.sample) : stem, extensionOf(kind, content),
            medium);
    }
}

void MediaCollector::take(const TfRecord& record) {
    Event event;
    if (!decodeEvent(record.bytes, event)) {
        return;
    }
    if (event.startsSession && Restarts::isRestart(event.step, std::exchange(m_mayRestart, true))) {
        takeBack(event.step);
    }
    SummaryValues values(event.summary);
    Value value;
    for (std::size_t index = 0; values.next(value); ++index) {
        takeValue(value, event, record.offset, index);
    }
}

void MediumExtractor::take(const TfRecord& record) {
    Event event;
    if (record.offset != m_medium.offset || !decodeEvent(record.bytes, event)) {
        return;
    }
    SummaryValues values(event.summary);
    Value value;
    for (std::size_t index = 0; values.next(value); ++index) {
        if (index == m_medium.value) {
            m_content = contentOf(value, m_medium.kind, m_medium.sample);
        }
    }
}

}  // namespace runglass::sources::tensorboard
