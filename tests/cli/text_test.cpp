// What is printed of text from elsewhere.

#include <cstdint>
#include <string>

#include "support/catch.hpp"
#include "text/text.hpp"

namespace latchkey::test {
namespace {

using text::in_one_line;
using text::json_string;

std::string utf8(char32_t code) {
  const auto byte = [](char32_t bits) { return static_cast<char>(bits); };
  const auto rest = [&](int shift) { return byte(0x80 | ((code >> shift) & 0x3f)); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xc0 | (code >> 6)), rest(0)};
  if (code < 0x10000) return {byte(0xe0 | (code >> 12)), rest(6), rest(0)};
  return {byte(0xf0 | (code >> 18)), rest(12), rest(6), rest(0)};
}

bool changes_the_line(char32_t code) {
  const bool is_control = code < 0x20 || (code >= 0x7f && code < 0xa0);
  const bool ends_line = code == 0x2028 || code == 0x2029;
  const bool turns = code == 0x61c || code == 0x200e || code == 0x200f ||
                     (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  return is_control || ends_line || turns;
}

TEST_CASE("Every character is printed as it is, or as one question mark") {
  std::size_t hidden = 0;
  for (char32_t code = 0; code <= 0x10ffff; ++code) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const std::string shown = in_one_line(utf8(code));
    if (shown == "?" && code != '?') {
      ++hidden;
    } else if (shown != utf8(code) || changes_the_line(code)) {
      FAIL("U+" << std::hex << static_cast<std::uint32_t>(code));
    }
  }
  REQUIRE(hidden < 300);
}

TEST_CASE("Bytes that are not UTF-8 are question marks, and U+FFFD in JSON") {
  for (const std::string bytes :
       {"\x80", "\xbf\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xe0\x80\x80", "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xe2\x82", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff"}) {
    std::string marks, replacements;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      marks += "?";
      replacements += "\xef\xbf\xbd";
    }
    REQUIRE(in_one_line(bytes + "x") == marks + "x");
    REQUIRE(json_string(bytes + "x") == '"' + replacements + "x\"");
  }
}

TEST_CASE("In JSON, characters that control a terminal are escaped") {
  REQUIRE(json_string("\x01\x1b\x7f\n\"\\") == R"("\u0001\u001b\u007f\u000a\"\\")");
  REQUIRE(json_string(utf8(0x9b) + utf8(0x202e) + utf8(0x2028)) == R"("\u009b\u202e\u2028")");
  REQUIRE(json_string(utf8(0xe0041)) == R"("\udb40\udc41")");
  REQUIRE(json_string(utf8(0x1f511) + utf8(0xe9)) == '"' + utf8(0x1f511) + utf8(0xe9) + '"');
}

}  // namespace
}  // namespace latchkey::test
