// Does one thing that needs randomness and says how it went, for entropy_faults.py to watch.

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include "latchkey/mlkem768.hpp"
#include "memory/entropy.hpp"

namespace {

int report(bool good, const char* what) {
  std::puts(what);
  return good ? 0 : 1;
}

template <class T>
int report(const latchkey::Result<T>& result) {
  return report(result.has_value(), result ? "ok" : latchkey::describe(result.error()));
}

// A buffer of which every byte is known beforehand.
int fill_buffer() {
  std::array<std::uint8_t, 64> buffer;
  buffer.fill(0xaa);
  const auto count = [&](std::uint8_t value) { return std::ranges::count(buffer, value); };
  if (latchkey::memory::random_bytes(buffer)) {
    return report(true, count(0xaa) < 8 ? "ok" : "ok, but not filled");
  }
  return report(false, count(0) == 64 ? "failed, zeroed" : "failed, not zeroed");
}

}  // namespace

int main(int argc, char** argv) {
  using namespace latchkey;
  const std::string_view task = argc == 2 ? argv[1] : "";
  if (!LockedBuffer::create(1)) return 2;  // the memory for secrets asks for random canaries, once
  if (task == "buffer") return fill_buffer();
  if (task == "generate") return report(DecapsulationKey::generate());
  if (task == "encapsulate") {
    constexpr std::array<std::uint8_t, kSeedSize> kSeed{};
    const auto key = DecapsulationKey::from_seed(kSeed);
    return key ? report(key->encapsulation_key().encapsulate()) : 2;
  }
  std::fputs("usage: entropy_probe buffer|generate|encapsulate\n", stderr);
  return 2;
}
