// SHA-3 and SHAKE (FIPS 202) and TurboSHAKE (RFC 9861) with any length in and out, for the layers
// above ML-KEM.
#pragma once

#include "mlkem/sponge.hpp"

namespace latchkey::mlkem {

// Rate in bytes, the bits that tell SHA-3 from SHAKE, before the padding, and the rounds of a
// permutation: 24 or 12.
struct SpongeKind {
  std::size_t rate;
  std::uint8_t domain;
  std::uint8_t rounds = kKeccakRounds;
};
inline constexpr SpongeKind kSha3_256{kSha3_256Rate, kSha3Domain};
inline constexpr SpongeKind kShake128{kShake128Rate, kShakeDomain};
inline constexpr SpongeKind kShake256{kShake256Rate, kShakeDomain};
// With the domain separation byte 1F, the one that RFC 9861 takes unless told otherwise.
inline constexpr SpongeKind kTurboShake128{kShake128Rate, kShakeDomain, kTurboRounds};
inline constexpr SpongeKind kTurboShake256{kShake256Rate, kShakeDomain, kTurboRounds};

using Parts = std::span<const std::span<const std::uint8_t>>;

// On plain words in every backend: an application that hashes little gains nothing from vectors.
template <Backend B>
[[gnu::noinline]] void keccak_turbo(std::uint64_t* words) noexcept {
  keccak_p1600<PlainWord, kTurboRounds>(words);
}

template <Backend B>
[[gnu::always_inline]] inline void permute(KeccakState& state, SpongeKind kind) noexcept {
  if (kind.rounds == kKeccakRounds) {
    B::keccak_f1600(state.words);
  } else {
    keccak_turbo<B>(state.words);
  }
}

// out = the first bytes of the sponge of all parts, one behind the other. The lengths are public.
template <Backend B>
void hash_parts(std::span<std::uint8_t> out, SpongeKind kind, Parts parts) noexcept {
  KeccakState state = {};
  std::array<std::uint8_t, kShake128Rate> block;  // the largest rate
  std::size_t filled = 0;
  const auto absorb = [&] {
    for (std::size_t i = 0; i < kind.rate / 8; ++i) {
      state.words[i] ^= base::load_le64(block.data() + 8 * i);
    }
    permute<B>(state, kind);
    filled = 0;
  };

  for (auto part : parts) {
    while (!part.empty()) {
      const std::size_t size = std::min(kind.rate - filled, part.size());
      std::memcpy(block.data() + filled, part.data(), size);
      filled += size;
      part = part.subspan(size);
      if (filled == kind.rate) absorb();
    }
  }
  std::memset(block.data() + filled, 0, kind.rate - filled);
  block[filled] = kind.domain;
  block[kind.rate - 1] |= 0x80;
  absorb();

  for (;;) {
    for (std::size_t i = 0; i < kind.rate / 8; ++i) {
      base::store_le64(block.data() + 8 * i, state.words[i]);
    }
    const std::size_t size = std::min(kind.rate, out.size());
    std::memcpy(out.data(), block.data(), size);
    out = out.subspan(size);
    if (out.empty()) return;
    permute<B>(state, kind);
  }
}

}  // namespace latchkey::mlkem
