// What it costs to have secrets in locked memory: here, in libsodium, and with pages for each.
#include <memory>
#include <stdexcept>

#include "candidates.hpp"
#include "inputs.hpp"
#include "latchkey/derand.hpp"
#include "locked_page.hpp"
#include "measure.hpp"
#include "need.hpp"

#ifdef LATCHKEY_BENCH_SODIUM
#include <sodium.h>
#endif

namespace latchkey::bench {
namespace {

void map_one() {
  in_locked_page([](std::uint8_t* secret) {
    *secret = 1;
    benchmark::DoNotOptimize(secret);
  });
}

}  // namespace

void add_memory() {
  // With what goes with it: the slot is wiped, and its canaries are looked at.
  add("secret_alloc/latchkey", [] {
    auto secret = LockedBuffer::create(kSecret);
    if (!secret) throw std::runtime_error(describe(secret.error()));
    benchmark::DoNotOptimize(secret);
  });
  add("secret_alloc/mmap", map_one);
#ifdef LATCHKEY_BENCH_SODIUM
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
  add("secret_alloc/libsodium", [] {
    auto* const secret = static_cast<std::uint8_t*>(sodium_malloc(kSecret));
    if (secret == nullptr) throw std::runtime_error("libsodium has no memory");
    *secret = 1;
    benchmark::DoNotOptimize(secret);
    sodium_free(secret);
  });
#endif
  const auto large = std::make_shared<LockedBuffer>(need(LockedBuffer::create(2 * kPage)));
  add("secret_freeze_thaw/latchkey", [large] {
    if (!large->freeze() || !large->thaw()) throw std::runtime_error("cannot freeze");
  });
  add("secret_scope/latchkey", [] { const OpenSecrets open; });
}

void add_locked_kem(const dispatch::Backend& backend) {
  Inputs inputs;
  Bytes<kSeedSize> seed;
  inputs.fill(seed);
  const auto key = std::make_shared<DecapsulationKey>(need(DecapsulationKey::from_seed(seed)));
  add(
      std::string("encaps_precomputed_locked/") + backend.hash->name,
      [key, seed] {
        auto sent =
            need(derand::encapsulate(key->encapsulation_key(), std::span(seed).first<32>()));
        benchmark::DoNotOptimize(sent);
      },
      1, with_backend(backend));
}

}  // namespace latchkey::bench
