#include "recipient_fault.hpp"

#include <cstdio>

#include "failure.hpp"
#include "latchkey/age.hpp"

namespace latchkey::cli {
namespace {

constexpr std::string_view kCharacters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";  // Bech32 (BIP 173)
constexpr std::size_t kPrefix = std::string_view("age1pq1").size();

// One character, and as \xHH each byte of one that a terminal does not show.
std::string shown(std::string_view character) {
  if (std::string text = in_one_line(character); text == character) return text;
  std::string text;
  for (const char c : character) {
    char byte[5];
    std::snprintf(byte, sizeof byte, "\\x%02x", static_cast<unsigned char>(c));
    text += byte;
  }
  return text;
}

}  // namespace

std::string recipient_fault(std::string_view text) {
  const auto at = text.find_first_not_of(kCharacters, kPrefix);
  if (at != text.npos) {
    // In UTF-8, a character may have several bytes.
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
    const std::string what =
        "character " + std::to_string(at + 1) + ", '" + shown(text.substr(at, end - at)) + "', ";
    const bool is_upper = text[at] >= 'A' && text[at] <= 'Z';
    return what + (is_upper ? "is in upper case, and recipients are in lower case"
                            : "cannot occur in a recipient");
  }
  if (text.size() != age::kRecipientSize) {
    return "it has " + std::to_string(text.size()) +
           " characters, and a recipient age1pq1... has " + std::to_string(age::kRecipientSize);
  }
  return "its checksum is wrong, so it was mistyped";
}

}  // namespace latchkey::cli
