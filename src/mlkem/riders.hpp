// Riders: hashes that use one lane of Keccak each, whatever the other lanes do.
//
// Expanding A_hat takes two to four lanes at a time, and others would be idle. A rider uses one: it
// is fed before every permutation and read after it. How many permutations there are depends on rho
// alone, which is public, and so does all control flow here.
#pragma once

#include "mlkem/noise.hpp"
#include "mlkem/sponge.hpp"

namespace latchkey::mlkem {

// Hashes a message: H(ek), J(z || c), G(m || h).
template <Backend B, class Message, std::size_t DigestSize>
class HashRider {
 public:
  using Keccak4 = typename B::Keccak4;

  HashRider(unsigned lane, Message message, Out<DigestSize> digest) noexcept
      : lane_(lane), message_(message), digest_(digest), final_blocks_(message.blocks()) {}

  // How many blocks of the message are written and final so far. Default: all.
  void set_final_blocks(std::size_t blocks) noexcept { final_blocks_ = blocks; }

  [[nodiscard]] bool is_done() const noexcept { return next_ == message_.blocks(); }

  // Before a permutation. Returns the lanes that need it.
  unsigned feed(Keccak4& keccak) noexcept {
    if (next_ == final_blocks_) {
      // The lane is about to be permuted without a block: put the state aside.
      if (next_ > 0 && next_ < message_.blocks()) put_aside(keccak);
      return 0;
    }
    if (next_ == 0) keccak.clear(lane_);
    if (aside_) keccak.load(lane_, state_.words);
    aside_ = false;
    keccak.template absorb<Message::kRate>(lane_, message_.block(next_, scratch_));
    fed_ = true;
    return 1u << lane_;
  }

  // After that permutation.
  void collect(const Keccak4& keccak) noexcept {
    if (!fed_) return;
    fed_ = false;
    ++next_;
    if (is_done()) keccak.extract_lane(lane_, digest_);
  }

  // Absorbs the remaining blocks alone, and gives the digest. At least one is left.
  void finish(const Keccak4& keccak) noexcept {
    if (next_ == 0) {
      state_ = {};
    } else {
      put_aside(keccak);
    }
    absorb_from<B>(state_, next_, message_);
    extract_bytes(digest_.data(), state_.words, digest_.size());
  }

 private:
  void put_aside(const Keccak4& keccak) noexcept {
    if (!aside_) keccak.save(lane_, state_.words);
    aside_ = true;
  }

  unsigned lane_;
  Message message_;
  Out<DigestSize> digest_;
  std::size_t final_blocks_;
  std::size_t next_ = 0;
  bool fed_ = false;
  bool aside_ = false;
  KeccakState state_;
  std::array<std::uint8_t, Message::kRate> scratch_;
};

template <Backend B>
using GRider = HashRider<B, GMessage, 64>;
template <Backend B>
using HRider = HashRider<B, HMessage, 32>;
template <Backend B>
using JRider = HashRider<B, JMessage, 32>;

// The nonces of a PRF: first, first + step, ... below `end`.
struct Nonces {
  std::size_t first = 0, step = 1, end;
};

// The word of a padded block SEED || nonce of SHAKE256 that follows the seed.
constexpr std::uint64_t prf_tail(std::size_t nonce) noexcept {
  return nonce | std::uint64_t{kShakeDomain} << 8;
}

// PRF_eta (section 4.1): SHAKE256(seed || nonce), 64 eta bytes, for some of the nonces of `Noise`,
// which is KeyNoise or EncryptionNoise. The seed may become known as late as the first feed().
template <Backend B, class Noise>
class PrfRider {
 public:
  using Keccak4 = typename B::Keccak4;

  PrfRider(unsigned lane, Noise& noise, In<32> seed,
           Nonces nonces = {.end = Noise::kCount}) noexcept
      : lane_(lane), noise_(&noise), seed_(seed), nonces_(nonces) {}

  [[nodiscard]] bool is_done() const noexcept { return nonces_.first >= nonces_.end; }

  unsigned feed(Keccak4& keccak) noexcept {
    if (is_done()) return 0;
    if (extracted_ == 0) {
      keccak.template start_lane<kShake256Rate / 8>(lane_, seed_, prf_tail(nonces_.first));
    }
    fed_ = true;
    return 1u << lane_;
  }

  void collect(const Keccak4& keccak) noexcept {
    if (!fed_) return;
    fed_ = false;
    const auto rest = noise_->output(nonces_.first).subspan(extracted_);
    const std::size_t size = std::min(rest.size(), kShake256Rate);
    keccak.extract_lane(lane_, rest.first(size));
    extracted_ += size;
    if (size < rest.size()) return;  // a block is left
    extracted_ = 0;
    nonces_.first += nonces_.step;
  }

 private:
  unsigned lane_;
  Noise* noise_;
  In<32> seed_;
  Nonces nonces_;              // those that are left
  std::size_t extracted_ = 0;  // of this nonce's bytes
  bool fed_ = false;
};

// Two riders of one lane, one after the other.
template <class First, class Second>
class InTurn {
 public:
  using Keccak4 = typename First::Keccak4;

  InTurn(First& first, Second& second) noexcept : first_(first), second_(second) {}

  [[nodiscard]] bool is_done() const noexcept { return first_.is_done() && second_.is_done(); }
  unsigned feed(Keccak4& keccak) noexcept {
    return first_.is_done() ? second_.feed(keccak) : first_.feed(keccak);
  }
  void collect(const Keccak4& keccak) noexcept {
    first_.collect(keccak);
    second_.collect(keccak);
  }

 private:
  First& first_;
  Second& second_;
};

}  // namespace latchkey::mlkem
