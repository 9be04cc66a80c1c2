// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/bytes.h"
#include "wire.h"

/// The messages in TensorBoard's event files, decoded in place: all views point into the record. Message and
/// field numbers: tensorboard/compat/proto/{event,summary,tensor}.proto and plugins/hparams/plugin_data.proto
/// of github.com/tensorflow/tensorboard.
namespace runglass::sources::tensorboard {

struct Event {
    double wallTime = 0;  ///< Unix seconds; 0 where the writer left it out
    std::int64_t step = 0;
    ByteView summary;            ///< see SummaryValues; empty for other kinds of event
    bool startsSession = false;  ///< `SessionLog.START`
};

/// False when the message is malformed.
bool decodeEvent(ByteView message, Event& event);

/// Unix seconds as Unix milliseconds; 0 for what is no time.
std::int64_t millisecondsOf(double seconds);

/// Element types of tensors that can be a number (tensorflow/core/framework/types.proto).
enum class DataType : std::uint32_t {
    Float = 1,
    Double = 2,
    Int32 = 3,
    UInt8 = 4,
    Int16 = 5,
    Int8 = 6,
    String = 7,
    Int64 = 9,
    Bool = 10,
    BFloat16 = 14,
    UInt16 = 17,
    Half = 19,
    UInt32 = 22,
    UInt64 = 23,
};

enum class Payload : std::uint8_t {
    None,  ///< metadata only
    SimpleValue,
    Tensor,
    Image,
    Audio,
    Histogram,
};

/// One value of a summary.
struct Value {
    std::string_view tag;
    std::string_view plugin;  ///< only on the first value of a tag
    ByteView pluginContent;
    Payload payload = Payload::None;
    float simpleValue = 0;
    ByteView message;  ///< of the payload, when it is neither None nor SimpleValue
};

/// Walks over the values of Event::summary.
class SummaryValues {
public:
    explicit SummaryValues(ByteView summary)
        : m_fields(summary) {}
    /// False at the end and when the message is malformed; ok() tells which.
    bool next(Value& value);
    [[nodiscard]] bool ok() const { return m_fields.ok() && m_sound; }

private:
    Wire m_fields;
    bool m_sound = true;
};

/// The number in a tensor of one element, of any numeric type, as TensorBoard's scalar dashboard takes it.
std::optional<double> scalarOf(ByteView tensor);

/// The texts of a tensor of strings; empty for other tensors. At most `most`.
std::vector<std::string_view> textsOf(ByteView tensor, std::size_t most);

/// What the hparams plugin keeps about a run, in the `content` of three metadata-only values.
struct SessionInfo {
    std::vector<std::pair<std::string, std::string>> params;
    std::string group;
    std::optional<double> startSeconds;
    std::optional<double> endSeconds;
    std::uint64_t status = 0;  ///< 0 unknown, 1 success, 2 failure, 3 running
    bool ended = false;        ///< status is there
};

/// Adds what `content` tells to `info`. False when it is malformed.
bool decodeHparams(ByteView content, SessionInfo& info);

}  // namespace runglass::sources::tensorboard
