// What it costs to seal and open 32 bytes in an enclave; and beside it the cipher alone, and an
// opening into pages of its own.
#include "latchkey/enclave.hpp"

#include <array>
#include <memory>

#include "candidates.hpp"
#include "crypto/aead.hpp"
#include "locked_page.hpp"
#include "measure.hpp"

namespace latchkey::bench {
namespace {

template <class T>
void need(const Result<T>& result) {
  if (!result) throw std::runtime_error(describe(result.error()));
}

// The same cipher with all that it needs at hand.
struct Bare {
  static constexpr auto kAead = hpke::Aead::chacha20_poly1305;

  void seal() { need(crypto::aead_seal(box, kAead, key, nonce, secret, {aad})); }
  void open_to(std::uint8_t* to) {
    need(crypto::aead_open({to, kSecret}, kAead, key, nonce, box, {aad}));
  }

  std::array<std::uint8_t, 32> key{};
  std::array<std::uint8_t, crypto::kNonceSize> nonce{};
  std::array<std::uint8_t, 24> aad{};
  std::array<std::uint8_t, kSecret> secret{};
  std::array<std::uint8_t, kSecret + hpke::kTagSize> box{};
};

}  // namespace

void add_enclaves() {
  const auto bare = std::make_shared<Bare>();
  bare->seal();
  add("enclave_seal/latchkey", [bare] {
    const auto enclave = Enclave::seal(bare->secret);
    need(enclave);
    benchmark::DoNotOptimize(enclave);
  });
  add("enclave_seal/libcrypto", [bare] { bare->seal(); });

  auto enclave = Enclave::seal(bare->secret);
  need(enclave);
  add("enclave_open/latchkey", [enclave = std::make_shared<Enclave>(std::move(*enclave))] {
    const auto opened = enclave->open();
    need(opened);
    benchmark::DoNotOptimize(opened);
  });
  add("enclave_open/libcrypto", [bare] { bare->open_to(bare->secret.data()); });
  add("enclave_open/mmap", [bare] {
    in_locked_page([&](std::uint8_t* page) {
      bare->open_to(page);
      mprotect(page, kPage, PROT_READ);
      benchmark::DoNotOptimize(page);
      mprotect(page, kPage, PROT_READ | PROT_WRITE);
    });
  });
}

}  // namespace latchkey::bench
