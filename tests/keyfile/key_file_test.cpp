// Key files that are not under a password: what is written, and what is read.

#include "latchkey/key_file.hpp"

#include "api/support.hpp"
#include "keyfile/key_files.hpp"

namespace latchkey::test {
namespace {

// The files of the seed 00 01 .. 3f in RFC 9935, appendix C.1.2.1, and of the X-Wing draft's first
// key, appendix D.1. Their bytes follow from the structures, so they are the same wherever made.
Bytes counting(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

constexpr std::string_view kSeedFile =
    "-----BEGIN PRIVATE KEY-----\n"
    "MFQCAQAwCwYJYIZIAWUDBAQCBEKAQAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZ\n"
    "GhscHR4fICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=\n"
    "-----END PRIVATE KEY-----\n";

// In hexadecimal, what stands before the key's bytes.
const Bytes kMlKemPublic = from_hex("308204b2300b0609608648016503040402038204a100");
const Bytes kXWingPublic = from_hex("308204d4300d060b2b0601040183e62d81c87a038204c100");
const Bytes kSeed = from_hex("3054020100300b060960864801650304040204428040");
const Bytes kExpanded = from_hex("30820978020100300b06096086480165030404020482096404820960");
const Bytes kBothSeed = from_hex("308209be020100300b0609608648016503040402048209aa308209a60440");
const Bytes kBothExpanded = from_hex("04820960");
const Bytes kXWingSeed = from_hex("3034020100300d060b2b0601040183e62d81c87a0420");

struct Keys {
  explicit Keys(Random& random)
      : seed(random.vector(kSeedSize)),
        mlkem(DecapsulationKey::from_seed(seed).value()),
        sk(random.vector(xwing::kSeedSize)),
        xwing(xwing::DecapsulationKey::from_seed(sk).value()),
        expanded(kDecapsulationKeySize) {
    const auto done = mlkem.export_expanded(std::span(expanded).first<kDecapsulationKeySize>());
    REQUIRE(done.has_value());
  }

  Bytes seed;
  DecapsulationKey mlkem;
  Bytes sk;
  xwing::DecapsulationKey xwing;
  Bytes expanded;
};

TEST_CASE("The key file of a known seed is the known one") {
  const auto key = DecapsulationKey::from_seed(counting(kSeedSize));
  REQUIRE(text_of(write_private_key(*key, KeyEncoding::pem)) == kSeedFile);
  require_seed(read_private_key(view_of(kSeedFile)), counting(kSeedSize));
}

TEST_CASE("Text of another label is no key file") {
  const std::string text = replaced(std::string(kSeedFile), "PRIVATE KEY", "CERTIFICATE");
  REQUIRE(kind_of_key_file(view_of(text)) == KeyFileKind::none);
  require_error(read_private_key(view_of(text)), Error::not_a_key);
  require_error(read_public_key(view_of(text)), Error::not_a_key);
  const std::string nothing = replaced(std::string(kSeedFile), "PRIVATE KEY", "");
  REQUIRE(kind_of_key_file(view_of(nothing)) == KeyFileKind::none);
}

TEST_CASE("Key files in DER are a fixed head and the key") {
  Random random;
  const Keys keys(random);
  const View ek = keys.mlkem.encapsulation_key().bytes();
  const View pk = keys.xwing.encapsulation_key().bytes();
  REQUIRE(bytes_in(write_public_key(keys.mlkem.encapsulation_key(), KeyEncoding::der)) ==
          kMlKemPublic + ek);
  REQUIRE(bytes_in(write_public_key(keys.xwing.encapsulation_key(), KeyEncoding::der)) ==
          kXWingPublic + pk);
  REQUIRE(bytes_in(write_private_key(keys.mlkem, KeyEncoding::der)) == kSeed + keys.seed);
  REQUIRE(bytes_in(write_private_key(keys.xwing, KeyEncoding::der)) == kXWingSeed + keys.sk);
}

TEST_CASE("What is written is read, and is the same key") {
  Random random;
  const Keys keys(random);
  for (const KeyEncoding encoding : {KeyEncoding::pem, KeyEncoding::der}) {
    const auto mlkem_file = bytes_in(write_private_key(keys.mlkem, encoding));
    require_seed(read_private_key(Exact(mlkem_file)), keys.seed);
    const auto xwing_file = bytes_in(write_private_key(keys.xwing, encoding));
    require_seed(read_private_key(Exact(xwing_file)), keys.sk);
    REQUIRE(kind_of_key_file(mlkem_file) == KeyFileKind::private_key);

    const auto mlkem = write_public_key(keys.mlkem.encapsulation_key(), encoding);
    const auto ek = read_public_key(Exact(mlkem->bytes()));
    REQUIRE(std::ranges::equal(std::get<EncapsulationKey>(*ek).bytes(),
                               keys.mlkem.encapsulation_key().bytes()));
    const auto xwing = write_public_key(keys.xwing.encapsulation_key(), encoding);
    const auto pk = read_public_key(Exact(xwing->bytes()));
    REQUIRE(std::ranges::equal(std::get<xwing::EncapsulationKey>(*pk).bytes(),
                               keys.xwing.encapsulation_key().bytes()));
    REQUIRE(kind_of_key_file(xwing->bytes()) == KeyFileKind::public_key);
  }
}

TEST_CASE("Expanded keys are read, alone and beside their seed, which has to be theirs") {
  Random random;
  const Keys keys(random), other(random);
  const auto expanded = read_private_key(Exact(kExpanded + keys.expanded));
  REQUIRE(expanded.has_value());
  const auto& key = std::get<DecapsulationKey>(*expanded);
  REQUIRE(
      std::ranges::equal(key.encapsulation_key().bytes(), keys.mlkem.encapsulation_key().bytes()));
  require_error(write_private_key(key, KeyEncoding::der), Error::no_seed);

  const auto both = [&](const Bytes& seed) {
    return read_private_key(Exact(kBothSeed + seed + kBothExpanded + keys.expanded));
  };
  require_seed(both(keys.seed), keys.seed);
  require_error(both(other.seed), Error::seed_mismatch);
  for (const std::size_t at : {std::size_t{0}, kSeedSize - 1}) {
    Bytes seed = keys.seed;
    seed[at] ^= 1;
    require_error(both(seed), Error::seed_mismatch);
  }
}

TEST_CASE("A crafted expanded key is refused") {
  Random random;
  const Keys keys(random);
  Bytes hash = keys.expanded;
  hash[2336] ^= 1;
  require_error(read_private_key(kExpanded + hash), Error::hash_mismatch);
  Bytes s_hat = keys.expanded;
  s_hat[0] ^= 1;
  require_error(read_private_key(kExpanded + s_hat), Error::inconsistent_key);
}

TEST_CASE("A public key that is not reduced is refused") {
  Bytes file = kMlKemPublic + Bytes(kEncapsulationKeySize, 0xff);
  require_error(read_public_key(file), Error::not_reduced);
}

TEST_CASE("No byte of what stands before a key may be another, none be missing, none follow") {
  Random random;
  const Keys keys(random);
  const auto require_strict = [](const Bytes& file, std::size_t head, auto read) {
    REQUIRE(read(file).has_value());
    for (std::size_t bit = 0; bit < 8 * head; ++bit) {
      CAPTURE(bit);
      Bytes changed = file;
      changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1 << bit % 8);
      REQUIRE_FALSE(read(changed).has_value());
    }
    for (std::size_t size = 0; size < file.size(); ++size) {
      CAPTURE(size);
      REQUIRE_FALSE(read(Exact(View(file).first(size))).has_value());
    }
    require_error(read(file + Bytes(1, 0)), Error::not_canonical);
  };
  const auto read_private = [](View file) { return read_private_key(file); };
  const auto read_public = [](View file) { return read_public_key(file); };
  require_strict(kSeed + keys.seed, kSeed.size(), read_private);
  require_strict(kXWingSeed + keys.sk, kXWingSeed.size(), read_private);
  require_strict(kExpanded + keys.expanded, kExpanded.size(), read_private);
  require_strict(kBothSeed + keys.seed + kBothExpanded + keys.expanded, kBothSeed.size(),
                 read_private);
  require_strict(kMlKemPublic + keys.mlkem.encapsulation_key().bytes(), kMlKemPublic.size(),
                 read_public);
  require_strict(kXWingPublic + keys.xwing.encapsulation_key().bytes(), kXWingPublic.size(),
                 read_public);
  Bytes both = kBothSeed + keys.seed + kBothExpanded + keys.expanded;
  both[kBothSeed.size() + kSeedSize] = 5;
  require_error(read_private_key(both), Error::not_canonical);
}

TEST_CASE("Other encodings of a key, which others may accept, are not canonical") {
  Random random;
  const Bytes seed = random.vector(kSeedSize);
  for (const std::string_view head : {
           "308154020100300b060960864801650304040204428040",    // a length in the long form
           "3056020100300d0609608648016503040402050004428040",  // NULL as parameters
           "305402010030"
           "0b060960864801650304040204428140",  // another tag, [1]
       }) {
    CAPTURE(head);
    const auto key = read_private_key(from_hex(head) + seed);
    REQUIRE_FALSE(key.has_value());
  }
  require_error(
      read_private_key(from_hex("3056020100300d0609608648016503040402050004428040") + seed),
      Error::not_canonical);
}

TEST_CASE("A key of another algorithm is called that, and what is no key is called that") {
  // X25519 (RFC 8410).
  const Bytes x25519 = from_hex("302e020100300506032b656e04220420") + Bytes(32, 7);
  require_error(read_private_key(x25519), Error::other_algorithm);
  const Bytes x25519_public = from_hex("302a300506032b656e032100") + Bytes(32, 9);
  require_error(read_public_key(x25519_public), Error::other_algorithm);
  for (const std::string_view text : {"", "x", "hello, world\n", "-----BEGIN PRIVATE KEY-----\n"}) {
    CAPTURE(text);
    require_error(read_private_key(view_of(text)), Error::not_a_key);
    require_error(read_public_key(view_of(text)), Error::not_a_key);
    REQUIRE(kind_of_key_file(view_of(text)) ==
            (text.starts_with("-") ? KeyFileKind::private_key : KeyFileKind::none));
  }
  const std::string twice = std::string(kSeedFile) + std::string(kSeedFile);
  REQUIRE(kind_of_key_file(view_of(twice)) == KeyFileKind::private_key);
  require_error(read_private_key(view_of(twice)), Error::several_keys);
  const std::string other = replaced(std::string(kSeedFile), "PRIVATE KEY", "EC PRIVATE KEY");
  require_error(read_private_key(view_of(other)), Error::not_a_key);
  require_error(read_public_key(view_of(kSeedFile)), Error::not_a_key);
}

TEST_CASE("PEM may have text around it and come from other systems") {
  const std::string file(kSeedFile);
  const auto readable = [](const std::string& text) {
    return read_private_key(view_of(text)).has_value();
  };
  REQUIRE(readable("a key of mine\nmade today\n\n" + file));
  REQUIRE(readable(file + "\n \r\n"));
  REQUIRE(readable(file + "x"));
  REQUIRE(readable(replaced(file, "\n", "\r\n")));
  REQUIRE(readable(replaced(file, "\n", " \n")));
  REQUIRE(readable(replaced(file, "GhscHR4f", "Ghsc\nHR4f")));
  REQUIRE(readable(file.substr(0, file.size() - 1)));
  for (const std::string& text :
       {file + file, replaced(file, "MFQC", "MF-C"), replaced(file, "MFQC", "MF QC"),
        replaced(file, "MFQC", " MFQC"), replaced(file, "Pj8=", "Pj8"),
        replaced(file, "Pj8=", "Pj9="), replaced(file, "MFQC", "Proc-Type: 4\n\nMFQC"),
        replaced(file, "MFQC", std::string("MF\0C", 4)), replaced(file, "-----END", "----END"),
        replaced(file, "END PRIVATE", "END PUBLIC"), replaced(file, "END PRIVATE KEY-----", "END"),
        "x" + file}) {
    CAPTURE(text);
    REQUIRE_FALSE(readable(text));
  }
}

TEST_CASE("Keys that were moved away or purged make no file") {
  REQUIRE(write_public_key(EncapsulationKey(), KeyEncoding::pem).error() == Error::moved_from);
  require_error(write_private_key(DecapsulationKey(), KeyEncoding::pem), Error::moved_from);
  require_error(write_private_key(xwing::DecapsulationKey(), KeyEncoding::der), Error::moved_from);
  const auto key = xwing::DecapsulationKey::generate();
  purge();
  require_error(write_private_key(*key, KeyEncoding::pem), Error::purged);
}

}  // namespace
}  // namespace latchkey::test
