#include "text/text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>

namespace latchkey::text {
namespace {

constexpr char32_t kInvalid = 0xffffffff;

struct Character {
  char32_t code;     // or kInvalid
  std::size_t size;  // bytes; 1 if it is invalid
};

// The first character of text that is not empty. RFC 3629: no longer than need be, no surrogates,
// none beyond U+10FFFF.
Character first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  constexpr Character invalid{.code = kInvalid, .size = 1};
  const std::uint8_t first = byte(0);
  if (first < 0x80) return {.code = first, .size = 1};
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc0 || first >= 0xf8 || text.size() < size) return invalid;
  char32_t code = first & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return invalid;
    code = (code << 6) | (byte(i) & 0x3fu);
  }
  constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};  // by size
  const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kLeast[size] || is_surrogate || code > 0x10ffff) return invalid;
  return {.code = code, .size = size};
}

struct Range {
  char32_t first, last;
};
constexpr std::array kHidden = {
    Range{0x0000, 0x001f},    // C0 controls
    Range{0x007f, 0x009f},    // DEL, C1 controls: U+009B begins an escape sequence
    Range{0x00ad, 0x00ad},    // soft hyphen
    Range{0x061c, 0x061c},    // Arabic letter mark
    Range{0x180e, 0x180e},    // Mongolian vowel separator
    Range{0x200b, 0x200b},    // zero-width space; its joiners belong to words
    Range{0x200e, 0x200f},    // direction marks
    Range{0x2028, 0x202e},    // ends of lines and paragraphs, embeddings and overrides
    Range{0x2060, 0x206f},    // word joiner, isolates, deprecated controls
    Range{0xfeff, 0xfeff},    // zero-width no-break space
    Range{0xfff9, 0xfffb},    // interlinear annotations
    Range{0xe0000, 0xe007f},  // tags
};

bool is_shown(char32_t code) {
  return std::ranges::none_of(
      kHidden, [&](const Range& range) { return code >= range.first && code <= range.last; });
}

std::string escaped(char32_t code) {
  char text[16];
  if (code < 0x10000) {
    std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(code));
  } else {  // as two surrogates
    const auto rest = static_cast<unsigned>(code - 0x10000);
    std::snprintf(text, sizeof text, "\\u%04x\\u%04x", 0xd800 + (rest >> 10),
                  0xdc00 + (rest & 0x3ff));
  }
  return text;
}

}  // namespace

std::string in_one_line(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const Character next = first_of(text);
    line += next.code != kInvalid && is_shown(next.code) ? text.substr(0, next.size) : "?";
    text.remove_prefix(next.size);
  }
  return line;
}

std::string json_string(std::string_view text) {
  std::string json = "\"";
  while (!text.empty()) {
    const Character next = first_of(text);
    if (next.code == kInvalid) {
      json += "\xef\xbf\xbd";  // U+FFFD
    } else if (next.code == '"' || next.code == '\\') {
      json += {'\\', static_cast<char>(next.code)};
    } else if (!is_shown(next.code)) {
      json += escaped(next.code);
    } else {
      json += text.substr(0, next.size);
    }
    text.remove_prefix(next.size);
  }
  return json + '"';
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Character next = first_of(text);
    if (next.code == kInvalid) return false;
    text.remove_prefix(next.size);
  }
  return true;
}

}  // namespace latchkey::text
