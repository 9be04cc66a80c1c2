// SPDX-License-Identifier: GPL-3.0-or-later
#include "commit_parser.h"

#include <iconv.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <memory>

#include "runglass/base/text.h"

namespace runglass::git {

namespace {

/// The header lines of a commit, one at a time; afterwards rest() is the message.
class Headers {
public:
    explicit Headers(std::string_view raw)
        : m_rest(raw) {}

    /// False at the blank line that ends the headers.
    bool next() {
        const auto end = m_rest.find('\n');
        const auto line = m_rest.substr(0, end);
        m_rest.remove_prefix(end == std::string_view::npos ? m_rest.size() : end + 1);
        if (line.empty()) {
            return false;
        }
        const auto space = line.find(' ');
        key = line.substr(0, space);
        value = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
        return true;
    }
    [[nodiscard]] std::string_view rest() const { return m_rest; }

    std::string_view key;
    std::string_view value;

private:
    std::string_view m_rest;
};

struct Person {
    std::string_view name;
    std::string_view email;
    std::int64_t time = 0;
    int offsetMinutes = 0;
};

/// `+0530` → 330.
int parseOffset(std::string_view text) {
    if (text.size() < 5 || (text[0] != '+' && text[0] != '-')) {
        return 0;
    }
    int digits = 0;
    std::from_chars(text.data() + 1, text.data() + 5, digits);
    const int minutes = digits / 100 * 60 + digits % 100;
    return text[0] == '-' ? -minutes : minutes;
}

/// `Name <mail> 1700000000 +0100`. Searched from the back, since names hold anything.
Person parsePerson(std::string_view text) {
    Person person;
    const auto close = text.rfind('>');
    const auto open = text.substr(0, close).find('<');
    if (close == std::string_view::npos || open == std::string_view::npos) {
        person.name = trimmed(text);
        return person;
    }
    person.name = trimmed(text.substr(0, open));
    person.email = trimmed(text.substr(open + 1, close - open - 1));
    const auto when = trimmed(text.substr(close + 1));
    const auto parsed = std::from_chars(when.data(), when.data() + when.size(), person.time);
    person.offsetMinutes =
        parseOffset(trimmed(when.substr(static_cast<std::size_t>(parsed.ptr - when.data()))));
    return person;
}

using Converter = std::unique_ptr<void, decltype([](iconv_t handle) { iconv_close(handle); })>;

/// `bytes` from the named character set to UTF-8; nothing where the set is unknown or the bytes are not of
/// it.
std::optional<std::string> converted(std::string_view bytes, const std::string& from) {
    iconv_t opened = iconv_open("UTF-8", from.c_str());
    if (opened == reinterpret_cast<iconv_t>(-1)) {
        return std::nullopt;
    }
    const Converter converter(opened);
    std::string text(bytes);
    std::string result(bytes.size() * 4 + 16, '\0');
    char* in = text.data();
    std::size_t inLeft = text.size();
    char* out = result.data();
    std::size_t outLeft = result.size();
    if (iconv(converter.get(), &in, &inLeft, &out, &outLeft) == static_cast<std::size_t>(-1)) {
        return std::nullopt;
    }
    result.resize(result.size() - outLeft);
    return result;
}

std::string readable(std::string_view bytes, std::string_view encoding) {
    const bool declared = !encoding.empty() && !startsWithIgnoringCase(encoding, "utf-8") &&
                          !startsWithIgnoringCase(encoding, "utf8");
    if (declared) {
        if (auto text = converted(bytes, std::string(encoding))) {
            return toValidUtf8(*text);
        }
    }
    return isValidUtf8(bytes) ? std::string(bytes) : toValidUtf8(bytes);
}

/// The first paragraph on one line, as `git log --format=%s` has it.
std::string summaryOf(std::string_view message) {
    std::string summary;
    while (!message.empty()) {
        const auto end = message.find('\n');
        auto line = message.substr(0, end);
        message.remove_prefix(end == std::string_view::npos ? message.size() : end + 1);
        while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) {
            line.remove_suffix(1);
        }
        if (line.empty()) {
            if (summary.empty()) {
                continue;
            }
            break;
        }
        if (!summary.empty()) {
            summary += ' ';
        }
        summary += line;
    }
    return summary;
}

}  // namespace

ParsedCommit parseCommit(const ObjectId& id, std::string_view raw) {
    ParsedCommit parsed;
    auto& commit = parsed.commit;
    commit.id = id;
    Person author;
    std::string_view encoding;
    Headers headers(raw);
    while (headers.next()) {
        if (headers.key == "parent") {
            if (const auto parent = ObjectId::fromHex(headers.value)) {
                commit.parents.push_back(*parent);
            }
        } else if (headers.key == "author") {
            author = parsePerson(headers.value);
        } else if (headers.key == "committer") {
            parsed.committerTime = parsePerson(headers.value).time;
        } else if (headers.key == "encoding") {
            encoding = headers.value;
        }
    }
    commit.authorName = readable(author.name, encoding);
    commit.authorEmail = readable(author.email, encoding);
    commit.authorTime = author.time;
    commit.authorOffsetMinutes = author.offsetMinutes;
    commit.summary = readable(summaryOf(headers.rest()), encoding);
    return parsed;
}

std::string parseMessage(std::string_view raw) {
    std::string_view encoding;
    Headers headers(raw);
    while (headers.next()) {
        if (headers.key == "encoding") {
            encoding = headers.value;
        }
    }
    return readable(headers.rest(), encoding);
}

}  // namespace runglass::git
