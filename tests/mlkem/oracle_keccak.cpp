#include "mlkem/oracle_keccak.hpp"

#include <array>
#include <bit>

namespace latchkey::test::oracle {
namespace {

using Lane = std::uint64_t;
struct State {
  Lane a[5][5];  // a[x][y]
};

// Algorithm 1. C[x, z] is the parity of a column, D[x, z] = C[x - 1, z] ^ C[x + 1, z - 1].
State theta(const State& state) {
  Lane c[5];
  for (int x = 0; x < 5; ++x) {
    c[x] = 0;
    for (int y = 0; y < 5; ++y) c[x] ^= state.a[x][y];
  }
  State result;
  for (int x = 0; x < 5; ++x) {
    const Lane d = c[(x + 4) % 5] ^ std::rotl(c[(x + 1) % 5], 1);
    for (int y = 0; y < 5; ++y) result.a[x][y] = state.a[x][y] ^ d;
  }
  return result;
}

// Algorithm 2. Lane (1, 0) is rotated by 1, and so on along (x, y) -> (y, 2x + 3y).
State rho(const State& state) {
  State result = state;
  int x = 1, y = 0;
  for (int t = 0; t <= 23; ++t) {
    result.a[x][y] = std::rotl(state.a[x][y], (t + 1) * (t + 2) / 2 % 64);
    const int next_y = (2 * x + 3 * y) % 5;
    x = y;
    y = next_y;
  }
  return result;
}

// Algorithm 3.
State pi(const State& state) {
  State result;
  for (int x = 0; x < 5; ++x) {
    for (int y = 0; y < 5; ++y) result.a[x][y] = state.a[(x + 3 * y) % 5][x];
  }
  return result;
}

// Algorithm 4.
State chi(const State& state) {
  State result;
  for (int x = 0; x < 5; ++x) {
    for (int y = 0; y < 5; ++y) {
      result.a[x][y] = state.a[x][y] ^ (~state.a[(x + 1) % 5][y] & state.a[(x + 2) % 5][y]);
    }
  }
  return result;
}

// Algorithm 5, on an array of the bits R[0] .. R[8].
bool rc(int t) {
  std::array<bool, 9> r = {true, false, false, false, false, false, false, false, false};
  for (int i = 1; i <= t % 255; ++i) {
    for (std::size_t j = 8; j > 0; --j) r[j] = r[j - 1];
    r[0] = false;
    r[0] ^= r[8];
    r[4] ^= r[8];
    r[5] ^= r[8];
    r[6] ^= r[8];
  }
  return r[0];
}

// Algorithm 6. The constants are kept, only to be quicker.
State iota(const State& state, int round) {
  static const auto round_constants = [] {
    std::array<Lane, 24> constants = {};
    for (int i = 0; i < 24; ++i) {
      for (int j = 0; j <= 6; ++j) {
        if (rc(j + 7 * i)) constants.at(i) |= Lane{1} << ((1 << j) - 1);
      }
    }
    return constants;
  }();
  State result = state;
  result.a[0][0] ^= round_constants.at(round);
  return result;
}

}  // namespace

void keccak_f1600(std::uint64_t (&words)[25]) { keccak_p1600(words, 24); }

void keccak_p1600(std::uint64_t (&words)[25], int rounds) {
  State state;
  for (int x = 0; x < 5; ++x) {
    for (int y = 0; y < 5; ++y) state.a[x][y] = words[x + 5 * y];
  }
  for (int round = 24 - rounds; round < 24; ++round) {
    state = iota(chi(pi(rho(theta(state)))), round);
  }
  for (int x = 0; x < 5; ++x) {
    for (int y = 0; y < 5; ++y) words[x + 5 * y] = state.a[x][y];
  }
}

std::vector<std::uint8_t> turboshake(std::size_t rate, std::span<const std::uint8_t> message,
                                     std::size_t size) {
  std::vector<std::uint8_t> padded(message.begin(), message.end());
  padded.push_back(0x1f);
  padded.resize((padded.size() + rate - 1) / rate * rate);
  padded.back() ^= 0x80;
  std::uint64_t words[25] = {};
  for (std::size_t at = 0; at < padded.size(); at += rate) {
    for (std::size_t i = 0; i < rate; ++i) {
      words[i / 8] ^= std::uint64_t{padded[at + i]} << 8 * (i % 8);
    }
    keccak_p1600(words, 12);
  }
  std::vector<std::uint8_t> out;
  while (out.size() < size) {
    for (std::size_t i = 0; i < rate && out.size() < size; ++i) {
      out.push_back(static_cast<std::uint8_t>(words[i / 8] >> 8 * (i % 8)));
    }
    keccak_p1600(words, 12);
  }
  return out;
}

}  // namespace latchkey::test::oracle
