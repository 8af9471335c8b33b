// Key files: any bytes, or a good file with changes, in DER or PEM. A private key that is read is
// in the file; removing its password, of which there is none, changes no byte of DER; a public key
// is written again with the same bytes; a good file is read; nothing asks for a password's work.

#include <algorithm>
#include <string_view>

#include "keys.hpp"
#include "latchkey/key_file.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

Bytes bytes_in(const LockedBuffer& buffer) {
  Bytes copy;
  const auto done = buffer.read([&](View all) { copy.assign(all.begin(), all.end()); });
  require(done.has_value(), "a buffer can be read");
  return copy;
}

Bytes written(Result<LockedBuffer> file) {
  require(file.has_value(), "a key with a seed is written");
  return bytes_in(*file);
}

// Behind what RFC 9935 has before it, which is another for each form.
Bytes expanded_file(const DecapsulationKey& key, bool with_seed) {
  static constexpr std::uint8_t kExpanded[] = {
      0x30, 0x82, 0x09, 0x78, 0x02, 0x01, 0x00, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48,
      0x01, 0x65, 0x03, 0x04, 0x04, 0x02, 0x04, 0x82, 0x09, 0x64, 0x04, 0x82, 0x09, 0x60};
  static constexpr std::uint8_t kBoth[] = {
      0x30, 0x82, 0x09, 0xbe, 0x02, 0x01, 0x00, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
      0x65, 0x03, 0x04, 0x04, 0x02, 0x04, 0x82, 0x09, 0xaa, 0x30, 0x82, 0x09, 0xa6, 0x04, 0x40};
  Bytes seed(kSeedSize), expanded(kDecapsulationKeySize);
  require(key.export_seed(std::span(seed).first<kSeedSize>()).has_value() &&
              key.export_expanded(std::span(expanded).first<kDecapsulationKeySize>()).has_value(),
          "a key with a seed is exported");
  if (!with_seed) return oracle::concat({kExpanded, expanded});
  return oracle::concat({kBoth, seed, Bytes{0x04, 0x82, 0x09, 0x60}, expanded});
}

// With attributes and a publicKey (RFC 5958), and the seed with its tag or without.
Bytes file_of_others(const DecapsulationKey& key, bool bare_seed) {
  static constexpr std::uint8_t kTagged[] = {0x30, 0x82, 0x05, 0x08, 0x02, 0x01, 0x01, 0x30,
                                             0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
                                             0x03, 0x04, 0x04, 0x02, 0x04, 0x42, 0x80, 0x40};
  static constexpr std::uint8_t kBare[] = {0x30, 0x82, 0x05, 0x06, 0x02, 0x01, 0x01, 0x30,
                                           0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
                                           0x03, 0x04, 0x04, 0x02, 0x04, 0x40};
  static constexpr std::uint8_t kAttributes[] = {0xa0, 0x0d, 0x30, 0x0b, 0x06, 0x03, 0x55, 0x04,
                                                 0x03, 0x31, 0x04, 0x0c, 0x02, 'm',  'e'};
  static constexpr std::uint8_t kPublicKey[] = {0x81, 0x82, 0x04, 0xa1, 0x00};
  Bytes seed(kSeedSize);
  require(key.export_seed(std::span(seed).first<kSeedSize>()).has_value(), "a seed is exported");
  return oracle::concat({bare_seed ? View(kBare) : View(kTagged), seed, kAttributes, kPublicKey,
                         key.encapsulation_key().bytes()});
}

// In each of the forms that are read.
Bytes good_file(Input& input) {
  static const auto mlkem = DecapsulationKey::from_seed(Bytes(kSeedSize, 7));
  static const auto xwing = xwing::DecapsulationKey::from_seed(Bytes(xwing::kSeedSize, 7));
  const std::uint8_t choice = input.byte();
  const KeyEncoding encoding = choice / 8 % 2 == 0 ? KeyEncoding::der : KeyEncoding::pem;
  const auto of_public = [&](const auto& key) {
    const auto file = write_public_key(key, encoding);
    require(file.has_value(), "a public key is written");
    return Bytes(file->bytes().begin(), file->bytes().end());
  };
  switch (choice % 8) {
    case 0:
      return written(write_private_key(*mlkem, encoding));
    case 1:
      return written(write_private_key(*xwing, encoding));
    case 2:
      return expanded_file(*mlkem, false);
    case 3:
      return expanded_file(*mlkem, true);
    case 4:
      return file_of_others(*mlkem, false);
    case 5:
      return file_of_others(*mlkem, true);
    case 6:
      return of_public(mlkem->encapsulation_key());
    default:
      return of_public(xwing->encapsulation_key());
  }
}

bool is_pem(View file) {
  static constexpr std::string_view kBegin = "-----BEGIN ";
  return std::search(file.begin(), file.end(), kBegin.begin(), kBegin.end()) != file.end();
}

// The bytes that the key was made of: its seed, or all of it in expanded form.
Bytes secret_of(const AnyDecapsulationKey& any) {
  Bytes seed(kSeedSize);
  if (const auto* xwing = std::get_if<xwing::DecapsulationKey>(&any)) {
    seed.resize(xwing::kSeedSize);
    require(xwing->export_seed(std::span(seed).first<xwing::kSeedSize>()).has_value(),
            "an X-Wing key is exported");
    return seed;
  }
  const auto& mlkem = std::get<DecapsulationKey>(any);
  const auto has_seed = mlkem.export_seed(std::span(seed).first<kSeedSize>());
  if (has_seed) return seed;
  require(has_seed.error() == Error::no_seed, "an expanded key has no seed");
  Bytes expanded(kDecapsulationKeySize);
  require(mlkem.export_expanded(std::span(expanded).first<kDecapsulationKeySize>()).has_value(),
          "it is exported");
  return expanded;
}

void check_private(View file, const AnyDecapsulationKey& any) {
  require(kind_of_key_file(file) == KeyFileKind::private_key, "it is called what it is");
  const Bytes again = written(remove_password(file, {}));
  const auto read = read_private_key(again);
  require(read && secret_of(*read) == secret_of(any), "without a password it is the same key");
  if (is_pem(file)) return;
  require(std::ranges::equal(again, file), "it is written as it was");
  const Bytes secret = secret_of(any);
  require(std::search(file.begin(), file.end(), secret.begin(), secret.end()) != file.end(),
          "the key that is read is in the file");
}

void check_public(View file, const AnyEncapsulationKey& any) {
  require(kind_of_key_file(file) == KeyFileKind::public_key, "it is called what it is");
  if (is_pem(file)) return;
  std::visit(
      [&](const auto& key) {
        const auto again = write_public_key(key, KeyEncoding::der);
        require(again && std::ranges::equal(again->bytes(), file), "it is written as it was");
      },
      any);
}

}  // namespace

void key_file(View data) {
  Input input(data);
  Bytes file;
  bool good = false;
  if (input.byte() % 2 == 0) {
    file = input.rest();
  } else {
    const Bytes before = good_file(input);
    file = before;
    mutate(file, input, 4);
    if (input.byte() % 4 == 1) file.resize(input.number());
    good = file == before;
  }
  const auto pub = read_public_key(file);
  const auto secret = read_private_key(file);
  require(!pub || !secret || is_pem(file), "no file in DER is both");
  if (pub && !secret) check_public(file, *pub);
  if (secret) check_private(file, *secret);
  if (good) require(pub || secret, "a good file is read");
}

}  // namespace latchkey::fuzz
