// OpenSSL, 3.5 or newer, through EVP: an EVP_PKEY is made of the key's bytes for each operation.
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>

#include "peer.hpp"

namespace latchkey::bench {
namespace {

constexpr const char* kAlgorithm = "ML-KEM-768";

template <auto free>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;

// One parameter that is bytes.
struct Parameters {
  Parameters(const char* name, const std::uint8_t* bytes, std::size_t size)
      : list{OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(bytes), size),
             OSSL_PARAM_construct_end()} {}
  OSSL_PARAM list[2];
};

constexpr int status(bool good) { return good ? 0 : 1; }

int keypair(std::uint8_t* pk, std::uint8_t* sk, const std::uint8_t* coins) {
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, kAlgorithm, nullptr));
  const Parameters seed(OSSL_PKEY_PARAM_ML_KEM_SEED, coins, 64);
  EVP_PKEY* made = nullptr;
  const bool good = EVP_PKEY_keygen_init(context.get()) > 0 &&
                    EVP_PKEY_CTX_set_params(context.get(), seed.list) > 0 &&
                    EVP_PKEY_generate(context.get(), &made) > 0;
  const Key key(made);
  std::size_t pk_size = 1184, sk_size = 2400;
  return status(good && EVP_PKEY_get_raw_public_key(made, pk, &pk_size) > 0 &&
                EVP_PKEY_get_raw_private_key(made, sk, &sk_size) > 0);
}

int enc(std::uint8_t* ct, std::uint8_t* ss, const std::uint8_t* pk, const std::uint8_t* coins) {
  const Key key(EVP_PKEY_new_raw_public_key_ex(nullptr, kAlgorithm, nullptr, pk, 1184));
  const Context context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  const Parameters m(OSSL_KEM_PARAM_IKME, coins, 32);
  std::size_t ct_size = 1088, ss_size = 32;
  return status(context && EVP_PKEY_encapsulate_init(context.get(), m.list) > 0 &&
                EVP_PKEY_encapsulate(context.get(), ct, &ct_size, ss, &ss_size) > 0);
}

int dec(std::uint8_t* ss, const std::uint8_t* ct, const std::uint8_t* sk) {
  const Key key(EVP_PKEY_new_raw_private_key_ex(nullptr, kAlgorithm, nullptr, sk, 2400));
  const Context context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  std::size_t ss_size = 32;
  return status(context && EVP_PKEY_decapsulate_init(context.get(), nullptr) > 0 &&
                EVP_PKEY_decapsulate(context.get(), ss, &ss_size, ct, 1088) > 0);
}

}  // namespace

Peer openssl() { return {"openssl", OpenSSL_version(OPENSSL_VERSION), keypair, enc, dec}; }

}  // namespace latchkey::bench
