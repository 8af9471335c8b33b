// Text from elsewhere (names of files, words of the command line) in what programs print.
#pragma once

#include <string>
#include <string_view>

namespace latchkey::text {

// The text with '?' for each byte that is not UTF-8 (RFC 3629) and for each character that a
// terminal does not show as it is: control characters (C0, DEL, C1), ends of lines (U+2028,
// U+2029), characters that change the direction of text (Unicode Standard Annex 9), and invisible
// ones.
std::string in_one_line(std::string_view text);

// A string of JSON (RFC 8259) in quotes. It is UTF-8: each byte of the text that is not has become
// U+FFFD. What in_one_line() replaces is escaped as \uXXXX.
std::string json_string(std::string_view text);

// Whether all of the text is UTF-8.
bool is_utf8(std::string_view text);

}  // namespace latchkey::text
