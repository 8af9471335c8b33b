#include "keys.hpp"

#include <cstring>
#include <string_view>

#include "failure.hpp"
#include "input.hpp"

namespace latchkey::cli {
namespace {

constexpr std::size_t kMostToShow = 20;              // characters of a name
constexpr std::size_t kMostOfRecipients = 16 << 20;  // a few thousand

using View = std::span<const std::uint8_t>;

std::string_view text_of(View bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

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

PublicKey read_recipient(std::string_view text, const std::string& what) {
  auto key = age::parse_recipient(text);
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

std::vector<PrivateKey> read_identities(std::string_view text, const std::string& name) {
  std::vector<PrivateKey> keys;
  std::size_t passed_over = 0;  // the line of an identity that is good for other files
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    auto key = age::parse_identity(line);
    if (key) {
      keys.push_back({std::move(*key), KeyForm::age, {}});
    } else if (key.error() == Error::other_algorithm || line.starts_with("AGE-PLUGIN-")) {
      passed_over = number;
    } else {
      fail("cannot use " + in_line(number, name), key.error());
    }
  });
  if (keys.empty()) fail("cannot use " + in_line(passed_over, name), Error::other_algorithm);
  return keys;
}

PrivateKey read_key_file(View bytes, const std::string& name, const PasswordSource& source) {
  auto key = read_private_key(bytes);
  LockedBuffer password;
  if (!key && key.error() == Error::password_needed) {
    password = read_password(source, name, false);
    key = value_of(password.read([&](View words) -> Result<AnyDecapsulationKey> {
      return read_private_key(bytes, words);
    }),
                   ("cannot use " + name).c_str());
  }
  if (!key) fail("cannot use " + name, key.error());
  return {std::move(*key), KeyForm::file, std::move(password)};
}

template <class Key>
Key only_one(std::vector<Key> keys, const std::string& name) {
  if (keys.size() != 1) throw Failure(name + " has more than one key in it");
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
  auto key = read_public_key(bytes);
  if (!key && (first.starts_with("AGE-") || kind_of_key_file(bytes) >= KeyFileKind::private_key)) {
    throw Failure(name + " is a private key; 'latchkey pubkey' makes the public one of it");
  }
  if (!key) fail("cannot use " + name, key.error());
  std::vector<PublicKey> keys;
  keys.push_back({std::move(*key), KeyForm::file});
  return keys;
}

// A private key, or age's identities.
std::vector<PrivateKey> private_keys_in(View bytes, const SecretFile& file,
                                        const PasswordSource& password) {
  const std::string name = quoted(file.path);
  const bool is_of_age = is_identity_of_age(bytes);
  if (!is_of_age && kind_of_key_file(bytes) == KeyFileKind::none) {
    fail("cannot use " + name, Error::not_a_key);
  }
  file.require_private();
  if (is_of_age) return read_identities(text_of(bytes), name);
  std::vector<PrivateKey> keys;
  keys.push_back(read_key_file(bytes, name, password));
  return keys;
}

}  // namespace

std::vector<PublicKey> load_recipients_file(const std::string& path) {
  const auto bytes = read_whole(path, kMostOfRecipients);
  return read_recipients(text_of(bytes), quoted(path));
}

std::vector<PublicKey> load_recipients(const std::string& name_or_path) {
  if (is_recipient(name_or_path)) return recipient_of_name(name_or_path);
  const auto bytes = read_whole(name_or_path, kMostOfRecipients);
  return public_keys_in(bytes, quoted(name_or_path));
}

PublicKey load_recipient(const std::string& name_or_path) {
  return only_one(load_recipients(name_or_path), quoted(name_or_path));
}

std::vector<PrivateKey> load_identities(const std::string& path, const PasswordSource& password) {
  const auto file = read_secret(path, kMostOfKey);
  const std::string name = quoted(path);
  return value_of(file.bytes.read([&](View bytes) {
    if (is_recipient(first_line(text_of(bytes))) ||
        kind_of_key_file(bytes) == KeyFileKind::public_key) {
      throw Failure(name + " is a public key, and a private one is needed");
    }
    return private_keys_in(bytes, file, password);
  }),
                  "cannot read a key");
}

std::vector<std::string> load_fingerprints(const std::string& name_or_path,
                                           const PasswordSource& password) {
  std::vector<std::string> all;
  const auto add_public = [&](const std::vector<PublicKey>& keys) {
    for (const PublicKey& each : keys) {
      all.push_back(std::visit([](const auto& key) { return fingerprint_of(key); }, each.key));
    }
  };
  if (is_recipient(name_or_path)) return add_public(recipient_of_name(name_or_path)), all;
  const auto file = read_secret(name_or_path, kMostOfKey);
  const auto done = file.bytes.read([&](View bytes) {
    if (is_recipient(first_line(text_of(bytes))) ||
        kind_of_key_file(bytes) == KeyFileKind::public_key) {
      return add_public(public_keys_in(bytes, quoted(name_or_path)));
    }
    for (const PrivateKey& each : private_keys_in(bytes, file, password)) {
      all.push_back(std::visit(
          [](const auto& key) { return fingerprint_of(key.encapsulation_key()); }, each.key));
    }
  });
  if (!done) fail("cannot read a key", done.error());
  return all;
}

bool is_identity_of_age(View bytes) { return first_line(text_of(bytes)).starts_with("AGE-"); }

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
