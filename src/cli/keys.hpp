// The keys that commands are given: files of ours, or age's names.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "kems.hpp"
#include "latchkey/age.hpp"
#include "latchkey/fingerprint.hpp"
#include "latchkey/key_file.hpp"
#include "password.hpp"

namespace latchkey::cli {

inline constexpr std::size_t kMostOfKey = 64 << 10;  // bytes of a file with private keys

// How a key was written.
enum class KeyForm : bool { file, age };

struct PublicKey {
  AnyEncapsulationKey key;
  KeyForm form;
};

// From a name of age's, or a file: a public key, or a list of age's names, a line each. Throws a
// Failure.
std::vector<PublicKey> load_recipients(const std::string& name_or_path);
std::vector<PublicKey> load_recipients_file(const std::string& path);
// The same where just one is wanted.
PublicKey load_recipient(const std::string& name_or_path);

struct PrivateKey {
  AnyDecapsulationKey key;
  KeyForm form;
  std::shared_ptr<const LockedBuffer> password;  // that the file was encrypted with, or null
};

// A key file, or age's file of identities. The file must be nobody else's to read. Throws a
// Failure.
std::vector<PrivateKey> load_identities(const std::string& path, const PasswordSource& password);
// What `latchkey open` is given: private keys, and age's for X25519, which open age files alone.
struct OpeningKeys {
  std::vector<PrivateKey> keys;
  std::vector<age::X25519Identity> x25519;
};
// The same for it.
OpeningKeys load_opening_keys(const std::string& path, const PasswordSource& password);
// The same where just one is wanted.
PrivateKey load_identity(const std::string& path, const PasswordSource& password);
// Whether bytes are a file of age's identities.
bool is_identity_of_age(std::span<const std::uint8_t> bytes);

// The fingerprints (fingerprint.hpp) of public keys, however they are given: what load_recipients()
// takes, or what load_identities() takes. Throws a Failure.
std::vector<std::string> load_fingerprints(const std::string& name_or_path,
                                           const PasswordSource& password);

// As people compare them. Throws a Failure.
std::string shown(const Result<Fingerprint>& fingerprint);
template <class Key>
std::string fingerprint_of(const Key& key) {
  return shown(latchkey::fingerprint(key));
}

const KemRow& kem_of(const AnyEncapsulationKey& key);
const KemRow& kem_of(const AnyDecapsulationKey& key);

}  // namespace latchkey::cli
