// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace runglass {

/// What kind of failure it was, for code that has to decide; people read the message.
enum class ErrorCode {
    Invalid,      ///< input or arguments that do not make sense
    NotFound,     ///< the thing named does not exist
    Ambiguous,    ///< a name or prefix that fits several things
    Exists,       ///< the thing to be made is there already
    Permission,   ///< the operating system refused
    ReadOnly,     ///< the place can be read but not written
    Busy,         ///< somebody else holds it, and waiting did not help
    Full,         ///< no room left on the device
    Damaged,      ///< stored data that does not decode
    TooNew,       ///< written by a newer version of Runglass
    TooLarge,     ///< over a stated limit
    Cancelled,    ///< the caller asked to stop
    Unsupported,  ///< valid, but not something this can do
    Io,           ///< any other failure of the operating system
    Internal,     ///< a failure that should not be possible
};

/// A failure in normal use. `message` is one to three plain sentences for a person: what happened, where,
/// what to do (VISUAL.md §9). `detail` is for the log and for "copy details"; it may be empty.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    std::string detail;

    friend bool operator==(const Error&, const Error&) = default;
};

/// Either a value or an Error. The small stand-in for std::expected, which C++20 does not have. Asking for
/// the value of a failure, or for the error of a success, is a bug and asserts.
template <typename T>
class [[nodiscard]] Result {
public:
    using Value = T;

    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    [[nodiscard]] const T& value() const& {
        assert(ok());
        return *std::get_if<0>(&m_state);
    }
    [[nodiscard]] T& value() & {
        assert(ok());
        return *std::get_if<0>(&m_state);
    }
    [[nodiscard]] T&& value() && {
        assert(ok());
        return std::move(*std::get_if<0>(&m_state));
    }
    [[nodiscard]] T valueOr(T fallback) const& { return ok() ? value() : std::move(fallback); }

    const T& operator*() const& { return value(); }
    T& operator*() & { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    const T* operator->() const { return &value(); }
    T* operator->() { return &value(); }

    [[nodiscard]] const Error& error() const& {
        assert(!ok());
        return *std::get_if<1>(&m_state);
    }
    [[nodiscard]] Error&& error() && {
        assert(!ok());
        return std::move(*std::get_if<1>(&m_state));
    }

private:
    std::variant<T, Error> m_state;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
public:
    using Value = void;

    Result() = default;
    Result(Error error)
        : m_error(std::move(error)) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const noexcept { return !m_error.has_value(); }
    explicit operator bool() const noexcept { return ok(); }

    [[nodiscard]] const Error& error() const& {
        assert(!ok());
        return *m_error;
    }
    [[nodiscard]] Error&& error() && {
        assert(!ok());
        return std::move(*m_error);
    }

private:
    std::optional<Error> m_error;
};

}  // namespace runglass

/// Returns the error of `expression` from the enclosing function, if it failed.
#define RUNGLASS_TRY(expression)                                  \
    do {                                                          \
        if (auto runglassTry = (expression); !runglassTry.ok()) { \
            return std::move(runglassTry).error();                \
        }                                                         \
    } while (false)

#define RUNGLASS_CONCAT_INNER(a, b) a##b
#define RUNGLASS_CONCAT(a, b) RUNGLASS_CONCAT_INNER(a, b)

/// `RUNGLASS_ASSIGN(auto rows, load());` declares rows with the value of load(), or returns load()'s error.
#define RUNGLASS_ASSIGN(declaration, expression)                             \
    auto RUNGLASS_CONCAT(runglassResult, __LINE__) = (expression);           \
    if (!RUNGLASS_CONCAT(runglassResult, __LINE__).ok()) {                   \
        return std::move(RUNGLASS_CONCAT(runglassResult, __LINE__)).error(); \
    }                                                                        \
    declaration = std::move(RUNGLASS_CONCAT(runglassResult, __LINE__)).value()
