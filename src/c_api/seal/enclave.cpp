// The C interface (latchkey_enclave.h) of enclaves.
#include "latchkey/enclave.hpp"

#include "c_api/seal/handles.hpp"

using latchkey::Enclave;
using latchkey::Error;
using latchkey::Result;
using latchkey::View;
namespace c = latchkey::c;

struct latchkey_enclave : c::Tagged<latchkey_enclave> {
  static constexpr std::uint64_t kTag = 0x6576'616c'636e'656c;  // "lenclave"
  static constexpr const char* kWhat = "enclave";

  explicit latchkey_enclave(Enclave made) noexcept : enclave(std::move(made)) {}
  Enclave enclave;
};

int latchkey_enclave_seal(const uint8_t* bytes, size_t size, latchkey_enclave** enclave) {
  return c::give(enclave, c::with_bytes(bytes, size, [](View secret) noexcept {
                   return Enclave::seal(secret);
                 }));
}

int latchkey_enclave_seal_secret(const latchkey_secret* secret, latchkey_enclave** enclave) {
  return c::give(enclave, c::with(secret, [](const auto& handle) noexcept -> Result<Enclave> {
                   Result<Enclave> sealed = Error::no_memory;
                   LATCHKEY_TRY(handle.content.read(
                       [&](View bytes) noexcept { sealed = Enclave::seal(bytes); }));
                   return sealed;
                 }));
}

int latchkey_enclave_open(const latchkey_enclave* enclave, latchkey_secret** secret) {
  return c::give(secret,
                 c::with(enclave, [](const auto& one) noexcept { return one.enclave.open(); }));
}

int latchkey_enclave_seal_for(const latchkey_enclave* enclave, const latchkey_public_key* key,
                              const latchkey_suite* suite, const uint8_t* aad, size_t aad_size,
                              const uint8_t* context, size_t context_size, uint8_t* sealed,
                              size_t sealed_size) {
  const bool is_missing =
      key == nullptr || c::is_missing(aad, aad_size) || c::is_missing(context, context_size);
  return c::fill_from(enclave, sealed, sealed_size, [&](const latchkey_enclave& one) noexcept {
    const auto kem = key == nullptr ? 0 : latchkey_public_key_kem(key);
    const std::size_t overhead = latchkey_seal_overhead(kem);
    const std::size_t size = overhead == 0 ? sealed_size : one.enclave.size() + overhead;
    return c::Output{
        size, [&](std::span<std::uint8_t> to) noexcept -> Result<void> {
          if (is_missing) return Error::null_argument;
          const auto made =
              LATCHKEY_TRY(c::with_sealing_key(key, [&](const auto& recipient) noexcept {
                return one.enclave.seal_for(recipient, {aad, aad_size}, {context, context_size},
                                            c::suite_of(suite));
              }));
          std::ranges::copy(made.bytes(), to.begin());
          return {};
        }};
  });
}

size_t latchkey_enclave_size(const latchkey_enclave* enclave) {
  if (enclave == nullptr) return 0;
  enclave->check();
  return enclave->enclave.size();
}

int latchkey_enclave_is_locked(const latchkey_enclave* enclave) {
  if (enclave == nullptr) return 0;
  enclave->check();
  return enclave->enclave.is_locked() ? 1 : 0;
}

void latchkey_enclave_free(latchkey_enclave* enclave) { c::release(enclave); }

void latchkey_enclave_destroy_session_key(void) { Enclave::destroy_session_key(); }
