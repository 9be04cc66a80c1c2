// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "runglass/store/run_change.h"

namespace runglass::store {

namespace {

/// A log is read by the program that is installed when its endpoint has died, perhaps a newer one.
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kVersionWithReplaceable = 2;

/// Writes and reads the members of a change by the same list of them, so that the two cannot come apart:
/// Codec is Writer or Reader.
template <typename Codec, typename Change>
void members(Codec& codec, Change& change, bool hasReplaceable) {
    codec.id(change.run);
    codec.flag(change.isNew);
    codec.integer(change.timeMs);
    codec.maybe(change.experiment);
    codec.maybe(change.name);
    codec.maybe(change.user);
    codec.maybe(change.note);
    codec.maybe(change.parent);
    codec.maybe(change.startMs);
    codec.maybe(change.git);
    codec.list(change.command);
    codec.maybe(change.status);
    codec.maybe(change.endMs);
    codec.list(change.params);
    codec.list(change.tags);
    codec.list(change.listedInTags);
    codec.list(change.removedTags);
    codec.list(change.inputs);
    codec.list(change.modelInputs);
    codec.list(change.modelOutputs);
    codec.list(change.artifacts);
    codec.list(change.points);
    codec.list(change.ofModels);
    if (hasReplaceable) {
        codec.list(change.replaceable);
    }
}

/// The members of the things within a change.
template <typename Codec, typename T>
void parts(Codec& codec, T& value);

template <typename Codec>
class Common {
public:
    template <typename Optional>
    void maybe(Optional& value) {
        bool has = value.has_value();
        self().flag(has);
        if (has) {
            self().ensure(value);
            parts(self(), *value);
        }
    }

private:
    Codec& self() { return static_cast<Codec&>(*this); }
};

class Writer : public Common<Writer> {
public:
    explicit Writer(Bytes& out)
        : m_out(out) {}

    void id(const RunId& value) { m_out.raw(value.bytes()); }
    void flag(bool value) { m_out.byte(value ? 1 : 0); }
    void integer(std::int64_t value) { m_out.signedInt(value); }
    void real(double value) { m_out.real(value); }
    void text(std::string_view value) { m_out.text(value); }
    void index(std::size_t value) { m_out.unsignedInt(value); }
    void status(model::RunStatus value) { m_out.byte(static_cast<std::uint8_t>(value)); }
    template <typename Optional>
    void ensure(Optional& /*value*/) {}
    template <typename List>
    void list(const List& values) {
        m_out.unsignedInt(values.size());
        for (const auto& value : values) {
            parts(*this, value);
        }
    }

private:
    ByteWriter m_out;
};

class Reader : public Common<Reader> {
public:
    explicit Reader(ByteView bytes)
        : m_in(bytes) {}

    [[nodiscard]] bool isWhole() const { return m_in.ok() && m_in.atEnd(); }

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
    void index(std::size_t& value) { value = m_in.unsignedInt(); }
    void status(model::RunStatus& value) {
        const auto byte = m_in.byte();
        if (byte > static_cast<std::uint8_t>(model::RunStatus::Lost)) {
            m_in.fail();
        } else {
            value = static_cast<model::RunStatus>(byte);
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
            parts(*this, values.emplace_back());
        }
    }

private:
    ByteReader m_in;
};

template <typename T, typename Value>
constexpr bool is = std::is_same_v<std::remove_const_t<T>, Value>;

template <typename Codec, typename T>
void parts(Codec& codec, T& value) {
    if constexpr (is<T, std::int64_t>) {
        codec.integer(value);
    } else if constexpr (is<T, std::string>) {
        codec.text(value);
    } else if constexpr (is<T, RunId>) {
        codec.id(value);
    } else if constexpr (is<T, model::RunStatus>) {
        codec.status(value);
    } else if constexpr (is<T, model::Variable>) {
        codec.text(value.first);
        codec.text(value.second);
    } else if constexpr (is<T, model::GitState>) {
        codec.text(value.commit);
        codec.text(value.branch);
        codec.text(value.snapshot);
        codec.text(value.remote);
        codec.flag(value.dirty);
    } else if constexpr (is<T, RunInput>) {
        codec.text(value.dataset.name);
        codec.text(value.dataset.digest);
        codec.text(value.dataset.sourceType);
        codec.text(value.dataset.source);
        codec.text(value.dataset.schema);
        codec.text(value.dataset.profile);
        codec.list(value.tags);
    } else if constexpr (is<T, RunModel>) {
        codec.text(value.model);
        codec.integer(value.step);
    } else if constexpr (is<T, model::Artifact>) {
        codec.text(value.path);
        codec.text(value.sha256);
        codec.integer(value.size);
        codec.integer(value.timeMs);
    } else if constexpr (is<T, MetricPoint>) {
        codec.text(value.key);
        codec.integer(value.point.step);
        codec.integer(value.point.timeMs);
        codec.real(value.point.value);
    } else {
        static_assert(is<T, PointOfModel>);
        codec.index(value.point);
        codec.text(value.model);
        codec.text(value.dataset);
        codec.text(value.digest);
    }
}

}  // namespace

Bytes encodeChange(const RunChange& change) {
    const bool hasReplaceable = !change.replaceable.empty();
    Bytes bytes{hasReplaceable ? kVersionWithReplaceable : kVersion};
    Writer writer(bytes);
    members(writer, change, hasReplaceable);
    return bytes;
}

std::optional<RunChange> decodeChange(ByteView bytes) {
    if (bytes.empty() || (bytes.front() != kVersion && bytes.front() != kVersionWithReplaceable)) {
        return std::nullopt;
    }
    RunChange change;
    Reader reader(bytes.subspan(1));
    members(reader, change, bytes.front() == kVersionWithReplaceable);
    const bool pointsExist = std::all_of(change.ofModels.begin(), change.ofModels.end(),
                                         [&](const auto& of) { return of.point < change.points.size(); });
    return reader.isWhole() && pointsExist ? std::optional(std::move(change)) : std::nullopt;
}

}  // namespace runglass::store
