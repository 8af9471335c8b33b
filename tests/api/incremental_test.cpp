// Incremental encapsulation: the two halves of what encapsulate() makes, and what is refused.

#include "latchkey/incremental.hpp"

#include <algorithm>

#include "api/access.hpp"
#include "api/support.hpp"
#include "support/child.hpp"
#include "support/injected_backend.hpp"

namespace latchkey::test {
namespace {

constexpr std::size_t kSeed = 32;  // bytes of rho, of a hash and of m

// A key, its two parts, and what encapsulate() makes of m.
template <MlKem set>
struct Alice {
  static constexpr MlKemPartSizes kSizes = part_sizes_of(set);

  explicit Alice(Random& random)
      : key(MlKemDecapsulationKey<set>::from_seed(random.vector(kSeedSize)).value()),
        ek(copy_of(key.encapsulation_key().bytes())),
        parts(parts_of(key.encapsulation_key()).value()),
        m(random.bytes<kSeed>()),
        sent(derand::encapsulate(key.encapsulation_key(), m).value()) {}

  // An encapsulation with m that has begun.
  MlKemEncapsulationStart<set> begin() const {
    return derand::begin_encapsulation<set>(Exact(parts.header), m).value();
  }
  void require_finishes(MlKemEncapsulationStart<set>& begun) const {
    const auto end = begun.state.finish(Exact(parts.t_hat));
    REQUIRE(end.has_value());
    REQUIRE(joined(begun, *end) == copy_of(sent.ciphertext));
    REQUIRE(copy_of(end->secret) == copy_of(sent.secret));
  }
  static Bytes joined(const MlKemEncapsulationStart<set>& start,
                      const MlKemEncapsulationEnd<set>& end) {
    Bytes c = copy_of(start.c1);
    c.insert(c.end(), end.c2.begin(), end.c2.end());
    return c;
  }

  MlKemDecapsulationKey<set> key;
  Bytes ek;
  MlKemKeyParts<set> parts;
  std::array<std::uint8_t, kSeed> m;
  MlKemEncapsulation<set> sent;
};

template <MlKem set>
void require_empty(MlKemIncrementalEncapsulation<set>& state, View t_hat) {
  require_error(state.early_secret(), Error::moved_from);
  require_error(state.finish(t_hat), Error::moved_from);
  require_error(state.finish({}), Error::moved_from);
  REQUIRE_FALSE(state.is_locked());
}

// Whether any slot for secrets has these bytes.
bool is_in_locked_memory(View secret) {
  struct Search {
    View secret;
    bool found = false;
  } search{secret};
  const OpenSecrets open;
  memory::visit_slots(
      [](void* context, const memory::SlotView& slot) {
        auto& wanted = *static_cast<Search*>(context);
        const View bytes(slot.bytes, slot.size), secret = wanted.secret;
        wanted.found |=
            std::search(bytes.begin(), bytes.end(), secret.begin(), secret.end()) != bytes.end();
      },
      &search);
  return search.found;
}

LATCHKEY_TEST_OF_KEMS("The parts of a public key are rho with H(ek), and t_hat") {
  Random random;
  const Alice<set> alice(random);
  Bytes ek = copy_of(alice.parts.t_hat);
  ek.insert(ek.end(), alice.parts.header.begin(), alice.parts.header.begin() + kSeed);
  REQUIRE(ek == alice.ek);
  REQUIRE(copy_of(View(alice.parts.header).last(kSeed)) == h(alice.ek));
  require_error(parts_of(MlKemEncapsulationKey<set>()), Error::moved_from);
}

LATCHKEY_TEST_OF_KEMS("Both steps make the ciphertext and the secret that encapsulate() makes") {
  Random random;
  for (int round = 0; round < 10; ++round) {
    const Alice<set> alice(random);
    auto begun = alice.begin();
    REQUIRE(begun.state.is_locked());
    require_secret(begun.state.early_secret(), copy_of(alice.sent.secret));
    alice.require_finishes(begun);
  }
}

LATCHKEY_TEST_OF_KEMS("With fresh randomness, the owner of the key decapsulates c1 || c2") {
  using Incremental = MlKemIncrementalEncapsulation<set>;
  Random random;
  const Alice<set> alice(random);
  auto begun = Incremental::begin(alice.parts.header),
       other = Incremental::begin(alice.parts.header);
  REQUIRE((begun.has_value() && other.has_value()));
  REQUIRE(begun->c1 != other->c1);
  const Bytes early = copy_of(begun->state.early_secret().value());
  const auto end = begun->state.finish(alice.parts.t_hat);
  REQUIRE(end.has_value());
  REQUIRE(copy_of(end->secret) == early);
  require_secret(alice.key.decapsulate(alice.joined(*begun, *end)), early);
}

LATCHKEY_TEST_OF_KEMS("A wrong t_hat is refused, and leaves room for the right one") {
  Random random;
  const Alice<set> alice(random), other(random);
  auto begun = alice.begin();
  for (std::size_t i = 0; i < alice.parts.t_hat.size(); i += random.between<std::size_t>(1, 97)) {
    CAPTURE(i);
    Bytes wrong = copy_of(alice.parts.t_hat);
    wrong[i] ^= random.between<std::uint8_t>(1, 255);
    require_error(begun.state.finish(wrong), Error::key_part_mismatch);
  }
  for (const Bytes& wrong : {copy_of(other.parts.t_hat), Bytes(alice.kSizes.t_hat, 0)}) {
    require_error(begun.state.finish(wrong), Error::key_part_mismatch);
  }
  alice.require_finishes(begun);
}

LATCHKEY_TEST_OF_KEMS("A header with another rho or another hash is found out by finish()") {
  Random random;
  const Alice<set> alice(random);
  for (std::size_t i = 0; i < kKeyHeaderSize; ++i) {
    CAPTURE(i);
    auto header = alice.parts.header;
    header[i] ^= random.between<std::uint8_t>(1, 255);
    auto begun = MlKemIncrementalEncapsulation<set>::begin(header);
    REQUIRE(begun.has_value());
    require_error(begun->state.finish(alice.parts.t_hat), Error::key_part_mismatch);
  }
}

LATCHKEY_TEST_OF_KEMS(
    "A t_hat with a coefficient of q or more is refused, though its hash is right") {
  Random random;
  const Alice<set> alice(random);
  for (const std::size_t i : {std::size_t{0}, alice.kSizes.t_hat / 3 * 2 - 1}) {
    Bytes ek = alice.ek;
    set_coefficient(ek, i, random.between(kQ, 4095));
    auto header = alice.parts.header;
    std::ranges::copy(h(ek), header.begin() + kSeed);
    auto begun = MlKemIncrementalEncapsulation<set>::begin(header);
    REQUIRE(begun.has_value());
    require_error(begun->state.finish(View(ek).first(alice.kSizes.t_hat)), Error::not_reduced);
  }
}

LATCHKEY_TEST_OF_KEMS("Parts of a wrong length are refused") {
  Random random;
  const Alice<set> alice(random);
  auto begun = alice.begin();
  for (const std::size_t size : {0, 32, 63, 64, 65, 767, 768, 800, 1151, 1152, 1153, 1536, 1568}) {
    CAPTURE(size);
    const Exact input{View(Bytes(size, 0))};
    if (size != kKeyHeaderSize) {
      require_error(MlKemIncrementalEncapsulation<set>::begin(input), Error::key_part_length);
      require_error(derand::begin_encapsulation<set>(input, alice.m), Error::key_part_length);
    }
    if (size != alice.kSizes.t_hat) {
      require_error(begun.state.finish(input), Error::key_part_length);
    }
  }
  alice.require_finishes(begun);
}

LATCHKEY_TEST_OF_KEMS("An encapsulation finishes once, and its state is wiped then") {
  Random random;
  const Alice<set> alice(random);
  auto begun = alice.begin();
  REQUIRE(is_in_locked_memory(alice.m));
  alice.require_finishes(begun);
  REQUIRE_FALSE(is_in_locked_memory(alice.m));
  require_empty(begun.state, alice.parts.t_hat);
}

LATCHKEY_TEST_OF_KEMS("The state is wiped when it is destroyed or another is assigned to it") {
  Random random;
  const Alice<set> alice(random), other(random);
  {
    const auto begun = alice.begin();
    REQUIRE(is_in_locked_memory(alice.m));
  }
  REQUIRE_FALSE(is_in_locked_memory(alice.m));
  auto begun = alice.begin(), replacement = other.begin();
  begun = std::move(replacement);
  REQUIRE_FALSE(is_in_locked_memory(alice.m));
  require_empty(replacement.state, alice.parts.t_hat);
  other.require_finishes(begun);
}

LATCHKEY_TEST_OF_KEMS("A state that was moved away is empty, and so is a new one") {
  Random random;
  const Alice<set> alice(random);
  auto begun = alice.begin();
  auto moved = std::move(begun);
  require_empty(begun.state, alice.parts.t_hat);
  alice.require_finishes(moved);
  MlKemIncrementalEncapsulation<set> fresh;
  require_empty(fresh, alice.parts.t_hat);
}

LATCHKEY_TEST_OF_KEMS("After a purge() between the steps, the second one says so") {
  Random random;
  const Alice<set> alice(random);
  auto begun = alice.begin();
  purge();
  REQUIRE_FALSE(is_in_locked_memory(alice.m));
  require_error(begun.state.early_secret(), Error::purged);
  require_error(begun.state.finish(alice.parts.t_hat), Error::purged);
  require_error(begun.state.finish({}), Error::purged);
}

LATCHKEY_TEST_OF_KEMS("A purge() while a step computes is an error, and nothing of m is left") {
  constexpr auto p = kParameters<set>;
  Random random;
  const Alice<set> alice(random);
  InjectedBackend<p> injected;
  injected.backend.encaps_begin = [](auto...) noexcept { purge(); };
  injected.backend.encaps_finish = [](auto...) noexcept {
    purge();
    return mlkem::KeyCheck::passed;
  };
  require_error(derand::begin_encapsulation<set>(alice.parts.header, alice.m), Error::purged);
  REQUIRE_FALSE(is_in_locked_memory(alice.m));
  injected.backend.encaps_begin = right_backend<p>().encaps_begin;
  auto begun = alice.begin();
  require_error(begun.state.finish(alice.parts.t_hat), Error::purged);
  REQUIRE_FALSE(is_in_locked_memory(alice.m));
}

LATCHKEY_TEST_OF_KEMS("A child of fork() cannot finish what its parent began; the parent can") {
  Random random;
  const Alice<set> alice(random);
  auto begun = alice.begin();
  const Ending ending = in_child([&] {
    const auto early = begun.state.early_secret();
    const auto end = begun.state.finish(alice.parts.t_hat);
    if (early || early.error() != Error::inherited) return 1;
    if (end || end.error() != Error::inherited) return 2;
    if (begun.state.is_locked()) return 3;
    auto mine = MlKemIncrementalEncapsulation<set>::begin(alice.parts.header);
    return mine && mine->state.finish(alice.parts.t_hat) ? 0 : 4;
  });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
  alice.require_finishes(begun);
}

}  // namespace
}  // namespace latchkey::test
