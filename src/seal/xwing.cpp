// X-Wing (draft-connolly-cfrg-xwing-kem, section 5). Its names: sk, pk and ct end in _M for the
// half of ML-KEM-768 and in _X for that of X25519.
#include "latchkey/xwing.hpp"

#include "base/secrecy.hpp"
#include "base/stack.hpp"
#include "base/wipe.hpp"
#include "kem/hash.hpp"
#include "kem/prepared.hpp"
#include "latchkey/derand.hpp"
#include "memory/entropy.hpp"
#include "seal/hybrid.hpp"

namespace latchkey::xwing {

using base::In;
using base::Out;
using base::Scrubbed;
using seal::HybridPublicKey;
using seal::kX25519Size;
using seal::X25519Key;

static_assert(kEncapsulationKeySize == seal::kHybridKeySize &&
              kCiphertextSize == seal::kHybridCiphertextSize &&
              kEncapsulationSeedSize == seal::kHybridRandomnessSize);

struct internal::PreparedPublicKey {
  std::array<std::uint8_t, kEncapsulationKeySize> bytes;
  HybridPublicKey key;
};

namespace {

using internal::PreparedPublicKey;

// The label at the end of the combiner's input: \./
//                                              /^\ .
constexpr std::array<std::uint8_t, 6> kLabel = {0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c};

// What a decapsulation key keeps in its slot.
struct Seeds {
  std::uint8_t sk[kSeedSize];
  std::uint8_t sk_X[kX25519Size];
};

In<kX25519Size> pk_X(const PreparedPublicKey& key) noexcept {
  return std::span(key.bytes).last<kX25519Size>();
}

// The secret, by Combiner() of section 5.3, of what get(ss_M || ss_X) writes. Errors: those of
// get(), those on memory.
template <class F>
Result<SharedSecret> combine(F get, In<kCiphertextSize> ct, In<kX25519Size> pk_X) noexcept {
  Result<void> got;
  auto secret = make_secret([&](Out<kSharedSecretSize> ss) noexcept {
    Scrubbed<std::array<std::uint8_t, seal::kHybridSecretSize>> both;
    got = get(Out<seal::kHybridSecretSize>(*both));
    if (got) hash(ss, core::kSha3_256, {*both, ct.last<kX25519Size>(), pk_X, kLabel});
  });
  if (!got) return got.error();
  return secret;
}

Result<PreparedPublicKey*> prepare(HybridPublicKey key, In<kX25519Size> pk_X) noexcept {
  auto* const prepared = static_cast<PreparedPublicKey*>(std::malloc(sizeof(PreparedPublicKey)));
  if (prepared == nullptr) return Error::no_memory;
  ::new (prepared) PreparedPublicKey{{}, std::move(key)};
  const auto bytes = std::span(prepared->bytes);
  std::memcpy(bytes.data(), prepared->key.pk_M.bytes().data(), latchkey::kEncapsulationKeySize);
  base::copy(bytes.last<kX25519Size>(), pk_X);
  return prepared;
}

}  // namespace

struct Access {
  static EncapsulationKey wrap(PreparedPublicKey* key) noexcept { return EncapsulationKey(key); }
  static const PreparedPublicKey* prepared(const EncapsulationKey& key) noexcept {
    return key.key_;
  }
  static Result<Encapsulation> encapsulate(const EncapsulationKey& key,
                                           In<kEncapsulationSeedSize> eseed) noexcept;
  static Result<DecapsulationKey> expand(In<kSeedSize> sk) noexcept;
};

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
  key_->~PreparedPublicKey();
  std::free(key_);
}

Result<EncapsulationKey> EncapsulationKey::parse(std::span<const std::uint8_t> bytes) noexcept {
  auto parsed = HybridPublicKey::parse(bytes);
  if (!parsed) return parsed.error();
  const auto key = prepare(std::move(*parsed), bytes.last<kX25519Size>());
  if (!key) return key.error();
  return EncapsulationKey(*key);
}

Result<EncapsulationKey> EncapsulationKey::clone() const noexcept {
  if (key_ == nullptr) return Error::moved_from;
  auto pk_M = key_->key.pk_M.clone();
  if (!pk_M) return pk_M.error();
  auto pk_X = X25519Key::public_key(xwing::pk_X(*key_));
  if (!pk_X) return pk_X.error();
  const auto key = prepare({std::move(*pk_M), std::move(*pk_X)}, xwing::pk_X(*key_));
  if (!key) return key.error();
  return EncapsulationKey(*key);
}

Result<Encapsulation> EncapsulationKey::encapsulate() const noexcept {
  if (key_ == nullptr) return Error::moved_from;
  Scrubbed<std::array<std::uint8_t, kEncapsulationSeedSize>> eseed;
  if (!memory::random_bytes(*eseed)) return Error::no_entropy;
  base::mark_secret(eseed->data(), eseed->size());
  return Access::encapsulate(*this, *eseed);
}

std::span<const std::uint8_t> EncapsulationKey::bytes() const& noexcept {
  if (key_ == nullptr) return {};
  return key_->bytes;
}

// EncapsulateDerand() of section 5.4.1.
Result<Encapsulation> Access::encapsulate(const EncapsulationKey& key,
                                          In<kEncapsulationSeedSize> eseed) noexcept {
  const auto* const pk = Access::prepared(key);
  if (pk == nullptr) return Error::moved_from;
  Result<Encapsulation> result(std::in_place);
  auto& ct = result->ciphertext;
  auto secret =
      combine([&](auto ss) noexcept { return seal::encapsulate_both(ct, ss, pk->key, eseed); }, ct,
              pk_X(*pk));
  if (!secret) return secret.error();
  result->secret = std::move(*secret);
  return result;
}

// ---- DecapsulationKey

// expandDecapsulationKey() of section 5.2.
Result<DecapsulationKey> Access::expand(In<kSeedSize> sk) noexcept {
  DecapsulationKey key;
  auto slot = memory::allocate_slot(sizeof(Seeds));
  if (!slot) return slot.error();
  key.seeds_ = std::move(*slot);
  const auto seeds = memory::object_in<Seeds>(key.seeds_);
  if (!seeds) return seeds.error();

  const OpenSecrets open(OpenSecrets::Rights::write);
  Scrubbed<std::array<std::uint8_t, 96>> expanded;  // d || z || sk_X
  hash(*expanded, core::kShake256, {sk});
  base::copy_secret((*seeds)->sk, sk.data(), sk.size());
  base::copy_secret((*seeds)->sk_X, &(*expanded)[64], kX25519Size);
  auto sk_M = latchkey::derand::keygen(std::span(*expanded).first<32>(),
                                       std::span(*expanded).subspan<32, 32>());
  if (!sk_M) return sk_M.error();
  auto pair_X = X25519Key::secret_key(In<32>((*seeds)->sk_X));
  if (!pair_X) return pair_X.error();
  std::array<std::uint8_t, kX25519Size> bytes_X;
  if (const auto written = pair_X->write_public(bytes_X); !written) return written.error();
  auto pk_X = X25519Key::public_key(bytes_X);
  if (!pk_X) return pk_X.error();
  auto pk_M = sk_M->encapsulation_key().clone();
  if (!pk_M) return pk_M.error();
  const auto pub = prepare({std::move(*pk_M), std::move(*pk_X)}, bytes_X);
  if (!pub) return pub.error();
  key.public_ = wrap(*pub);
  key.mlkem_ = std::move(*sk_M);
  if (const auto still = memory::check_after_use(key.seeds_); !still) return still.error();
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
  auto key = Access::expand(seed.first<kSeedSize>());
  if (!key || test == PairwiseTest::skip) return key;
  const auto sent = key->public_.encapsulate();
  if (!sent) return sent.error();
  const auto opened = key->decapsulate(sent->ciphertext);
  if (!opened) return opened.error();
  if (const auto same = must_agree(*opened, sent->secret); !same) return same.error();
  return key;
}

// Section 5.5.
Result<SharedSecret> DecapsulationKey::decapsulate(
    std::span<const std::uint8_t> ciphertext) const noexcept {
  const auto seeds = memory::object_in<Seeds>(seeds_);
  if (!seeds) return seeds.error();
  if (ciphertext.size() != kCiphertextSize) return Error::ciphertext_length;
  const auto ct = ciphertext.first<kCiphertextSize>();
  const auto pk_X = xwing::pk_X(*Access::prepared(public_));
  auto secret = combine(
      [&](auto ss) noexcept {
        return seal::decapsulate_both(ss, mlkem_, In<kX25519Size>((*seeds)->sk_X), pk_X, ct);
      },
      ct, pk_X);
  // The seeds may have been purged before there was a secret to purge.
  if (const auto still = memory::check_after_use(seeds_); !still) return still.error();
  return secret;
}

Result<void> DecapsulationKey::export_seed(std::span<std::uint8_t, kSeedSize> seed) const noexcept {
  base::wipe(seed.data(), seed.size());
  const auto seeds = memory::object_in<Seeds>(seeds_);
  if (!seeds) return seeds.error();
  {
    const OpenSecrets open;
    base::copy_secret(seed.data(), (*seeds)->sk, kSeedSize);
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
  return xwing::Access::encapsulate(key, eseed);
}

}  // namespace latchkey
