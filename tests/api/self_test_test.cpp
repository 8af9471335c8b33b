// The self-test fails if any function of the backend's table is wrong: in one bit of any field that
// it writes, or in what it accepts. One fault at a time, at random positions.

#include <functional>
#include <string>

#include "api/access.hpp"
#include "api/support.hpp"
#include "support/injected_backend.hpp"

namespace latchkey::test {
namespace {

using base::In;
using base::Out;
using mlkem::KeyCheck;

// What depends on the parameter set.
template <MlKem set>
struct Types {
  static constexpr mlkem::ParameterSet p = kParameters<set>;
  using KemTable = mlkem::KemTable<p>;
  using PublicKey = mlkem::PublicKey<p>;
  using SecretKey = mlkem::SecretKey<p>;
  using KeygenJob = mlkem::KeygenJob<p>;
  using EncapsJob = mlkem::EncapsJob<p>;
  using DecapsJob = mlkem::DecapsJob<p>;
  using Ek = In<p.encapsulation_key_size()>;
  using Dk = In<p.decapsulation_key_size()>;
  using Ciphertext = In<p.ciphertext_size()>;
};

// The fault that is injected now. Functions of a table have no other way to learn of it.
template <MlKem set>
struct Fault {
  using PublicKey = typename Types<set>::PublicKey;
  using SecretKey = typename Types<set>::SecretKey;

  std::function<void(PublicKey&)> in_pub = [](PublicKey&) {};
  std::function<void(SecretKey&)> in_sec = [](SecretKey&) {};
  std::function<void(std::uint8_t*)> in_bytes = [](std::uint8_t*) {};
  KeyCheck replaced = KeyCheck::passed, by = KeyCheck::passed;  // a verdict
  std::size_t job = 0;

  [[nodiscard]] KeyCheck verdict(KeyCheck right) const { return right == replaced ? by : right; }
};
template <MlKem set>
Fault<set> fault;

template <MlKem set>
class Faults : Types<set> {
 public:
  using typename Types<set>::PublicKey;
  using typename Types<set>::SecretKey;

  explicit Faults(Random& random) : random_(random) {}

  // Injects a fault of each kind into `function`, and requires that the self-test fails each time.
  template <class F>
  void require_noticed(const char* function, const std::vector<std::string>& kinds, F inject) {
    for (const std::string& kind : kinds) {
      for (int i = 0; i < 3; ++i) {
        fault<set> = {};
        choose(kind);
        CAPTURE(function, kind, fault<set>.job);
        InjectedBackend<kParameters<set>> injected;
        inject(injected.backend);
        require_error(self_test<set>(), Error::self_test_failed);
      }
    }
    fault<set> = {};
    InjectedBackend<kParameters<set>> injected;
    inject(injected.backend);
    REQUIRE(self_test<set>().has_value());  // the way of injecting is no fault
  }

  std::size_t jobs = 1;  // of a batch

 private:
  static std::size_t size_of(const std::string& kind) {
    if (kind == "c") return sizes_of(set).ciphertext;
    return kind == "dk" ? sizes_of(set).decapsulation_key : 32;
  }

  void choose(const std::string& kind) {
    const auto i = random_.between<std::size_t>(0, kParameters<set>.k - 1);
    const auto j = random_.between<std::size_t>(0, kParameters<set>.k - 1);
    const auto n = random_.between<std::size_t>(0, mlkem::kN - 1);
    const auto at32 = n % 32;
    const auto bit = static_cast<std::uint8_t>(1 << random_.between(0, 7));
    fault<set>.job = random_.between<std::size_t>(0, jobs - 1);
    if (kind == "a_hat") fault<set>.in_pub = [=](PublicKey& pub) { pub.a_hat[i][j].c[n] ^= 1; };
    if (kind == "t_hat") fault<set>.in_pub = [=](PublicKey& pub) { pub.t_hat[i].c[n] ^= 1; };
    if (kind == "h") fault<set>.in_pub = [=](PublicKey& pub) { pub.h[at32] ^= bit; };
    if (kind == "ek") fault<set>.in_pub = [=](PublicKey& pub) { pub.ek[n] ^= bit; };
    if (kind == "s_hat") fault<set>.in_sec = [=](SecretKey& sec) { sec.s_hat[i].c[n] ^= 1; };
    if (kind == "d") fault<set>.in_sec = [=](SecretKey& sec) { sec.d[at32] ^= bit; };
    if (kind == "z") fault<set>.in_sec = [=](SecretKey& sec) { sec.z[at32] ^= bit; };
    if (kind == "c" || kind == "K" || kind == "dk") {
      const auto at = random_.between<std::size_t>(0, size_of(kind) - 1);
      fault<set>.in_bytes = [=](std::uint8_t* bytes) { bytes[at] ^= bit; };
    }
    if (kind == "refuses") fault<set>.by = KeyCheck::hash_mismatch;
    if (kind == "accepts q or more") fault<set>.replaced = KeyCheck::not_reduced;
    if (kind == "accepts any hash") fault<set>.replaced = KeyCheck::hash_mismatch;
  }

  Random& random_;
};

const std::vector<std::string> kPublic = {"a_hat", "t_hat", "h", "ek"};
const std::vector<std::string> kBoth = {"a_hat", "t_hat", "h", "ek", "s_hat", "d", "z"};

LATCHKEY_TEST_OF_KEMS(
    "The self-test notices each wrong field and verdict of each single operation") {
  using T = Types<set>;
  using KemTable = typename T::KemTable;
  using PublicKey = typename T::PublicKey;
  using SecretKey = typename T::SecretKey;
  Random random;
  Faults<set> faults(random);
  faults.require_noticed("keygen", kBoth, [](KemTable& backend) {
    backend.keygen = [](PublicKey& pub, SecretKey& sec, In<32> d, In<32> z) noexcept {
      right_backend<kParameters<set>>().keygen(pub, sec, d, z);
      fault<set>.in_pub(pub);
      fault<set>.in_sec(sec);
    };
  });
  const auto parse = [](KemTable& backend) {
    backend.precompute_ek_vartime = [](PublicKey& pub, typename T::Ek ek) noexcept {
      const auto check = right_backend<kParameters<set>>().precompute_ek_vartime(pub, ek);
      fault<set>.in_pub(pub);
      return fault<set>.verdict(check);
    };
  };
  faults.require_noticed("precompute_ek_vartime", kPublic, parse);
  faults.require_noticed("precompute_ek_vartime", {"refuses", "accepts q or more"}, parse);
  const auto import = [](KemTable& backend) {
    backend.precompute_dk = [](PublicKey& pub, SecretKey& sec, typename T::Dk dk) noexcept {
      const auto check = right_backend<kParameters<set>>().precompute_dk(pub, sec, dk);
      fault<set>.in_pub(pub);
      fault<set>.in_sec(sec);
      return fault<set>.verdict(check);
    };
  };
  faults.require_noticed("precompute_dk", {"a_hat", "t_hat", "h", "ek", "s_hat", "z"}, import);
  faults.require_noticed("precompute_dk", {"refuses", "accepts q or more", "accepts any hash"},
                         import);
  faults.require_noticed("encode_dk", {"dk"}, [](KemTable& backend) {
    backend.encode_dk = [](Out<T::p.decapsulation_key_size()> dk, const PublicKey& pub,
                           const SecretKey& sec) noexcept {
      right_backend<kParameters<set>>().encode_dk(dk, pub, sec);
      fault<set>.in_bytes(dk.data());
    };
  });
  faults.require_noticed("encaps, c", {"c"}, [](KemTable& backend) {
    backend.encaps = [](Out<T::p.ciphertext_size()> c, Out<32> key, const PublicKey& pub,
                        In<32> m) noexcept {
      right_backend<kParameters<set>>().encaps(c, key, pub, m);
      fault<set>.in_bytes(c.data());
    };
  });
  faults.require_noticed("encaps, K", {"K"}, [](KemTable& backend) {
    backend.encaps = [](Out<T::p.ciphertext_size()> c, Out<32> key, const PublicKey& pub,
                        In<32> m) noexcept {
      right_backend<kParameters<set>>().encaps(c, key, pub, m);
      fault<set>.in_bytes(key.data());
    };
  });
  for (const bool in_key : {false, true}) {
    const auto once = [&](KemTable& backend) {
      static bool key_is_wrong;
      key_is_wrong = in_key;
      backend.encaps_once = [](Out<T::p.ciphertext_size()> c, Out<32> key, PublicKey& pub,
                               typename T::Ek ek, In<32> m) noexcept {
        const auto check = right_backend<kParameters<set>>().encaps_once(c, key, pub, ek, m);
        fault<set>.in_bytes(key_is_wrong ? key.data() : c.data());
        return fault<set>.verdict(check);
      };
    };
    faults.require_noticed("encaps_once", {in_key ? "K" : "c", "refuses", "accepts q or more"},
                           once);
  }
  faults.require_noticed("decaps", {"K"}, [](KemTable& backend) {
    backend.decaps = [](Out<32> key, const PublicKey& pub, const SecretKey& sec,
                        typename T::Ciphertext c) noexcept {
      right_backend<kParameters<set>>().decaps(key, pub, sec, c);
      fault<set>.in_bytes(key.data());
    };
  });
  faults.require_noticed("decaps_once", {"K", "refuses", "accepts q or more", "accepts any hash"},
                         [](KemTable& backend) {
                           backend.decaps_once = [](Out<32> key, typename T::Dk dk,
                                                    typename T::Ciphertext c) noexcept {
                             const auto check =
                                 right_backend<kParameters<set>>().decaps_once(key, dk, c);
                             fault<set>.in_bytes(key.data());
                             return fault<set>.verdict(check);
                           };
                         });
}

LATCHKEY_TEST_OF_KEMS("The self-test notices each wrong field of each job of a batch") {
  using T = Types<set>;
  using KemTable = typename T::KemTable;
  Random random;
  Faults<set> faults(random);
  faults.jobs = 5;
  faults.require_noticed("keygen_many", kBoth, [](KemTable& backend) {
    backend.keygen_many = [](const typename T::KeygenJob* jobs, std::size_t count) noexcept {
      right_backend<kParameters<set>>().keygen_many(jobs, count);
      fault<set>.in_pub(*jobs[fault<set>.job % count].pub);
      fault<set>.in_sec(*jobs[fault<set>.job % count].sec);
    };
  });
  faults.require_noticed("encaps_four, c", {"c"}, [](KemTable& backend) {
    backend.encaps_four = [](const typename T::EncapsJob* jobs, std::size_t count) noexcept {
      right_backend<kParameters<set>>().encaps_four(jobs, count);
      fault<set>.in_bytes(jobs[fault<set>.job % count].c);
    };
  });
  faults.require_noticed("encaps_four, K", {"K"}, [](KemTable& backend) {
    backend.encaps_four = [](const typename T::EncapsJob* jobs, std::size_t count) noexcept {
      right_backend<kParameters<set>>().encaps_four(jobs, count);
      fault<set>.in_bytes(jobs[fault<set>.job % count].key);
    };
  });
  faults.require_noticed("decaps_four", {"K"}, [](KemTable& backend) {
    backend.decaps_four = [](const typename T::DecapsJob* jobs, std::size_t count) noexcept {
      right_backend<kParameters<set>>().decaps_four(jobs, count);
      fault<set>.in_bytes(jobs[fault<set>.job % count].key);
    };
  });
}

LATCHKEY_TEST_OF_KEMS("The self-test notices batches whose jobs are exchanged") {
  using T = Types<set>;
  InjectedBackend<kParameters<set>> injected;
  injected.backend.decaps_four = [](const typename T::DecapsJob* jobs, std::size_t count) noexcept {
    right_backend<kParameters<set>>().decaps_four(jobs, count);
    if (count > 1) std::swap_ranges(jobs[0].key, jobs[0].key + 32, jobs[1].key);
  };
  require_error(self_test<set>(), Error::self_test_failed);
}

using Change = void (*)(std::span<std::uint8_t>& out, mlkem::SpongeKind& kind);
Change change_hash;

void require_wrong_hash_noticed(Change change) {
  change_hash = change;
  InjectedHash injected;
  injected.backend.hash = [](std::span<std::uint8_t> out, mlkem::SpongeKind kind,
                             mlkem::Parts parts) noexcept {
    change_hash(out, kind);
    right_hash().hash(out, kind, parts);
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
