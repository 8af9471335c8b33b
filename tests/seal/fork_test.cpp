// Children of fork(): nothing of the sealing layer that holds a secret works there, least of all a
// sender that would use its parent's nonces once more.

#include <sys/syscall.h>

#include "api/support.hpp"
#include "latchkey/bind.hpp"
#include "latchkey/stream.hpp"
#include "support/child.hpp"

namespace latchkey::test {
namespace {

constexpr std::size_t kSize = 50;

bool inherited(const auto& result) { return !result && result.error() == Error::inherited; }
bool is_zero(const auto& bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

template <class K>
struct Family {
  typename K::DecapsulationKey key = K::DecapsulationKey::generate().value();
  const typename K::EncapsulationKey& ek = key.encapsulation_key();
  typename K::Encapsulation sent = ek.encapsulate().value();
  SessionKeys session = SessionKeys::bind(sent.secret, ek, sent.ciphertext, {}).value();
  hpke::Sender<K> sender = hpke::setup_sender<K>(ek, {}).value();
  hpke::ReceiverContext receiver = hpke::setup_receiver<K>(key, sender.enc, {}).value();
  SealedMessage sealed = seal_for(ek, Bytes(kSize, 1), {}, {}).value();
  StreamSealer sealer = StreamSealer::create(ek, {}, {}).value();
  StreamOpener opener = StreamOpener::create(key, sealer.header(), {}, {}).value();

  // 0, if everything is refused that must be, and the rest works.
  int check_in_child() {
    std::array<std::uint8_t, K::kSeedSize> seed;
    seed.fill(0xaa);
    if (!inherited(key.decapsulate(sent.ciphertext)) || !inherited(sent.secret.expose()) ||
        !inherited(key.export_seed(seed)) || !is_zero(seed)) {
      return 1;
    }
    Bytes box(kSize + hpke::kTagSize, 0xaa), out(kSize, 0xaa);
    if (!inherited(sender.context.seal_to(box, Bytes(kSize), {})) || !is_zero(box)) return 2;
    if (!inherited(sender.context.export_secret({}, 32))) return 3;
    if (!inherited(receiver.open(box, {})) || !inherited(receiver.open_to(out, box, {})) ||
        !is_zero(out) || !inherited(receiver.export_secret({}, 32)) ||
        !inherited(hpke::setup_receiver<K>(key, sender.enc, {}))) {
      return 4;
    }
    if (!inherited(session.derive("key", 32)) ||
        !inherited(SessionKeys::bind(sent.secret, ek, sent.ciphertext, {}))) {
      return 5;
    }
    if (!inherited(open_sealed(key, sealed.bytes(), {}, {}))) return 6;
    std::ranges::fill(box, std::uint8_t{0xaa});
    std::ranges::fill(out, std::uint8_t{0xaa});
    if (!inherited(sealer.seal_chunk(box, Bytes(kSize), Last::yes)) || !is_zero(box) ||
        !inherited(opener.open_chunk(out, box, Last::yes)) || !is_zero(out)) {
      return 10;
    }
    // Moving does not make them the child's.
    const hpke::SenderContext moved = std::move(sender.context);
    if (!inherited(moved.export_secret({}, 32))) return 7;
    // To the same key, or to a new one of its own.
    if (!seal_for(ek, Bytes(kSize), {}, {})) return 8;
    const auto mine = K::DecapsulationKey::generate();
    const auto to_me = seal_for(mine->encapsulation_key(), Bytes(kSize), {}, {});
    const auto opened = open_sealed(*mine, to_me->bytes(), {}, {});
    return opened && opened->equals(Bytes(kSize)) ? 0 : 9;
  }

  void require_whole() {
    REQUIRE(key.decapsulate(sent.ciphertext).has_value());
    REQUIRE(session.derive("key", 32).has_value());
    const Bytes message(kSize, 2);
    Bytes box(kSize + hpke::kTagSize);
    REQUIRE(sender.context.seal_to(box, message, {}).has_value());
    REQUIRE(receiver.open(box, {}).value().equals(message));
    REQUIRE(open_sealed(key, sealed.bytes(), {}, {}).has_value());
    REQUIRE(sealer.seal_chunk(box, message, Last::yes).has_value());
    Bytes out(kSize);
    REQUIRE(opener.open_chunk(out, box, Last::yes).has_value());
    REQUIRE(out == message);
  }
};

template <class K>
void require_apart() {
  Family<K> family;
  const Ending ending = in_child([&] { return family.check_in_child(); });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
  family.require_whole();
}

TEST_CASE("A child has none of its parent's keys, contexts and session keys, and the parent does") {
  require_apart<MlKem768>();
  require_apart<XWing>();
}

TEST_CASE("Nor has a child of clone(2), which runs no handlers") {
  Family<XWing> family;
  const Ending ending = in_child([&] {
    const auto pid = static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
    if (pid == 0) _exit(family.check_in_child());
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 20;
  });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.status == 0);
  family.require_whole();
}

}  // namespace
}  // namespace latchkey::test
