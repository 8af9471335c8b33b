// The self-test fails if any function of the backend's table is wrong: in one bit of any field that
// it writes, or in what it accepts. One fault at a time, at random positions.

#include <functional>
#include <string>

#include "api/support.hpp"
#include "support/injected_backend.hpp"

namespace latchkey::test {
namespace {

using base::In;
using base::Out;
using mlkem::DecapsJob;
using mlkem::EncapsJob;
using mlkem::KeyCheck;
using mlkem::KeygenJob;
using mlkem::PublicKey;
using mlkem::SecretKey;

// The fault that is injected now. Functions of a table have no other way to learn of it.
struct Fault {
  std::function<void(PublicKey&)> in_pub = [](PublicKey&) {};
  std::function<void(SecretKey&)> in_sec = [](SecretKey&) {};
  std::function<void(std::uint8_t*)> in_bytes = [](std::uint8_t*) {};
  KeyCheck replaced = KeyCheck::passed, by = KeyCheck::passed;  // a verdict
  std::size_t job = 0;

  [[nodiscard]] KeyCheck verdict(KeyCheck right) const { return right == replaced ? by : right; }
};
Fault fault;

class Faults {
 public:
  explicit Faults(Random& random) : random_(random) {}

  // Injects a fault of each kind into `function`, and requires that the self-test fails each time.
  template <class F>
  void require_noticed(const char* function, const std::vector<std::string>& kinds, F inject) {
    for (const std::string& kind : kinds) {
      for (int i = 0; i < 3; ++i) {
        fault = {};
        choose(kind);
        CAPTURE(function, kind, fault.job);
        InjectedBackend injected;
        inject(injected.backend);
        require_error(self_test(), Error::self_test_failed);
      }
    }
    fault = {};
    InjectedBackend injected;
    inject(injected.backend);
    REQUIRE(self_test().has_value());  // the way of injecting is no fault
  }

  std::size_t jobs = 1;  // of a batch

 private:
  static std::size_t size_of(const std::string& kind) {
    if (kind == "c") return kCiphertextSize;
    return kind == "dk" ? kDecapsulationKeySize : 32;
  }

  void choose(const std::string& kind) {
    const auto i = random_.between<std::size_t>(0, mlkem::kK - 1);
    const auto j = random_.between<std::size_t>(0, mlkem::kK - 1);
    const auto n = random_.between<std::size_t>(0, mlkem::kN - 1);
    const auto at32 = n % 32;
    const auto bit = static_cast<std::uint8_t>(1 << random_.between(0, 7));
    fault.job = random_.between<std::size_t>(0, jobs - 1);
    if (kind == "a_hat") fault.in_pub = [=](PublicKey& pub) { pub.a_hat[i][j].c[n] ^= 1; };
    if (kind == "t_hat") fault.in_pub = [=](PublicKey& pub) { pub.t_hat[i].c[n] ^= 1; };
    if (kind == "h") fault.in_pub = [=](PublicKey& pub) { pub.h[at32] ^= bit; };
    if (kind == "ek") fault.in_pub = [=](PublicKey& pub) { pub.ek[n] ^= bit; };
    if (kind == "s_hat") fault.in_sec = [=](SecretKey& sec) { sec.s_hat[i].c[n] ^= 1; };
    if (kind == "d") fault.in_sec = [=](SecretKey& sec) { sec.d[at32] ^= bit; };
    if (kind == "z") fault.in_sec = [=](SecretKey& sec) { sec.z[at32] ^= bit; };
    if (kind == "c" || kind == "K" || kind == "dk") {
      const auto at = random_.between<std::size_t>(0, size_of(kind) - 1);
      fault.in_bytes = [=](std::uint8_t* bytes) { bytes[at] ^= bit; };
    }
    if (kind == "refuses") fault.by = KeyCheck::hash_mismatch;
    if (kind == "accepts q or more") fault.replaced = KeyCheck::not_reduced;
    if (kind == "accepts any hash") fault.replaced = KeyCheck::hash_mismatch;
  }

  Random& random_;
};

const std::vector<std::string> kPublic = {"a_hat", "t_hat", "h", "ek"};
const std::vector<std::string> kBoth = {"a_hat", "t_hat", "h", "ek", "s_hat", "d", "z"};

TEST_CASE("The self-test notices each wrong field and verdict of each single operation") {
  Random random;
  Faults faults(random);
  faults.require_noticed("keygen", kBoth, [](mlkem::KemTable& backend) {
    backend.keygen = [](PublicKey& pub, SecretKey& sec, In<32> d, In<32> z) noexcept {
      right_backend().keygen(pub, sec, d, z);
      fault.in_pub(pub);
      fault.in_sec(sec);
    };
  });
  const auto parse = [](mlkem::KemTable& backend) {
    backend.precompute_ek_vartime = [](PublicKey& pub, In<kEncapsulationKeySize> ek) noexcept {
      const auto check = right_backend().precompute_ek_vartime(pub, ek);
      fault.in_pub(pub);
      return fault.verdict(check);
    };
  };
  faults.require_noticed("precompute_ek_vartime", kPublic, parse);
  faults.require_noticed("precompute_ek_vartime", {"refuses", "accepts q or more"}, parse);
  const auto import = [](mlkem::KemTable& backend) {
    backend.precompute_dk = [](PublicKey& pub, SecretKey& sec,
                               In<kDecapsulationKeySize> dk) noexcept {
      const auto check = right_backend().precompute_dk(pub, sec, dk);
      fault.in_pub(pub);
      fault.in_sec(sec);
      return fault.verdict(check);
    };
  };
  faults.require_noticed("precompute_dk", {"a_hat", "t_hat", "h", "ek", "s_hat", "z"}, import);
  faults.require_noticed("precompute_dk", {"refuses", "accepts q or more", "accepts any hash"},
                         import);
  faults.require_noticed("encode_dk", {"dk"}, [](mlkem::KemTable& backend) {
    backend.encode_dk = [](Out<kDecapsulationKeySize> dk, const PublicKey& pub,
                           const SecretKey& sec) noexcept {
      right_backend().encode_dk(dk, pub, sec);
      fault.in_bytes(dk.data());
    };
  });
  faults.require_noticed("encaps, c", {"c"}, [](mlkem::KemTable& backend) {
    backend.encaps = [](Out<kCiphertextSize> c, Out<32> key, const PublicKey& pub,
                        In<32> m) noexcept {
      right_backend().encaps(c, key, pub, m);
      fault.in_bytes(c.data());
    };
  });
  faults.require_noticed("encaps, K", {"K"}, [](mlkem::KemTable& backend) {
    backend.encaps = [](Out<kCiphertextSize> c, Out<32> key, const PublicKey& pub,
                        In<32> m) noexcept {
      right_backend().encaps(c, key, pub, m);
      fault.in_bytes(key.data());
    };
  });
  faults.require_noticed("decaps", {"K"}, [](mlkem::KemTable& backend) {
    backend.decaps = [](Out<32> key, const PublicKey& pub, const SecretKey& sec,
                        In<kCiphertextSize> c) noexcept {
      right_backend().decaps(key, pub, sec, c);
      fault.in_bytes(key.data());
    };
  });
  faults.require_noticed("decaps_once", {"K", "refuses", "accepts q or more", "accepts any hash"},
                         [](mlkem::KemTable& backend) {
                           backend.decaps_once = [](Out<32> key, In<kDecapsulationKeySize> dk,
                                                    In<kCiphertextSize> c) noexcept {
                             const auto check = right_backend().decaps_once(key, dk, c);
                             fault.in_bytes(key.data());
                             return fault.verdict(check);
                           };
                         });
}

TEST_CASE("The self-test notices each wrong field of each job of a batch") {
  Random random;
  Faults faults(random);
  faults.jobs = 5;
  faults.require_noticed("keygen_many", kBoth, [](mlkem::KemTable& backend) {
    backend.keygen_many = [](const KeygenJob* jobs, std::size_t count) noexcept {
      right_backend().keygen_many(jobs, count);
      fault.in_pub(*jobs[fault.job % count].pub);
      fault.in_sec(*jobs[fault.job % count].sec);
    };
  });
  faults.require_noticed("encaps_four, c", {"c"}, [](mlkem::KemTable& backend) {
    backend.encaps_four = [](const EncapsJob* jobs, std::size_t count) noexcept {
      right_backend().encaps_four(jobs, count);
      fault.in_bytes(jobs[fault.job % count].c);
    };
  });
  faults.require_noticed("encaps_four, K", {"K"}, [](mlkem::KemTable& backend) {
    backend.encaps_four = [](const EncapsJob* jobs, std::size_t count) noexcept {
      right_backend().encaps_four(jobs, count);
      fault.in_bytes(jobs[fault.job % count].key);
    };
  });
  faults.require_noticed("decaps_four", {"K"}, [](mlkem::KemTable& backend) {
    backend.decaps_four = [](const DecapsJob* jobs, std::size_t count) noexcept {
      right_backend().decaps_four(jobs, count);
      fault.in_bytes(jobs[fault.job % count].key);
    };
  });
}

TEST_CASE("The self-test notices batches whose jobs are exchanged") {
  InjectedBackend injected;
  injected.backend.decaps_four = [](const DecapsJob* jobs, std::size_t count) noexcept {
    right_backend().decaps_four(jobs, count);
    if (count > 1) std::swap_ranges(jobs[0].key, jobs[0].key + 32, jobs[1].key);
  };
  require_error(self_test(), Error::self_test_failed);
}

using Change = void (*)(std::span<std::uint8_t>& out, mlkem::SpongeKind& kind);
Change change_hash;

void require_wrong_hash_noticed(Change change) {
  change_hash = change;
  InjectedBackend injected;
  injected.backend.hash = [](std::span<std::uint8_t> out, mlkem::SpongeKind kind,
                             mlkem::Parts parts) noexcept {
    change_hash(out, kind);
    right_backend().hash(out, kind, parts);
  };
  require_error(self_test(), Error::self_test_failed);
}

bool is(mlkem::SpongeKind a, mlkem::SpongeKind b) {
  return a.rate == b.rate && a.domain == b.domain;
}

TEST_CASE("The self-test notices a wrong hash of each kind") {
  require_wrong_hash_noticed([](std::span<std::uint8_t>&, mlkem::SpongeKind& kind) {
    if (is(kind, mlkem::kSha3_256)) kind.domain = 0x01;  // Keccak before it was SHA-3
  });
  require_wrong_hash_noticed([](std::span<std::uint8_t>&, mlkem::SpongeKind& kind) {
    if (is(kind, mlkem::kShake128)) kind.rate = 136;
  });
  require_wrong_hash_noticed([](std::span<std::uint8_t>&, mlkem::SpongeKind& kind) {
    if (is(kind, mlkem::kShake256)) kind.domain = 0x06;
  });
  require_wrong_hash_noticed([](std::span<std::uint8_t>& out, mlkem::SpongeKind& kind) {
    out = out.first(std::min(out.size(), kind.rate));  // no second block
  });
}

}  // namespace
}  // namespace latchkey::test
