// The hashing of sampling, in the lanes of one Keccak: SampleNTT (FIPS 203, Algorithm 7) for the
// matrix A_hat, and the PRF (section 4.1) for the noise.
#pragma once

#include "mlkem/riders.hpp"

namespace latchkey::mlkem {

// One permutation for the given lanes and for what the riders bring.
template <Backend B, class... Riders>
void permute(typename B::Keccak4& keccak, unsigned lanes, Riders&... riders) noexcept {
  ((lanes |= riders.feed(keccak)), ...);
  keccak.permute(lanes);
  (riders.collect(keccak), ...);
}

// Bytes of three SHAKE128 blocks, which hold 256 coefficients in 99.17 % of the streams.
inline constexpr std::size_t kFirstBlocks = 3 * kShake128Rate;

// Algorithm 7, SampleNTT(rho || j || i), for `Streams` entries of A_hat, from entry `first` on in
// row-major order. Entry first + s has lane s; riders have lanes from `Streams` on. The loop of
// Algorithm 7, steps 5 to 16, is the kernel B::reject_vartime().
template <Backend B, std::size_t Streams, class... Riders>
void sample_matrix_vartime(NttMatrix& a_hat, std::size_t first, In<32> rho,
                           typename B::Keccak4& keccak, Riders&... riders) noexcept {
  static_assert(Streams + sizeof...(Riders) <= 4);
  alignas(32) std::uint8_t buffers[Streams][kFirstBlocks];

  std::uint64_t tails[Streams];
  NttPoly* entries[Streams];
  for (std::size_t s = 0; s < Streams; ++s) {
    const std::size_t i = base::quotient<kK>(first + s), j = first + s - kK * i;
    entries[s] = &a_hat[i][j];
    tails[s] = j | std::uint64_t{i} << 8 | std::uint64_t{kShakeDomain} << 16;
  }
  keccak.template start<Streams, kShake128Rate / 8>(rho, tails);

  const auto extract = [&](std::size_t offset) __attribute__((always_inline)) {
    std::uint8_t* to[Streams];
    for (std::size_t s = 0; s < Streams; ++s) to[s] = buffers[s] + offset;
    keccak.template extract<Streams, kShake128Rate>(to);
  };

  constexpr unsigned kAllStreams = (1u << Streams) - 1;
  for (std::size_t block = 0; block < 3; ++block) {
    permute<B>(keccak, kAllStreams, riders...);
    extract(block * kShake128Rate);
  }
  std::size_t counts[Streams];
  unsigned unfinished = 0;
  const auto accept = [&](std::size_t s, std::size_t size) __attribute__((always_inline)) {
    counts[s] = B::reject_vartime(*entries[s], counts[s], std::span(buffers[s], size));
    if (counts[s] < kN) unfinished |= 1u << s;
  };
  for (std::size_t s = 0; s < Streams; ++s) {
    counts[s] = 0;
    accept(s, kFirstBlocks);
  }
  while (unfinished != 0) {
    const unsigned again = unfinished;
    unfinished = 0;
    permute<B>(keccak, again, riders...);
    extract(0);
    for (std::size_t s = 0; s < Streams; ++s)
      accept(s, kShake128Rate);  // a polynomial that is complete accepts nothing
  }
}

// PRF_2(seed, nonce) of section 4.1, 128 bytes each, for `Count` consecutive nonces: one
// permutation.
template <Backend B, std::size_t Count, class... Riders>
void prf(NoiseBytes* outputs, In<32> seed, std::uint8_t first_nonce, typename B::Keccak4& keccak,
         Riders&... riders) noexcept {
  static_assert(Count + sizeof...(Riders) <= 4);
  std::uint64_t tails[Count];
  for (std::size_t i = 0; i < Count; ++i) {
    tails[i] = (first_nonce + i) | std::uint64_t{kShakeDomain} << 8;
  }
  keccak.template start<Count, kShake256Rate / 8>(seed, tails);
  permute<B>(keccak, (1u << Count) - 1, riders...);
  std::uint8_t* to[Count];
  for (std::size_t i = 0; i < Count; ++i) to[i] = outputs[i].data();
  keccak.template extract<Count, kNoiseSize>(to);
}

}  // namespace latchkey::mlkem
