// SPDX-License-Identifier: GPL-3.0-or-later
#include "index.h"

#include <unistd.h>
#include <xxhash.h>

#include <unordered_map>

#include "runglass/base/file.h"
#include "runglass/store/layout.h"

namespace runglass::sources {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "RGSI";
/// To be raised with every change of the layout below, and of what readers make of the same files.
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 29U;

std::uint64_t checksumOf(ByteView bytes) {
    return XXH3_64bits(bytes.data(), bytes.size());
}

// Of a damage.
constexpr std::uint64_t kDroppedByTool = 1;
constexpr std::uint64_t kMaybeToCome = 2;

class Encoder {
public:
    Encoder()
        : m_body(m_bodyBytes)
        , m_texts(m_textBytes) {}

    void origin(const IndexedOrigin& origin) {
        text(origin.format);
        text(origin.path.native());
        m_body.unsignedInt(origin.stamps.size());
        for (const FileStamp& stamp : origin.stamps) {
            text(stamp.path.native());
            m_body.unsignedInt(stamp.device);
            m_body.unsignedInt(stamp.inode);
            m_body.unsignedInt(stamp.size);
            m_body.signedInt(stamp.modifiedNs);
            m_body.byte(stamp.exists ? 1 : 0);
        }
        m_body.unsignedInt(origin.parts.size());
        for (const auto& one : origin.parts) {
            part(*one);
        }
    }

    [[nodiscard]] Bytes finish(std::size_t origins) const {
        Bytes content;
        ByteWriter writer(content);
        writer.unsignedInt(m_numbers.size());
        writer.raw(m_textBytes);
        writer.unsignedInt(origins);
        writer.raw(m_bodyBytes);
        Bytes whole;
        ByteWriter out(whole);
        out.raw({reinterpret_cast<const std::uint8_t*>(kMagic.data()), kMagic.size()});
        out.unsignedInt(kIndexVersion);
        const std::uint64_t sum = checksumOf(content);
        out.raw({reinterpret_cast<const std::uint8_t*>(&sum), sizeof sum});
        out.raw(content);
        return whole;
    }

private:
    void text(std::string_view value) {
        const auto [place, isNew] = m_numbers.try_emplace(std::string(value), m_numbers.size());
        if (isNew) {
            m_texts.text(value);
        }
        m_body.unsignedInt(place->second);
    }

    template <typename T>
    void optional(const std::optional<T>& value) {
        m_body.byte(value ? 1 : 0);
        if (value) {
            m_body.signedInt(static_cast<std::int64_t>(*value));
        }
    }

    void pairs(const std::vector<model::KeyValue>& all) {
        m_body.unsignedInt(all.size());
        for (const auto& pair : all) {
            text(pair.key.text());
            text(pair.value.text());
        }
    }

    void metrics(const std::vector<model::Metric>& all) {
        m_body.unsignedInt(all.size());
        for (const auto& [key, summary, stepMetric] : all) {
            text(key.text());
            text(stepMetric.text());
            m_body.unsignedInt(summary.count);
            m_body.unsignedInt(summary.nanCount);
            m_body.unsignedInt(summary.infiniteCount);
            m_body.real(summary.first);
            m_body.real(summary.last);
            m_body.real(summary.min);
            m_body.real(summary.max);
            m_body.signedInt(summary.firstStep);
            m_body.signedInt(summary.lastStep);
            m_body.signedInt(summary.lastTimeMs);
        }
    }

    void part(const Part& one) {
        const model::RunRecord& record = one.record;
        text(one.key);
        text(one.id ? one.id->hex() : std::string());
        m_body.byte(static_cast<std::uint8_t>(one.rank));
        text(one.folder.native());
        text(one.parentKey);
        m_body.byte(static_cast<std::uint8_t>((one.ownsFolder ? 1U : 0U) | (one.tellsStatus ? 2U : 0U) |
                                              (record.archived ? 4U : 0U) | (record.starred ? 8U : 0U) |
                                              (record.hasNote ? 16U : 0U) | (record.git.dirty ? 32U : 0U)));
        text(record.name);
        text(record.location);
        text(record.experiment.text());
        m_body.byte(static_cast<std::uint8_t>(record.status));
        optional(record.exitCode);
        optional(record.signal);
        optional(record.startTimeMs);
        optional(record.endTimeMs);
        optional(record.color);
        text(record.git.commit);
        text(record.git.branch);
        text(record.git.snapshot);
        text(record.git.remote);
        pairs(record.params);
        pairs(record.tags);
        metrics(record.metrics);
        m_body.unsignedInt(one.damage.size());
        for (const Damage& damage : one.damage) {
            text(damage.file.native());
            m_body.unsignedInt(damage.offset);
            m_body.unsignedInt(damage.count);
            text(damage.reason);
            m_body.unsignedInt((damage.droppedByTool ? kDroppedByTool : 0) |
                               (damage.maybeToCome ? kMaybeToCome : 0));
        }
    }

    Bytes m_bodyBytes;
    Bytes m_textBytes;
    ByteWriter m_body;
    ByteWriter m_texts;
    std::unordered_map<std::string, std::uint64_t> m_numbers;
};

class Decoder {
public:
    explicit Decoder(ByteView content)
        : m_in(content) {}

    std::vector<IndexedOrigin> run() {
        m_texts.resize(m_in.count(1));
        for (auto& one : m_texts) {
            one.text = m_in.text();
        }
        std::vector<IndexedOrigin> origins(m_in.count(4));
        for (auto& one : origins) {
            origin(one);
        }
        if (!m_in.ok() || !m_in.atEnd()) {
            origins.clear();
        }
        return origins;
    }

private:
    struct Text {
        std::string_view text;
        std::optional<Symbol> symbol;  ///< interned once, at the first need
    };

    Text& entry() {
        const auto number = m_in.unsignedInt();
        if (number >= m_texts.size()) {
            m_in.fail();
            return m_none;
        }
        return m_texts[static_cast<std::size_t>(number)];
    }
    std::string text() { return std::string(entry().text); }
    Symbol symbol() {
        Text& one = entry();
        if (!one.symbol) {
            one.symbol = Symbol(one.text);
        }
        return *one.symbol;
    }

    template <typename T>
    void optional(std::optional<T>& value) {
        if (m_in.byte() != 0) {
            value = static_cast<T>(m_in.signedInt());
        }
    }

    void origin(IndexedOrigin& one) {
        one.format = text();
        one.path = text();
        one.stamps.resize(m_in.count(6));
        for (FileStamp& stamp : one.stamps) {
            stamp.path = text();
            stamp.device = m_in.unsignedInt();
            stamp.inode = m_in.unsignedInt();
            stamp.size = m_in.unsignedInt();
            stamp.modifiedNs = m_in.signedInt();
            stamp.exists = m_in.byte() != 0;
        }
        const auto parts = m_in.count(20);
        for (std::size_t i = 0; i < parts && m_in.ok(); ++i) {
            one.parts.push_back(part());
        }
    }

    void pairs(std::vector<model::KeyValue>& all) {
        all.resize(m_in.count(2));
        for (auto& pair : all) {
            pair.key = symbol();
            pair.value = symbol();
        }
    }

    void metrics(std::vector<model::Metric>& all) {
        all.resize(m_in.count(40));
        for (auto& [key, summary, stepMetric] : all) {
            key = symbol();
            stepMetric = symbol();
            summary.count = m_in.unsignedInt();
            summary.nanCount = m_in.unsignedInt();
            summary.infiniteCount = m_in.unsignedInt();
            summary.first = m_in.real();
            summary.last = m_in.real();
            summary.min = m_in.real();
            summary.max = m_in.real();
            summary.firstStep = m_in.signedInt();
            summary.lastStep = m_in.signedInt();
            summary.lastTimeMs = m_in.signedInt();
        }
    }

    SharedPart part() {
        auto one = std::make_shared<Part>();
        model::RunRecord& record = one->record;
        one->key = text();
        one->id = RunId::fromHex(entry().text);
        one->rank = static_cast<Rank>(bounded(static_cast<std::uint8_t>(Rank::Tracker)));
        one->folder = text();
        one->parentKey = text();
        const unsigned flags = m_in.byte();
        one->ownsFolder = (flags & 1U) != 0;
        one->tellsStatus = (flags & 2U) != 0;
        record.archived = (flags & 4U) != 0;
        record.starred = (flags & 8U) != 0;
        record.hasNote = (flags & 16U) != 0;
        record.git.dirty = (flags & 32U) != 0;
        record.name = text();
        record.location = text();
        record.experiment = symbol();
        record.status =
            static_cast<model::RunStatus>(bounded(static_cast<std::uint8_t>(model::RunStatus::Lost)));
        optional(record.exitCode);
        optional(record.signal);
        optional(record.startTimeMs);
        optional(record.endTimeMs);
        optional(record.color);
        record.git.commit = text();
        record.git.branch = text();
        record.git.snapshot = text();
        record.git.remote = text();
        pairs(record.params);
        pairs(record.tags);
        metrics(record.metrics);
        record.sortKeys();  // symbols have other numbers in each process
        one->damage.resize(m_in.count(4));
        for (Damage& damage : one->damage) {
            damage.file = text();
            damage.offset = m_in.unsignedInt();
            damage.count = m_in.unsignedInt();
            damage.reason = text();
            const auto kind = m_in.unsignedInt();
            damage.droppedByTool = (kind & kDroppedByTool) != 0;
            damage.maybeToCome = (kind & kMaybeToCome) != 0;
        }
        return one;
    }

    std::uint8_t bounded(std::uint8_t most) {
        const auto value = m_in.byte();
        if (value > most) {
            m_in.fail();
            return 0;
        }
        return value;
    }

    ByteReader m_in;
    std::vector<Text> m_texts;
    Text m_none;
};

}  // namespace

Bytes encodeIndex(const std::vector<IndexedOrigin>& origins) {
    Encoder encoder;
    for (const auto& origin : origins) {
        encoder.origin(origin);
    }
    return encoder.finish(origins.size());
}

std::vector<IndexedOrigin> decodeIndex(ByteView bytes) {
    ByteReader in(bytes);
    const auto magic = in.raw(kMagic.size());
    const auto version = in.unsignedInt();
    const auto sum = in.raw(sizeof(std::uint64_t));
    if (!in.ok() || version != kIndexVersion ||
        std::string_view(reinterpret_cast<const char*>(magic.data()), magic.size()) != kMagic) {
        return {};
    }
    const auto content = in.raw(in.left());
    std::uint64_t expected = 0;
    std::memcpy(&expected, sum.data(), sizeof expected);
    return checksumOf(content) == expected ? Decoder(content).run() : std::vector<IndexedOrigin>();
}

fs::path indexFile(const fs::path& project) {
    return store::Layout(project).root() / "cache" / "sources.idx";
}

std::vector<IndexedOrigin> loadIndex(const fs::path& project) {
    const auto content = readFile(indexFile(project), kMostBytes);
    return content ? decodeIndex({reinterpret_cast<const std::uint8_t*>(content->data()), content->size()})
                   : std::vector<IndexedOrigin>();
}

void saveIndex(const fs::path& project, const std::vector<IndexedOrigin>& origins) {
    const auto file = indexFile(project);
    std::error_code failure;
    if (::access(store::Layout(project).root().c_str(), W_OK) != 0) {
        return;
    }
    fs::create_directory(file.parent_path(), failure);
    const auto bytes = encodeIndex(origins);
    // What cannot be kept costs the next opening some time, and nothing else.
    (void)writeFileAtomically(file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace runglass::sources
