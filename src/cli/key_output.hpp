// Private keys as they are written: a key file, age's identity, or bare bytes.
#pragma once

#include "latchkey/age.hpp"
#include "latchkey/key_file.hpp"
#include "output.hpp"

namespace latchkey::cli {

// A key file. Under a password, unless that is empty. Throws a Failure.
void write_key_file(Output& output, const AnyDecapsulationKey& key, KeyEncoding encoding,
                    const LockedBuffer& password, PasswordHash hash = PasswordHash::scrypt);

// What age-keygen writes: comments and the identity. The date is that of a new key. Throws a
// Failure.
enum class Created : bool { unknown, now };
void write_identity_file(Output& output, const xwing::DecapsulationKey& key, Created created);

inline constexpr const char* kNoExpandedForm =
    "X-Wing has no expanded form: its private key is the seed";

// The seed, 32 or 64 bytes; the expanded form, 1632, 2400 or 3168 bytes. Throws a Failure.
void write_seed(Output& output, const AnyDecapsulationKey& key);
void write_expanded(Output& output, const AnyDecapsulationKey& key);

// A buffer's bytes, whatever they are. Throws a Failure.
void write_secret(Output& output, const LockedBuffer& bytes);

}  // namespace latchkey::cli
