// A purge, or refused memory, at each step of operations on key files and on age files.

#include "keyfile/cheap_password.hpp"
#include "keyfile/key_files.hpp"
#include "latchkey/age.hpp"
#include "latchkey/key_file.hpp"
#include "seal/refusals.hpp"

namespace latchkey::test {
namespace {

constexpr PasswordHash kHashes[] = {PasswordHash::scrypt, PasswordHash::pbkdf2_sha256};

template <Kem K>
typename K::DecapsulationKey new_key() {
  return K::DecapsulationKey::generate().value();
}

Bytes contents(const Result<LockedBuffer>& buffer) {
  return buffer.value().read([](View bytes) { return copy_of(bytes); }).value();
}

TEST_CASE("A purge, or refused memory, in writing a private key is an error") {
  const CheapPasswords cheap;
  const Bytes password = Random().vector(20);
  for (const KeyEncoding encoding : {KeyEncoding::pem, KeyEncoding::der}) {
    require_errors_and_input(new_key<MlKem768>, [&](const DecapsulationKey& key) {
      return write_private_key(key, encoding);
    });
    for (const PasswordHash hash : kHashes) {
      require_errors_and_input(new_key<XWing>, [&](const xwing::DecapsulationKey& key) {
        return write_private_key(key, encoding, {.password = password, .hash = hash});
      });
    }
  }
}

TEST_CASE("A purge, or refused memory, in reading a private key is an error") {
  const CheapPasswords cheap;
  const Bytes password = Random().vector(20);
  const auto read = [&](const Bytes& file) {
    require_errors(nothing, [&](Nothing) { return read_private_key(file, password); });
  };
  const auto mlkem = new_key<MlKem768>();
  const auto xwing = new_key<XWing>();
  Bytes dk(kDecapsulationKeySize), seed(kSeedSize);
  REQUIRE(mlkem.export_expanded(std::span(dk).first<kDecapsulationKeySize>()).has_value());
  REQUIRE(mlkem.export_seed(std::span(seed).first<kSeedSize>()).has_value());
  // RFC 9935: both forms.
  const Bytes both = from_hex("308209be020100300b0609608648016503040402048209aa308209a60440") +
                     View(seed) + from_hex("04820960") + dk;
  std::vector<Bytes> files = {contents(write_private_key(mlkem, KeyEncoding::pem)),
                              contents(write_private_key(xwing, KeyEncoding::der)), both};
  for (const PasswordHash hash : kHashes) {
    files.push_back(
        contents(write_private_key(xwing, KeyEncoding::pem, {.password = password, .hash = hash})));
  }
  // Other keys' files than those that are alive: a purge takes those.
  for (const Bytes& file : files) read(file);
}

TEST_CASE("A purge, or refused memory, in reading a public key is an error") {
  const auto key = new_key<XWing>();
  for (const KeyEncoding encoding : {KeyEncoding::pem, KeyEncoding::der}) {
    const auto file = write_public_key(key.encapsulation_key(), encoding);
    int errors = 0;
    for (int step = 0;; ++step) {
      CAPTURE(step);
      const TroubleAt trouble(Trouble::refusal, step);
      const auto result = read_public_key(file->bytes());
      if (!trouble.happened()) break;
      errors += !result;
    }
    REQUIRE(errors > 0);
  }
}

TEST_CASE("A purge, or refused memory, with an identity of age's is an error") {
  require_errors_and_input(
      new_key<XWing>, [](const xwing::DecapsulationKey& key) { return age::write_identity(key); });
  const Bytes identity = contents(age::write_identity(new_key<XWing>()));
  require_errors(nothing, [&](Nothing) {
    return age::parse_identity({reinterpret_cast<const char*>(identity.data()), identity.size()});
  });
}

// Everything at once, and then no more.
auto source_of(View bytes) {
  return [bytes](std::span<std::uint8_t> to) mutable -> Result<std::size_t> {
    const std::size_t size = std::min(to.size(), bytes.size());
    std::copy_n(bytes.begin(), size, to.begin());
    bytes = bytes.subspan(size);
    return size;
  };
}

Result<void> seal_to(const xwing::EncapsulationKey& peer, View message, age::Armor armor,
                     Bytes& out) {
  const xwing::EncapsulationKey* const to[] = {&peer};
  auto read = source_of(message);
  auto write = [&](View bytes) -> Result<void> {
    out.insert(out.end(), bytes.begin(), bytes.end());
    return {};
  };
  return age::seal(to, read, write, armor);
}

TEST_CASE(
    "A purge, or refused memory, in sealing and opening a file of age's is an error, and nothing "
    "is released") {
  const Bytes message(100, 7);
  for (const age::Armor armor : {age::Armor::no, age::Armor::yes}) {
    require_errors(new_key<XWing>, [&](const xwing::DecapsulationKey& key) {
      Bytes file;
      return seal_to(key.encapsulation_key(), message, armor, file);
    });
    struct Sent {
      xwing::DecapsulationKey key;
      Bytes file;
    };
    const auto sent = [&] {
      Sent all{new_key<XWing>(), {}};
      REQUIRE(seal_to(all.key.encapsulation_key(), message, armor, all.file).has_value());
      return all;
    };
    require_errors(sent, [&](const Sent& own) {
      Bytes out;
      const xwing::DecapsulationKey* const mine[] = {&own.key};
      auto read = source_of(own.file);
      auto write = [&](View bytes) -> Result<void> {
        out.insert(out.end(), bytes.begin(), bytes.end());
        return {};
      };
      auto result = age::open(mine, read, write);
      if (result) REQUIRE(out == message);
      return result;
    });
  }
}

}  // namespace
}  // namespace latchkey::test
