// UTF-8 in names, against its definition (RFC 3629, section 3).
#include "utf8.hpp"

#include <cstdint>
#include <string>

#include "failure.hpp"
#include "json.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using cli::first_character;

// As the table of RFC 3629 has it.
std::string encode(char32_t code) {
  const auto tail = [&](unsigned shift) {
    return static_cast<char>(0x80 | (code >> shift & 0x3f));
  };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xc0 | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xe0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | code >> 18), tail(12), tail(6), tail(0)};
}

TEST_CASE("Every character of Unicode is read from its UTF-8, and from no part of it") {
  for (char32_t code = 0; code <= 0x10ffff; ++code) {
    if (code == 0xd800) code = 0xe000;
    const std::string text = encode(code);
    const auto read = first_character(text + "\x80");
    if (read.code == code && read.size == text.size() &&
        (text.size() == 1 ||
         first_character(std::string_view(text).substr(0, text.size() - 1)).size == 0)) {
      continue;
    }
    FAIL("U+" << std::hex << static_cast<std::uint32_t>(code));
  }
}

TEST_CASE("Of all sequences of two and three bytes, just the characters are UTF-8") {
  std::size_t characters = 0;
  for (std::uint32_t i = 0; i < 1u << 24; ++i) {
    const char text[] = {static_cast<char>(i >> 16), static_cast<char>(i >> 8),
                         static_cast<char>(i)};
    characters += first_character({text, 3}).size == 3;
    if ((i & 0xff) == 0) characters += first_character({text, 2}).size == 2;
  }
  REQUIRE(characters == 0x10000 - 0x80 - 0x800);  // without ASCII and the surrogates
}

TEST_CASE("Sequences of four bytes above U+10FFFF, overlong or cut are not UTF-8") {
  for (const std::string_view text :
       {"\xf4\x90\x80\x80", "\xf7\xbf\xbf\xbf", "\xf8\x88\x80\x80\x80", "\xf0\x8f\xbf\xbf",
        "\xf0\x9f\x94", "\xf0\x9f\x94z", "\xfe", "\xff", "\x80", "\xbf"}) {
    CAPTURE(text);
    REQUIRE(first_character(text).size == 0);
    REQUIRE_FALSE(cli::is_utf8(text));
  }
  REQUIRE(cli::is_utf8("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"));
}

TEST_CASE(
    "Controls, those of writing direction included, are escaped in JSON and replaced in messages") {
  std::size_t harmful = 0;
  for (char32_t code = 0; code <= 0xffff; ++code) {
    if (code == 0xd800) code = 0xe000;
    if (cli::is_harmless(code)) continue;
    ++harmful;
    cli::JsonObject object;
    object.add("x", encode(code));
    char expected[32];
    std::snprintf(expected, sizeof expected, "{\"x\": \"\\u%04x\"}", static_cast<unsigned>(code));
    REQUIRE(object.text() == expected);
    REQUIRE(cli::in_one_line(encode(code)) == "?");
  }
  REQUIRE(harmful == 32 + 33 + 2 + 12);  // C0, DEL and C1, separators, Bidi_Control
}

TEST_CASE("Values in JSON are of their types") {
  cli::JsonObject object;
  object.add("text", "a\"b\\c\xff");
  object.add("truth", true);
  object.add("number", std::uint64_t{18'446'744'073'709'551'615u});
  object.add("list", std::vector<std::string>{"a", "b"});
  object.add("empty", std::vector<std::string>{});
  object.add_null("nothing");
  REQUIRE(object.text() ==
          R"({"text": "a\"b\\c\ufffd", "truth": true, "number": 18446744073709551615, )"
          R"("list": ["a", "b"], "empty": [], "nothing": null})");
}

}  // namespace
}  // namespace latchkey::test
