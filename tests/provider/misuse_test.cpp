// EVP used wrongly: an error with a reason, outputs without secrets, and no crash.
#include <cstring>

#include "provider/evp.hpp"

namespace latchkey::test {
namespace {

struct Sent {
  Bytes ciphertext = Bytes(2000), secret = Bytes(64);
  std::size_t size = 2000, secret_size = 64;
};

int encapsulate(const KeyContext& context, Sent& sent) {
  const int done = EVP_PKEY_encapsulate(context.get(), sent.ciphertext.data(), &sent.size,
                                        sent.secret.data(), &sent.secret_size);
  if (done == 1) sent.ciphertext.resize(sent.size), sent.secret.resize(sent.secret_size);
  return done;
}

TEST_CASE("What a pair encapsulates it decapsulates", "[misuse]") {
  const Library library;
  for (const char* const name : kNames) {
    INFO(name);
    const Key pair = generated(library, name);
    const Key pub = decoded_public(library, public_der(pair));
    const KeyContext sender = context_of(library, pub), receiver = context_of(library, pair);
    REQUIRE(EVP_PKEY_encapsulate_init(sender.get(), nullptr) == 1);
    Sent sent;
    REQUIRE(encapsulate(sender, sent) == 1);
    REQUIRE(EVP_PKEY_decapsulate_init(receiver.get(), nullptr) == 1);
    Bytes secret(32);
    std::size_t size = 32;
    REQUIRE(EVP_PKEY_decapsulate(receiver.get(), secret.data(), &size, sent.ciphertext.data(),
                                 sent.ciphertext.size()) == 1);
    CHECK(secret == sent.secret);
  }
}

TEST_CASE("A key without a private half neither decapsulates nor is written", "[misuse]") {
  const Library library;
  for (const char* const name : kNames) {
    INFO(name);
    const Key pub = decoded_public(library, public_der(generated(library, name)));
    REQUIRE(pub != nullptr);
    const KeyContext context = context_of(library, pub);
    CHECK(EVP_PKEY_decapsulate_init(context.get(), nullptr) <= 0);
    CHECK(last_error().find("no private half") != std::string::npos);
    CHECK(private_der(pub).empty());
    CHECK(octets_of(pub, "priv").empty());
    CHECK(octets_of(pub, "seed").empty());
    ERR_clear_error();
  }
}

TEST_CASE("Wrong sizes are refused, and no secret is written", "[misuse]") {
  const Library library;
  for (const char* const name : kNames) {
    INFO(name);
    const Key pair = generated(library, name);
    const KeyContext context = context_of(library, pair);
    const int full = EVP_PKEY_get_size(pair.get());
    Bytes ciphertext(2000), secret(32, 0xaa);
    const Bytes untouched = secret;
    REQUIRE(EVP_PKEY_encapsulate_init(context.get(), nullptr) == 1);
    std::size_t size = static_cast<std::size_t>(full) - 1, secret_size = 32;
    CHECK(EVP_PKEY_encapsulate(context.get(), ciphertext.data(), &size, secret.data(),
                               &secret_size) <= 0);
    CHECK(last_error().find("room for") != std::string::npos);
    size = static_cast<std::size_t>(full), secret_size = 31;
    CHECK(EVP_PKEY_encapsulate(context.get(), ciphertext.data(), &size, secret.data(),
                               &secret_size) <= 0);
    secret_size = 32;
    CHECK(EVP_PKEY_encapsulate(context.get(), ciphertext.data(), nullptr, secret.data(),
                               &secret_size) <= 0);
    CHECK(EVP_PKEY_encapsulate(context.get(), ciphertext.data(), &size, nullptr, nullptr) <= 0);
    CHECK(EVP_PKEY_encapsulate(context.get(), nullptr, nullptr, nullptr, nullptr) <= 0);
    CHECK(secret == untouched);

    REQUIRE(EVP_PKEY_decapsulate_init(context.get(), nullptr) == 1);
    for (int given : {0, 1, full - 1, full + 1}) {
      secret_size = 32;
      CHECK(EVP_PKEY_decapsulate(context.get(), secret.data(), &secret_size, ciphertext.data(),
                                 static_cast<std::size_t>(given)) <= 0);
    }
    CHECK(last_error().find("ciphertext has the wrong length") != std::string::npos);
    secret_size = 32;
    CHECK(EVP_PKEY_decapsulate(context.get(), secret.data(), &secret_size, nullptr, 0) <= 0);
    CHECK(secret == Bytes(32));  // wiped
    ERR_clear_error();
  }
}

TEST_CASE("What comes before its init is refused", "[misuse]") {
  const Library library;
  const Key pair = generated(library, "ML-KEM-768");
  const KeyContext context = context_of(library, pair);
  Sent sent;
  CHECK(encapsulate(context, sent) <= 0);
  REQUIRE(EVP_PKEY_decapsulate_init(context.get(), nullptr) == 1);
  CHECK(encapsulate(context, sent) <= 0);
  CHECK(EVP_PKEY_sign_init(context.get()) <= 0);
  CHECK(EVP_PKEY_derive_init(context.get()) <= 0);
  REQUIRE(EVP_PKEY_encapsulate_init(context.get(), nullptr) == 1);
  REQUIRE(EVP_PKEY_encapsulate_init(context.get(), nullptr) == 1);
  CHECK(encapsulate(context, sent) == 1);
  ERR_clear_error();
}

TEST_CASE("Seeds and randomness of other sizes are refused", "[misuse]") {
  const Library library;
  for (const char* const name : kNames) {
    INFO(name);
    const bool is_xwing = std::strcmp(name, "X-Wing") == 0;
    const std::size_t seed_size = is_xwing ? 32 : 64, ikme_size = is_xwing ? 64 : 32;
    Bytes bytes(65, 7);
    const Key pair = generated(library, name);
    const KeyContext generator = context_for(library, name), sender = context_of(library, pair);
    REQUIRE(EVP_PKEY_keygen_init(generator.get()) == 1);
    for (std::size_t size = 0; size <= 65; ++size) {
      const OSSL_PARAM seed[] = {OSSL_PARAM_construct_octet_string("seed", bytes.data(), size),
                                 OSSL_PARAM_construct_end()};
      CHECK((EVP_PKEY_CTX_set_params(generator.get(), seed) == 1) == (size == seed_size));
      const OSSL_PARAM ikme[] = {OSSL_PARAM_construct_octet_string("ikme", bytes.data(), size),
                                 OSSL_PARAM_construct_end()};
      CHECK((EVP_PKEY_encapsulate_init(sender.get(), ikme) == 1) == (size == ikme_size));
    }
    const OSSL_PARAM text[] = {OSSL_PARAM_construct_utf8_string("seed", const_cast<char*>("x"), 1),
                               OSSL_PARAM_construct_end()};
    CHECK(EVP_PKEY_CTX_set_params(generator.get(), text) <= 0);
    ERR_clear_error();
  }
}

TEST_CASE("Randomness that is given is used once", "[misuse]") {
  const Library library;
  for (const char* const name : kNames) {
    INFO(name);
    Bytes bytes(std::strcmp(name, "X-Wing") == 0 ? 64 : 32, 9);
    const Key pair = generated(library, name);
    const KeyContext context = context_of(library, pair);
    const OSSL_PARAM ikme[] = {
        OSSL_PARAM_construct_octet_string("ikme", bytes.data(), bytes.size()),
        OSSL_PARAM_construct_end()};
    Sent first, second, third;
    REQUIRE(EVP_PKEY_encapsulate_init(context.get(), ikme) == 1);
    REQUIRE(encapsulate(context, first) == 1);
    REQUIRE(encapsulate(context, second) == 1);
    REQUIRE(EVP_PKEY_encapsulate_init(context.get(), ikme) == 1);
    REQUIRE(encapsulate(context, third) == 1);
    CHECK(first.ciphertext == third.ciphertext);
    CHECK(first.secret == third.secret);
    CHECK(first.ciphertext != second.ciphertext);
  }
}

TEST_CASE("An encrypted key needs a cipher that there is, and a passphrase", "[misuse]") {
  const Library library;
  for (const char* const name : kNames) {
    INFO(name);
    const Key pair = generated(library, name);
    const auto encrypted = [&](const char* structure, const char* cipher, const char* passphrase) {
      const Encoder encoder(
          OSSL_ENCODER_CTX_new_for_pkey(pair.get(), EVP_PKEY_KEYPAIR, "PEM", structure, nullptr));
      if (cipher != nullptr && OSSL_ENCODER_CTX_set_cipher(encoder.get(), cipher, nullptr) != 1) {
        return std::string("no cipher");
      }
      if (passphrase != nullptr) {
        OSSL_ENCODER_CTX_set_passphrase(encoder.get(),
                                        reinterpret_cast<const unsigned char*>(passphrase),
                                        std::strlen(passphrase));
      }
      unsigned char* data = nullptr;
      std::size_t size = 0;
      if (OSSL_ENCODER_to_data(encoder.get(), &data, &size) != 1) return std::string("refused");
      const std::string text(reinterpret_cast<char*>(data), size);
      OPENSSL_free(data);
      return text.substr(0, text.find('\n'));
    };
    const std::string begin = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
    CHECK(encrypted("PrivateKeyInfo", "AES-256-CBC", "secret") == begin);
    CHECK(encrypted("EncryptedPrivateKeyInfo", "AES-128-CBC", "secret") == begin);
    CHECK(encrypted("PrivateKeyInfo", "AES-256-CBC", nullptr) == "refused");
    CHECK(encrypted("PrivateKeyInfo", "AES-257-CBC", "secret") == "no cipher");
    CHECK(encrypted("EncryptedPrivateKeyInfo", nullptr, "secret") == "refused");
    CHECK(encrypted("PrivateKeyInfo", nullptr, "secret") == "-----BEGIN PRIVATE KEY-----");
    ERR_clear_error();
  }
}

}  // namespace
}  // namespace latchkey::test
