// What is wrong with a recipient of age that somebody typed.
#pragma once

#include <string>
#include <string_view>

namespace latchkey::cli {

// Why `text`, which begins with "age1pq1" and is no recipient, is none: the first character that no
// recipient has, its length, or else its checksum.
std::string recipient_fault(std::string_view text);

}  // namespace latchkey::cli
