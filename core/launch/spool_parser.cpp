// SPDX-License-Identifier: GPL-3.0-or-later
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/launch/spool.h"

namespace runglass::launch {

namespace {

namespace dom = simdjson::dom;

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxKeyBytes = 1000;

/// A mistake in a line; becomes the Error of parse().
struct Mistake {
    std::string reason;
};

using Check = std::optional<Mistake>;

Mistake expected(std::string_view where, std::string_view what) {
    return {tr("`{}` must be {}.", toValidUtf8(where), what)};
}

std::string joinKey(std::string_view prefix, std::string_view key) {
    return prefix.empty() ? std::string(key) : fmt::format("{}/{}", prefix, key);
}

std::optional<double> numberOf(const dom::element& value) {
    switch (value.type()) {
        case dom::element_type::DOUBLE:
        case dom::element_type::INT64:
        case dom::element_type::UINT64:
            return value.get_double().value_unsafe();
        case dom::element_type::BOOL:
            return value.get_bool().value_unsafe() ? 1.0 : 0.0;
        case dom::element_type::STRING: {
            const auto text = value.get_string().value_unsafe();
            if (text == "NaN" || text == "Infinity" || text == "-Infinity") {
                return parseDouble(text);
            }
            return std::nullopt;
        }
        default:
            return std::nullopt;
    }
}

std::optional<std::int64_t> integerOf(const dom::element& value) {
    if (value.is_int64()) {
        return value.get_int64().value_unsafe();
    }
    if (value.is_double()) {  // steps that some language keeps as floating point
        const double number = value.get_double().value_unsafe();
        if (std::nearbyint(number) == number && std::fabs(number) < 9.0e18) {
            return static_cast<std::int64_t>(number);
        }
    }
    return std::nullopt;
}

std::string textOf(const dom::element& value) {
    if (value.is_string()) {
        return std::string(value.get_string().value_unsafe());
    }
    if (value.is_double()) {
        return formatDouble(value.get_double().value_unsafe());
    }
    return simdjson::minify(value);
}

Check checkKey(std::string_view key, std::string_view where) {
    if (key.empty() || key.size() > kMaxKeyBytes) {
        return Mistake{
            tr("A key in `{}` is empty or longer than {} bytes.", toValidUtf8(where), kMaxKeyBytes)};
    }
    return {};
}

/// Calls `leaf(key, value)` for each member of `object` that is not an object itself.
template <typename Leaf>
Check flatten(const dom::object& object, std::string_view where, const std::string& prefix, int depth,
              Leaf&& leaf) {
    if (depth > kMaxDepth) {
        return Mistake{tr("`{}` is nested deeper than {} levels.", toValidUtf8(where), kMaxDepth)};
    }
    for (const auto member : object) {
        const std::string key = joinKey(prefix, member.key);
        if (auto mistake = checkKey(key, where)) {
            return mistake;
        }
        auto mistake = member.value.is_object()
                           ? flatten(member.value.get_object().value_unsafe(), where, key, depth + 1, leaf)
                           : leaf(key, member.value);
        if (mistake) {
            return mistake;
        }
    }
    return {};
}

template <typename Leaf>
Check flattenMember(const dom::element& value, std::string_view where, Leaf&& leaf) {
    if (!value.is_object()) {
        return expected(where, tr("an object"));
    }
    return flatten(value.get_object().value_unsafe(), where, {}, 0, std::forward<Leaf>(leaf));
}

Check readText(const dom::element& value, std::string_view where, std::optional<std::string>& target) {
    if (!value.is_string()) {
        return expected(where, tr("text"));
    }
    target = std::string(value.get_string().value_unsafe());
    return {};
}

/// Takes the text members of an object that are asked for.
class TextMembers {
public:
    explicit TextMembers(const dom::element& value) {
        if (value.is_object()) {
            m_object = value.get_object().value_unsafe();
            m_valid = true;
        }
    }
    [[nodiscard]] bool valid() const { return m_valid; }
    [[nodiscard]] std::string text(std::string_view key) const {
        dom::element value;
        return m_object.at_key(key).get(value) == simdjson::SUCCESS && value.is_string()
                   ? std::string(value.get_string().value_unsafe())
                   : std::string();
    }
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) const {
        dom::element value;
        return m_object.at_key(key).get(value) == simdjson::SUCCESS ? integerOf(value) : std::nullopt;
    }
    [[nodiscard]] std::vector<std::string> texts(std::string_view key) const {
        std::vector<std::string> list;
        dom::array array;
        if (m_object.at_key(key).get(array) == simdjson::SUCCESS) {
            for (const auto item : array) {
                list.push_back(textOf(item));
            }
        }
        return list;
    }

private:
    dom::object m_object;
    bool m_valid = false;
};

Check readMetrics(const dom::element& value, SpoolRecord& record) {
    return flattenMember(value, "metrics", [&](const std::string& key, const dom::element& item) -> Check {
        const auto number = numberOf(item);
        if (!number) {
            return expected("metrics/" + key, tr("a number"));
        }
        record.metrics.push_back({key, *number});
        return {};
    });
}

Check readTags(const dom::element& value, SpoolRecord& record) {
    return flattenMember(value, "tags", [&](const std::string& key, const dom::element& item) -> Check {
        if (item.is_null()) {
            record.removedTags.push_back(key);
        } else {
            record.tags.emplace_back(key, textOf(item));
        }
        return {};
    });
}

Check readParams(const dom::element& value, SpoolRecord& record) {
    return flattenMember(value, "params", [&](const std::string& key, const dom::element& item) -> Check {
        record.params.emplace_back(key, textOf(item));
        return {};
    });
}

Check readArtifact(const dom::element& value, SpoolRecord& record) {
    const TextMembers members(value);
    if (!members.valid() || members.text("path").empty()) {
        return expected("artifact", tr("an object with `path`"));
    }
    record.artifact = SpoolArtifact{members.text("path"), members.text("name")};
    return {};
}

Check readDataset(const dom::element& value, SpoolRecord& record) {
    const TextMembers members(value);
    if (!members.valid() || members.text("name").empty()) {
        return expected("dataset", tr("an object with `name`"));
    }
    record.dataset = model::Dataset{members.text("name"), members.text("digest"), members.text("path"), {}};
    return {};
}

Check readStart(const dom::element& value, SpoolRecord& record) {
    const TextMembers members(value);
    if (!members.valid()) {
        return expected("run", tr("an object"));
    }
    record.start = SpoolStart{members.texts("command"), members.text("cwd"), members.integer("start_time_ms"),
                              members.text("python"), members.text("python_version")};
    return {};
}

Check readEnd(const dom::element& value, SpoolRecord& record) {
    const TextMembers members(value);
    if (!members.valid()) {
        return expected("end", tr("an object"));
    }
    SpoolEnd end;
    if (const auto code = members.integer("exit_code")) {
        end.exitCode = static_cast<int>(std::clamp<std::int64_t>(*code, 0, 255));
    }
    end.error = members.text("error");
    record.end = std::move(end);
    return {};
}

Check readInteger(const dom::element& value, std::string_view where, std::optional<std::int64_t>& target) {
    target = integerOf(value);
    if (!target && !value.is_null()) {
        return expected(where, tr("an integer"));
    }
    return {};
}

Check readMember(std::string_view key, const dom::element& value, SpoolRecord& record, bool& known) {
    known = true;
    if (key == "metrics") {
        return readMetrics(value, record);
    }
    if (key == "params") {
        return readParams(value, record);
    }
    if (key == "tags") {
        return readTags(value, record);
    }
    if (key == "artifact") {
        return readArtifact(value, record);
    }
    if (key == "dataset") {
        return readDataset(value, record);
    }
    if (key == "run") {
        return readStart(value, record);
    }
    if (key == "end") {
        return readEnd(value, record);
    }
    if (key == "name") {
        return readText(value, key, record.name);
    }
    if (key == "experiment") {
        return readText(value, key, record.experiment);
    }
    if (key == "note") {
        return readText(value, key, record.note);
    }
    known = false;
    if (key == "step") {
        return readInteger(value, key, record.step);
    }
    if (key == "time_ms") {
        return readInteger(value, key, record.timeMs);
    }
    return {};
}

}  // namespace

class SpoolParser::Impl {
public:
    Result<SpoolRecord> parse(std::string_view line) {
        dom::element document;
        auto error = parseJson(line, document);
        if (error == simdjson::SUCCESS || error == simdjson::UTF8_ERROR) {
            return read(error, document);
        }
        const std::string quoted = quoteNonFinite(line);
        if (quoted.size() != line.size()) {
            error = parseJson(quoted, document);
        }
        return read(error, document);
    }

private:
    simdjson::error_code parseJson(std::string_view text, dom::element& document) {
        m_buffer.assign(text);
        m_buffer.append(simdjson::SIMDJSON_PADDING, '\0');
        return m_parser.parse(m_buffer.data(), text.size(), false).get(document);
    }

    static Error bad(std::string reason) { return {ErrorCode::Invalid, std::move(reason), {}}; }

    static Result<SpoolRecord> read(simdjson::error_code error, const dom::element& document) {
        if (error != simdjson::SUCCESS) {
            return bad(tr("It is not JSON: {}", simdjson::error_message(error)));
        }
        if (!document.is_object()) {
            return bad(tr("It is not a JSON object."));
        }
        SpoolRecord record;
        bool anything = false;
        const dom::object members = document.get_object();
        for (const auto member : members) {
            bool known = false;
            if (auto mistake = readMember(member.key, member.value, record, known)) {
                return bad(std::move(mistake->reason));
            }
            anything = anything || known;
        }
        if (!anything) {
            return bad(tr("It has none of the members of a spool line (metrics, params, tags, artifact …)."));
        }
        return record;
    }

    dom::parser m_parser{kMaxSpoolLine + simdjson::SIMDJSON_PADDING};
    std::string m_buffer;
};

SpoolParser::SpoolParser()
    : m_impl(std::make_unique<Impl>()) {}
SpoolParser::~SpoolParser() = default;
SpoolParser::SpoolParser(SpoolParser&&) noexcept = default;
SpoolParser& SpoolParser::operator=(SpoolParser&&) noexcept = default;

Result<SpoolRecord> SpoolParser::parse(std::string_view line) {
    if (line.size() > kMaxSpoolLine) {
        return Error{ErrorCode::TooLarge, tr("It is longer than {} bytes.", kMaxSpoolLine), {}};
    }
    return m_impl->parse(line);
}

std::string sanitizedArtifactName(std::string_view name) {
    constexpr std::size_t kMaxPart = 200;
    std::string valid = toValidUtf8(name);
    for (char& c : valid) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            c = '_';
        }
    }
    std::string result;
    std::size_t at = 0;
    while (at <= valid.size()) {
        const std::size_t end = std::min(valid.find('/', at), valid.size());
        std::string part = valid.substr(at, std::min(end - at, kMaxPart));
        at = end + 1;
        while (!isValidUtf8(part)) {  // cut inside a character
            part.pop_back();
        }
        if (part.empty() || part == "." || part == "..") {
            continue;
        }
        result += result.empty() ? part : "/" + part;
    }
    return result;
}

}  // namespace runglass::launch
