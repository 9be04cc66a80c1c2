// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace runglass::tracking {

/// Puts JSON together (RFC 8259) as clients of the protocol read it: integers are numbers, whatever their
/// size, and values that are no numbers are the strings "NaN", "Infinity" and "-Infinity". Text becomes valid
/// UTF-8. Members with a name go into objects, those without into arrays.
class JsonOut {
public:
    void beginObject() { begin('{'); }
    void beginObject(std::string_view name) { key(name), begin('{'); }
    void endObject() { end('}'); }
    void beginArray(std::string_view name) { key(name), begin('['); }
    void endArray() { end(']'); }

    void text(std::string_view name, std::string_view value) { key(name), text(value); }
    void integer(std::string_view name, std::int64_t value) { key(name), integer(value); }
    void real(std::string_view name, double value) { key(name), real(value); }
    void boolean(std::string_view name, bool value) { key(name), append(value ? "true" : "false"); }
    void text(std::string_view value);

    [[nodiscard]] std::string take() && { return std::move(m_text); }
    [[nodiscard]] std::size_t size() const { return m_text.size(); }
    void reserve(std::size_t bytes) { m_text.reserve(bytes); }

private:
    void begin(char bracket);
    void end(char bracket);
    void separate();
    void key(std::string_view name);
    void append(std::string_view text);
    void integer(std::int64_t value);
    void real(double value);
    void quoted(std::string_view value);

    std::string m_text;
    bool m_first = true;      // nothing yet in the innermost container
    bool m_afterKey = false;  // the value of a member comes next
};

}  // namespace runglass::tracking
