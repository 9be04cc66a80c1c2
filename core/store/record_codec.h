// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes and reads the records of the aside log by one list of their members, so that the two cannot come
// apart: `members(codec, value)` names them, with a RecordWriter or a RecordReader.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "runglass/base/bytes.h"
#include "runglass/base/run_id.h"
#include "runglass/model/run_detail.h"

namespace runglass::store {

/// For a list of members that serves T to be read and T to be written.
template <typename T, typename Value>
concept Codes = std::is_same_v<std::remove_const_t<T>, Value>;

/// The parts of a list or of something optional.
template <typename Codec, typename T>
void codePart(Codec& codec, T& value);

template <typename Codec>
class RecordCodec {
public:
    template <typename Optional>
    void maybe(Optional& value) {
        bool has = value.has_value();
        self().flag(has);
        if (has) {
            self().ensure(value);
            codePart(self(), *value);
        }
    }

private:
    Codec& self() { return static_cast<Codec&>(*this); }
};

class RecordWriter : public RecordCodec<RecordWriter> {
public:
    explicit RecordWriter(Bytes& out)
        : m_out(out) {}

    void id(const RunId& value) { m_out.raw(value.bytes()); }
    void flag(bool value) { m_out.byte(value ? 1 : 0); }
    void integer(std::int64_t value) { m_out.signedInt(value); }
    void real(double value) { m_out.real(value); }
    void text(std::string_view value) { m_out.text(value); }
    void symbol(Symbol value) { m_out.text(value.text()); }
    void index(std::size_t value) { m_out.unsignedInt(value); }
    /// One of an enumeration whose last is `last`.
    template <typename Enum>
    void choice(Enum value, Enum /*last*/) {
        m_out.byte(static_cast<std::uint8_t>(value));
    }
    template <typename Optional>
    void ensure(Optional& /*value*/) {}
    template <typename List>
    void list(const List& values) {
        m_out.unsignedInt(values.size());
        for (const auto& value : values) {
            codePart(*this, value);
        }
    }

private:
    ByteWriter m_out;
};

/// Of bytes that may be anything.
class RecordReader : public RecordCodec<RecordReader> {
public:
    explicit RecordReader(ByteView bytes)
        : m_in(bytes) {}

    [[nodiscard]] bool isWhole() const { return m_in.ok() && m_in.atEnd(); }
    void fail() { m_in.fail(); }

    void id(RunId& value) {
        std::array<std::uint8_t, 16> bytes{};
        if (const auto found = m_in.raw(bytes.size()); !found.empty()) {
            std::copy(found.begin(), found.end(), bytes.begin());
        }
        value = RunId(bytes);
    }
    void flag(bool& value) {
        const auto byte = m_in.byte();
        value = byte == 1;
        if (byte > 1) {
            m_in.fail();
        }
    }
    void integer(std::int64_t& value) { value = m_in.signedInt(); }
    void real(double& value) { value = m_in.real(); }
    void text(std::string& value) { value = m_in.text(); }
    void text(std::string_view& value) { value = m_in.text(); }
    void symbol(Symbol& value) { value = Symbol(m_in.text()); }
    void index(std::size_t& value) { value = m_in.unsignedInt(); }
    template <typename Enum>
    void choice(Enum& value, Enum last) {
        const auto byte = m_in.byte();
        if (byte > static_cast<std::uint8_t>(last)) {
            m_in.fail();
        } else {
            value = static_cast<Enum>(byte);
        }
    }
    template <typename Optional>
    void ensure(Optional& value) {
        value.emplace();
    }
    template <typename List>
    void list(List& values) {
        const auto count = m_in.count(1);
        for (std::size_t i = 0; i < count && m_in.ok(); ++i) {
            codePart(*this, values.emplace_back());
        }
    }

private:
    ByteReader m_in;
};

template <typename Codec, typename T>
void codePart(Codec& codec, T& value) {
    using Plain = std::remove_const_t<T>;
    if constexpr (std::is_same_v<Plain, std::int64_t>) {
        codec.integer(value);
    } else if constexpr (std::is_same_v<Plain, int>) {
        std::int64_t wide = value;
        codec.integer(wide);
        if constexpr (!std::is_const_v<T>) {
            value = static_cast<int>(wide);
        }
    } else if constexpr (std::is_same_v<Plain, double>) {
        codec.real(value);
    } else if constexpr (std::is_same_v<Plain, bool>) {
        codec.flag(value);
    } else if constexpr (std::is_same_v<Plain, std::string>) {
        codec.text(value);
    } else if constexpr (std::is_same_v<Plain, RunId>) {
        codec.id(value);
    } else if constexpr (std::is_same_v<Plain, model::RunStatus>) {
        codec.choice(value, model::RunStatus::Lost);
    } else if constexpr (std::is_same_v<Plain, model::Variable>) {
        codec.text(value.first);
        codec.text(value.second);
    } else if constexpr (std::is_same_v<Plain, Symbol>) {
        codec.symbol(value);
    } else if constexpr (std::is_same_v<Plain, model::GitState>) {
        codec.text(value.commit);
        codec.text(value.branch);
        codec.text(value.snapshot);
        codec.text(value.remote);
        codec.flag(value.dirty);
    } else if constexpr (std::is_same_v<Plain, model::Artifact>) {
        codec.text(value.path);
        codec.text(value.sha256);
        codec.integer(value.size);
        codec.integer(value.timeMs);
    } else if constexpr (std::is_same_v<Plain, model::Dataset>) {
        codec.text(value.name);
        codec.text(value.digest);
        codec.text(value.location);
        codec.text(value.profile);
    } else {
        members(codec, value);
    }
}

}  // namespace runglass::store
