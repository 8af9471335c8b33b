// Private keys under a password.

#include <openssl/err.h>
#include <openssl/x509.h>

#include <memory>

#include "crypto/libcrypto_heap.hpp"
#include "encoding/der.hpp"
#include "keyfile/key_files.hpp"
#include "scrub/finder.hpp"

namespace latchkey::test {
namespace {

constexpr std::string_view kPassword = "correct horse battery staple";

Result<LockedBuffer> write(const DecapsulationKey& key, KeyEncoding encoding,
                           PasswordHash hash = PasswordHash::scrypt) {
  return write_private_key(key, encoding, {.password = view_of(kPassword), .hash = hash});
}

// The same file with other parameters of the encryption.
struct Envelope {
  explicit Envelope(const Bytes& der) {
    const unsigned char* at = der.data();
    object.reset(d2i_X509_SIG(nullptr, &at, static_cast<long>(der.size())));
    REQUIRE(object);
  }
  void set_algorithm(X509_ALGOR* algorithm) {
    REQUIRE(algorithm != nullptr);
    X509_ALGOR* its;
    X509_SIG_getm(object.get(), &its, nullptr);
    X509_ALGOR_copy(its, algorithm);
    X509_ALGOR_free(algorithm);
  }
  [[nodiscard]] Bytes der() const {
    unsigned char* data = nullptr;
    const int size = i2d_X509_SIG(object.get(), &data);
    Bytes bytes(data, data + size);
    OPENSSL_free(data);
    return bytes;
  }
  std::unique_ptr<X509_SIG, void (*)(X509_SIG*)> object{nullptr, X509_SIG_free};
};

// DER, written again: each value with its length in one octet, or in more if it does not fit.
struct Rewritten {
  // One value off the front, and what is in it.
  Bytes value(View& der) {
    const std::uint8_t tag = der[0];
    const std::size_t head = der[1] < 0x80 ? 2 : 3;
    const std::size_t size = der[1] < 0x80 ? der[1] : der[2];
    View inside = der.subspan(head, size);
    der = der.subspan(head + size);
    Bytes content = copy_of(inside);
    if (tag == encoding::der::kSequence) {
      content.clear();
      while (!inside.empty()) content = content + value(inside);
    } else if (tag == encoding::der::kInteger && content == from) {
      content = n;
    }
    const auto octet = static_cast<std::uint8_t>(content.size());
    if (octet < 128 && values++ != longer) return Bytes{tag, octet} + content;
    return Bytes{tag, 0x81, octet} + content;
  }
  Bytes operator()(View der) {
    values = 0;
    return value(der);
  }

  Bytes from = {0x40, 0};  // scrypt's N
  Bytes n = from;          // in its place
  int longer = -1;         // the number of a value whose length takes one more octet than it needs
  int values = 0;          // whose length is in one
};

TEST_CASE("A key under a password opens with it, by either hash, in either encoding") {
  Random random;
  const Bytes seed = random.vector(kSeedSize), sk = random.vector(xwing::kSeedSize);
  const auto mlkem = DecapsulationKey::from_seed(seed);
  const auto xwing = xwing::DecapsulationKey::from_seed(sk);
  const PasswordProtection scrypt{.password = view_of(kPassword)};
  for (const KeyEncoding encoding : {KeyEncoding::pem, KeyEncoding::der}) {
    const Bytes file = bytes_in(write(*mlkem, encoding));
    REQUIRE(kind_of_key_file(file) == KeyFileKind::encrypted_private_key);
    require_seed(read_private_key(Exact(file), view_of(kPassword)), seed);
    const Bytes other = bytes_in(write_private_key(*xwing, encoding, scrypt));
    require_seed(read_private_key(Exact(other), view_of(kPassword)), sk);
  }
  require_seed(
      read_private_key(bytes_in(write(*mlkem, KeyEncoding::pem, PasswordHash::pbkdf2_sha256)),
                       view_of(kPassword)),
      seed);
}

TEST_CASE(
    "The same key under the same password is never the same file, and has its bytes nowhere") {
  Random random;
  const Bytes seed = random.vector(kSeedSize);
  const auto key = DecapsulationKey::from_seed(seed);
  const Bytes file = bytes_in(write(*key, KeyEncoding::der));
  REQUIRE(bytes_in(write(*key, KeyEncoding::der)) != file);
  for (std::size_t i = 0; i + 8 <= seed.size(); ++i) {
    REQUIRE_FALSE(contains(file, View(seed).subspan(i, 8)));
  }
}

TEST_CASE("Without the password, or with another, a key does not open") {
  Random random;
  const auto key = DecapsulationKey::from_seed(random.vector(kSeedSize));
  const Bytes file = bytes_in(write(*key, KeyEncoding::pem));
  require_error(read_private_key(file), Error::password_needed);
  for (const std::string_view password :
       {"x", "correct horse battery stapl", "correct horse battery staple ", "Correct horse"}) {
    CAPTURE(password);
    require_error(read_private_key(file, view_of(password)), Error::wrong_password);
  }
  require_error(read_private_key(file, Bytes(1 << 17, 'x')), Error::too_long);
  require_error(write_private_key(*key, KeyEncoding::pem, PasswordProtection{}),
                Error::password_needed);
}

TEST_CASE("A password with a zero byte in it is read to its end") {
  const auto key = DecapsulationKey::generate();
  const Bytes password = {'a', 0, 'b'};
  const Bytes file =
      bytes_in(write_private_key(*key, KeyEncoding::der, {.password = Exact(password)}));
  REQUIRE(read_private_key(file, Exact(password)).has_value());
  require_error(read_private_key(file, Exact(Bytes{'a', 0, 'c'})), Error::wrong_password);
  require_error(read_private_key(file, Exact(Bytes{'a'})), Error::wrong_password);
}

TEST_CASE("An encrypted key that was changed does not open, and never becomes another") {
  Random random;
  const Bytes seed = random.vector(kSeedSize);
  const auto key = DecapsulationKey::from_seed(seed);
  const Bytes file = bytes_in(write(*key, KeyEncoding::der));
  // The key's own bytes are not authenticated (RFC 8018 has no tag): what can be changed there is
  // the seed, in the block behind the changed one. So every seventh bit, outside of those.
  const std::size_t content = file.size() - 96;
  for (std::size_t bit = 0; bit < 8 * content; bit += 7) {
    CAPTURE(bit);
    Bytes changed = file;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1 << bit % 8);
    REQUIRE_FALSE(read_private_key(Exact(changed), view_of(kPassword)).has_value());
  }
  for (std::size_t size = 0; size < file.size(); ++size) {
    CAPTURE(size);
    REQUIRE_FALSE(read_private_key(Exact(View(file).first(size)), view_of(kPassword)).has_value());
  }
  REQUIRE_FALSE(read_private_key(file + Bytes(1, 0), view_of(kPassword)).has_value());
}

TEST_CASE("A file that asks for minutes of work is refused at once") {
  const auto key = DecapsulationKey::generate();
  Envelope envelope(bytes_in(write(*key, KeyEncoding::der)));
  std::uint8_t salt[16] = {}, iv[16] = {};
  const auto require_costly = [&](X509_ALGOR* algorithm) {
    envelope.set_algorithm(algorithm);
    require_error(read_private_key(envelope.der(), view_of(kPassword)), Error::too_costly);
  };
  require_costly(
      PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), 2'000'000'000, salt, 16, iv, NID_hmacWithSHA256));
  require_costly(PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), salt, 16, iv, 1 << 14, 8, 1'000));
  require_costly(PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), salt, 16, iv, 1 << 15, 2, 4096));
  // More memory than libcrypto takes, so it makes no such file: N = 2^14 becomes 2^19.
  Rewritten more{.n = {0x08, 0, 0}};
  require_error(read_private_key(more(bytes_in(write(*key, KeyEncoding::der))), view_of(kPassword)),
                Error::too_costly);
  // Just below, the password is tried.
  envelope.set_algorithm(
      PKCS5_pbe2_set_iv(EVP_aes_128_cbc(), 1000, salt, 16, iv, NID_hmacWithSHA1));
  require_error(read_private_key(envelope.der(), view_of(kPassword)), Error::wrong_password);
}

TEST_CASE("No length of an encrypted key, however deep, may be written in a longer form") {
  const auto key = DecapsulationKey::generate();
  for (const PasswordHash hash : {PasswordHash::scrypt, PasswordHash::pbkdf2_sha256}) {
    const Bytes file = bytes_in(write(*key, KeyEncoding::der, hash));
    Rewritten rewritten;
    REQUIRE(rewritten(file) == file);
    const int values = rewritten.values;
    REQUIRE(values == (hash == PasswordHash::scrypt ? 14 : 15));
    for (int value = 0; value < values; ++value) {
      CAPTURE(value);
      rewritten.longer = value;
      require_error(read_private_key(rewritten(file), view_of(kPassword)), Error::not_canonical);
    }
  }
}

TEST_CASE("An N of scrypt's that is no power of two above 1 is refused before any work") {
  const auto key = DecapsulationKey::generate();
  const Bytes file = bytes_in(write(*key, KeyEncoding::der));
  Rewritten rewritten;
  for (const Bytes& n : {Bytes{0}, Bytes{1}, Bytes{3}, Bytes{0x40, 1}, Bytes{0x7f, 0xff},
                         Bytes{0x80}, Bytes{0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}) {
    CAPTURE(n);
    rewritten.n = n;
    require_error(read_private_key(rewritten(file), view_of(kPassword)), Error::unknown_version);
    require_error(read_private_key(rewritten(file)), Error::unknown_version);
  }
  rewritten.n = {2};
  require_error(read_private_key(rewritten(file), view_of(kPassword)), Error::wrong_password);
}

TEST_CASE("Other numbers of an encrypted key that are none, or are too large, are refused, too") {
  const auto key = DecapsulationKey::generate();
  const Bytes large = {0x7f, 0xff, 0xff, 0xff};
  const Bytes r = {8}, p = {1}, rounds = {0x09, 0x27, 0xc0};
  for (const Bytes& number : {r, p, rounds}) {
    CAPTURE(number);
    const auto hash = number == rounds ? PasswordHash::pbkdf2_sha256 : PasswordHash::scrypt;
    const Bytes file = bytes_in(write(*key, KeyEncoding::der, hash));
    Rewritten rewritten{.from = number, .n = {0}};
    REQUIRE(rewritten(file) != file);
    require_error(read_private_key(rewritten(file), view_of(kPassword)), Error::unknown_version);
    rewritten.n = large;
    require_error(read_private_key(rewritten(file), view_of(kPassword)), Error::too_costly);
  }
}

TEST_CASE("libcrypto leaves nothing of the key on the heap, not of a damaged file either") {
  REQUIRE(heap_is_watched());
  Random random;
  const Bytes seed = random.vector(kSeedSize);
  const auto key = DecapsulationKey::from_seed(seed);
  const Finder finder({{"the seed", seed}, {"the password", copy_of(view_of(kPassword))}});
  const auto left_by = [&](auto f) {
    std::size_t left = 0;
    LibcryptoHeap watch;
    watch.on_free = [&](View bytes) { left += total(finder.find(bytes)); };
    f();
    return left;
  };
  for (const PasswordHash hash : {PasswordHash::scrypt, PasswordHash::pbkdf2_sha256}) {
    Bytes file;
    CHECK(left_by([&] { file = bytes_in(write(*key, KeyEncoding::der, hash)); }) == 0);
    CHECK(left_by([&] { require_seed(read_private_key(file, view_of(kPassword)), seed); }) == 0);
    // Ten octets of padding, of which the last is another: all but the last two blocks are right.
    file[file.size() - 17] ^= 0x80;
    CHECK(left_by([&] {
            require_error(read_private_key(file, view_of(kPassword)), Error::wrong_password);
          }) == 0);
  }
}

TEST_CASE("Encryption of other kinds is not tried") {
  const auto key = DecapsulationKey::generate();
  Envelope envelope(bytes_in(write(*key, KeyEncoding::der)));
  std::uint8_t salt[16] = {}, iv[16] = {};
  for (X509_ALGOR* algorithm :
       {PKCS5_pbe_set(NID_pbe_WithSHA1And3_Key_TripleDES_CBC, 1000, salt, 8),
        PKCS5_pbe2_set_iv(EVP_des_ede3_cbc(), 1000, salt, 16, iv, NID_hmacWithSHA256)}) {
    envelope.set_algorithm(algorithm);
    require_error(read_private_key(envelope.der(), view_of(kPassword)), Error::unknown_version);
  }
  for (const int parameters : {V_ASN1_UNDEF, V_ASN1_NULL}) {
    X509_ALGOR* const algorithm = X509_ALGOR_new();
    X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_pbes2), parameters, nullptr);
    envelope.set_algorithm(algorithm);
    require_error(read_private_key(envelope.der(), view_of(kPassword)), Error::unknown_version);
  }
  envelope.set_algorithm(
      PKCS5_pbe2_set_iv(EVP_aes_192_cbc(), 1000, salt, 16, iv, NID_hmacWithSHA256));
  require_error(read_private_key(envelope.der(), view_of(kPassword)), Error::wrong_password);
}

TEST_CASE("The program's own errors of libcrypto's stay, whatever is read") {
  const auto key = DecapsulationKey::generate();
  Bytes file = bytes_in(write(*key, KeyEncoding::der));
  const Bytes scrypt = {6, 9, 0x2b, 6, 1, 4, 1, 0xda, 0x47, 4, 0x0b};  // its object identifier
  const auto at = std::search(file.begin(), file.end(), scrypt.begin(), scrypt.end());
  REQUIRE(at != file.end());
  *at = 5;  // which it is no more
  require_error(read_private_key(file, view_of(kPassword)), Error::not_canonical);
  ERR_raise(ERR_LIB_USER, 7);
  const unsigned long own = ERR_peek_last_error();
  require_error(read_private_key(file, view_of(kPassword)), Error::not_canonical);
  REQUIRE(ERR_peek_error() == own);
  REQUIRE(ERR_get_error() == own);
  REQUIRE(ERR_get_error() == 0);
}

}  // namespace
}  // namespace latchkey::test
