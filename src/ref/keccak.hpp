// Keccak for the portable backend: four lanes are four states, and idle lanes cost nothing.
#pragma once

#include "mlkem/keccak.hpp"
#include "mlkem/sponge.hpp"

namespace latchkey::ref {
namespace {

[[gnu::noinline]] void keccak_f1600(std::uint64_t* words) noexcept {
  mlkem::keccak_f1600<mlkem::PlainWord>(words);
}

class Keccak4 {
 public:
  template <std::size_t Lanes, std::size_t RateWords>
  void start(base::In<32> seed, const std::uint64_t (&tails)[Lanes]) noexcept {
    for (unsigned lane = 0; lane < Lanes; ++lane) start_lane<RateWords>(lane, seed, tails[lane]);
  }
  template <std::size_t RateWords>
  void start_lane(unsigned lane, base::In<32> seed, std::uint64_t tail) noexcept {
    auto& words = state_[lane];
    std::memset(words, 0, sizeof words);
    for (std::size_t i = 0; i < 4; ++i) words[i] = base::load_le64(&seed[8 * i]);
    words[4] = tail;
    words[RateWords - 1] = mlkem::kLastPaddingBit;
  }

  void clear(unsigned lane) noexcept { std::memset(state_[lane], 0, sizeof state_[lane]); }
  void load(unsigned lane, const std::uint64_t* words) noexcept {
    std::memcpy(state_[lane], words, sizeof state_[lane]);
  }
  void save(unsigned lane, std::uint64_t* words) const noexcept {
    std::memcpy(words, state_[lane], sizeof state_[lane]);
  }

  template <std::size_t Rate>
  void absorb(unsigned lane, const std::uint8_t* block) noexcept {
    mlkem::absorb_block<Rate>(state_[lane], block);
  }

  void permute(unsigned lanes) noexcept {
    for (unsigned lane = 0; lane < 4; ++lane) {
      if (lanes >> lane & 1) keccak_f1600(state_[lane]);
    }
  }

  template <std::size_t Lanes, std::size_t Size>
  void extract(std::uint8_t* const (&to)[Lanes]) const noexcept {
    for (unsigned lane = 0; lane < Lanes; ++lane) {
      mlkem::extract_bytes(to[lane], state_[lane], Size);
    }
  }
  void extract_lane(unsigned lane, std::span<std::uint8_t> to) const noexcept {
    mlkem::extract_bytes(to.data(), state_[lane], to.size());
  }

 private:
  std::uint64_t state_[4][mlkem::kKeccakWords] = {};
};

}  // namespace
}  // namespace latchkey::ref
