// SPDX-License-Identifier: MIT
// Result<T>: the value of an operation that can fail, or the Error that says why.
//
// GCC 12 in C++20 mode has no std::expected. Exceptions are kept for bugs (broken invariants);
// everything that bad input, a peer, a disk or a user can cause is a Result.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace bowline::base {

/// A stable, dotted name of a failure, such as "wallet.wrong-passphrase". Part of the public
/// interface (CLI output, user texts): never renamed, never reused. Declare codes as constants:
/// `inline constexpr ErrorCode kWrongPassphrase{"wallet.wrong-passphrase"};`
class ErrorCode {
public:
    constexpr explicit ErrorCode(std::string_view name) : m_name(name) {}
    [[nodiscard]] constexpr std::string_view name() const { return m_name; }
    friend constexpr bool operator==(ErrorCode a, ErrorCode b) { return a.m_name == b.m_name; }

private:
    std::string_view m_name; // always a string literal
};

/// What went wrong. `detail` is for logs and the details fold, in English and free of secrets;
/// the text for people is looked up by code in the user interface.
struct [[nodiscard]] Error {
    ErrorCode code;
    std::string detail;
};

[[nodiscard]] inline Error makeError(ErrorCode code, std::string detail = {})
{
    return Error{code, std::move(detail)};
}

/// The success value of an operation that yields nothing.
struct Unit {
    friend constexpr bool operator==(Unit, Unit) { return true; }
};

template <typename T>
class [[nodiscard]] Result {
public:
    using value_type = T;

    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value)) {} // NOLINT(google-explicit-constructor)
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error)) {} // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    /// The value. Calling it on an error is a bug and ends the program.
    [[nodiscard]] T& value() &
    {
        require(ok());
        return *std::get_if<0>(&m_state);
    }
    [[nodiscard]] const T& value() const&
    {
        require(ok());
        return *std::get_if<0>(&m_state);
    }
    [[nodiscard]] T&& value() &&
    {
        require(ok());
        return std::move(*std::get_if<0>(&m_state));
    }
    [[nodiscard]] T& operator*() & { return value(); }
    [[nodiscard]] const T& operator*() const& { return value(); }
    [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
    [[nodiscard]] T* operator->() { return &value(); }
    [[nodiscard]] const T* operator->() const { return &value(); }

    [[nodiscard]] T valueOr(T fallback) const& { return ok() ? value() : std::move(fallback); }

    /// The error. Calling it on a value is a bug and ends the program.
    [[nodiscard]] const Error& error() const
    {
        require(!ok());
        return *std::get_if<1>(&m_state);
    }

private:
    static void require(bool condition)
    {
        if (!condition) std::abort();
    }
    std::variant<T, Error> m_state;
};

using Status = Result<Unit>;
[[nodiscard]] inline Status success() { return Status{Unit{}}; }

} // namespace bowline::base

#define BOWLINE_CONCAT_INNER(a, b) a##b
#define BOWLINE_CONCAT(a, b) BOWLINE_CONCAT_INNER(a, b)

// Unique names by __COUNTER__: a lambda inside the expression may use the macros as well.
#define BOWLINE_TRY_AS(name, declaration, expression)                                                        \
    auto name = (expression);                                                                                \
    if (!name.ok()) return name.error();                                                                     \
    declaration = std::move(name).value()
#define BOWLINE_CHECK_AS(name, expression)                                                                   \
    do {                                                                                                     \
        auto name = (expression);                                                                            \
        if (!name.ok()) return name.error();                                                                 \
    } while (false)

/// `BOWLINE_TRY(auto x, f());` declares x with the value of f(), or returns its error.
#define BOWLINE_TRY(declaration, expression)                                                                 \
    BOWLINE_TRY_AS(BOWLINE_CONCAT(bowlineTry, __COUNTER__), declaration, expression)

/// `BOWLINE_CHECK(f());` returns the error of f(), if it has one.
#define BOWLINE_CHECK(expression) BOWLINE_CHECK_AS(BOWLINE_CONCAT(bowlineCheck, __COUNTER__), expression)
