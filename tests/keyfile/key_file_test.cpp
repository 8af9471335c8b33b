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

// In hexadecimal, what stands before a key's bytes.
struct Heads {
  const char *public_key, *seed, *expanded, *both_seed, *both_expanded;
};
constexpr Heads heads_of(MlKem set) {
  switch (set) {
    case MlKem::k512:
      return {"30820332300b06096086480165030404010382032100",
              "3054020100300b060960864801650304040104428040",
              "30820678020100300b06096086480165030404010482066404820660",
              "308206be020100300b0609608648016503040401048206aa308206a60440", "04820660"};
    case MlKem::k768:
      return {"308204b2300b0609608648016503040402038204a100",
              "3054020100300b060960864801650304040204428040",
              "30820978020100300b06096086480165030404020482096404820960",
              "308209be020100300b0609608648016503040402048209aa308209a60440", "04820960"};
    case MlKem::k1024:
      return {"30820632300b06096086480165030404030382062100",
              "3054020100300b060960864801650304040304428040",
              "30820c78020100300b060960864801650304040304820c6404820c60",
              "30820cbe020100300b060960864801650304040304820caa30820ca60440", "04820c60"};
  }
  return {};
}
const Bytes kXWingPublic = from_hex("308204d4300d060b2b0601040183e62d81c87a038204c100");
const Bytes kXWingSeed = from_hex("3034020100300d060b2b0601040183e62d81c87a0420");

// A key with the files that it can be in.
template <MlKem set>
struct Files {
  using Key = MlKemDecapsulationKey<set>;

  explicit Files(Random& random)
      : seed(random.vector(kSeedSize)),
        key(Key::from_seed(seed).value()),
        ek(copy_of(key.encapsulation_key().bytes())),
        expanded(sizes_of(set).decapsulation_key) {
    REQUIRE(key.export_expanded(typename Key::Expanded(expanded)).has_value());
  }

  [[nodiscard]] Bytes public_file() const { return from_hex(kHeads.public_key) + ek; }
  [[nodiscard]] Bytes seed_file() const { return from_hex(kHeads.seed) + seed; }
  [[nodiscard]] static Bytes expanded_file(View expanded) {
    return from_hex(kHeads.expanded) + expanded;
  }
  [[nodiscard]] Bytes both_file(View beside) const {
    return from_hex(kHeads.both_seed) + beside + from_hex(kHeads.both_expanded) + expanded;
  }

  static constexpr Heads kHeads = heads_of(set);
  Bytes seed;
  Key key;
  Bytes ek, expanded;
};

struct XWingFiles {
  explicit XWingFiles(Random& random)
      : sk(random.vector(xwing::kSeedSize)),
        key(xwing::DecapsulationKey::from_seed(sk).value()),
        pk(copy_of(key.encapsulation_key().bytes())) {}

  Bytes sk;
  xwing::DecapsulationKey key;
  Bytes pk;
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

LATCHKEY_TEST_OF_KEMS("Key files in DER are a fixed head and the key") {
  Random random;
  const Files<set> files(random);
  REQUIRE(bytes_in(write_public_key(files.key.encapsulation_key(), KeyEncoding::der)) ==
          files.public_file());
  REQUIRE(bytes_in(write_private_key(files.key, KeyEncoding::der)) == files.seed_file());
}

TEST_CASE("Key files of X-Wing in DER are a fixed head and the key, too") {
  Random random;
  const XWingFiles files(random);
  REQUIRE(bytes_in(write_public_key(files.key.encapsulation_key(), KeyEncoding::der)) ==
          kXWingPublic + files.pk);
  REQUIRE(bytes_in(write_private_key(files.key, KeyEncoding::der)) == kXWingSeed + files.sk);
}

template <class EncapsulationKey, class Key>
void require_written_is_read(const Key& key, const Bytes& seed) {
  for (const KeyEncoding encoding : {KeyEncoding::pem, KeyEncoding::der}) {
    const auto private_file = bytes_in(write_private_key(key, encoding));
    const auto read = read_private_key(Exact(private_file));
    require_seed(read, seed);
    REQUIRE(std::holds_alternative<Key>(*read));
    REQUIRE(kind_of_key_file(private_file) == KeyFileKind::private_key);

    const auto file = write_public_key(key.encapsulation_key(), encoding);
    REQUIRE(kind_of_key_file(file->bytes()) == KeyFileKind::public_key);
    const auto ek = read_public_key(Exact(file->bytes()));
    REQUIRE(ek.has_value());
    REQUIRE(std::ranges::equal(std::get<EncapsulationKey>(*ek).bytes(),
                               key.encapsulation_key().bytes()));
  }
}

LATCHKEY_TEST_OF_KEMS("What is written is read, and is the same key") {
  Random random;
  const Files<set> files(random);
  require_written_is_read<MlKemEncapsulationKey<set>>(files.key, files.seed);
}

TEST_CASE("What is written of X-Wing is read, and is the same key") {
  Random random;
  const XWingFiles files(random);
  require_written_is_read<xwing::EncapsulationKey>(files.key, files.sk);
}

LATCHKEY_TEST_OF_KEMS(
    "Expanded keys are read, alone and beside their seed, which has to be theirs") {
  Random random;
  const Files<set> files(random), other(random);
  const auto expanded = read_private_key(Exact(files.expanded_file(files.expanded)));
  REQUIRE(expanded.has_value());
  const auto& key = std::get<MlKemDecapsulationKey<set>>(*expanded);
  REQUIRE(copy_of(key.encapsulation_key().bytes()) == files.ek);
  require_error(write_private_key(key, KeyEncoding::der), Error::no_seed);

  const auto both = [&](const Bytes& seed) {
    return read_private_key(Exact(files.both_file(seed)));
  };
  require_seed(both(files.seed), files.seed);
  require_error(both(other.seed), Error::seed_mismatch);
  for (const std::size_t at : {std::size_t{0}, kSeedSize - 1}) {
    Bytes seed = files.seed;
    seed[at] ^= 1;
    require_error(both(seed), Error::seed_mismatch);
  }
}

LATCHKEY_TEST_OF_KEMS("A crafted expanded key is refused") {
  Random random;
  const Files<set> files(random);
  Bytes hash = files.expanded;
  hash[hash.size() - 64] ^= 1;
  require_error(read_private_key(files.expanded_file(hash)), Error::hash_mismatch);
  Bytes s_hat = files.expanded;
  s_hat[0] ^= 1;
  require_error(read_private_key(files.expanded_file(s_hat)), Error::inconsistent_key);
}

LATCHKEY_TEST_OF_KEMS("A public key that is not reduced is refused") {
  const Bytes unreduced(sizes_of(set).encapsulation_key, 0xff);
  require_error(read_public_key(from_hex(heads_of(set).public_key) + unreduced),
                Error::not_reduced);
}

// `last_arc` is the place of the one byte by which the sets differ, in the file of a seed: a seed
// has the same size in all of them.
template <class Read>
void require_strict(const Bytes& file, std::size_t head, Read read, std::size_t last_arc = 0) {
  REQUIRE(read(file).has_value());
  for (std::size_t bit = 0; bit < 8 * head; ++bit) {
    CAPTURE(bit);
    Bytes changed = file;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1 << bit % 8);
    const bool is_of_other_set =
        last_arc != 0 && bit / 8 == last_arc && changed[last_arc] >= 1 && changed[last_arc] <= 3;
    REQUIRE(read(changed).has_value() == is_of_other_set);
  }
  for (std::size_t size = 0; size < file.size(); ++size) {
    CAPTURE(size);
    REQUIRE_FALSE(read(Exact(View(file).first(size))).has_value());
  }
  require_error(read(file + Bytes(1, 0)), Error::not_canonical);
}
constexpr auto read_private = [](View file) { return read_private_key(file); };
constexpr auto read_public = [](View file) { return read_public_key(file); };

LATCHKEY_TEST_OF_KEMS(
    "No byte of what stands before a key may be another, none be missing, none follow") {
  Random random;
  const Files<set> files(random);
  static constexpr std::size_t kHead = 22, kExpandedHead = 28, kBothHead = 30, kLastArc = 17;
  require_strict(files.seed_file(), kHead, read_private, kLastArc);
  require_strict(files.expanded_file(files.expanded), kExpandedHead, read_private);
  require_strict(files.both_file(files.seed), kBothHead, read_private);
  require_strict(files.public_file(), kHead, read_public);
  Bytes both = files.both_file(files.seed);
  both[kBothHead + kSeedSize] = 5;
  require_error(read_private_key(both), Error::not_canonical);
}

TEST_CASE("Nor may one of what stands before a key of X-Wing") {
  Random random;
  const XWingFiles files(random);
  require_strict(kXWingSeed + files.sk, kXWingSeed.size(), read_private);
  require_strict(kXWingPublic + files.pk, kXWingPublic.size(), read_public);
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
  require_error(write_private_key(mlkem1024::DecapsulationKey(), KeyEncoding::pem),
                Error::moved_from);
  require_error(write_private_key(xwing::DecapsulationKey(), KeyEncoding::der), Error::moved_from);
  const auto key = xwing::DecapsulationKey::generate();
  purge();
  require_error(write_private_key(*key, KeyEncoding::pem), Error::purged);
}

}  // namespace
}  // namespace latchkey::test
