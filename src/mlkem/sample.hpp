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
// Algorithm 7, steps 5 to 16, is the kernel B::reject_vartime(). Call in this order: the
// constructor, next_block() three times, finish_vartime().
template <Backend B, std::size_t Streams, std::size_t k>
class MatrixStreams {
 public:
  using Keccak4 = typename B::Keccak4;

  // Only describes: the streams start with the first block.
  [[gnu::always_inline]] MatrixStreams(NttPoly (&a_hat)[k][k], std::size_t first) noexcept {
    for (std::size_t s = 0; s < Streams; ++s) {
      const std::size_t i = base::quotient<k>(first + s), j = first + s - k * i;
      entries_[s] = &a_hat[i][j];
      tails_[s] = j | std::uint64_t{i} << 8 | std::uint64_t{kShakeDomain} << 16;
    }
  }

  [[gnu::always_inline]] void start(In<32> rho, Keccak4& keccak) const noexcept {
    keccak.template start<Streams, kShake128Rate / 8>(rho, tails_);
  }

  template <class... Riders>
  [[gnu::always_inline]] void next_block(std::size_t block, Keccak4& keccak,
                                         Riders&... riders) noexcept {
    static_assert(Streams + sizeof...(Riders) <= 4);
    permute<B>(keccak, kAll, riders...);
    extract(block * kShake128Rate, keccak);
  }

  // Needs more permutations for streams that are late.
  template <class... Riders>
  [[gnu::always_inline]] void finish_vartime(Keccak4& keccak, Riders&... riders) noexcept {
    std::size_t counts[Streams];
    unsigned unfinished = 0;
    const auto accept = [&](std::size_t s, std::size_t size) __attribute__((always_inline)) {
      counts[s] = B::reject_vartime(*entries_[s], counts[s], std::span(buffers_[s], size));
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
      extract(0, keccak);
      for (std::size_t s = 0; s < Streams; ++s)
        accept(s, kShake128Rate);  // a polynomial that is complete accepts nothing
    }
  }

 private:
  static constexpr unsigned kAll = (1u << Streams) - 1;

  [[gnu::always_inline]] void extract(std::size_t offset, const Keccak4& keccak) noexcept {
    std::uint8_t* to[Streams];
    for (std::size_t s = 0; s < Streams; ++s) to[s] = buffers_[s] + offset;
    keccak.template extract<Streams, kShake128Rate>(to);
  }

  alignas(32) std::uint8_t buffers_[Streams][kFirstBlocks];
  std::uint64_t tails_[Streams];
  NttPoly* entries_[Streams];
};

// All of a group.
template <Backend B, std::size_t Streams, std::size_t k, class... Riders>
void sample_matrix_vartime(NttPoly (&a_hat)[k][k], std::size_t first, In<32> rho,
                           typename B::Keccak4& keccak, Riders&... riders) noexcept {
  MatrixStreams<B, Streams, k> streams(a_hat, first);
  streams.start(rho, keccak);
  for (std::size_t block = 0; block < 3; ++block) streams.next_block(block, keccak, riders...);
  streams.finish_vartime(keccak, riders...);
}

inline constexpr std::size_t prf_blocks(unsigned eta) {
  return (noise_size(eta) + kShake256Rate - 1) / kShake256Rate;
}

// PRF_eta(seed, nonce) of section 4.1, 64 eta bytes each, for `Count` consecutive nonces of a
// KeyNoise or an EncryptionNoise: prf_blocks(eta) permutations.
template <Backend B, std::size_t Count, unsigned eta, class Noise, class... Riders>
void prf(Noise& noise, In<32> seed, std::size_t first_nonce, typename B::Keccak4& keccak,
         Riders&... riders) noexcept {
  static_assert(Count + sizeof...(Riders) <= 4);
  std::uint64_t tails[Count];
  for (std::size_t i = 0; i < Count; ++i) {
    tails[i] = prf_tail(first_nonce + i);
  }
  keccak.template start<Count, kShake256Rate / 8>(seed, tails);
  static_for<prf_blocks(eta)>([&](auto block) __attribute__((always_inline)) {
    constexpr std::size_t kOffset = block * kShake256Rate;
    permute<B>(keccak, (1u << Count) - 1, riders...);
    std::uint8_t* to[Count];
    for (std::size_t i = 0; i < Count; ++i) to[i] = noise.output(first_nonce + i).data() + kOffset;
    keccak.template extract<Count, std::min(kShake256Rate, noise_size(eta) - kOffset)>(to);
  });
}

// The same for nonces First to End - 1, in lanes 0 to Lanes - 1.
template <Backend B, std::size_t Lanes, unsigned eta, std::size_t First, std::size_t End,
          class Noise, class... Riders>
void prf_in_lanes(Noise& noise, In<32> seed, typename B::Keccak4& keccak,
                  Riders&... riders) noexcept {
  if constexpr (First < End) {
    constexpr std::size_t kCount = std::min(Lanes, End - First);
    prf<B, kCount, eta>(noise, seed, First, keccak, riders...);
    prf_in_lanes<B, Lanes, eta, First + kCount, End>(noise, seed, keccak, riders...);
  }
}

// Riders of one kind, each with a lane of its own, as one.
template <class Rider>
struct RidersOf {
  std::span<Rider> all;

  unsigned feed(typename Rider::Keccak4& keccak) noexcept {
    unsigned lanes = 0;
    for (Rider& rider : all) lanes |= rider.feed(keccak);
    return lanes;
  }
  void collect(const typename Rider::Keccak4& keccak) noexcept {
    for (Rider& rider : all) rider.collect(keccak);
  }
};

// All of Algorithm 14, steps 9 to 17, in lanes 0 to Lanes - 1.
template <Backend B, std::size_t Lanes, ParameterSet p, class... Riders>
void sample_noise(EncryptionNoise<p>& noise, In<32> r, typename B::Keccak4& keccak,
                  Riders&... riders) noexcept {
  constexpr std::size_t kCount = EncryptionNoise<p>::kCount;
  if constexpr (p.eta1 == p.eta2) {
    prf_in_lanes<B, Lanes, p.eta1, 0, kCount>(noise, r, keccak, riders...);
  } else if constexpr (p.k < Lanes) {
    // y takes more blocks a polynomial than e1 and e2, which share the lanes that it leaves.
    constexpr std::size_t kRest = Lanes - p.k;
    static_assert(kRest <= 2);
    using Rider = PrfRider<B, EncryptionNoise<p>>;
    Rider rest[] = {Rider(p.k, noise, r, {p.k, kRest, kCount}),
                    Rider(p.k + kRest - 1, noise, r, {p.k + kRest - 1, kRest, kCount})};
    RidersOf<Rider> e{std::span(rest).first(kRest)};
    prf<B, p.k, p.eta1>(noise, r, 0, keccak, e, riders...);
    while (!rest[0].is_done()) permute<B>(keccak, 0, e, riders...);
  } else {
    prf_in_lanes<B, Lanes, p.eta1, 0, p.k>(noise, r, keccak, riders...);
    prf_in_lanes<B, Lanes, p.eta2, p.k, kCount>(noise, r, keccak, riders...);
  }
}

}  // namespace latchkey::mlkem
