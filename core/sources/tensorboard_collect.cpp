// SPDX-License-Identifier: GPL-3.0-or-later
#include "tensorboard_collect.h"

#include <algorithm>
#include <array>
#include <utility>

#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::sources::tensorboard {

namespace {

TagKind kindOfPlugin(std::string_view plugin) {
    constexpr std::array<std::pair<std::string_view, TagKind>, 6> kPlugins{{
        {"scalars", TagKind::Scalar},
        {"images", TagKind::Image},
        {"audio", TagKind::Audio},
        {"histograms", TagKind::Histogram},
        {"text", TagKind::Text},
        {"hparams", TagKind::Hparams},
    }};
    const auto* const found = std::find_if(kPlugins.begin(), kPlugins.end(),
                                           [&](const auto& known) { return known.first == plugin; });
    return found != kPlugins.end() ? found->second : TagKind::Other;
}

}  // namespace

TagKind kindAfter(TagKind kind, const Value& value) {
    if (!value.plugin.empty()) {
        return kindOfPlugin(value.plugin);
    }
    if (kind != TagKind::Unknown) {
        return kind;
    }
    switch (value.payload) {
        case Payload::SimpleValue:
            return TagKind::Scalar;
        case Payload::Image:
            return TagKind::Image;
        case Payload::Audio:
            return TagKind::Audio;
        case Payload::Histogram:
            return TagKind::Histogram;
        default:
            return kind;
    }
}

std::optional<double> numberIn(const Value& value, TagKind kind) {
    if (value.payload == Payload::SimpleValue) {
        return value.simpleValue;
    }
    const bool mayBeNumber = kind == TagKind::Scalar || kind == TagKind::Unknown;
    return value.payload == Payload::Tensor && mayBeNumber ? scalarOf(value.message) : std::nullopt;
}

SummaryCollector::Tag* SummaryCollector::tagFor(std::string_view name, std::uint64_t offset) {
    if (m_last < m_tags.size()) {
        const auto guess = m_tags[m_last].following;
        if (m_tags[guess].name == name) {
            m_last = guess;
            return &m_tags[guess];
        }
    }
    if (name.size() > kMaxTagBytes || !isValidUtf8(name)) {
        m_damage.add(m_file, offset, tr("A tag is not a text of at most 4096 bytes."));
        return nullptr;
    }
    auto found = m_index.find(std::string(name));
    if (found == m_index.end()) {
        if (m_tags.size() == kMaxTags) {
            m_damage.add(m_file, offset, tr("The file has more than 100,000 tags."));
            return nullptr;
        }
        found = m_index.emplace(name, m_tags.size()).first;
        m_tags.emplace_back().name = name;
    }
    if (m_last < m_tags.size()) {
        m_tags[m_last].following = found->second;
    }
    m_last = found->second;
    return &m_tags[m_last];
}

void SummaryCollector::takeValue(const Value& value, const Event& event, std::int64_t timeMs,
                                 std::uint64_t offset) {
    Tag* const tag = tagFor(value.tag, offset);
    if (tag == nullptr) {
        return;
    }
    tag->kind = kindAfter(tag->kind, value);
    if (const auto number = numberIn(value, tag->kind)) {
        tag->summary.add({event.step, timeMs, *number});
    } else if (tag->kind == TagKind::Scalar && value.payload != Payload::None) {
        m_damage.add(m_file, offset, tr("A value of a scalar is not one number."));
    }
    if (tag->kind == TagKind::Hparams && !value.pluginContent.empty() &&
        !decodeHparams(value.pluginContent, m_session)) {
        m_damage.add(m_file, offset, tr("A description of hyperparameters does not decode."));
    }
}

void SummaryCollector::take(const TfRecord& record) {
    Event event;
    bool sound = decodeEvent(record.bytes, event);
    const auto timeMs = millisecondsOf(event.wallTime);
    if (sound && timeMs != 0) {
        m_firstTimeMs = m_firstTimeMs == 0 ? timeMs : m_firstTimeMs;
        m_lastTimeMs = timeMs;
    }
    if (sound && !event.summary.empty()) {
        SummaryValues values(event.summary);
        Value value;
        while (values.next(value)) {
            takeValue(value, event, timeMs, record.offset);
        }
        sound = values.ok();
    }
    if (!sound) {
        m_damage.add(m_file, record.offset, tr("A record is not a TensorBoard event."));
    }
}

void SeriesCollector::take(const TfRecord& record) {
    Event event;
    if (!decodeEvent(record.bytes, event) || event.summary.empty()) {
        return;
    }
    SummaryValues values(event.summary);
    Value value;
    while (values.next(value)) {
        if (value.tag != m_tag) {
            continue;
        }
        m_kind = kindAfter(m_kind, value);
        if (const auto number = numberIn(value, m_kind)) {
            if (m_count >= m_skip) {
                m_series.push({event.step, millisecondsOf(event.wallTime), *number});
            }
            ++m_count;
        }
    }
}

}  // namespace runglass::sources::tensorboard
