// X-Wing (draft-connolly-cfrg-xwing-kem, section 5). Its names: sk, pk and ct end in _M for the
// half of ML-KEM-768 and in _X for that of X25519.
#include "latchkey/xwing.hpp"

#include "api/access.hpp"
#include "api/hash.hpp"
#include "api/shared_secret.hpp"
#include "base/secrecy.hpp"
#include "base/stack.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "hybrid/xwing_access.hpp"
#include "latchkey/derand.hpp"
#include "latchkey/derand_hybrid.hpp"
#include "memory/entropy.hpp"

namespace latchkey::xwing {

using base::In;
using base::Out;
using base::Scrubbed;

static_assert(kEncapsulationKeySize == hybrid::kHybridKeySize &&
              kCiphertextSize == hybrid::kHybridCiphertextSize &&
              kEncapsulationSeedSize == hybrid::kHybridRandomnessSize);

namespace {

using internal::PrecomputedPublicKey;

// The label at the end of the combiner's input: \./
//                                              /^\ .
constexpr std::array<std::uint8_t, 6> kLabel = {0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c};

// The secret, of what get(ss_M || ss_X) writes. Errors: those of get(), those on memory.
template <class F>
Result<SharedSecret> combine_what(F get, In<kCiphertextSize> ct, In<kSize> pk_X) noexcept {
  Result<void> got;
  auto secret = make_secret([&](Out<kSharedSecretSize> ss) noexcept {
    Scrubbed<std::array<std::uint8_t, hybrid::kHybridSecretSize>> both;
    got = get(Out<hybrid::kHybridSecretSize>(*both));
    if (got) combine(ss, *both, ct, pk_X);
  });
  if (!got) return got.error();
  return secret;
}

Result<PrecomputedPublicKey*> precompute(latchkey::EncapsulationKey pk_M, In<kSize> pk_X) noexcept {
  auto* const precomputed = static_cast<PrecomputedPublicKey*>(
      std::aligned_alloc(alignof(PrecomputedPublicKey), sizeof(PrecomputedPublicKey)));
  if (precomputed == nullptr) return Error::no_memory;
  ::new (precomputed) PrecomputedPublicKey{{}, std::move(pk_M)};
  const auto bytes = std::span(precomputed->bytes);
  std::memcpy(bytes.data(), precomputed->pk_M.bytes().data(), latchkey::kEncapsulationKeySize);
  base::copy(bytes.last<kSize>(), pk_X);
  return precomputed;
}

}  // namespace

void combine(Out<kSharedSecretSize> ss, In<hybrid::kHybridSecretSize> both, In<kCiphertextSize> ct,
             In<kSize> pk_X) noexcept {
  hash(ss, mlkem::kSha3_256, {both, ct.last<kSize>(), pk_X, kLabel});
}

// ---- EncapsulationKey

EncapsulationKey::EncapsulationKey(EncapsulationKey&& other) noexcept
    : key_(std::exchange(other.key_, nullptr)) {}

EncapsulationKey& EncapsulationKey::operator=(EncapsulationKey&& other) noexcept {
  EncapsulationKey taken(std::move(other));
  std::swap(key_, taken.key_);
  return *this;
}

EncapsulationKey::~EncapsulationKey() {
  if (key_ == nullptr) return;
  key_->~PrecomputedPublicKey();
  base::wipe(static_cast<void*>(key_), sizeof *key_);
  std::free(key_);
}

Result<EncapsulationKey> EncapsulationKey::parse(std::span<const std::uint8_t> bytes) noexcept {
  if (bytes.size() != kEncapsulationKeySize) return Error::encapsulation_key_length;
  auto pk_M = LATCHKEY_TRY(
      latchkey::EncapsulationKey::parse(bytes.first<latchkey::kEncapsulationKeySize>()));
  const auto key = LATCHKEY_TRY(precompute(std::move(pk_M), bytes.last<kSize>()));
  return EncapsulationKey(key);
}

Result<EncapsulationKey> EncapsulationKey::clone() const noexcept {
  if (key_ == nullptr) return Error::moved_from;
  auto pk_M = LATCHKEY_TRY(key_->pk_M.clone());
  const auto key = LATCHKEY_TRY(precompute(std::move(pk_M), xwing::pk_X(*key_)));
  return EncapsulationKey(key);
}

Result<Encapsulation> EncapsulationKey::encapsulate() const noexcept {
  if (key_ == nullptr) return Error::moved_from;
  Scrubbed<std::array<std::uint8_t, kEncapsulationSeedSize>> eseed;
  if (!memory::random_bytes(*eseed)) return Error::no_entropy;
  base::mark_secret(eseed->data(), eseed->size());
  return KeyAccess::encapsulate(*this, *eseed);
}

std::span<const std::uint8_t> EncapsulationKey::bytes() const& noexcept {
  if (key_ == nullptr) return {};
  return key_->bytes;
}

// EncapsulateDerand() of section 5.4.1.
Result<Encapsulation> KeyAccess::encapsulate(const EncapsulationKey& key,
                                             In<kEncapsulationSeedSize> eseed) noexcept {
  const auto* const pk = KeyAccess::precomputed(key);
  if (pk == nullptr) return Error::moved_from;
  Result<Encapsulation> result(std::in_place);
  auto& ct = result->ciphertext;
  auto secret = combine_what(
      [&](auto ss) noexcept {
        return hybrid::encapsulate_both(ct, ss, pk->pk_M, pk_X(*pk), eseed);
      },
      ct, pk_X(*pk));
  if (!secret) return secret.error();
  result->secret = std::move(*secret);
  return result;
}

// ---- DecapsulationKey

// expandDecapsulationKey() of section 5.2.
Result<DecapsulationKey> KeyAccess::from_seed(In<kSeedSize> sk) noexcept {
  DecapsulationKey key;
  auto slot = LATCHKEY_TRY(memory::allocate_slot(sizeof(Seeds)));
  key.seeds_ = std::move(slot);
  const auto seeds = LATCHKEY_TRY(memory::object_in<Seeds>(key.seeds_));

  const OpenSecrets open(OpenSecrets::Rights::write);
  Scrubbed<std::array<std::uint8_t, 96>> expanded;  // d || z || sk_X
  hash(*expanded, mlkem::kShake256, {sk});
  base::copy_secret(seeds->sk, sk.data(), sk.size());
  base::copy_secret(seeds->sk_X, &(*expanded)[64], kSize);
  auto sk_M = LATCHKEY_TRY(latchkey::derand::keygen(std::span(*expanded).first<32>(),
                                                    std::span(*expanded).subspan<32, 32>()));
  std::array<std::uint8_t, kSize> pk_X;
  hybrid::public_key(pk_X, In<kSize>(seeds->sk_X));
  auto pk_M = LATCHKEY_TRY(sk_M.encapsulation_key().clone());
  const auto pub = LATCHKEY_TRY(precompute(std::move(pk_M), pk_X));
  key.public_ = wrap(pub);
  key.mlkem_ = std::move(sk_M);
  LATCHKEY_TRY(memory::check_after_use(key.seeds_));
  return key;
}

Result<DecapsulationKey> DecapsulationKey::generate(PairwiseTest test) noexcept {
  Scrubbed<std::array<std::uint8_t, kSeedSize>> sk;
  if (!memory::random_bytes(*sk)) return Error::no_entropy;
  base::mark_secret(sk->data(), sk->size());
  return from_seed(*sk, test);
}

Result<DecapsulationKey> DecapsulationKey::from_seed(std::span<const std::uint8_t> seed,
                                                     PairwiseTest test) noexcept {
  if (seed.size() != kSeedSize) return Error::seed_length;
  auto key = KeyAccess::from_seed(seed.first<kSeedSize>());
  if (!key || test == PairwiseTest::skip) return key;
  const auto sent = LATCHKEY_TRY(key->public_.encapsulate());
  const auto opened = LATCHKEY_TRY(key->decapsulate(sent.ciphertext));
  LATCHKEY_TRY(must_agree(opened, sent.secret));
  return key;
}

// Section 5.5.
Result<SharedSecret> DecapsulationKey::decapsulate(
    std::span<const std::uint8_t> ciphertext) const noexcept {
  const auto seeds = memory::object_in<Seeds>(seeds_);
  if (!seeds) return seeds.error();
  if (ciphertext.size() != kCiphertextSize) return Error::ciphertext_length;
  const auto ct = ciphertext.first<kCiphertextSize>();
  const auto pk_X = xwing::pk_X(*KeyAccess::precomputed(public_));
  auto secret = combine_what(
      [&](auto ss) noexcept {
        return hybrid::decapsulate_both(ss, mlkem_, In<kSize>((*seeds)->sk_X), ct);
      },
      ct, pk_X);
  LATCHKEY_TRY(KeyAccess::check_after_use(*this));
  return secret;
}

Result<void> DecapsulationKey::export_seed(std::span<std::uint8_t, kSeedSize> seed) const noexcept {
  base::wipe(seed.data(), seed.size());
  const auto seeds = LATCHKEY_TRY(memory::object_in<Seeds>(seeds_));
  {
    const OpenSecrets open;
    base::copy_secret(seed.data(), seeds->sk, kSeedSize);
  }
  const auto still = memory::check_after_use(seeds_);
  if (!still) base::wipe(seed.data(), seed.size());
  return still;
}

bool DecapsulationKey::is_locked() const noexcept {
  return memory::is_locked(seeds_) && mlkem_.is_locked();
}

}  // namespace latchkey::xwing

namespace latchkey {

Result<xwing::Encapsulation> derand::encapsulate(
    const xwing::EncapsulationKey& key,
    std::span<const std::uint8_t, xwing::kEncapsulationSeedSize> eseed) noexcept {
  return xwing::KeyAccess::encapsulate(key, eseed);
}

}  // namespace latchkey
