// X25519: the forms of this library, and those of libcrypto and libsodium.
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#ifdef LATCHKEY_BENCH_SODIUM
#include <sodium.h>
#endif

#include <memory>
#include <vector>

#include "candidates.hpp"
#include "cold.hpp"
#include "exchange.hpp"
#include "measure.hpp"
#include "peer.hpp"

namespace latchkey::bench {
namespace {

// Measures an operation as it is, and once more when it has not been called for a while.
template <class F>
void add_warm_and_cold(const std::string& operation, const std::string& name, F op) {
  add(operation + "/" + name, op);
  add_cold(operation + "_cold/" + name, op);
}

void add_form(const x25519::Table& table) {
  struct Data : HybridExchange {
    Bytes<32> pub, shared;
    Bytes<32> pubs[x25519::kBatch], results[x25519::kBatch];
    x25519::Job secrets[x25519::kBatch], both[x25519::kBatch];
  };
  const auto x = std::make_shared<Data>();
  for (std::size_t i = 0; i < x25519::kBatch; ++i) {
    x->both[i] = {x->pubs[i].data(), x->results[i].data(), x->x25519_secret.data(),
                  x->x25519_peer.data()};
    x->secrets[i] = x->both[i];
    x->secrets[i].pub = nullptr;
  }
  add_warm_and_cold("x25519_public", table.name,
                    [x, &table] { table.public_key(x->pub, x->x25519_secret); });
  add_warm_and_cold("x25519_shared", table.name, [x, &table] {
    table.shared_secret(x->shared, x->x25519_secret, x->x25519_peer);
  });
  add_warm_and_cold("x25519_both", table.name, [x, &table] {
    table.public_and_shared(x->pub, x->shared, x->x25519_secret, x->x25519_peer);
  });
  const std::string suffix = std::string("/") + table.name + "/" + std::to_string(x25519::kBatch);
  add(
      "x25519_shared_batch" + suffix, [x, &table] { table.run_jobs(x->secrets, x25519::kBatch); },
      x25519::kBatch);
  add(
      "x25519_both_batch" + suffix, [x, &table] { table.run_jobs(x->both, x25519::kBatch); },
      x25519::kBatch);
}

// libcrypto, with objects made of bytes for each operation: from a secret alone it makes the public
// half, too, so a caller who wants no public key gives one.
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;

void openssl_public(std::uint8_t* pub, const std::uint8_t* secret) {
  const Key key(EVP_PKEY_new_raw_private_key_ex(nullptr, "X25519", nullptr, secret, 32),
                EVP_PKEY_free);
  std::size_t size = 32;
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), pub, &size) != 1) {
    throw std::runtime_error("libcrypto has no X25519");
  }
}

int openssl_shared(std::uint8_t* shared, const std::uint8_t* secret, const std::uint8_t* peer) {
  static std::uint8_t unused[32] = {9};
  const Context own_context(EVP_PKEY_CTX_new_from_name(nullptr, "X25519", nullptr),
                            EVP_PKEY_CTX_free);
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, unused, sizeof unused),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PRIV_KEY, const_cast<std::uint8_t*>(secret),
                                        32),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* made = nullptr;
  const bool is_made =
      own_context && EVP_PKEY_fromdata_init(own_context.get()) == 1 &&
      EVP_PKEY_fromdata(own_context.get(), &made, EVP_PKEY_KEYPAIR, parameters) == 1;
  const Key own(made, EVP_PKEY_free);
  const Key other(EVP_PKEY_new_raw_public_key_ex(nullptr, "X25519", nullptr, peer, 32),
                  EVP_PKEY_free);
  if (!is_made || !other) return -1;
  const Context context(EVP_PKEY_CTX_new_from_pkey(nullptr, own.get(), nullptr), EVP_PKEY_CTX_free);
  std::size_t size = 32;
  const bool done = context && EVP_PKEY_derive_init(context.get()) == 1 &&
                    EVP_PKEY_derive_set_peer_ex(context.get(), other.get(), 0) == 1 &&
                    EVP_PKEY_derive(context.get(), shared, &size) == 1;
  return done ? 0 : -1;
}

#ifdef LATCHKEY_BENCH_SODIUM
void sodium_public(std::uint8_t* pub, const std::uint8_t* secret) {
  static_cast<void>(crypto_scalarmult_base(pub, secret));
}
#endif

}  // namespace

void add_x25519(const std::string& name, const X25519Functions& functions) {
  struct Data : HybridExchange {
    Bytes<32> pub, shared;
  };
  const auto x = std::make_shared<Data>();
  add_warm_and_cold("x25519_public", name, [x, functions] {
    functions.public_key(x->pub.data(), x->x25519_secret.data());
  });
  add_warm_and_cold("x25519_shared", name, [x, functions] {
    functions.shared_secret(x->shared.data(), x->x25519_secret.data(), x->x25519_peer.data());
  });
}

void add_x25519() {
  for (const dispatch::Form& form : dispatch::forms()) {
    if (form.supported()) add_form(*form.table);
  }
  Peer libcrypto{"openssl", "", nullptr, nullptr, nullptr};
  libcrypto.x25519 = {openssl_public, openssl_shared};
  add_peer_hybrids(libcrypto);
#ifdef LATCHKEY_BENCH_SODIUM
  if (sodium_init() < 0) throw std::runtime_error("sodium_init() failed");
  Peer sodium{"libsodium", "", nullptr, nullptr, nullptr};
  sodium.x25519 = {sodium_public, crypto_scalarmult};
  add_peer_hybrids(sodium);
#endif
}

}  // namespace latchkey::bench
