// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runglass::cli {

/// Writes JSON (RFC 8259) to standard output as it goes, or into a text. Text becomes valid UTF-8; NaN and
/// the infinities become the strings "NaN", "Infinity" and "-Infinity" (DESIGN §8); doubles keep every bit.
class JsonWriter {
public:
    /// Containers down to this depth get a line for each of their members; deeper ones stay on one line.
    /// `into` must outlive the writer, and is complete when the writer is gone.
    explicit JsonWriter(int depthOfLines, std::string* into = nullptr)
        : m_into(into)
        , m_depthOfLines(depthOfLines) {}
    JsonWriter(const JsonWriter&) = delete;
    JsonWriter& operator=(const JsonWriter&) = delete;
    ~JsonWriter();

    void beginObject() { begin('{'); }
    void endObject() { end('}'); }
    void beginArray() { begin('['); }
    void endArray() { end(']'); }
    void key(std::string_view name);

    void text(std::string_view value);
    void number(double value);
    void integer(std::int64_t value);
    void boolean(bool value);
    void null();
    /// null for an empty text.
    void textOrNull(std::string_view value);
    template <typename T>
    void integerOrNull(const std::optional<T>& value) {
        value ? integer(*value) : null();
    }
    void numberOrNull(const std::optional<double>& value) { value ? number(*value) : null(); }

    // Members of an object, by name.
    void beginObject(std::string_view name) { key(name), begin('{'); }
    void beginArray(std::string_view name) { key(name), begin('['); }
    void text(std::string_view name, std::string_view value) { key(name), text(value); }
    void number(std::string_view name, double value) { key(name), number(value); }
    void integer(std::string_view name, std::int64_t value) { key(name), integer(value); }
    void boolean(std::string_view name, bool value) { key(name), boolean(value); }
    void textOrNull(std::string_view name, std::string_view value) { key(name), textOrNull(value); }
    template <typename T>
    void integerOrNull(std::string_view name, const std::optional<T>& value) {
        key(name), integerOrNull(value);
    }
    void numberOrNull(std::string_view name, const std::optional<double>& value) {
        key(name), numberOrNull(value);
    }
    void texts(std::string_view name, const std::vector<std::string>& values) {
        beginArray(name);
        for (const auto& value : values) {
            text(value);
        }
        endArray();
    }
    /// An array of objects, each of which gets its members from `write`.
    template <typename Items, typename Write>
    void objects(std::string_view name, const Items& items, Write write) {
        beginArray(name);
        for (const auto& item : items) {
            beginObject();
            write(item);
            endObject();
        }
        endArray();
    }

private:
    void begin(char bracket);
    void end(char bracket);
    void separate();
    void lineBreak();
    void flush(std::size_t above);

    std::string* m_into;
    std::string m_buffer;
    std::vector<bool> m_hasMembers;  // of each open container
    int m_depthOfLines;
    bool m_afterKey = false;
};

}  // namespace runglass::cli
