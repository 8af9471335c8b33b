#include "provider/groups.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/prov_ssl.h>

#include <cstring>

#include "provider/context.hpp"

namespace latchkey::provider {
namespace {

char* text(const char* constant) noexcept { return const_cast<char*>(constant); }

int tell(const GroupRow& row, OSSL_CALLBACK* callback, void* argument) noexcept {
  unsigned id = static_cast<unsigned>(row.group), bits = row.security_bits, is_kem = 1;
  int least_tls = TLS1_3_VERSION, most_tls = 0, no_dtls = -1;  // 0: no limit; -1: not at all
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_CAPABILITY_TLS_GROUP_NAME, text(row.name), 0),
      OSSL_PARAM_construct_utf8_string(OSSL_CAPABILITY_TLS_GROUP_NAME_INTERNAL, text(row.name), 0),
      OSSL_PARAM_construct_utf8_string(OSSL_CAPABILITY_TLS_GROUP_ALG, text(row.algorithm), 0),
      OSSL_PARAM_construct_uint(OSSL_CAPABILITY_TLS_GROUP_ID, &id),
      OSSL_PARAM_construct_uint(OSSL_CAPABILITY_TLS_GROUP_SECURITY_BITS, &bits),
      OSSL_PARAM_construct_uint(OSSL_CAPABILITY_TLS_GROUP_IS_KEM, &is_kem),
      OSSL_PARAM_construct_int(OSSL_CAPABILITY_TLS_GROUP_MIN_TLS, &least_tls),
      OSSL_PARAM_construct_int(OSSL_CAPABILITY_TLS_GROUP_MAX_TLS, &most_tls),
      OSSL_PARAM_construct_int(OSSL_CAPABILITY_TLS_GROUP_MIN_DTLS, &no_dtls),
      OSSL_PARAM_construct_int(OSSL_CAPABILITY_TLS_GROUP_MAX_DTLS, &no_dtls),
      OSSL_PARAM_construct_end(),
  };
  return callback(params, argument);
}

}  // namespace

int get_capabilities(void* provider, const char* capability, OSSL_CALLBACK* callback,
                     void* argument) {
  if (std::strcmp(capability, "TLS-GROUP") != 0) return 0;
  const auto& context = *static_cast<const Context*>(provider);
  for (std::size_t i = 0; i < kGroupCount; ++i) {
    if (context.settings.offers[i] && tell(kGroups[i], callback, argument) == 0) return 0;
  }
  return 1;
}

}  // namespace latchkey::provider
