// What the tests of key files share.
#pragma once

#include <string>

#include "api/support.hpp"
#include "keyfile/encoding.hpp"
#include "latchkey/key_file.hpp"
#include "seal/support.hpp"

namespace latchkey::test {

inline Bytes from_hex(std::string_view text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoul(std::string(text.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

inline View view_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// clang 14 has no std::ranges::search with the libstdc++ of gcc 12.
inline bool contains(View bytes, View part) {
  return std::search(bytes.begin(), bytes.end(), part.begin(), part.end()) != bytes.end();
}

template <class T>
std::string text_of(const Result<T>& buffer) {
  const Bytes bytes = bytes_in(buffer);
  return {bytes.begin(), bytes.end()};
}

inline std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
  return text;
}

// That a key was read, and is the one of this seed.
inline void require_seed(const Result<AnyDecapsulationKey>& any, const Bytes& expected) {
  REQUIRE(any.has_value());
  const Bytes seed = std::visit(
      [](const auto& key) {
        constexpr bool kIsXWing =
            std::is_same_v<std::remove_cvref_t<decltype(key)>, xwing::DecapsulationKey>;
        Bytes bytes(kIsXWing ? xwing::kSeedSize : kSeedSize);
        REQUIRE(key.export_seed(std::span < std::uint8_t,
                                kIsXWing ? xwing::kSeedSize : kSeedSize > (bytes))
                    .has_value());
        return bytes;
      },
      *any);
  REQUIRE(seed == expected);
}

}  // namespace latchkey::test
