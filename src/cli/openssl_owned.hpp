// Objects of libcrypto and libssl that are freed with their owner.
#pragma once

#include <openssl/conf.h>
#include <openssl/ssl.h>

#include <memory>

namespace latchkey::cli {

struct FreeOpenssl {
  void operator()(OSSL_LIB_CTX* context) const { OSSL_LIB_CTX_free(context); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* connection) const { SSL_free(connection); }
  void operator()(BIO* stream) const { BIO_free(stream); }
  void operator()(CONF* conf) const { NCONF_free(conf); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeOpenssl>;

}  // namespace latchkey::cli
