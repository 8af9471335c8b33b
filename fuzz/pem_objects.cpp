// PEM files with several objects and text around them: which of them is read depends on their
// number alone. With changes, whatever is read is one of the keys.

#include <algorithm>
#include <string>

#include "keys.hpp"
#include "latchkey/key_file.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

struct Part {
  std::string text;
  bool is_private = false, is_encrypted = false, is_public = false;
};

std::string text_of(const Result<LockedBuffer>& buffer) {
  require(buffer.has_value(), "a key is written");
  std::string text;
  const auto done = buffer->read([&](View all) { text.assign(all.begin(), all.end()); });
  require(done.has_value(), "a buffer can be read");
  return text;
}

const DecapsulationKey& known() {
  static const auto key = DecapsulationKey::from_seed(Bytes(kSeedSize, 7));
  return *key;
}

std::vector<Part> make_parts() {
  static constexpr std::uint8_t kPassword[] = {'x'};
  const auto file = write_public_key(known().encapsulation_key(), KeyEncoding::pem);
  require(file.has_value(), "a public key is written");
  const auto small = mlkem512::DecapsulationKey::from_seed(Bytes(kSeedSize, 7));
  const auto large = mlkem1024::DecapsulationKey::from_seed(Bytes(kSeedSize, 7));
  const auto large_file = write_public_key(large->encapsulation_key(), KeyEncoding::pem);
  require(large_file.has_value(), "a public key is written");
  return {{.text = text_of(write_private_key(known(), KeyEncoding::pem)), .is_private = true},
          {.text = text_of(write_private_key(known(), KeyEncoding::pem, {.password = kPassword})),
           .is_private = true,
           .is_encrypted = true},
          {.text = std::string(file->bytes().begin(), file->bytes().end()), .is_public = true},
          {.text = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
          {.text = "-----BEGIN CERTIFICATE-----\n"},
          {.text = "Private-Key:\r\n    00:01:02\r\n"},
          {.text = "\n"},
          {.text = "-----END PRIVATE KEY-----\n"},
          {.text = text_of(write_private_key(*small, KeyEncoding::pem)), .is_private = true},
          {.text = std::string(large_file->bytes().begin(), large_file->bytes().end()),
           .is_public = true}};
}

void check_private(const Result<AnyDecapsulationKey>& key, std::size_t count, bool encrypted) {
  if (count == 1 && !encrypted) return require(key.has_value(), "the only private key is read");
  require(!key, "nothing else is read");
  const Error expected = count > 1    ? Error::several_keys
                         : count == 0 ? Error::not_a_key
                                      : Error::password_needed;
  require(key.error() == expected, "the error says how many there are");
}

void check_public(const Result<AnyEncapsulationKey>& key, std::size_t count) {
  if (count == 1) return require(key.has_value(), "the only public key is read");
  const Error expected = count > 1 ? Error::several_keys : Error::not_a_key;
  require(!key && key.error() == expected, "the error says how many there are");
}

// What was changed may be another key, but not another kind, and never both.
void check_changed(View file, const Result<AnyDecapsulationKey>& secret) {
  if (!secret) return;
  const auto again = remove_password(file, {});
  require(again.has_value(), "a key that is read is written again");
  const std::string text = text_of(again);
  require(std::ranges::equal(text, file) ||
              read_private_key({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()})
                  .has_value(),
          "and read again");
}

}  // namespace

void pem_objects(View data) {
  static const std::vector<Part> parts = make_parts();
  Input input(data);
  std::string text;
  std::size_t privates = 0, publics = 0;
  bool encrypted = false;
  for (std::size_t left = input.byte() % 8; left > 0; --left) {
    const Part& part = parts[input.byte() % parts.size()];
    text += part.text;
    privates += part.is_private ? 1 : 0;
    publics += part.is_public ? 1 : 0;
    encrypted = encrypted || part.is_encrypted;
  }
  const Bytes before(text.begin(), text.end());
  Bytes file = before;
  if (!file.empty()) mutate(file, input, 4);
  const auto secret = read_private_key(file);
  const auto pub = read_public_key(file);
  if (file != before) return check_changed(file, secret);
  check_private(secret, privates, encrypted);
  check_public(pub, publics);
}

}  // namespace latchkey::fuzz
