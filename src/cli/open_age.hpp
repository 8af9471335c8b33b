// What `latchkey open` does with files of age.
#pragma once

#include "flow.hpp"
#include "keys.hpp"

namespace latchkey::cli {

// Enough to tell a file with a passphrase from others: its header is short, also in armor.
inline constexpr std::size_t kAgeFirstBytes = 4'096;

// Whether an age file that begins so is encrypted with a passphrase; there are fewer than
// kAgeFirstBytes only if that is the whole file. Throws a Failure for a header that is malformed,
// and for a passphrase that would cost too much.
bool needs_passphrase(View first_bytes, const std::string& name);

// Opens a file with the keys that are for age's files. Throws a Failure.
void open_age(const OpeningKeys& keys, Flow& flow);
void open_age_with_passphrase(const LockedBuffer& passphrase, Flow& flow);

}  // namespace latchkey::cli
