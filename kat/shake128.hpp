// SHAKE128 (FIPS 202) as a stream: bytes in, then bytes out. For the accumulated figures.
#pragma once

#include <cstdint>
#include <span>

#include "dispatch/dispatch.hpp"
#include "mlkem/keccak.hpp"

namespace latchkey::kat {

class Shake128 {
 public:
  void absorb(std::span<const std::uint8_t> bytes) {
    for (const std::uint8_t byte : bytes) {
      add(position_, byte);
      if (++position_ == mlkem::kShake128Rate) permute();
    }
  }

  // The first call ends the input.
  void squeeze(std::span<std::uint8_t> bytes) {
    if (!squeezing_) pad();
    for (std::uint8_t& byte : bytes) {
      if (position_ == mlkem::kShake128Rate) permute();
      byte = static_cast<std::uint8_t>(state_[position_ / 8] >> (8 * (position_ % 8)));
      ++position_;
    }
  }

 private:
  void add(std::size_t position, std::uint8_t byte) {
    state_[position / 8] ^= std::uint64_t{byte} << (8 * (position % 8));
  }

  void pad() {
    add(position_, mlkem::kShakeDomain);
    add(mlkem::kShake128Rate - 1, 0x80);
    permute();
    squeezing_ = true;
  }

  // The portable Keccak, whatever backend is under test.
  void permute() {
    dispatch::backends().front().kernels->keccak_f1600(state_);
    position_ = 0;
  }

  std::uint64_t state_[mlkem::kKeccakWords] = {};
  std::size_t position_ = 0;  // in the block that is being absorbed or squeezed
  bool squeezing_ = false;
};

}  // namespace latchkey::kat
