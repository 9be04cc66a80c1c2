// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/base/text.h"
#include "tensorboard_event.h"

namespace runglass::sources::tensorboard {

namespace {

constexpr int kMaxDepth = 8;

bool appendValue(ByteView message, std::string& text, int depth);

/// google.protobuf.ListValue as `[1, 2]`.
bool appendList(ByteView message, std::string& text, int depth) {
    Wire fields(message);
    text += '[';
    bool first = true;
    while (fields.next()) {
        if (fields.key() != Wire::bytesKey(1)) {
            fields.skip();
            continue;
        }
        text += first ? "" : ", ";
        first = false;
        if (!appendValue(fields.bytes(), text, depth + 1)) {
            return false;
        }
    }
    text += ']';
    return fields.ok();
}

/// google.protobuf.Value. A struct is left out: no writer puts one here.
bool appendValue(ByteView message, std::string& text, int depth) {
    if (depth > kMaxDepth) {
        return false;
    }
    Wire fields(message);
    while (fields.next()) {
        switch (fields.key()) {
            case Wire::varintKey(1):
                fields.skip();
                text += "null";
                break;
            case Wire::fixed64Key(2):
                text += formatDouble(fields.real64());
                break;
            case Wire::bytesKey(3):
                text += toValidUtf8(fields.text());
                break;
            case Wire::varintKey(4):
                text += fields.varint() != 0 ? "true" : "false";
                break;
            case Wire::bytesKey(6):
                if (!appendList(fields.bytes(), text, depth)) {
                    return false;
                }
                break;
            default:
                fields.skip();
        }
    }
    return fields.ok();
}

bool decodeParam(ByteView message, SessionInfo& info) {
    std::string key;
    std::string value;
    Wire fields(message);
    while (fields.next()) {
        if (fields.key() == Wire::bytesKey(1)) {
            key = toValidUtf8(fields.text());
        } else if (fields.key() == Wire::bytesKey(2)) {
            if (!appendValue(fields.bytes(), value, 0)) {
                return false;
            }
        } else {
            fields.skip();
        }
    }
    if (fields.ok() && !key.empty()) {
        info.params.emplace_back(std::move(key), std::move(value));
    }
    return fields.ok();
}

bool decodeStart(ByteView message, SessionInfo& info) {
    Wire fields(message);
    while (fields.next()) {
        switch (fields.key()) {
            case Wire::bytesKey(1):
                if (!decodeParam(fields.bytes(), info)) {
                    return false;
                }
                break;
            case Wire::bytesKey(4):
                info.group = toValidUtf8(fields.text());
                break;
            case Wire::fixed64Key(5):
                info.startSeconds = fields.real64();
                break;
            default:
                fields.skip();
        }
    }
    return fields.ok();
}

bool decodeEnd(ByteView message, SessionInfo& info) {
    Wire fields(message);
    info.ended = true;
    while (fields.next()) {
        switch (fields.key()) {
            case Wire::varintKey(1):
                info.status = fields.varint();
                break;
            case Wire::fixed64Key(2):
                info.endSeconds = fields.real64();
                break;
            default:
                fields.skip();
        }
    }
    return fields.ok();
}

}  // namespace

bool decodeHparams(ByteView content, SessionInfo& info) {
    Wire fields(content);
    while (fields.next()) {
        bool sound = true;
        switch (fields.key()) {
            case Wire::bytesKey(3):
                sound = decodeStart(fields.bytes(), info);
                break;
            case Wire::bytesKey(4):
                sound = decodeEnd(fields.bytes(), info);
                break;
            default:
                fields.skip();
        }
        if (!sound) {
            return false;
        }
    }
    return fields.ok();
}

}  // namespace runglass::sources::tensorboard
