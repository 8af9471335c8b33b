// What `latchkey inspect` says of keys and ciphertexts.
#include "failure.hpp"
#include "finding.hpp"
#include "hardening.hpp"
#include "keys.hpp"

namespace latchkey::cli {
namespace {

std::string encoding_of(View file) {
  return text_of(file).find("-----BEGIN ") != std::string_view::npos ? "PEM" : "DER";
}

Finding inspect_public(View file) {
  Finding finding("public key");
  finding.add("encoding", encoding_of(file));
  const auto key = read_public_key(file);
  if (!key) return finding.fails(key.error()), finding;
  finding.add("algorithm", kem_of(*key).name);
  std::visit([&](const auto& any) { finding.add("fingerprint", fingerprint_of(any)); }, *key);
  return finding;
}

Finding inspect_private(View file, bool is_encrypted, const Options& options) {
  require_hardened();
  Finding finding("private key");
  finding.add("encoding", encoding_of(file));
  finding.add("under_a_password", is_encrypted);
  LockedBuffer password;
  if (is_encrypted) {
    if (!options.source.is_given()) {
      const auto without = read_private_key(file);
      if (without.error() != Error::password_needed) finding.fails(without.error());
      return finding;
    }
    password = read_password(options.source, quoted(options.input), false);
  }
  const auto read = [&](View words) -> Result<AnyDecapsulationKey> {
    return read_private_key(file, words);
  };
  const auto key = is_encrypted ? password.read(read) : read({});
  if (!key) return finding.fails(key.error()), finding;
  finding.add("algorithm", kem_of(*key).name);
  std::visit(
      [&](const auto& any) { finding.add("fingerprint", fingerprint_of(any.encapsulation_key())); },
      *key);
  return finding;
}

template <class Key>
Finding inspect_raw_key(const char* kind, const char* algorithm, const Result<Key>& key) {
  Finding finding(kind);
  finding.add("algorithm", algorithm);
  if (!key) return finding.fails(key.error()), finding;
  if constexpr (requires { key->encapsulation_key(); }) {
    finding.add("fingerprint", fingerprint_of(key->encapsulation_key()));
  } else {
    finding.add("fingerprint", fingerprint_of(*key));
  }
  return finding;
}

Finding inspect_ciphertext(const char* algorithm, const char* how) {
  Finding finding("ciphertext");
  finding.add("algorithm", algorithm);
  finding.add("note", std::string(how) + "; the key that it is for is not known");
  return finding;
}

// The bytes of a key or a ciphertext of K, by their size, which no other K has.
template <class K>
std::optional<Finding> inspect_raw_of(View file) {
  constexpr const char* kName = K::kName;
  // A ciphertext of ML-KEM-1024 is as long as a public key, and practically never a valid one.
  constexpr bool kIsAmbiguous = K::kEncapsulationKeySize == K::kCiphertextSize;
  if (file.size() == K::kEncapsulationKeySize) {
    const auto key = K::EncapsulationKey::parse(file);
    if (key || !kIsAmbiguous) return inspect_raw_key("raw public key", kName, key);
  }
  if (file.size() == K::kCiphertextSize) {
    return inspect_ciphertext(kName, kIsAmbiguous
                                         ? "recognized only by its size, which is also "
                                           "that of a public key, but it is not a valid one"
                                         : "recognized only by its size");
  }
  if constexpr (!std::is_same_v<K, XWing>) {
    using Key = typename K::DecapsulationKey;
    if (file.size() == Key::Expanded::extent) {
      return inspect_raw_key("raw private key", kName, Key::import_expanded(file));
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Finding> inspect_key_file(View file, const Options& options) {
  switch (kind_of_key_file(file)) {
    case KeyFileKind::public_key:
      return inspect_public(file);
    case KeyFileKind::private_key:
      return inspect_private(file, false, options);
    case KeyFileKind::encrypted_private_key:
      return inspect_private(file, true, options);
    case KeyFileKind::none:
      break;
  }
  return std::nullopt;
}

Finding inspect_raw(View file) {
  auto known = inspect_raw_of<XWing>(file);
  if (!known) known = inspect_raw_of<MlKem512>(file);
  if (!known) known = inspect_raw_of<MlKem768>(file);
  if (!known) known = inspect_raw_of<MlKem1024>(file);
  if (known) return *known;
  Finding finding("unknown");
  finding.fails(std::string(file.empty() ? "it is empty" : "not a format that Latchkey knows"));
  return finding;
}

}  // namespace latchkey::cli
