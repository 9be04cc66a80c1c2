// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "tensorboard_event.h"

namespace runglass::sources::tensorboard {

namespace {

// Fields of TensorProto. A value lies either in `content` or in the list of its type; lists of numbers are
// packed, but a writer may leave them unpacked.
constexpr std::uint32_t kDtype = 1;
constexpr std::uint32_t kShape = 2;
constexpr std::uint32_t kContent = 4;
constexpr std::uint32_t kFloats = 5;
constexpr std::uint32_t kDoubles = 6;
constexpr std::uint32_t kInts = 7;  // all integers of up to 32 bits with a sign, and uint8, uint16
constexpr std::uint32_t kStrings = 8;
constexpr std::uint32_t kInt64s = 10;
constexpr std::uint32_t kBools = 11;
constexpr std::uint32_t kHalves = 13;  // the bits of half and bfloat16
constexpr std::uint32_t kUInt32s = 16;
constexpr std::uint32_t kUInt64s = 17;

template <typename T>
std::optional<T> only(ByteView bytes) {
    T value{};
    if (bytes.size() != sizeof value) {
        return std::nullopt;
    }
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

template <typename T>
std::optional<double> number(ByteView bytes) {
    const auto value = only<T>(bytes);
    return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

double fromBFloat16(std::uint16_t bits) {
    return std::bit_cast<float>(std::uint32_t{bits} << 16U);
}

/// IEEE 754 binary16.
double fromHalf(std::uint16_t bits) {
    const int exponent = (bits >> 10U) & 0x1F;
    const int fraction = bits & 0x3FF;
    double magnitude = 0;
    if (exponent == 0x1F) {
        magnitude = fraction != 0 ? NAN : INFINITY;
    } else if (exponent == 0) {
        magnitude = std::ldexp(fraction, -24);
    } else {
        magnitude = std::ldexp(fraction + 0x400, exponent - 25);
    }
    return std::copysign(magnitude, (bits & 0x8000U) != 0 ? -1.0 : 1.0);
}

std::optional<double> fromContent(DataType type, ByteView content) {
    switch (type) {
        case DataType::Float:
            return number<float>(content);
        case DataType::Double:
            return number<double>(content);
        case DataType::Int32:
            return number<std::int32_t>(content);
        case DataType::UInt8:
            return number<std::uint8_t>(content);
        case DataType::Int16:
            return number<std::int16_t>(content);
        case DataType::UInt16:
            return number<std::uint16_t>(content);
        case DataType::Int8:
            return number<std::int8_t>(content);
        case DataType::Int64:
            return number<std::int64_t>(content);
        case DataType::Bool:
            return number<std::uint8_t>(content);
        case DataType::UInt32:
            return number<std::uint32_t>(content);
        case DataType::UInt64:
            return number<std::uint64_t>(content);
        case DataType::Half:
        case DataType::BFloat16: {
            const auto bits = only<std::uint16_t>(content);
            if (!bits) {
                return std::nullopt;
            }
            return type == DataType::Half ? fromHalf(*bits) : fromBFloat16(*bits);
        }
        case DataType::String:
            break;
    }
    return std::nullopt;
}

/// The list field for a type of number; 0 for other types.
std::uint32_t listOf(DataType type) {
    switch (type) {
        case DataType::Int32:
        case DataType::UInt8:
        case DataType::Int16:
        case DataType::UInt16:
        case DataType::Int8:
            return kInts;
        case DataType::Float:
            return kFloats;
        case DataType::Double:
            return kDoubles;
        case DataType::Int64:
            return kInt64s;
        case DataType::Bool:
            return kBools;
        case DataType::Half:
        case DataType::BFloat16:
            return kHalves;
        case DataType::UInt32:
            return kUInt32s;
        case DataType::UInt64:
            return kUInt64s;
        case DataType::String:
            break;
    }
    return 0;
}

double fromVarint(DataType type, std::uint64_t bits) {
    switch (type) {
        case DataType::UInt64:
        case DataType::UInt32:
        case DataType::Bool:
            return static_cast<double>(bits);
        case DataType::Half:
            return fromHalf(static_cast<std::uint16_t>(bits));
        case DataType::BFloat16:
            return fromBFloat16(static_cast<std::uint16_t>(bits));
        default:
            return static_cast<double>(static_cast<std::int64_t>(bits));
    }
}

/// What the list fields of a tensor hold: how many elements, and the first.
struct ListScan {
    std::size_t count = 0;
    double first = 0;
    void add(double value) {
        first = count == 0 ? value : first;
        ++count;
    }
};

/// The elements of one occurrence of a list field: packed ones, or a single one.
bool addElements(Wire& fields, DataType type, ListScan& list) {
    switch (fields.key() & 7U) {
        case 0:
            list.add(fromVarint(type, fields.varint()));
            return true;
        case 1:
            list.add(fields.real64());
            return true;
        case 5:
            list.add(fields.real32());
            return true;
        default:
            break;
    }
    const auto packed = fields.bytes();
    if (type == DataType::Float || type == DataType::Double) {
        const auto size = type == DataType::Float ? sizeof(float) : sizeof(double);
        list.count += packed.size() / size;
        list.first = fromContent(type, packed.first(std::min(packed.size(), size))).value_or(0);
        return packed.size() % size == 0;
    }
    // Packed varints have no keys between them; Wire's bounds checks serve all the same.
    Wire numbers(packed);
    std::size_t last = 0;
    for (const auto byte : packed) {
        last = byte;
        list.count += byte < 0x80 ? 1U : 0U;
    }
    list.first = packed.empty() ? list.first : fromVarint(type, numbers.varint());
    return last < 0x80 && numbers.ok();
}

/// Number of elements that a TensorShapeProto promises; nothing when it is unknown, malformed or absurd.
std::optional<std::uint64_t> elementsOf(ByteView shape) {
    std::uint64_t elements = 1;
    Wire fields(shape);
    while (fields.next()) {
        if (fields.key() == Wire::bytesKey(2)) {
            Wire dimension(fields.bytes());
            std::uint64_t size = 0;
            while (dimension.next()) {
                if (dimension.key() == Wire::varintKey(1)) {
                    size = dimension.varint();
                } else {
                    dimension.skip();
                }
            }
            if (!dimension.ok() || size > UINT32_MAX || elements > UINT32_MAX) {
                return std::nullopt;
            }
            elements *= size;
        } else {
            fields.skip();
        }
    }
    return fields.ok() ? std::optional(elements) : std::nullopt;
}

std::optional<double> onlyElement(ByteView tensor, DataType type, std::uint32_t listField) {
    ListScan list;
    Wire fields(tensor);
    while (fields.next()) {
        if (fields.field() != listField) {
            fields.skip();
        } else if (!addElements(fields, type, list)) {
            return std::nullopt;
        }
    }
    // TensorFlow leaves the list of an all-zero tensor out.
    return list.count <= 1 ? std::optional(list.first) : std::nullopt;
}

}  // namespace

std::optional<double> scalarOf(ByteView tensor) {
    auto type = DataType{};
    ByteView content;
    ByteView shape;
    Wire fields(tensor);
    while (fields.next()) {
        switch (fields.key()) {
            case Wire::varintKey(kDtype):
                type = static_cast<DataType>(fields.varint());
                break;
            case Wire::bytesKey(kContent):
                content = fields.bytes();
                break;
            case Wire::bytesKey(kShape):
                shape = fields.bytes();
                break;
            default:
                fields.skip();
        }
    }
    const auto listField = listOf(type);
    if (!fields.ok() || listField == 0 || elementsOf(shape) != 1) {
        return std::nullopt;
    }
    return content.empty() ? onlyElement(tensor, type, listField) : fromContent(type, content);
}

std::vector<std::string_view> textsOf(ByteView tensor, std::size_t most) {
    std::vector<std::string_view> texts;
    Wire fields(tensor);
    while (fields.next() && texts.size() < most) {
        if (fields.key() == Wire::bytesKey(kStrings)) {
            texts.push_back(fields.text());
        } else {
            fields.skip();
        }
    }
    return texts;
}

}  // namespace runglass::sources::tensorboard
