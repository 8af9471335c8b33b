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
  finding.add("algorithm", algorithm_of(*key));
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
  finding.add("algorithm", algorithm_of(*key));
  std::visit(
      [&](const auto& any) { finding.add("fingerprint", fingerprint_of(any.encapsulation_key())); },
      *key);
  return finding;
}

// The bytes of a key, of which there is one for each size.
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

Finding inspect_ciphertext(const char* algorithm) {
  Finding finding("ciphertext");
  finding.add("algorithm", algorithm);
  finding.add("note", "recognized only by its size; the key that it is for is not known");
  return finding;
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
  switch (file.size()) {
    case kCiphertextSize:
      return inspect_ciphertext(MlKem768::kName);
    case xwing::kCiphertextSize:
      return inspect_ciphertext(XWing::kName);
    case kEncapsulationKeySize:
      return inspect_raw_key("raw public key", MlKem768::kName, EncapsulationKey::parse(file));
    case xwing::kEncapsulationKeySize:
      return inspect_raw_key("raw public key", XWing::kName, xwing::EncapsulationKey::parse(file));
    case kDecapsulationKeySize:
      return inspect_raw_key("raw private key", MlKem768::kName,
                             DecapsulationKey::import_expanded(file));
    default:
      break;
  }
  Finding finding("unknown");
  finding.fails(std::string(file.empty() ? "it is empty" : "not a format that Latchkey knows"));
  return finding;
}

}  // namespace latchkey::cli
