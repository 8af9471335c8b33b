#include "keys.hpp"

#include <cstring>
#include <string_view>

#include "bytes.hpp"
#include "failure.hpp"
#include "hardening.hpp"
#include "identities.hpp"
#include "input.hpp"
#include "recipient_fault.hpp"
#include "secret_lines.hpp"

namespace latchkey::cli {
namespace {

constexpr std::size_t kMostToShow = 20;              // characters of a name
constexpr std::size_t kMostOfRecipients = 16 << 20;  // a few thousand

// Calls use(line, number) for each line that says something; others are empty or begin with '#'.
template <class Use>
void for_each_line(std::string_view text, Use use) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    if (!line.empty() && !line.starts_with('#')) use(line, number);
  }
}

std::string in_line(std::size_t number, const std::string& of) {
  return "line " + std::to_string(number) + " of " + of;
}

bool is_recipient(std::string_view text) { return text.starts_with("age1"); }

const char* name_of(age::KeyKind kind) {
  switch (kind) {
    case age::KeyKind::ssh:
      return "an SSH key";
    default:
      return "a recipient of a plugin";
  }
}

PublicKey read_recipient(std::string_view text, const std::string& what) {
  auto key = age::parse_recipient(text);
  if (!key && key.error() == Error::not_a_key && text.starts_with("age1pq1")) {
    throw Failure("cannot use " + what + ": " + recipient_fault(text));
  }
  if (!key && age::kind_of_recipient(text) == age::KeyKind::x25519) {
    throw Failure("cannot use " + what +
                  ": it is an X25519 recipient, and a quantum computer could open later what is "
                  "sealed to it now: use a post-quantum recipient, age1pq1...");
  }
  if (!key && key.error() == Error::other_algorithm) {
    throw Failure("cannot use " + what + ": it is " + name_of(age::kind_of_recipient(text)) +
                  "; supported are post-quantum recipients, age1pq1...");
  }
  if (!key) fail("cannot use " + what, key.error());
  return {std::move(*key), KeyForm::age};
}

std::vector<PublicKey> read_recipients(std::string_view text, const std::string& name) {
  std::vector<PublicKey> keys;
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    keys.push_back(read_recipient(line, in_line(number, name)));
  });
  if (keys.empty()) throw Failure(name + " contains no recipient of age");
  return keys;
}

// The first line that says something.
std::string_view first_line(std::string_view text) {
  std::string_view first;
  for_each_line(text, [&](std::string_view line, std::size_t) {
    if (first.empty()) first = line;
  });
  return first;
}

void refuse_private(View bytes, const std::string& name) {
  if (first_line(text_of(bytes)).starts_with("AGE-") ||
      kind_of_key_file(bytes) >= KeyFileKind::private_key) {
    throw Failure(name + " is a private key; 'latchkey pubkey' makes the public key from it");
  }
}

PrivateKey read_key_file(View bytes, const std::string& name, const PasswordSource& source) {
  auto key = read_private_key(bytes);
  std::shared_ptr<const LockedBuffer> password;
  if (!key && key.error() == Error::password_needed) {
    password = std::make_shared<const LockedBuffer>(read_password(source, name, false));
    key = value_of(password->read([&](View words) -> Result<AnyDecapsulationKey> {
      return read_private_key(bytes, words);
    }),
                   ("cannot use " + name).c_str());
  }
  if (!key) fail("cannot use " + name, key.error());
  return {std::move(*key), KeyForm::file, std::move(password)};
}

// That a file has no key of the kind that is needed.
[[noreturn]] void fail_without_key(const char* wanted, const std::string& name, Error error) {
  if (error != Error::not_a_key) fail("cannot use " + name, error);
  throw Failure("cannot use " + name + ": it has no " + wanted +
                " key in PEM, DER or a form of age");
}

template <class Key>
Key only_one(std::vector<Key> keys, const std::string& name) {
  if (keys.size() != 1)
    throw Failure(name + " contains several keys, and only one can be used here");
  return std::move(keys.front());
}

std::vector<PublicKey> recipient_of_name(const std::string& text) {
  const bool is_long = text.size() > kMostToShow;
  std::vector<PublicKey> keys;
  keys.push_back(read_recipient(
      text, "the recipient " + quoted(text.substr(0, kMostToShow) + (is_long ? "..." : ""))));
  return keys;
}

// A public key, or a list of age's recipients.
std::vector<PublicKey> public_keys_in(View bytes, const std::string& name) {
  const std::string_view first = first_line(text_of(bytes));
  if (is_recipient(first)) return read_recipients(text_of(bytes), name);
  if (bytes.empty()) {
    throw Failure("cannot use " + name + ": it is empty, and a public key is needed");
  }
  auto key = read_public_key(bytes);
  if (!key) refuse_private(bytes, name);
  if (!key) fail_without_key("public", name, key.error());
  std::vector<PublicKey> keys;
  keys.push_back({std::move(*key), KeyForm::file});
  return keys;
}

// What a file has, either kind of keys.
struct Keys {
  std::vector<PublicKey> publics;
  OpeningKeys privates;
  std::string fault;  // of a file of identities without a key for other commands than `open`
};

Keys keys_of(IdentityList list, const std::string& name,
             const std::shared_ptr<const LockedBuffer>& passphrase = {}) {
  Keys keys;
  if (list.keys.empty()) keys.fault = "cannot use " + name + ": " + list.fault();
  for (auto& key : list.keys) {
    keys.privates.keys.push_back({std::move(key), KeyForm::age, passphrase});
  }
  keys.privates.x25519 = std::move(list.x25519);
  return keys;
}

// Not of age.
Keys read_keys(Input& input, const std::string& path, LockedBuffer first_bytes,
               const PasswordSource& password) {
  const std::string& name = input.name();
  const auto bytes = read_locked(input, kMostOfKey + 1, std::move(first_bytes));
  if (bytes.size() == 0) {
    throw Failure("cannot use " + name + ": it is empty, and a private key is needed");
  }
  if (bytes.size() > kMostOfKey) {
    throw Failure(name + " is too long: more than " + std::to_string(kMostOfKey) + " bytes");
  }
  return value_of(bytes.read([&](View file) -> Result<Keys> {
    Keys keys;
    switch (kind_of_key_file(file)) {
      case KeyFileKind::none:
        fail_without_key("private", name, Error::not_a_key);
      case KeyFileKind::public_key:
        keys.publics = public_keys_in(file, name);
        break;
      case KeyFileKind::private_key:
      case KeyFileKind::encrypted_private_key:
        require_private(path, input.exposure());
        keys.privates.keys.push_back(read_key_file(file, name, password));
    }
    return keys;
  }),
                  "cannot read a key");
}

Keys load_keys(const std::string& path, const PasswordSource& password) {
  const PasswordSource source = read_ahead(password, path);
  require_hardened();
  Input input(path);
  auto first_bytes = read_first_bytes(input);
  switch (first_bytes.kind) {
    case AgeFile::identities:
      require_private(path, input.exposure());
      return keys_of(read_identities(first_bytes, input), input.name());
    case AgeFile::encrypted: {
      const auto file = read_encrypted_identities(first_bytes.bytes, input);
      require_private(path, input.exposure());
      const auto passphrase =
          std::make_shared<const LockedBuffer>(read_password(source, input.name(), false));
      return keys_of(decrypt_identities(file, input.name(), *passphrase), input.name(), passphrase);
    }
    case AgeFile::recipients: {
      Keys keys;
      SecretLines lines(
          input.name(), kMostOfRecipients, [&](std::string_view line, std::size_t number) {
            keys.publics.push_back(read_recipient(line, in_line(number, input.name())));
          });
      read_lines(first_bytes, input, lines);
      return keys;
    }
    case AgeFile::none:
    case AgeFile::undecided:
      break;
  }
  return read_keys(input, path, std::move(first_bytes.bytes), source);
}

Keys load_private_keys(const std::string& path, const PasswordSource& password) {
  auto keys = load_keys(path, password);
  if (!keys.publics.empty()) {
    throw Failure(quoted(path) + " is a public key, and a private key is needed");
  }
  return keys;
}

}  // namespace

std::vector<PublicKey> load_recipients_file(const std::string& path) {
  const auto bytes = read_whole(path, kMostOfRecipients);
  const std::string name = quoted(path);
  if (kind_of_key_file(bytes) == KeyFileKind::public_key) {
    throw Failure(name + " is a public key, not a list of recipients of age: use -r");
  }
  refuse_private(bytes, name);
  return read_recipients(text_of(bytes), name);
}

std::vector<PublicKey> load_recipients(const std::string& name_or_path) {
  if (is_recipient(name_or_path)) return recipient_of_name(name_or_path);
  const auto bytes = read_whole(name_or_path, kMostOfRecipients);
  return public_keys_in(bytes, quoted(name_or_path));
}

PublicKey load_recipient(const std::string& name_or_path) {
  return only_one(load_recipients(name_or_path), quoted(name_or_path));
}

OpeningKeys load_opening_keys(const std::string& path, const PasswordSource& password) {
  auto keys = load_private_keys(path, password);
  if (keys.privates.keys.empty() && keys.privates.x25519.empty()) throw Failure(keys.fault);
  return std::move(keys.privates);
}

std::vector<PrivateKey> load_identities(const std::string& path, const PasswordSource& password) {
  auto keys = load_private_keys(path, password);
  if (!keys.fault.empty()) throw Failure(keys.fault);
  return std::move(keys.privates.keys);
}

std::vector<std::string> load_fingerprints(const std::string& name_or_path,
                                           const PasswordSource& password) {
  Keys keys;
  if (is_recipient(name_or_path)) {
    keys.publics = recipient_of_name(name_or_path);
  } else {
    keys = load_keys(name_or_path, password);
  }
  std::vector<std::string> all;
  for (const PublicKey& each : keys.publics) {
    all.push_back(std::visit([](const auto& key) { return fingerprint_of(key); }, each.key));
  }
  if (!keys.fault.empty()) throw Failure(keys.fault);
  for (const PrivateKey& each : keys.privates.keys) {
    all.push_back(std::visit(
        [](const auto& key) { return fingerprint_of(key.encapsulation_key()); }, each.key));
  }
  return all;
}

bool is_identity_of_age(View bytes) { return first_line(text_of(bytes)).starts_with("AGE-"); }

PrivateKey load_identity(const std::string& path, const PasswordSource& password) {
  return only_one(load_identities(path, password), quoted(path));
}

const KemRow& kem_of(const AnyEncapsulationKey& any) {
  return std::visit([](const auto& key) -> const KemRow& { return row_of(key); }, any);
}
const KemRow& kem_of(const AnyDecapsulationKey& any) {
  return std::visit([](const auto& key) -> const KemRow& { return row_of(key); }, any);
}

}  // namespace latchkey::cli
