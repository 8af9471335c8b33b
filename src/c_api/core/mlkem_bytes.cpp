// The C interface (latchkey_mlkem_bytes.h) of ML-KEM from bytes to bytes.
//
// Calls the backend without the public classes. Keys and secrets are the caller's bytes here, so
// nothing is copied to locked memory and back, and a key that is used once is not kept: its
// precomputed half, which is public, is on the stack.
#include "latchkey/latchkey_mlkem_bytes.h"

#include "api/access.hpp"
#include "base/secrecy.hpp"
#include "base/try.hpp"
#include "c_api/core/handles.hpp"
#include "memory/entropy.hpp"

using latchkey::Error;
using latchkey::kParameters;
using latchkey::MlKem;
using latchkey::OpenSecrets;
using latchkey::Result;
namespace base = latchkey::base;
namespace c = latchkey::c;
namespace mlkem = latchkey::mlkem;
using base::In;
using base::Out;

namespace {

constexpr std::size_t kSeedSize = latchkey::kSeedSize;
constexpr std::size_t kSecretSize = latchkey::kSharedSecretSize;
constexpr std::size_t kRandomSize = mlkem::kSymBytes;  // of d, z and m

template <class... Pointers>
Result<void> require_all(Pointers... pointers) noexcept {
  if (((pointers == nullptr) || ...)) return Error::null_argument;
  return {};
}

Result<void> result_of(mlkem::KeyCheck check) noexcept {
  if (check == mlkem::KeyCheck::passed) return {};
  return check == mlkem::KeyCheck::not_reduced ? Error::not_reduced : Error::hash_mismatch;
}

// What run() returns. On an error, the outputs are zeroed, and not before: an input may lie there.
// The arrays may be in a LockedBuffer.
template <class Run>
int or_clear(std::span<std::uint8_t> a, std::span<std::uint8_t> b, Run run) noexcept {
  const OpenSecrets open(OpenSecrets::Rights::write);
  const int status = c::status_of(run());
  if (status == LATCHKEY_OK) return status;
  c::clear(a.data(), a.size());
  c::clear(b.data(), b.size());
  return status;
}

// Calls use(secret bytes) with Size random ones. Errors: no_entropy; those of use().
template <std::size_t Size, class Use>
Result<void> with_random_bytes(Use use) noexcept {
  base::Scrubbed<std::array<std::uint8_t, Size>> bytes;
  if (!latchkey::memory::random_bytes(*bytes)) return Error::no_entropy;
  base::mark_secret(bytes->data(), Size);
  return use(bytes->data());
}

// ---- The three algorithms. Each has read its inputs when it writes an output.

template <MlKem set>
Result<void> keypair(std::uint8_t* pk, std::uint8_t* sk, const std::uint8_t* seed) noexcept {
  constexpr auto p = kParameters<set>;
  LATCHKEY_TRY(require_all(pk, sk, seed));
  mlkem::PublicKey<p> pub;
  base::Scrubbed<mlkem::SecretKey<p>> sec;
  const auto& kem = latchkey::kem_table<set>();
  kem.keygen(pub, *sec, In<kRandomSize>(seed, kRandomSize),
             In<kRandomSize>(seed + kRandomSize, kRandomSize));
  kem.encode_dk(Out<p.decapsulation_key_size()>(sk, p.decapsulation_key_size()), pub, *sec);
  std::memcpy(pk, pub.ek, sizeof pub.ek);
  return {};
}

template <MlKem set>
Result<void> encapsulate(std::uint8_t* ct, std::uint8_t* ss, const std::uint8_t* pk,
                         const std::uint8_t* m) noexcept {
  constexpr auto p = kParameters<set>;
  LATCHKEY_TRY(require_all(ct, ss, pk, m));
  mlkem::PublicKey<p> pub;
  std::array<std::uint8_t, p.ciphertext_size()> ciphertext;
  LATCHKEY_TRY(result_of(latchkey::kem_table<set>().encaps_once(
      ciphertext, Out<kSecretSize>(ss, kSecretSize), pub,
      In<p.encapsulation_key_size()>(pk, p.encapsulation_key_size()),
      In<kRandomSize>(m, kRandomSize))));
  base::declassify(ciphertext.data(), ciphertext.size());  // c is sent in the clear
  std::memcpy(ct, ciphertext.data(), ciphertext.size());
  return {};
}

template <MlKem set>
Result<void> decapsulate(std::uint8_t* ss, const std::uint8_t* ct,
                         const std::uint8_t* sk) noexcept {
  constexpr auto p = kParameters<set>;
  LATCHKEY_TRY(require_all(ss, ct, sk));
  return result_of(latchkey::kem_table<set>().decaps_once(
      Out<kSecretSize>(ss, kSecretSize),
      In<p.decapsulation_key_size()>(sk, p.decapsulation_key_size()),
      In<p.ciphertext_size()>(ct, p.ciphertext_size())));
}

// ---- The functions of the header

template <MlKem set>
int to_keypair(std::uint8_t* pk, std::uint8_t* sk, const std::uint8_t* seed) noexcept {
  constexpr auto kSizes = latchkey::sizes_of(set);
  return or_clear({pk, kSizes.encapsulation_key}, {sk, kSizes.decapsulation_key},
                  [=]() noexcept { return keypair<set>(pk, sk, seed); });
}
template <MlKem set>
int to_random_keypair(std::uint8_t* pk, std::uint8_t* sk) noexcept {
  constexpr auto kSizes = latchkey::sizes_of(set);
  return or_clear({pk, kSizes.encapsulation_key}, {sk, kSizes.decapsulation_key}, [=]() noexcept {
    return with_random_bytes<kSeedSize>(
        [=](const std::uint8_t* seed) noexcept { return keypair<set>(pk, sk, seed); });
  });
}

template <MlKem set>
int to_encapsulation(std::uint8_t* ct, std::uint8_t* ss, const std::uint8_t* pk,
                     const std::uint8_t* m) noexcept {
  return or_clear({ct, latchkey::sizes_of(set).ciphertext}, {ss, kSecretSize},
                  [=]() noexcept { return encapsulate<set>(ct, ss, pk, m); });
}
template <MlKem set>
int to_random_encapsulation(std::uint8_t* ct, std::uint8_t* ss, const std::uint8_t* pk) noexcept {
  return or_clear({ct, latchkey::sizes_of(set).ciphertext}, {ss, kSecretSize}, [=]() noexcept {
    return with_random_bytes<kRandomSize>(
        [=](const std::uint8_t* m) noexcept { return encapsulate<set>(ct, ss, pk, m); });
  });
}

template <MlKem set>
int to_secret(std::uint8_t* ss, const std::uint8_t* ct, const std::uint8_t* sk) noexcept {
  return or_clear({ss, kSecretSize}, {}, [=]() noexcept { return decapsulate<set>(ss, ct, sk); });
}

}  // namespace

// ---- ML-KEM-512

int latchkey_mlkem512_keypair(uint8_t* pk, uint8_t* sk) {
  return to_random_keypair<MlKem::k512>(pk, sk);
}
int latchkey_mlkem512_keypair_derand(uint8_t* pk, uint8_t* sk, const uint8_t* d_and_z) {
  return to_keypair<MlKem::k512>(pk, sk, d_and_z);
}
int latchkey_mlkem512_encapsulate(uint8_t* ct, uint8_t* ss, const uint8_t* pk) {
  return to_random_encapsulation<MlKem::k512>(ct, ss, pk);
}
int latchkey_mlkem512_encapsulate_derand(uint8_t* ct, uint8_t* ss, const uint8_t* pk,
                                         const uint8_t* m) {
  return to_encapsulation<MlKem::k512>(ct, ss, pk, m);
}
int latchkey_mlkem512_decapsulate(uint8_t* ss, const uint8_t* ct, const uint8_t* sk) {
  return to_secret<MlKem::k512>(ss, ct, sk);
}

// ---- ML-KEM-768

int latchkey_mlkem768_keypair(uint8_t* pk, uint8_t* sk) {
  return to_random_keypair<MlKem::k768>(pk, sk);
}
int latchkey_mlkem768_keypair_derand(uint8_t* pk, uint8_t* sk, const uint8_t* d_and_z) {
  return to_keypair<MlKem::k768>(pk, sk, d_and_z);
}
int latchkey_mlkem768_encapsulate(uint8_t* ct, uint8_t* ss, const uint8_t* pk) {
  return to_random_encapsulation<MlKem::k768>(ct, ss, pk);
}
int latchkey_mlkem768_encapsulate_derand(uint8_t* ct, uint8_t* ss, const uint8_t* pk,
                                         const uint8_t* m) {
  return to_encapsulation<MlKem::k768>(ct, ss, pk, m);
}
int latchkey_mlkem768_decapsulate(uint8_t* ss, const uint8_t* ct, const uint8_t* sk) {
  return to_secret<MlKem::k768>(ss, ct, sk);
}

// ---- ML-KEM-1024

int latchkey_mlkem1024_keypair(uint8_t* pk, uint8_t* sk) {
  return to_random_keypair<MlKem::k1024>(pk, sk);
}
int latchkey_mlkem1024_keypair_derand(uint8_t* pk, uint8_t* sk, const uint8_t* d_and_z) {
  return to_keypair<MlKem::k1024>(pk, sk, d_and_z);
}
int latchkey_mlkem1024_encapsulate(uint8_t* ct, uint8_t* ss, const uint8_t* pk) {
  return to_random_encapsulation<MlKem::k1024>(ct, ss, pk);
}
int latchkey_mlkem1024_encapsulate_derand(uint8_t* ct, uint8_t* ss, const uint8_t* pk,
                                          const uint8_t* m) {
  return to_encapsulation<MlKem::k1024>(ct, ss, pk, m);
}
int latchkey_mlkem1024_decapsulate(uint8_t* ss, const uint8_t* ct, const uint8_t* sk) {
  return to_secret<MlKem::k1024>(ss, ct, sk);
}
