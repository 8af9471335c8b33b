// Escapes untrusted text (names of files, words of the command line) before programs print it.
#pragma once

#include <string>
#include <string_view>

namespace latchkey::text {

// The text with '?' for each byte that is not UTF-8 (RFC 3629) and for each character that a
// terminal does not show as it is: control characters (C0, DEL, C1), ends of lines (U+2028,
// U+2029), characters that change the direction of text (Unicode Standard Annex 9), and invisible
// ones.
std::string in_one_line(std::string_view text);

// The text as a JSON string (RFC 8259) in quotes, in UTF-8. Bytes that are not UTF-8 become U+FFFD;
// characters that in_one_line() replaces are escaped as \uXXXX.
std::string json_string(std::string_view text);

// Whether all of the text is UTF-8.
bool is_utf8(std::string_view text);

}  // namespace latchkey::text
