// OSSL_PARAM arrays: what a request asks for, and octet strings in and out.
#pragma once

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "base/bytes.hpp"

namespace latchkey::provider {

// Names that OpenSSL 3.5 and 3.6 gave parameters, and that the headers of 3.0 do not have yet.
inline constexpr const char* kSeedParam = "seed";
inline constexpr const char* kIkmeParam = "ikme";
inline constexpr const char* kCategoryParam = "security-category";  // NIST's: 1, 3 or 5

[[nodiscard]] inline OSSL_PARAM* find(OSSL_PARAM* params, const char* name) noexcept {
  return OSSL_PARAM_locate(params, name);
}
[[nodiscard]] inline const OSSL_PARAM* find(const OSSL_PARAM* params, const char* name) noexcept {
  return params == nullptr ? nullptr : OSSL_PARAM_locate_const(params, name);
}

// The bytes of an octet string. False if the parameter is something else, or says where no bytes
// are.
[[nodiscard]] inline bool get_octets(const OSSL_PARAM& param, View& out) noexcept {
  const void* data = nullptr;
  std::size_t size = 0;
  if (OSSL_PARAM_get_octet_string_ptr(&param, &data, &size) != 1 ||
      (data == nullptr && size != 0)) {
    return false;
  }
  out = {static_cast<const std::uint8_t*>(data), size};
  return true;
}

// A descriptor of an octet string or a number, for gettable and settable lists.
[[nodiscard]] constexpr OSSL_PARAM octets(const char* name) noexcept {
  return {name, OSSL_PARAM_OCTET_STRING, nullptr, 0, OSSL_PARAM_UNMODIFIED};
}
[[nodiscard]] constexpr OSSL_PARAM text(const char* name) noexcept {
  return {name, OSSL_PARAM_UTF8_STRING, nullptr, 0, OSSL_PARAM_UNMODIFIED};
}
[[nodiscard]] constexpr OSSL_PARAM number(const char* name) noexcept {
  return {name, OSSL_PARAM_INTEGER, nullptr, sizeof(int), OSSL_PARAM_UNMODIFIED};
}
inline constexpr OSSL_PARAM kEnd = {nullptr, 0, nullptr, 0, 0};

}  // namespace latchkey::provider
