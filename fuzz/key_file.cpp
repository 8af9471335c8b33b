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

Bytes der(std::uint8_t tag, View content) {
  const auto low = static_cast<std::uint8_t>(content.size()),
             high = static_cast<std::uint8_t>(content.size() >> 8);
  if (content.size() < 128) return oracle::concat({Bytes{tag, low}, content});
  return oracle::concat({Bytes{tag, 0x82, high, low}, content});  // no content has 128 to 255 bytes
}

// What precedes the key in the file of a private key (RFC 9935, section 3).
template <MlKem set>
Bytes version_and_algorithm(std::uint8_t version) {
  constexpr std::uint8_t kLast = set == MlKem::k512 ? 1 : set == MlKem::k768 ? 2 : 3;
  return oracle::concat({Bytes{0x02, 0x01, version, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                               0x65, 0x03, 0x04, 0x04, kLast}});
}

template <MlKem set>
Bytes seed_of(const MlKemDecapsulationKey<set>& key) {
  Bytes seed(kSeedSize);
  require(key.export_seed(std::span<std::uint8_t, kSeedSize>(seed)).has_value(),
          "a seed is exported");
  return seed;
}

template <MlKem set>
Bytes expanded_of(const MlKemDecapsulationKey<set>& key) {
  using Expanded = typename MlKemDecapsulationKey<set>::Expanded;
  Bytes expanded(Expanded::extent);
  require(key.export_expanded(Expanded(expanded)).has_value(), "an expanded key is exported");
  return expanded;
}

template <MlKem set>
Bytes expanded_file(const MlKemDecapsulationKey<set>& key, bool with_seed) {
  Bytes choice = der(0x04, expanded_of(key));
  if (with_seed) choice = der(0x30, oracle::concat({der(0x04, seed_of(key)), choice}));
  return der(0x30, oracle::concat({version_and_algorithm<set>(0), der(0x04, choice)}));
}

// With attributes and a publicKey (RFC 5958), and the seed with its tag or without.
template <MlKem set>
Bytes file_of_others(const MlKemDecapsulationKey<set>& key, bool bare_seed) {
  static constexpr std::uint8_t kAttributes[] = {0xa0, 0x0d, 0x30, 0x0b, 0x06, 0x03, 0x55, 0x04,
                                                 0x03, 0x31, 0x04, 0x0c, 0x02, 'm',  'e'};
  const Bytes seed = seed_of(key);
  return der(0x30, oracle::concat(
                       {version_and_algorithm<set>(1),
                        der(0x04, bare_seed ? seed : der(0x80, seed)), kAttributes,
                        der(0x81, oracle::concat({Bytes{0}, key.encapsulation_key().bytes()}))}));
}

template <class Key>
Bytes public_file(const Key& key, KeyEncoding encoding) {
  const auto file = write_public_key(key, encoding);
  require(file.has_value(), "a public key is written");
  return Bytes(file->bytes().begin(), file->bytes().end());
}

// In each form that is read, except those of X-Wing.
template <MlKem set>
Bytes good_file_of(unsigned form, KeyEncoding encoding) {
  static const auto key = MlKemDecapsulationKey<set>::from_seed(Bytes(kSeedSize, 7));
  switch (form) {
    case 0:
      return written(write_private_key(*key, encoding));
    case 2:
      return expanded_file(*key, false);
    case 3:
      return expanded_file(*key, true);
    case 4:
      return file_of_others(*key, false);
    case 5:
      return file_of_others(*key, true);
    default:
      return public_file(key->encapsulation_key(), encoding);
  }
}

Bytes good_file(Input& input) {
  static const auto xwing = xwing::DecapsulationKey::from_seed(Bytes(xwing::kSeedSize, 7));
  const std::uint8_t choice = input.byte();
  const unsigned form = choice % 8;
  const KeyEncoding encoding = choice / 8 % 2 == 0 ? KeyEncoding::der : KeyEncoding::pem;
  if (form == 1) return written(write_private_key(*xwing, encoding));
  if (form == 7) return public_file(xwing->encapsulation_key(), encoding);
  switch (choice / 16 % 3) {
    case 0:
      return good_file_of<MlKem::k768>(form, encoding);
    case 1:
      return good_file_of<MlKem::k512>(form, encoding);
    default:
      return good_file_of<MlKem::k1024>(form, encoding);
  }
}

bool is_pem(View file) {
  static constexpr std::string_view kBegin = "-----BEGIN ";
  return std::search(file.begin(), file.end(), kBegin.begin(), kBegin.end()) != file.end();
}

// The bytes that the key was made of: its seed, or all of it in expanded form.
template <MlKem set>
Bytes secret_of(const MlKemDecapsulationKey<set>& key) {
  Bytes seed(kSeedSize);
  const auto has_seed = key.export_seed(std::span<std::uint8_t, kSeedSize>(seed));
  if (has_seed) return seed;
  require(has_seed.error() == Error::no_seed, "an expanded key has no seed");
  return expanded_of(key);
}
Bytes secret_of(const xwing::DecapsulationKey& key) {
  Bytes seed(xwing::kSeedSize);
  require(key.export_seed(std::span(seed).first<xwing::kSeedSize>()).has_value(),
          "an X-Wing key is exported");
  return seed;
}
Bytes secret_of(const AnyDecapsulationKey& any) {
  return std::visit([](const auto& key) { return secret_of(key); }, any);
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
