// Keccak in four lanes at once and alone, under messages of different lengths and hashes, against
// OpenSSL.

#include <algorithm>
#include <memory>

#include "mlkem/openssl.hpp"
#include "mlkem/sponge.hpp"
#include "support.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

using State = std::uint64_t[mlkem::kKeccakWords];
constexpr std::size_t kLanes = 4;
constexpr std::size_t kOutput = 400;  // of a SHAKE; more than two blocks of either

// A hash of one message, block by block; somebody else permutes the state.
class Sponge {
 public:
  virtual ~Sponge() = default;
  // Before a permutation: whether the state has to be permuted.
  virtual bool feed(State& state) = 0;
  // After it.
  virtual void collect(const State& state) = 0;
  virtual void check() const = 0;
};

template <std::size_t Rate, std::uint8_t Domain>
class Hash : public Sponge {
 public:
  using Oracle = Bytes (*)(View message, std::size_t size);

  Hash(Bytes first, Bytes second, std::size_t size, Oracle oracle)
      : first_(std::move(first)), second_(std::move(second)), size_(size), oracle_(oracle) {}

  bool feed(State& state) override {
    if (fed_ >= message_.blocks()) return out_.size() < size_;  // squeezing
    std::array<std::uint8_t, Rate> scratch;
    mlkem::absorb_block<Rate>(state, message_.block(fed_++, scratch));
    return true;
  }
  void collect(const State& state) override {
    if (fed_ < message_.blocks() || out_.size() >= size_) return;
    std::uint8_t block[Rate];
    mlkem::extract_bytes(block, state, Rate);
    out_.insert(out_.end(), block, block + std::min(Rate, size_ - out_.size()));
  }
  void check() const override {
    Bytes whole = first_;
    whole.insert(whole.end(), second_.begin(), second_.end());
    require(out_ == oracle_(whole, size_), "a hash is OpenSSL's");
  }

 private:
  Bytes first_, second_;
  std::size_t size_;
  Oracle oracle_;
  mlkem::Message<Rate, Domain> message_{first_, second_};
  std::size_t fed_ = 0;
  Bytes out_;
};

using Sha3_256 = Hash<mlkem::kSha3_256Rate, mlkem::kSha3Domain>;
using Sha3_512 = Hash<mlkem::kSha3_512Rate, mlkem::kSha3Domain>;
using Shake128 = Hash<mlkem::kShake128Rate, mlkem::kShakeDomain>;
using Shake256 = Hash<mlkem::kShake256Rate, mlkem::kShakeDomain>;

std::unique_ptr<Sponge> read_sponge(Input& input) {
  const std::uint8_t kind = input.byte();
  const std::size_t first_size = input.number() % 600, second_size = input.byte();
  const std::size_t size = kind >> 2 != 0 ? input.number() % kOutput + 1 : 32;
  // Long messages need no long inputs: what is missing repeats.
  const std::uint8_t fill = input.byte();
  Bytes first(first_size, fill), second(second_size, static_cast<std::uint8_t>(~fill));
  if (!first.empty()) first[first.size() / 2] = input.byte();
  if (!second.empty()) second.back() = input.byte();
  switch (kind % 4) {
    case 0:
      return std::make_unique<Sha3_256>(
          first, second, 32, [](View m, std::size_t) { return test::openssl::sha3_256(m); });
    case 1:
      return std::make_unique<Sha3_512>(
          first, second, 64, [](View m, std::size_t) { return test::openssl::sha3_512(m); });
    case 2:
      return std::make_unique<Shake128>(first, second, size, test::openssl::shake128);
    default:
      return std::make_unique<Shake256>(first, second, size, test::openssl::shake256);
  }
}

void run_alone(const mlkem::KernelTable& kernels, Sponge& sponge) {
  State state = {};
  while (sponge.feed(state)) {
    kernels.keccak_f1600(state);
    sponge.collect(state);
  }
}

void run_together(const mlkem::KernelTable& kernels, std::span<std::unique_ptr<Sponge>> sponges) {
  std::uint64_t states[kLanes][mlkem::kKeccakWords] = {};
  for (bool some = true; some;) {
    some = false;
    bool fed[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      fed[lane] = sponges[lane]->feed(states[lane]);
      some = some || fed[lane];
    }
    kernels.keccak_f1600_x4(states);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      if (fed[lane]) sponges[lane]->collect(states[lane]);
    }
  }
}

}  // namespace

void keccak(View data) {
  Input input(data);
  const mlkem::KernelTable& kernels = *pick_backend(input).kernels;
  std::vector<std::unique_ptr<Sponge>> sponges;
  for (std::size_t lane = 0; lane < kLanes; ++lane) sponges.push_back(read_sponge(input));
  run_together(kernels, sponges);
  const auto alone = read_sponge(input);
  run_alone(kernels, *alone);
  for (const auto& sponge : sponges) sponge->check();
  alone->check();
}

}  // namespace latchkey::fuzz
