#include "provider/nist_key.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "base/wipe.hpp"

namespace latchkey::provider {
namespace {

using Operation = crypto::Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

char* name_of(crypto::Curve curve) noexcept {
  return const_cast<char*>(curve == crypto::Curve::p256 ? "P-256" : "P-384");
}

}  // namespace

Result<NistKey> NistKey::generate(OSSL_LIB_CTX* library, crypto::Curve curve) noexcept {
  NistKey key;
  key.key_.reset(EVP_PKEY_Q_keygen(library, nullptr, "EC", name_of(curve)));
  if (!key.key_) return Error::crypto_failed;
  return key;
}

Result<NistKey> NistKey::parse(OSSL_LIB_CTX* library, crypto::Curve curve, View point) noexcept {
  constexpr std::uint8_t kUncompressed = 4;
  if (point.size() != crypto::point_size(curve) || point[0] != kUncompressed) {
    return Error::bad_point;
  }
  const crypto::OwnErrors errors;  // a bad point is the peer's fault, and has one error: ours
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name_of(curve), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
                                        const_cast<std::uint8_t*>(point.data()), point.size()),
      OSSL_PARAM_construct_end()};
  const Operation operation(EVP_PKEY_CTX_new_from_name(library, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (!operation || EVP_PKEY_fromdata_init(operation.get()) != 1) return Error::crypto_failed;
  if (EVP_PKEY_fromdata(operation.get(), &key, EVP_PKEY_PUBLIC_KEY, params) != 1) {
    return errors.no_memory_or(Error::bad_point);
  }
  NistKey peer;
  peer.key_.reset(key);
  return peer;
}

Result<void> NistKey::public_key(std::span<std::uint8_t> out) const noexcept {
  std::size_t size = 0;
  if (EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, out.data(),
                                      out.size(), &size) != 1 ||
      size != out.size()) {
    return Error::crypto_failed;
  }
  return {};
}

Result<void> NistKey::shared_secret(OSSL_LIB_CTX* library, const NistKey& peer,
                                    std::span<std::uint8_t> out) const noexcept {
  const Operation operation(EVP_PKEY_CTX_new_from_pkey(library, key_.get(), nullptr));
  std::size_t size = out.size();
  if (!operation || EVP_PKEY_derive_init(operation.get()) != 1 ||
      EVP_PKEY_derive_set_peer(operation.get(), peer.key_.get()) != 1 ||
      EVP_PKEY_derive(operation.get(), out.data(), &size) != 1 || size != out.size()) {
    base::wipe(out.data(), out.size());
    return Error::crypto_failed;
  }
  return {};
}

}  // namespace latchkey::provider
