// Text as bytes, for arguments that are bytes: a context, associated data, a password.
//
//   latchkey::seal_for(key, message, {}, latchkey::bytes("orders, version 1"));
//
// A literal passed as an array includes the NUL at its end. A message that was sealed with a
// context that includes the NUL does not open with one that lacks it. bytes() leaves the NUL out.
//
// Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "latchkey/export.h"

LATCHKEY_API_BEGIN

namespace latchkey {

// The bytes of a text, to which no NUL is added. They live as long as the text does.
[[nodiscard]] inline std::span<const std::uint8_t> bytes(
    std::string_view text LATCHKEY_LIFETIMEBOUND) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
// The bytes of a literal or a constant array, without the NUL at its end; other NULs are kept.
template <std::size_t n>
[[nodiscard]] std::span<const std::uint8_t> bytes(
    const char (&text LATCHKEY_LIFETIMEBOUND)[n]) noexcept {
  return bytes(std::string_view(text, text[n - 1] == '\0' ? n - 1 : n));
}
// Deleted, because the size of the text in a buffer is not known here: pass a std::string_view.
template <std::size_t n>
std::span<const std::uint8_t> bytes(char (&buffer)[n]) = delete;

namespace internal {

template <class T>
inline constexpr bool kIsText =
    std::is_convertible_v<const T&, std::string_view> && !std::is_pointer_v<T>;
template <class T>
inline constexpr bool kIsInput =
    kIsText<T> || std::is_convertible_v<const T&, std::span<const std::uint8_t>>;
template <class T>
inline constexpr bool kIsView = std::ranges::enable_borrowed_range<T>;

template <class T>
std::span<const std::uint8_t> view_of(const T& input) noexcept {
  if constexpr (kIsText<T>) {
    return bytes(input);
  } else {
    return input;
  }
}

}  // namespace internal

// A view of the caller's bytes, for parameters. It is made from a span and anything that converts
// to one, a std::string, or a literal (without its NUL). The function that it is passed to reads
// the bytes only during the call.
class Input : public std::span<const std::uint8_t> {
 public:
  // No bytes.
  constexpr Input() noexcept = default;
  // The bytes of a view.
  template <class T>
  requires(internal::kIsInput<T>&& internal::kIsView<T>) Input(T view)
  noexcept  // NOLINT: implicit
      : span(internal::view_of(view)) {}
  // The bytes of an owner, such as std::string or std::vector. They live as long as the owner.
  template <class T>
  requires(internal::kIsInput<T> && !internal::kIsView<T>)
      Input(const T& owner LATCHKEY_LIFETIMEBOUND)
  noexcept  // NOLINT: implicit
      : span(internal::view_of(owner)) {}
  // Deleted, because the size of the text in a buffer is not known here: pass a std::string_view.
  template <std::size_t n>
  Input(char (&buffer)[n]) = delete;
};

}  // namespace latchkey

LATCHKEY_API_END
