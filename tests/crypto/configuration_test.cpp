// What a foreign configuration of libcrypto (openssl.cnf) does to the sealing layer. The cases of
// each configuration run in a process of their own, with OPENSSL_CONF set (meson.build).

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <thread>
#include <vector>

#include "crypto/library_context.hpp"
#include "latchkey/age.hpp"
#include "latchkey/bind.hpp"
#include "latchkey/enclave.hpp"
#include "latchkey/key_file.hpp"
#include "latchkey/stream.hpp"
#include "latchkey/tls_nist.hpp"
#include "support/catch.hpp"
#include "support/child.hpp"

namespace latchkey::test {
namespace {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

// Whether the program itself gets an algorithm of libcrypto's.
bool program_has(const char* digest) {
  EVP_MD* const found = EVP_MD_fetch(nullptr, digest, nullptr);
  EVP_MD_free(found);
  ERR_clear_error();
  return found != nullptr;
}

template <tls::Group group>
Result<void> exchange() {
  auto client = tls::ClientShareOf<group>::generate();
  if (!client) return client.error();
  const auto server = tls::answer<group>(client->bytes());
  if (!server) return server.error();
  const auto secret = std::move(*client).secret(server->share);
  if (!secret) return secret.error();
  return secret->equals(server->secret);
}

// One of everything that needs libcrypto. The first error there is.
Result<void> use_everything() {
  if (const auto passed = crypto_self_test(); !passed) return passed;
  const auto key = xwing::DecapsulationKey::generate(PairwiseTest::run);
  if (!key) return key.error();
  const auto& ek = key->encapsulation_key();
  const auto context = bytes("a context");
  const Bytes message(100'000, 7);

  const auto client = tls::ClientShare::generate();
  if (!client) return client.error();
  if (const auto server = tls::answer(client->bytes()); !server) return server.error();
  if (const auto done = exchange<tls::Group::secp256r1_mlkem768>(); !done) return done;
  if (const auto done = exchange<tls::Group::secp384r1_mlkem1024>(); !done) return done;

  const auto sent = ek.encapsulate();
  if (!sent) return sent.error();
  const auto bound = SessionKeys::bind(sent->secret, ek, sent->ciphertext, context);
  if (!bound) return bound.error();

  for (const auto aead :
       {hpke::Aead::aes_128_gcm, hpke::Aead::aes_256_gcm, hpke::Aead::chacha20_poly1305}) {
    const auto sealed = seal_for(ek, message, {}, context, {.aead = aead});
    if (!sealed) return sealed.error();
    const auto opened = open_sealed(*key, sealed->bytes(), {}, context);
    if (!opened) return opened.error();
    if (const auto same = opened->equals(message); !same) return same;
  }
  Bytes file;
  View rest = message;
  const auto read = [&](std::span<std::uint8_t> to) -> Result<std::size_t> {
    const std::size_t size = std::min(to.size(), rest.size());
    std::copy_n(rest.begin(), size, to.begin());
    rest = rest.subspan(size);
    return size;
  };
  const auto write = [&](View part) -> Result<void> {
    file.insert(file.end(), part.begin(), part.end());
    return {};
  };
  const xwing::EncapsulationKey* const recipients[] = {&ek};
  if (const auto done = age::seal(recipients, read, write); !done) return done;

  const auto enclave = Enclave::seal(message);
  if (!enclave) return enclave.error();
  if (const auto opened = enclave->open(); !opened) return opened.error();
  return {};
}

Result<void> use_passwords() {
  const auto key = xwing::DecapsulationKey::generate();
  if (!key) return key.error();
  for (const auto hash : {PasswordHash::scrypt, PasswordHash::pbkdf2_sha256}) {
    const auto password = bytes("a password");
    const auto file =
        write_private_key(*key, KeyEncoding::der, {.password = password, .hash = hash});
    if (!file) return file.error();
    const auto again = file->read([&](View all) { return read_private_key(all, password); });
    if (!again) return again.error();
  }
  return {};
}

void require_success(const Result<void>& done) {
  CAPTURE(done ? "" : describe(done.error()));
  REQUIRE(done.has_value());
}
void require_policy(const Result<void>& done) {
  REQUIRE_FALSE(done.has_value());
  REQUIRE(describe(done.error()) == std::string(describe(Error::crypto_policy)));
}

std::string refused_algorithm() {
  char text[300] = "left as it was";
  const std::size_t size = describe_crypto_policy(text);
  REQUIRE(text[size] == '\0');
  return {text, size};
}

TEST_CASE("Under the usual configuration, algorithms come from the program's context", "[usual]") {
  require_success(use_everything());
  require_success(use_passwords());
  REQUIRE(crypto::library_context() == nullptr);
  REQUIRE(refused_algorithm().empty());
}

TEST_CASE("A policy that the program sets while it runs is respected and named", "[usual]") {
  require_success(use_everything());
  REQUIRE(EVP_default_properties_enable_fips(nullptr, 1) == 1);
  require_policy(use_everything());
  require_policy(use_passwords());
  REQUIRE(EVP_default_properties_enable_fips(nullptr, 0) == 1);
  require_success(use_everything());
}

TEST_CASE("Threads that make the library's own context at once agree on one", "[without-default]") {
  REQUIRE_FALSE(program_has("SHA256"));
  OSSL_LIB_CTX* contexts[8] = {};
  std::vector<std::thread> threads;
  for (auto& context : contexts) {
    threads.emplace_back([&] { context = crypto::library_context(); });
  }
  for (std::thread& thread : threads) thread.join();
  for (OSSL_LIB_CTX* const context : contexts) {
    REQUIRE(context != nullptr);
    REQUIRE(context == contexts[0]);
  }
}

TEST_CASE("Without the default provider, everything works, and the program gets nothing by it",
          "[without-default]") {
  require_success(use_everything());
  require_success(use_passwords());
  REQUIRE(crypto::library_context() != nullptr);
  REQUIRE(ERR_peek_error() == 0);
  REQUIRE_FALSE(program_has("SHA256"));
  REQUIRE(OSSL_PROVIDER_available(nullptr, "default") == 0);
  REQUIRE(refused_algorithm().empty());
}

TEST_CASE("A child of fork() goes on with the library's own context", "[without-default]") {
  require_success(use_everything());
  const Ending ending = in_child([] { return use_everything() ? 0 : 1; });
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

TEST_CASE("A policy ends the use of the library's own context", "[without-default]") {
  require_success(use_everything());
  REQUIRE(EVP_default_properties_enable_fips(nullptr, 1) == 1);
  require_policy(use_everything());
  REQUIRE(EVP_default_properties_enable_fips(nullptr, 0) == 1);
  require_success(use_everything());
}

TEST_CASE("Under default properties of the configuration, the policy is the error of every call",
          "[policy]") {
  REQUIRE_FALSE(program_has("SHA256"));
  require_policy(use_everything());
  require_policy(crypto_self_test());
  const auto policy = [](const auto& result) {
    return !result && result.error() == Error::crypto_policy;
  };
  REQUIRE(policy(Enclave::seal(bytes("a secret"))));
  REQUIRE(crypto::library_context() == nullptr);
  REQUIRE(ERR_peek_error() == 0);

  // X-Wing, most of TLS's groups and ML-KEM need no libcrypto, sealing does.
  const auto xwing_key = xwing::DecapsulationKey::generate(PairwiseTest::run);
  REQUIRE(xwing_key.has_value());
  REQUIRE(policy(seal_for(xwing_key->encapsulation_key(), bytes("a message"), {}, {})));
  const auto client = tls::ClientShare::generate();
  REQUIRE(client.has_value());
  REQUIRE(tls::answer(client->bytes()).has_value());
  REQUIRE(policy(exchange<tls::Group::secp256r1_mlkem768>()));
  REQUIRE(policy(exchange<tls::Group::secp384r1_mlkem1024>()));
  REQUIRE(exchange<tls::Group::mlkem1024>().has_value());
  const auto key = DecapsulationKey::generate();
  REQUIRE(key.has_value());
  REQUIRE(self_test().has_value());
  const auto& ek = key->encapsulation_key();
  const auto sent = ek.encapsulate();
  REQUIRE(sent.has_value());
  REQUIRE(policy(SessionKeys::bind(sent->secret, ek, sent->ciphertext, {})));
  REQUIRE(policy(seal_for(ek, bytes("a message"), {}, {})));
  for (const auto hash : {PasswordHash::scrypt, PasswordHash::pbkdf2_sha256}) {
    const PasswordProtection protection{.password = bytes("a password"), .hash = hash};
    REQUIRE(policy(write_private_key(*key, KeyEncoding::pem, protection)));
  }
}

TEST_CASE("The refused algorithm is named with libcrypto's reason", "[policy]") {
  const std::string text = refused_algorithm();
  CAPTURE(text);
  REQUIRE(text.starts_with("ChaCha20-Poly1305: unsupported"));
  REQUIRE(text.find("Algorithm (ChaCha20-Poly1305") != std::string::npos);
  char cut[7];
  REQUIRE(describe_crypto_policy(cut) == 6);
  REQUIRE(std::string(cut) == "ChaCha");
  REQUIRE(describe_crypto_policy({}) == 0);
  REQUIRE(ERR_peek_error() == 0);
}

}  // namespace
}  // namespace latchkey::test
