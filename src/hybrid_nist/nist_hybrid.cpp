// MLKEM768-P256 and MLKEM1024-P384: the framework CG of draft-irtf-cfrg-hybrid-kems with the parts
// of draft-irtf-cfrg-concrete-hybrid-kems. The names are the drafts': ek, ss and ct end in _PQ for
// ML-KEM's half and in _T for the curve's. ML-KEM's half comes first everywhere.
#include "latchkey/mlkem_nist.hpp"

#include "api/hash.hpp"
#include "api/shared_secret.hpp"
#include "base/secrecy.hpp"
#include "base/stack.hpp"
#include "base/wipe.hpp"
#include "hybrid_nist/scalar.hpp"
#include "latchkey/derand.hpp"
#include "latchkey/derand_seal.hpp"
#include "memory/entropy.hpp"

namespace latchkey {
namespace {

using base::In;
using base::Scrubbed;
using crypto::Curve;
using hybrid_nist::sample_scalar;

constexpr std::size_t kHybridSeedSize = 32;

template <NistHybrid hybrid>
constexpr NistHybridSizes kSizes{sizes_of(hybrid)};
template <NistHybrid hybrid>
constexpr Curve kCurve{hybrid == NistHybrid::mlkem768_p256 ? Curve::p256 : Curve::p384};

template <NistHybrid hybrid>
constexpr bool are_sizes_right() {
  constexpr NistHybridSizes s = sizes_of(hybrid);
  return s.point == crypto::point_size(kCurve<hybrid>) &&
         s.scalar == crypto::scalar_size(kCurve<hybrid>) &&
         s.encapsulation_key == sizes_of(s.mlkem).encapsulation_key + s.point &&
         s.ciphertext == sizes_of(s.mlkem).ciphertext + s.point &&
         s.randomness == 32 + s.candidates * s.scalar;
}
static_assert(are_sizes_right<NistHybrid::mlkem768_p256>() &&
              are_sizes_right<NistHybrid::mlkem1024_p384>());

// What a decapsulation key keeps in its slot.
template <NistHybrid hybrid>
struct Seeds {
  std::uint8_t seed[kHybridSeedSize];
  std::uint8_t scalar[kSizes<hybrid>.scalar];
};

// C2PRICombiner(): SHA3-256(ss_PQ || ss_T || ct_T || ek_T || label), where the label is the KEM's
// name. ss_T is the ECDH secret of `scalar` and the peer's point, which is ct_T or ek_T. Errors:
// bad_point, those of libcrypto and on memory.
template <NistHybrid hybrid>
Result<SharedSecret> combine(const SharedSecret& ss_PQ, View scalar, View peer, View ct_T,
                             View ek_T) noexcept {
  const OpenSecrets open;
  Scrubbed<std::array<std::uint8_t, kSizes<hybrid>.scalar>> ss_T;
  LATCHKEY_TRY(crypto::nist_shared_secret(kCurve<hybrid>, scalar, peer, *ss_T));
  const auto bytes_PQ = LATCHKEY_TRY(ss_PQ.expose());
  auto secret = make_secret([&](std::span<std::uint8_t, kSharedSecretSize> out) noexcept {
    hash(out, mlkem::kSha3_256,
         {bytes_PQ, *ss_T, ct_T, ek_T, bytes_of(NistHybridOf<hybrid>::kName)});
  });
  LATCHKEY_TRY(ss_PQ.expose());  // it may have been purged before there was a secret to purge
  return secret;
}

}  // namespace

struct NistHybridAccess {
  template <NistHybrid hybrid>
  static View ek_T(const NistHybridEncapsulationKey<hybrid>& key) noexcept {
    return View(key.bytes_).last(kSizes<hybrid>.point);
  }

  // Makes a public key from its two halves. The second must be a point on the curve.
  template <NistHybrid hybrid>
  static Result<NistHybridEncapsulationKey<hybrid>> join(
      MlKemEncapsulationKey<sizes_of(hybrid).mlkem> ek_PQ, View ek_T) noexcept {
    Result<NistHybridEncapsulationKey<hybrid>> key(std::in_place);
    const View bytes_PQ = ek_PQ.bytes();
    std::memcpy(key->bytes_.data(), bytes_PQ.data(), bytes_PQ.size());
    std::memcpy(key->bytes_.data() + bytes_PQ.size(), ek_T.data(), ek_T.size());
    key->mlkem_ = std::move(ek_PQ);
    return key;
  }

  // EncapsDerand().
  template <NistHybrid hybrid>
  static Result<NistHybridEncapsulation<hybrid>> encapsulate(
      const NistHybridEncapsulationKey<hybrid>& key,
      typename NistHybridEncapsulationKey<hybrid>::Randomness randomness) noexcept {
    if (key.bytes().empty()) return Error::moved_from;
    const auto scalar = LATCHKEY_TRY(sample_scalar(kCurve<hybrid>, View(randomness).subspan(32)));
    const auto sent =
        LATCHKEY_TRY(derand::encapsulate(key.mlkem_, randomness.template first<32>()));
    Result<NistHybridEncapsulation<hybrid>> result(std::in_place);
    const auto ct = std::span(result->ciphertext);
    const auto ct_T = ct.template last<sizes_of(hybrid).point>();
    std::memcpy(ct.data(), sent.ciphertext.data(), sent.ciphertext.size());
    LATCHKEY_TRY(crypto::nist_public_key(kCurve<hybrid>, scalar, ct_T));
    result->secret = LATCHKEY_TRY(combine<hybrid>(sent.secret, scalar, ek_T(key), ct_T, ek_T(key)));
    return result;
  }

  // expandKey(): SHAKE256(seed) is the ML-KEM seed d || z and the candidates for the scalar.
  template <NistHybrid hybrid>
  static Result<NistHybridDecapsulationKey<hybrid>> from_seed(In<kHybridSeedSize> seed) noexcept {
    NistHybridDecapsulationKey<hybrid> key;
    key.seeds_ = LATCHKEY_TRY(memory::allocate_slot_for<Seeds<hybrid>>());
    const auto seeds = LATCHKEY_TRY(memory::object_in<Seeds<hybrid>>(key.seeds_));

    const OpenSecrets open(OpenSecrets::Rights::write);
    constexpr std::size_t kExpandedSize =
        kSeedSize + kSizes<hybrid>.candidates * kSizes<hybrid>.scalar;
    Scrubbed<std::array<std::uint8_t, kExpandedSize>> expanded;
    hash(*expanded, mlkem::kShake256, {seed});
    const auto scalar =
        LATCHKEY_TRY(sample_scalar(kCurve<hybrid>, View(*expanded).subspan(kSeedSize)));
    base::copy_secret(seeds->seed, seed.data(), seed.size());
    base::copy_secret(seeds->scalar, scalar.data(), scalar.size());
    std::array<std::uint8_t, kSizes<hybrid>.point> ek_T;
    LATCHKEY_TRY(crypto::nist_public_key(kCurve<hybrid>, scalar, ek_T));
    const In<kExpandedSize> bytes(*expanded);
    key.mlkem_ = LATCHKEY_TRY(derand::keygen<sizes_of(hybrid).mlkem>(
        bytes.template first<32>(), bytes.template subspan<32, 32>()));
    auto ek_PQ = LATCHKEY_TRY(key.mlkem_.encapsulation_key().clone());
    key.public_ = LATCHKEY_TRY(join<hybrid>(std::move(ek_PQ), ek_T));
    LATCHKEY_TRY(memory::check_after_use(key.seeds_));
    return key;
  }
};

// ---- The public key

template <NistHybrid hybrid>
Result<NistHybridEncapsulationKey<hybrid>> NistHybridEncapsulationKey<hybrid>::parse(
    std::span<const std::uint8_t> bytes) noexcept {
  constexpr std::size_t kSize_PQ = sizes_of(sizes_of(hybrid).mlkem).encapsulation_key;
  if (bytes.size() != kSizes<hybrid>.encapsulation_key) return Error::encapsulation_key_length;
  const View ek_T = bytes.subspan(kSize_PQ);
  LATCHKEY_TRY(crypto::nist_check_point_vartime(kCurve<hybrid>, ek_T));
  auto ek_PQ =
      LATCHKEY_TRY(MlKemEncapsulationKey<sizes_of(hybrid).mlkem>::parse(bytes.first(kSize_PQ)));
  return NistHybridAccess::join<hybrid>(std::move(ek_PQ), ek_T);
}

template <NistHybrid hybrid>
Result<NistHybridEncapsulationKey<hybrid>> NistHybridEncapsulationKey<hybrid>::clone()
    const noexcept {
  auto ek_PQ = LATCHKEY_TRY(mlkem_.clone());
  return NistHybridAccess::join<hybrid>(std::move(ek_PQ), NistHybridAccess::ek_T(*this));
}

template <NistHybrid hybrid>
Result<NistHybridEncapsulation<hybrid>> NistHybridEncapsulationKey<hybrid>::encapsulate()
    const noexcept {
  if (bytes().empty()) return Error::moved_from;
  Scrubbed<std::array<std::uint8_t, kSizes<hybrid>.randomness>> randomness;
  if (!memory::random_bytes(*randomness)) return Error::no_entropy;
  base::mark_secret(randomness->data(), randomness->size());
  return NistHybridAccess::encapsulate(*this, *randomness);
}

template <NistHybrid hybrid>
std::span<const std::uint8_t> NistHybridEncapsulationKey<hybrid>::bytes() const& noexcept {
  if (mlkem_.bytes().empty()) return {};
  return bytes_;
}

// ---- The private key

template <NistHybrid hybrid>
Result<NistHybridDecapsulationKey<hybrid>> NistHybridDecapsulationKey<hybrid>::generate(
    PairwiseTest test) noexcept {
  Scrubbed<std::array<std::uint8_t, kHybridSeedSize>> seed;
  if (!memory::random_bytes(*seed)) return Error::no_entropy;
  base::mark_secret(seed->data(), seed->size());
  return from_seed(*seed, test);
}

template <NistHybrid hybrid>
Result<NistHybridDecapsulationKey<hybrid>> NistHybridDecapsulationKey<hybrid>::from_seed(
    std::span<const std::uint8_t> seed, PairwiseTest test) noexcept {
  if (seed.size() != kHybridSeedSize) return Error::seed_length;
  auto key = NistHybridAccess::from_seed<hybrid>(seed.first<kHybridSeedSize>());
  if (!key || test == PairwiseTest::skip) return key;
  const auto sent = LATCHKEY_TRY(key->public_.encapsulate());
  const auto opened = LATCHKEY_TRY(key->decapsulate(sent.ciphertext));
  LATCHKEY_TRY(must_agree(opened, sent.secret));
  return key;
}

template <NistHybrid hybrid>
Result<SharedSecret> NistHybridDecapsulationKey<hybrid>::decapsulate(
    std::span<const std::uint8_t> ciphertext) const noexcept {
  const auto seeds = LATCHKEY_TRY(memory::object_in<Seeds<hybrid>>(seeds_));
  if (ciphertext.size() != kSizes<hybrid>.ciphertext) return Error::ciphertext_length;
  const View ct_PQ = ciphertext.first(sizes_of(sizes_of(hybrid).mlkem).ciphertext);
  const View ct_T = ciphertext.last(kSizes<hybrid>.point);
  const auto ss_PQ = LATCHKEY_TRY(mlkem_.decapsulate(ct_PQ));
  auto secret = combine<hybrid>(ss_PQ, seeds->scalar, ct_T, ct_T, NistHybridAccess::ek_T(public_));
  LATCHKEY_TRY(memory::check_after_use(seeds_));
  return secret;
}

template <NistHybrid hybrid>
Result<void> NistHybridDecapsulationKey<hybrid>::export_seed(
    std::span<std::uint8_t, 32> seed) const noexcept {
  base::wipe(seed.data(), seed.size());
  const auto seeds = LATCHKEY_TRY(memory::object_in<Seeds<hybrid>>(seeds_));
  {
    const OpenSecrets open;
    base::copy_secret(seed.data(), seeds->seed, seed.size());
  }
  const auto still = memory::check_after_use(seeds_);
  if (!still) base::wipe(seed.data(), seed.size());
  return still;
}

template <NistHybrid hybrid>
bool NistHybridDecapsulationKey<hybrid>::is_locked() const noexcept {
  return memory::is_locked(seeds_) && mlkem_.is_locked();
}

template <NistHybrid hybrid>
Result<NistHybridEncapsulation<hybrid>> derand::encapsulate(
    const NistHybridEncapsulationKey<hybrid>& key,
    typename NistHybridEncapsulationKey<hybrid>::Randomness randomness) noexcept {
  return NistHybridAccess::encapsulate(key, randomness);
}

#define LATCHKEY_INSTANTIATE(hybrid)                                    \
  template class NistHybridEncapsulationKey<hybrid>;                    \
  template class NistHybridDecapsulationKey<hybrid>;                    \
  template Result<NistHybridEncapsulation<hybrid>> derand::encapsulate( \
      const NistHybridEncapsulationKey<hybrid>&,                        \
      typename NistHybridEncapsulationKey<hybrid>::Randomness) noexcept
LATCHKEY_INSTANTIATE(NistHybrid::mlkem768_p256);
LATCHKEY_INSTANTIATE(NistHybrid::mlkem1024_p384);
#undef LATCHKEY_INSTANTIATE

}  // namespace latchkey
