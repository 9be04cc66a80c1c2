// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runglass::sources {

/// `Nothing` is a word that is no value of JSON (`oops`): the walk goes on after it, and what it is of is
/// lost.
enum class JsonKind : std::uint8_t { Null, Bool, Number, String, Array, Object, Nothing };

/// Walks over JSON text from front to back and keeps nothing: for files that consist of points, and for the
/// JSON of Python, which has `NaN`, `Infinity` and `-Infinity` for numbers. Whatever is malformed ends the
/// walk: every function then says that there is no more, and ok() is false.
///
///     if (json.enterObject()) {
///         for (std::string key; json.nextKey(key);) {
///             key == "values" ? readValues(json) : json.skip();
///         }
///     }
class JsonReader {
public:
    explicit JsonReader(std::string_view text)
        : m_text(text) {}

    [[nodiscard]] bool ok() const { return m_ok; }
    /// Where it has come to, in bytes; where the mistake is when not ok().
    [[nodiscard]] std::size_t offset() const { return m_at; }
    /// Whether nothing follows the value that was read.
    [[nodiscard]] bool atEnd();

    /// Of the value that comes next, as its first character tells.
    [[nodiscard]] JsonKind peek();

    /// True when the next value is an object, which then must be read to its end with nextKey().
    bool enterObject();
    /// Moves to the next key; its value must be read or skipped. False at the end of the object.
    bool nextKey(std::string& key);
    bool enterArray();
    /// Moves to the next value of an array. False at its end.
    bool nextItem();

    /// The next value, where it is of that kind; anything else is skipped and gives nothing.
    std::optional<std::string> string();
    std::optional<double> number();
    std::optional<bool> boolean();
    /// Any value, as it is written.
    std::string_view skip();

private:
    void space();
    bool take(char c);
    /// Whether the object or list has one more; passes over the comma before it, or over its end.
    bool goesOn(char end);
    bool fail();
    bool stringInto(std::string& value);
    void escapeInto(std::string& value);
    std::optional<unsigned> fourDigits();
    void skipString();
    std::string_view word();

    static constexpr std::size_t kMaxDepth = 256;

    std::string_view m_text;
    std::size_t m_at = 0;
    bool m_ok = true;
    std::vector<bool> m_first;  ///< for each object and array that is open: whether nothing was read of it
};

/// One value of a document, with the keys that lead to it joined by dots. A list is one value.
struct JsonLeaf {
    JsonKind kind = JsonKind::Nothing;
    std::string text;   ///< a string without quotes; anything else as it is written
    double number = 0;  ///< of a number

    /// Of what is neither string, list nor object.
    static JsonLeaf ofWord(JsonKind kind, std::string_view word);
};

/// Calls `take(key, leaf)` for each value of the next object, or with an empty key for anything else. False
/// when the document is malformed or nested too deep.
template <typename Take>
bool forEachJsonLeaf(JsonReader& json, std::string& key, Take&& take, int depth = 0) {
    constexpr int kMaxDepth = 32;
    const auto kind = json.peek();
    if (kind == JsonKind::Object && depth < kMaxDepth) {
        const auto length = key.size();
        json.enterObject();
        for (std::string name; json.nextKey(name);) {
            key.resize(length);
            key += (length == 0 ? "" : ".") + name;
            forEachJsonLeaf(json, key, take, depth + 1);
        }
        key.resize(length);
        return json.ok();
    }
    JsonLeaf leaf;
    if (kind == JsonKind::String) {
        leaf = {kind, json.string().value_or(std::string())};
    } else {
        leaf = JsonLeaf::ofWord(kind, json.skip());
    }
    if (json.ok()) {
        take(std::string_view(key), leaf);
    }
    return json.ok();
}

/// Whether `text` is one JSON value all through: half of one, or one with a word in it that is no value, is
/// not. What lists hold is not looked at.
bool isSoundJson(std::string_view text);

/// Where `text` stops being JSON, in bytes.
std::size_t placeOfMistake(std::string_view text);

}  // namespace runglass::sources
