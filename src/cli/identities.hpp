// Files with identities of age: a line each, as age-keygen writes them, or such a file under a
// passphrase.
#pragma once

#include <array>

#include "failure.hpp"
#include "input.hpp"
#include "keys.hpp"
#include "secret_lines.hpp"

namespace latchkey::cli {

inline constexpr std::size_t kMostOfIdentities = 16 << 20;  // bytes, as age has it
inline constexpr std::size_t kMostIdentities = 1'000;

// The identities of a file, as they are found.
class IdentityList {
 public:
  explicit IdentityList(std::string name) : name_(std::move(name)) {}

  // Keeps the key of that line, or counts it, if its kind is not used here. Throws a Failure, if it
  // is no identity, or mistyped, or one too many.
  void add(std::string_view line, std::size_t number);

  [[nodiscard]] std::size_t size() const { return keys.size() + x25519 + plugins; }
  // What is to be said of a file from which no key can be used.
  [[nodiscard]] std::string fault() const;

  std::vector<xwing::DecapsulationKey> keys;
  std::size_t x25519 = 0, plugins = 0;  // identities of these kinds

 private:
  std::string name_;
};

// What of age's a file is, as its beginning shows.
enum class AgeFile : std::uint8_t {
  none,        // a key file, or something else
  identities,  // lines, of which the first that is no remark is an identity
  recipients,  // the same with a recipient
  encrypted,
  undecided,  // so far, remarks alone
};
AgeFile age_file_kind(View beginning);

// As much of a file as shows what it is, which is little: locked memory is scarce. Where 64 KiB are
// remarks alone, it is taken for identities. Throws a Failure.
struct Beginning {
  LockedBuffer bytes;
  AgeFile kind;
};
Beginning read_beginning(Input& input);

// Gives all lines of a file, of which the rest is in the input, to `lines`. Throws a Failure.
void read_lines(const LockedBuffer& beginning, Input& input, SecretLines& lines);

// Reads the rest from the input. Throws a Failure.
IdentityList read_identities(const LockedBuffer& beginning, Input& input);

// The whole of an age file under a passphrase, which is no secret. Throws a Failure for another
// one, before a password is asked for.
std::vector<std::uint8_t> read_encrypted_identities(const LockedBuffer& beginning, Input& input);

// Why a passphrase with that work factor is not tried.
std::string too_costly(unsigned work_factor);

// What such a file holds is no list of identities.
struct NotIdentities : Failure {
  using Failure::Failure;
};

// Throws a Failure, NotIdentities among them.
IdentityList decrypt_identities(View file, const std::string& name, const PasswordSource& password);

}  // namespace latchkey::cli
