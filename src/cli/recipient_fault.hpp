// What is wrong with a recipient of age that somebody typed.
#pragma once

#include <string>
#include <string_view>

namespace latchkey::cli {

// What is wrong with `text`, which begins with "age1pq1" but is not a recipient: its first
// character that cannot occur in a recipient, its length, or else its checksum.
std::string recipient_fault(std::string_view text);

}  // namespace latchkey::cli
