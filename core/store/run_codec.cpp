// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_codec.h"

#include <bit>

#include "sealed.h"

namespace runglass::store {

namespace {

constexpr unsigned kMinIsFirst = 1;
constexpr unsigned kMinIsLast = 2;
constexpr unsigned kMaxIsFirst = 4;
constexpr unsigned kMaxIsLast = 8;
constexpr unsigned kHasNan = 16;
constexpr unsigned kHasInfinite = 32;

bool sameBits(double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

unsigned flagsOf(const model::MetricSummary& s) {
    unsigned flags = (s.nanCount > 0 ? kHasNan : 0U) | (s.infiniteCount > 0 ? kHasInfinite : 0U);
    flags |= sameBits(s.min, s.first) ? kMinIsFirst : sameBits(s.min, s.last) ? kMinIsLast : 0U;
    flags |= sameBits(s.max, s.first) ? kMaxIsFirst : sameBits(s.max, s.last) ? kMaxIsLast : 0U;
    return flags;
}

std::int64_t wrappingAdd(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

std::int64_t wrappingSubtract(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

void encodeSummary(const StoredSummary& stored, ByteWriter& out) {
    const auto& s = stored.summary;
    const auto flags = flagsOf(s);
    out.unsignedInt(stored.word);
    out.unsignedInt(s.count);
    out.byte(static_cast<std::uint8_t>(flags));
    out.real(s.first);
    out.real(s.last);
    if ((flags & (kMinIsFirst | kMinIsLast)) == 0) {
        out.real(s.min);
    }
    if ((flags & (kMaxIsFirst | kMaxIsLast)) == 0) {
        out.real(s.max);
    }
    if ((flags & kHasNan) != 0) {
        out.unsignedInt(s.nanCount);
    }
    if ((flags & kHasInfinite) != 0) {
        out.unsignedInt(s.infiniteCount);
    }
    out.signedInt(s.firstStep);
    out.signedInt(wrappingSubtract(s.lastStep, s.firstStep));
    out.signedInt(s.lastTimeMs);
}

double extreme(ByteReader& in, unsigned flags, unsigned isFirst, unsigned isLast,
               const model::MetricSummary& s) {
    if ((flags & isFirst) != 0) {
        return s.first;
    }
    return (flags & isLast) != 0 ? s.last : in.real();
}

void decodeSummary(ByteReader& in, StoredSummary& out) {
    auto& s = out.summary;
    out.word = in.unsignedInt();
    s.count = in.unsignedInt();
    const unsigned flags = in.byte();
    s.first = in.real();
    s.last = in.real();
    s.min = extreme(in, flags, kMinIsFirst, kMinIsLast, s);
    s.max = extreme(in, flags, kMaxIsFirst, kMaxIsLast, s);
    s.nanCount = (flags & kHasNan) != 0 ? in.unsignedInt() : 0;
    s.infiniteCount = (flags & kHasInfinite) != 0 ? in.unsignedInt() : 0;
    s.firstStep = in.signedInt();
    s.lastStep = wrappingAdd(s.firstStep, in.signedInt());
    s.lastTimeMs = in.signedInt();
}

void encodeVariables(const std::vector<model::Variable>& variables, ByteWriter& out) {
    out.unsignedInt(variables.size());
    for (const auto& [name, value] : variables) {
        out.text(name);
        out.text(value);
    }
}

void encodeList(const std::vector<std::string>& texts, ByteWriter& out) {
    out.unsignedInt(texts.size());
    for (const auto& text : texts) {
        out.text(text);
    }
}

void decodeList(ByteReader& in, std::vector<std::string>& out) {
    const std::size_t count = in.count(1);
    out.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        out.emplace_back(in.text());
    }
}

constexpr std::uint8_t kEnvironmentFormat = 1;

}  // namespace

Bytes encodePairs(std::span<const StoredPair> pairs) {
    Bytes bytes;
    ByteWriter out(bytes);
    for (const auto& pair : pairs) {
        out.unsignedInt(pair.word);
        out.text(pair.value);
    }
    seal(bytes);
    return bytes;
}

bool decodePairs(ByteView stored, std::vector<StoredPair>& out) {
    const auto content = unseal(stored);
    if (!content) {
        return false;
    }
    ByteReader in(*content);
    while (!in.atEnd()) {
        const auto word = in.unsignedInt();
        out.push_back({word, in.text()});
    }
    return in.ok();
}

Bytes encodeSummaries(std::span<const StoredSummary> summaries) {
    Bytes bytes;
    bytes.reserve(summaries.size() * 48 + 4);
    ByteWriter out(bytes);
    for (const auto& summary : summaries) {
        encodeSummary(summary, out);
    }
    seal(bytes);
    return bytes;
}

bool decodeSummaries(ByteView stored, std::vector<StoredSummary>& out) {
    const auto content = unseal(stored);
    if (!content) {
        return false;
    }
    ByteReader in(*content);
    while (!in.atEnd()) {
        decodeSummary(in, out.emplace_back());
    }
    return in.ok();
}

Bytes encodeTexts(const std::vector<std::string>& texts) {
    Bytes bytes;
    ByteWriter out(bytes);
    encodeList(texts, out);
    seal(bytes);
    return bytes;
}

bool decodeTexts(ByteView stored, std::vector<std::string>& out) {
    const auto content = unseal(stored);
    if (!content) {
        return false;
    }
    ByteReader in(*content);
    decodeList(in, out);
    return in.ok();
}

Bytes encodeLeftOut(const std::vector<model::LeftOutFile>& files) {
    Bytes bytes;
    ByteWriter out(bytes);
    for (const auto& file : files) {
        out.text(file.path);
        out.signedInt(file.size);
    }
    seal(bytes);
    return bytes;
}

bool decodeLeftOut(ByteView stored, std::vector<model::LeftOutFile>& out) {
    const auto content = unseal(stored);
    if (!content) {
        return false;
    }
    ByteReader in(*content);
    while (!in.atEnd()) {
        auto& file = out.emplace_back();
        file.path = in.text();
        file.size = in.signedInt();
    }
    return in.ok();
}

Bytes encodeEnvironment(const model::Environment& environment) {
    Bytes bytes;
    ByteWriter out(bytes);
    out.byte(kEnvironmentFormat);
    out.text(environment.pythonExecutable);
    out.text(environment.pythonVersion);
    out.text(environment.virtualEnvironment);
    out.unsignedInt(environment.packages.size());
    for (const auto& package : environment.packages) {
        out.text(package.name);
        out.text(package.version);
    }
    encodeVariables(environment.variables, out);
    encodeList(environment.withheld, out);
    const auto& hardware = environment.hardware;
    out.text(hardware.hostName);
    out.text(hardware.operatingSystem);
    out.text(hardware.cpuModel);
    out.signedInt(hardware.cpuCount);
    out.signedInt(hardware.memoryBytes);
    encodeList(hardware.gpus, out);
    out.text(hardware.gpuDriver);
    return bytes;
}

std::optional<model::Environment> decodeEnvironment(ByteView bytes) {
    ByteReader in(bytes);
    if (in.byte() != kEnvironmentFormat) {
        return std::nullopt;
    }
    model::Environment environment;
    environment.pythonExecutable = in.text();
    environment.pythonVersion = in.text();
    environment.virtualEnvironment = in.text();
    environment.packages.resize(in.count(2));
    for (auto& package : environment.packages) {
        package.name = in.text();
        package.version = in.text();
    }
    environment.variables.resize(in.count(2));
    for (auto& [name, value] : environment.variables) {
        name = in.text();
        value = in.text();
    }
    decodeList(in, environment.withheld);
    auto& hardware = environment.hardware;
    hardware.hostName = in.text();
    hardware.operatingSystem = in.text();
    hardware.cpuModel = in.text();
    hardware.cpuCount = static_cast<int>(in.signedInt());
    hardware.memoryBytes = in.signedInt();
    decodeList(in, hardware.gpus);
    hardware.gpuDriver = in.text();
    return in.ok() && in.atEnd() ? std::optional(std::move(environment)) : std::nullopt;
}

}  // namespace runglass::store
