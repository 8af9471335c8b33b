// Base64 without a table, against libcrypto's with one.

#include "encoding/base64.hpp"

#include <openssl/evp.h>

#include "api/support.hpp"

namespace latchkey::test {
namespace {

using encoding::base64_decode;
using encoding::base64_encode;
using encoding::base64_size;
using encoding::Padding;

Bytes encode(View bytes) {
  Bytes text(base64_size(bytes.size()));
  base64_encode(text, bytes);
  return text;
}

Result<std::size_t> decode(Bytes& out, View text, Padding padding = Padding::required) {
  out.assign(text.size() / 4 * 3 + 3, 0xee);
  auto size = base64_decode(out, Exact(text), padding);
  if (size) out.resize(*size);
  return size;
}

View view_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST_CASE("Base64 is that of libcrypto, at every length and for every value") {
  Random random;
  for (std::size_t size = 0; size < 200; ++size) {
    CAPTURE(size);
    Bytes bytes = random.vector(size);
    Bytes expected(base64_size(size) + 1);
    EVP_EncodeBlock(expected.data(), bytes.data(), static_cast<int>(size));
    expected.pop_back();
    REQUIRE(encode(bytes) == expected);
    Bytes out;
    REQUIRE(decode(out, expected).has_value());
    REQUIRE(out == bytes);
    while (!expected.empty() && expected.back() == '=') expected.pop_back();
    REQUIRE(decode(out, expected, Padding::none).has_value());
    REQUIRE(out == bytes);
  }
  for (unsigned group = 0; group < 1u << 24; group += 4097) {  // every value in every place
    const Bytes bytes = {static_cast<std::uint8_t>(group >> 16),
                         static_cast<std::uint8_t>(group >> 8), static_cast<std::uint8_t>(group)};
    Bytes expected(5), out;
    EVP_EncodeBlock(expected.data(), bytes.data(), 3);
    expected.pop_back();
    REQUIRE(encode(bytes) == expected);
    REQUIRE(decode(out, expected).has_value());
    REQUIRE(out == bytes);
  }
}

TEST_CASE("Base64 has no character but those of its alphabet, in any place") {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (unsigned c = 0; c < 256; ++c) {
    for (std::size_t at = 0; at < 8; ++at) {
      CAPTURE(c, at);
      Bytes text(8, 'A'), out;
      text[at] = static_cast<std::uint8_t>(c);
      const bool padding_at_end = c == '=' && at == 7;
      REQUIRE(decode(out, text).has_value() ==
              (kAlphabet.find(static_cast<char>(c)) != kAlphabet.npos || padding_at_end));
    }
  }
}

TEST_CASE("Base64 that encoding would not give is refused, and leaves zeros") {
  Bytes out;
  for (const std::string_view text :
       {"A",    "AA",       "AAA",      "AAAAA",    "=",         "==",   "===",
        "====", "A===",     "AA=",      "AAAA====", "AA==AAAA",  "AA=A", "AB==",
        "AAB=", "AAAAAB==", "AAAAAAB=", "AA==\n",   "AAAA AAAA", "AAA\n"}) {
    CAPTURE(text);
    require_error(decode(out, view_of(text)), Error::not_canonical);
    REQUIRE(out == Bytes(out.size(), 0));
  }
  for (const std::string_view text : {"A", "AAAAA", "AA==", "AAA=", "AB", "AAB"}) {
    CAPTURE(text);
    require_error(decode(out, view_of(text), Padding::none), Error::not_canonical);
  }
}

}  // namespace
}  // namespace latchkey::test
