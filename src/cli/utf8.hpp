// UTF-8 (RFC 3629) in names and messages, which may be any bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace latchkey::cli {

struct Character {
  char32_t code = 0;
  std::size_t size = 0;  // in bytes; 0 for bytes that are not UTF-8
};

// The character that `text` begins with, which is not empty. Overlong forms, surrogates and numbers
// above U+10FFFF are not UTF-8.
Character first_character(std::string_view text);

// Whether a terminal shows the character, and nothing else happens: it is neither a control (C0,
// DEL or C1), nor a line or paragraph separator, nor a control of writing direction (Unicode's
// Bidi_Control), with which a text can be made to look like another one.
bool is_harmless(char32_t code);

// Text for a message: a question mark stands for each byte that is not UTF-8, and for each
// character that is not harmless.
std::string in_one_line(std::string_view text);

// Whether all of the text is UTF-8.
bool is_utf8(std::string_view text);

}  // namespace latchkey::cli
