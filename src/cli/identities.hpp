// Files with identities of age: a line each, as age-keygen writes them, or such a file under a
// passphrase.
#pragma once

#include <array>

#include "failure.hpp"
#include "input.hpp"
#include "keys.hpp"
#include "latchkey/age.hpp"
#include "secret_lines.hpp"

namespace latchkey::cli {

inline constexpr std::size_t kMostOfIdentities = 16 << 20;  // bytes, as age has it
inline constexpr std::size_t kMostIdentities = 1'000;

// The identities of a file, as they are found.
class IdentityList {
 public:
  explicit IdentityList(std::string name) : name_(std::move(name)) {}

  // Keeps the key of that line, or only counts it, if it is for a plugin. Throws a Failure if the
  // line is not an identity, is mistyped, or exceeds kMostIdentities.
  void add(std::string_view line, std::size_t number);

  [[nodiscard]] std::size_t size() const { return keys.size() + x25519.size() + plugins; }
  // What is to be said of a file without a post-quantum key, if one is needed.
  [[nodiscard]] std::string fault() const;

  std::vector<xwing::DecapsulationKey> keys;
  std::vector<age::X25519Identity> x25519;
  std::size_t plugins = 0;  // identities for them

 private:
  void require_room() const;

  std::string name_;
};

// Which kind of age text a file is, judging by its beginning.
enum class AgeFile : std::uint8_t {
  none,        // a key file, or something else
  identities,  // text whose first line that is not a comment is an identity
  recipients,  // text whose first line that is not a comment is a recipient
  encrypted,
  undecided,  // only comments so far, or too little
};
AgeFile age_file_kind(View first_bytes);

// How much of a file was read and dropped, because it is only comments and empty lines.
struct Skipped {
  std::size_t bytes = 0, lines = 0;
};

// Reads only as much of a file as is needed to know its kind, because locked memory is scarce: of
// comments, 64 KiB are kept, and then only a few. Throws a Failure.
struct FirstBytes {
  LockedBuffer bytes;
  AgeFile kind;
  Skipped skipped;  // before `bytes`; only if these are identities or recipients
};
FirstBytes read_first_bytes(Input& input);

// Gives all lines of a file, of which the rest is in the input, to `lines`. Throws a Failure.
void read_lines(const FirstBytes& first_bytes, Input& input, SecretLines& lines);

// Reads the rest from the input. Throws a Failure.
IdentityList read_identities(const FirstBytes& first_bytes, Input& input);

// Reads a whole age file that is encrypted with a passphrase; the encrypted file is not secret.
// Throws a Failure for an age file that is encrypted to keys, before a passphrase is asked for.
std::vector<std::uint8_t> read_encrypted_identities(const LockedBuffer& first_bytes, Input& input);

// The message for a work factor that is above the limit.
std::string too_costly(unsigned work_factor);

// Throws a Failure, also if the content is not a list of identities.
IdentityList decrypt_identities(View file, const std::string& name, const LockedBuffer& passphrase);

}  // namespace latchkey::cli
