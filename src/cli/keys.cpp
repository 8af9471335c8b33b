#include "keys.hpp"

#include <cstring>
#include <string_view>

#include "bytes.hpp"
#include "failure.hpp"
#include "identities.hpp"
#include "input.hpp"

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
    case age::KeyKind::x25519:
      return "an X25519 recipient";
    case age::KeyKind::ssh:
      return "an SSH key";
    default:
      return "a recipient of a plugin";
  }
}

PublicKey read_recipient(std::string_view text, const std::string& what) {
  auto key = age::parse_recipient(text);
  if (!key && key.error() == Error::other_algorithm) {
    throw Failure("cannot use " + what + ": it is " + name_of(age::kind_of_recipient(text)) +
                  ", and only post-quantum ones (age1pq1...) are supported");
  }
  if (!key) fail("cannot use " + what, key.error());
  return {std::move(*key), KeyForm::age};
}

std::vector<PublicKey> read_recipients(std::string_view text, const std::string& name) {
  std::vector<PublicKey> keys;
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    keys.push_back(read_recipient(line, in_line(number, name)));
  });
  if (keys.empty()) throw Failure(name + " has no recipient in it");
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

PrivateKey read_key_file(View bytes, const std::string& name, const PasswordSource& source) {
  auto key = read_private_key(bytes);
  if (!key && key.error() == Error::password_needed) {
    const auto password = read_password(source, name, false);
    key = value_of(password.read([&](View words) -> Result<AnyDecapsulationKey> {
      return read_private_key(bytes, words);
    }),
                   ("cannot use " + name).c_str());
  }
  if (!key) fail("cannot use " + name, key.error());
  return {std::move(*key), KeyForm::file};
}

template <class Key>
Key only_one(std::vector<Key> keys, const std::string& name) {
  if (keys.size() != 1) throw Failure(name + " has more than one key in it");
  return std::move(keys.front());
}

}  // namespace

std::vector<PublicKey> load_recipients_file(const std::string& path) {
  const auto bytes = read_whole(path, kMostOfRecipients);
  return read_recipients(text_of(bytes), quoted(path));
}

std::vector<PublicKey> load_recipients(const std::string& name_or_path) {
  std::vector<PublicKey> keys;
  if (is_recipient(name_or_path)) {
    const bool is_long = name_or_path.size() > kMostToShow;
    keys.push_back(read_recipient(
        name_or_path,
        "the recipient " + quoted(name_or_path.substr(0, kMostToShow) + (is_long ? "..." : ""))));
    return keys;
  }
  const std::string name = quoted(name_or_path);
  const auto bytes = read_whole(name_or_path, kMostOfRecipients);
  if (is_recipient(first_line(text_of(bytes)))) return read_recipients(text_of(bytes), name);
  auto key = read_public_key(bytes);
  if (!key && (first_line(text_of(bytes)).starts_with("AGE-") ||
               kind_of_key_file(bytes) >= KeyFileKind::private_key)) {
    throw Failure(name + " is a private key; 'latchkey pubkey' makes the public one of it");
  }
  if (!key) fail("cannot use " + name, key.error());
  keys.push_back({std::move(*key), KeyForm::file});
  return keys;
}

PublicKey load_recipient(const std::string& name_or_path) {
  return only_one(load_recipients(name_or_path), quoted(name_or_path));
}

namespace {

std::vector<PrivateKey> keys_of(IdentityList list, const std::string& name) {
  if (list.keys.empty()) throw Failure("cannot use " + name + ": " + list.fault());
  std::vector<PrivateKey> keys;
  for (auto& key : list.keys) keys.push_back({std::move(key), KeyForm::age});
  return keys;
}

PrivateKey load_key_file(Input& input, LockedBuffer beginning, const PasswordSource& password) {
  const std::string& name = input.name();
  const auto bytes = read_locked(input, kMostOfKey + 1, std::move(beginning));
  if (bytes.size() > kMostOfKey) {
    throw Failure(name + " is too long: more than " + std::to_string(kMostOfKey) + " bytes");
  }
  return value_of(bytes.read([&](View file) {
    const auto kind = kind_of_key_file(file);
    if (kind == KeyFileKind::public_key) {
      throw Failure(name + " is a public key, and a private one is needed");
    }
    if (kind == KeyFileKind::none) fail("cannot use " + name, Error::not_a_key);
    input.require_private();
    return read_key_file(file, name, password);
  }),
                  "cannot read a key");
}

}  // namespace

std::vector<PrivateKey> load_identities(const std::string& path, const PasswordSource& password) {
  Input input(path);
  auto [beginning, kind] = read_beginning(input);
  switch (kind) {
    case AgeFile::identities:
      input.require_private();
      return keys_of(read_identities(beginning, input), input.name());
    case AgeFile::encrypted: {
      const auto file = read_encrypted_identities(beginning, input);
      input.require_private();
      return keys_of(decrypt_identities(file, input.name(), password), input.name());
    }
    case AgeFile::recipients:
      throw Failure(input.name() + " has public keys, and a private one is needed");
    case AgeFile::none:
    case AgeFile::undecided:
      break;
  }
  std::vector<PrivateKey> keys;
  keys.push_back(load_key_file(input, std::move(beginning), password));
  return keys;
}

PrivateKey load_identity(const std::string& path, const PasswordSource& password) {
  return only_one(load_identities(path, password), quoted(path));
}

namespace {
template <class XWingKey, class Variant>
const char* algorithm_in(const Variant& key) {
  return std::holds_alternative<XWingKey>(key) ? XWing::kName : MlKem768::kName;
}
}  // namespace

const char* algorithm_of(const AnyEncapsulationKey& key) {
  return algorithm_in<xwing::EncapsulationKey>(key);
}
const char* algorithm_of(const AnyDecapsulationKey& key) {
  return algorithm_in<xwing::DecapsulationKey>(key);
}

}  // namespace latchkey::cli
