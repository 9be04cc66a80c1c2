// SPDX-License-Identifier: GPL-3.0-or-later
#include "tensorboard_event.h"

#include <cmath>

namespace runglass::sources::tensorboard {

namespace {

/// SummaryMetadata → PluginData.
bool decodeMetadata(ByteView message, Value& value) {
    Wire fields(message);
    while (fields.next()) {
        if (fields.key() != Wire::bytesKey(1)) {
            fields.skip();
            continue;
        }
        Wire plugin(fields.bytes());
        while (plugin.next()) {
            switch (plugin.key()) {
                case Wire::bytesKey(1):
                    value.plugin = plugin.text();
                    break;
                case Wire::bytesKey(2):
                    value.pluginContent = plugin.bytes();
                    break;
                default:
                    plugin.skip();
            }
        }
        if (!plugin.ok()) {
            return false;
        }
    }
    return fields.ok();
}

bool decodeValue(ByteView message, Value& value) {
    value = {};
    Wire fields(message);
    const auto payload = [&](Payload kind) {
        value.payload = kind;
        value.message = fields.bytes();
    };
    while (fields.next()) {
        switch (fields.key()) {
            case Wire::bytesKey(1):
                value.tag = fields.text();
                break;
            case Wire::fixed32Key(2):
                value.payload = Payload::SimpleValue;
                value.simpleValue = fields.real32();
                break;
            case Wire::bytesKey(4):
                payload(Payload::Image);
                break;
            case Wire::bytesKey(5):
                payload(Payload::Histogram);
                break;
            case Wire::bytesKey(6):
                payload(Payload::Audio);
                break;
            case Wire::bytesKey(8):
                payload(Payload::Tensor);
                break;
            case Wire::bytesKey(9):
                if (!decodeMetadata(fields.bytes(), value)) {
                    return false;
                }
                break;
            default:
                fields.skip();
        }
    }
    return fields.ok();
}

}  // namespace

namespace {

/// SessionLog{status=1}
bool isStart(ByteView message) {
    constexpr std::uint64_t kStart = 1;
    std::uint64_t status = 0;
    for (Wire fields(message); fields.next();) {
        if (fields.key() == Wire::varintKey(1)) {
            status = fields.varint();
        } else {
            fields.skip();
        }
    }
    return status == kStart;
}

}  // namespace

bool decodeEvent(ByteView message, Event& event) {
    event = {};
    Wire fields(message);
    while (fields.next()) {
        switch (fields.key()) {
            case Wire::fixed64Key(1):
                event.wallTime = fields.real64();
                break;
            case Wire::varintKey(2):
                event.step = static_cast<std::int64_t>(fields.varint());
                break;
            case Wire::bytesKey(5):
                event.summary = fields.bytes();
                break;
            case Wire::bytesKey(7):
                event.startsSession = isStart(fields.bytes());
                break;
            default:
                fields.skip();
        }
    }
    return fields.ok();
}

std::int64_t millisecondsOf(double seconds) {
    constexpr double kMost = 9e15;  // beyond this a double does not hold whole milliseconds
    const double milliseconds = seconds * 1000;
    return std::abs(milliseconds) < kMost ? std::llround(milliseconds) : 0;
}

bool SummaryValues::next(Value& value) {
    while (m_fields.next()) {
        if (m_fields.key() == Wire::bytesKey(1)) {
            m_sound = decodeValue(m_fields.bytes(), value);
            return m_sound;
        }
        m_fields.skip();
    }
    return false;
}

}  // namespace runglass::sources::tensorboard
