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
        m_greatestStep = std::max(m_greatestStep, event.step);
        if (event.step >= m_limit && m_limit != Restarts::kNone) {
            m_damage.add(m_file, offset,
                         tr("A point was taken back: the run was started again from its step or before, and "
                            "TensorBoard drops it."),
                         DamageList::By::Tool);
            return;
        }
        m_greatestKept = std::max(m_greatestKept, event.step);
        tag->summary.add({event.step, timeMs, *number});
    } else if (tag->kind == TagKind::Scalar && value.payload != Payload::None) {
        m_damage.add(m_file, offset, tr("A value of a scalar is not one number."));
    }
    if (tag->kind == TagKind::Hparams && !value.pluginContent.empty() &&
        !decodeHparams(value.pluginContent, m_session)) {
        m_damage.add(m_file, offset, tr("A description of hyperparameters does not decode."));
    }
}

void SummaryCollector::takeStart(const Event& event, std::uint64_t offset) {
    const bool isRestart =
        Restarts::isRestart(event.step, std::exchange(m_started, true) || !m_known.isFirst);
    if (isRestart) {
        m_restarts.add(offset, event.step);
        m_outdated = m_outdated || m_greatestKept >= event.step;
    }
}

bool SummaryCollector::isOutdated(bool isFirst, std::int64_t takenBack) const {
    const auto least = std::min(takenBack, m_known.takenBack);
    return m_outdated || (m_started && isFirst != m_known.isFirst) ||
           (takenBack != m_known.takenBack && m_greatestStep >= least);
}

void SummaryCollector::take(const TfRecord& record) {
    Event event;
    bool sound = decodeEvent(record.bytes, event);
    if (sound && event.startsSession) {
        takeStart(event, record.offset);
    }
    m_limit = m_known.takenBack;
    if (!m_known.restarts.empty()) {
        m_limit = std::min(m_limit, m_known.restarts.limitAt(record.offset));
    }
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
    if (!decodeEvent(record.bytes, event)) {
        return;
    }
    if (event.startsSession && Restarts::isRestart(event.step, std::exchange(m_state.mayRestart, true))) {
        m_restarts.add(m_series.size(), event.step);
    }
    SummaryValues values(event.summary);
    Value value;
    while (values.next(value)) {
        if (value.tag != m_tag) {
            continue;
        }
        m_state.kind = kindAfter(m_state.kind, value);
        if (const auto number = numberIn(value, m_state.kind)) {
            m_state.greatestStep = std::max(m_state.greatestStep, event.step);
            m_series.push({event.step, millisecondsOf(event.wallTime), *number});
        }
    }
}

model::Series SeriesCollector::takeSeries() {
    if (m_restarts.empty()) {
        return std::move(m_series);
    }
    model::Series standing;
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        // The place of a restart is the number of points before it.
        const auto limit = m_restarts.limitAt(i);
        if (m_series.steps[i] < limit || limit == Restarts::kNone) {
            standing.push(m_series.at(i));
        }
    }
    return standing;
}

}  // namespace runglass::sources::tensorboard
