// Enclaves: what opens them, and what says why it does not.

#include "latchkey/enclave.hpp"

#include "enclave/support.hpp"
#include "memory/protection.hpp"

namespace latchkey::test {
namespace {

using enclave::Session;

constexpr std::size_t kSizes[] = {0, 1, 15, 16, 17, 32, 64, 1000, 2400, 2401, 100'000, 3'000'000};

TEST_CASE("What is sealed opens as it was, as often as one likes, into memory that is read-only") {
  Random random;
  for (const std::size_t size : kSizes) {
    CAPTURE(size);
    const Bytes secret = random.vector(size);
    const Enclave enclave = sealed(secret);
    REQUIRE(enclave.size() == size);
    REQUIRE(enclave.is_locked());
    for (int again = 0; again < 2; ++again) {
      auto open = need(enclave.open());
      REQUIRE(copy_of(open) == secret);
      REQUIRE(open.is_locked());
      REQUIRE(open.is_frozen());
      require_error(open.write([](auto) {}), Error::frozen);
      REQUIRE(open.thaw().has_value());
    }
  }
}

TEST_CASE("A buffer of any kind is taken over") {
  Random random;
  const Bytes secret = random.vector(3000);
  auto frozen = need(LockedBuffer::copy_of(secret));
  REQUIRE(frozen.freeze().has_value());
  auto shared = need(LockedBuffer::inheritable(secret.size()));
  REQUIRE(shared.write([&](auto to) { std::ranges::copy(secret, to.begin()); }).has_value());
  for (LockedBuffer* buffer : {&frozen, &shared}) {
    REQUIRE(opened(need(Enclave::seal(std::move(*buffer)))) == secret);
    REQUIRE(buffer->size() == 0);
    require_error(Enclave::seal(std::move(*buffer)), Error::moved_from);
  }
}

// Whether a slot of the arena holds the bytes, be it in use or not.
bool is_in_arena(View bytes) {
  struct Search {
    View bytes;
    bool found = false;
  } search{bytes};
  const OpenSecrets open;
  memory::visit_slots(
      [](void* context, const memory::SlotView& slot) {
        auto& looking = *static_cast<Search*>(context);
        looking.found |= slot.size >= looking.bytes.size() &&
                         std::equal(looking.bytes.begin(), looking.bytes.end(), slot.bytes);
      },
      &search);
  return search.found;
}

TEST_CASE("A buffer that was taken over is wiped, also on an error; a span is left as it is") {
  Random random;
  const Bytes secret = random.vector(48);
  auto buffer = need(LockedBuffer::copy_of(secret));
  REQUIRE(is_in_arena(secret));
  const Enclave enclave = need(Enclave::seal(std::move(buffer)));
  REQUIRE_FALSE(is_in_arena(secret));

  buffer = need(LockedBuffer::copy_of(secret));
  Session::current()->set_sealed(UINT64_MAX);
  require_error(Enclave::seal(std::move(buffer)), Error::sequence_overflow);
  REQUIRE_FALSE(is_in_arena(secret));
  Enclave::destroy_session_key();

  const Bytes before = secret;
  REQUIRE(opened(sealed(secret)) == before);
  REQUIRE(secret == before);
}

TEST_CASE("An enclave can be moved, and is empty then") {
  Random random;
  const Bytes secret = random.vector(100), other = random.vector(50);
  Enclave first = sealed(secret), second = sealed(other);
  const Enclave moved(std::move(first));
  second = sealed(secret);
  REQUIRE(opened(moved) == secret);
  REQUIRE(opened(second) == secret);
  const auto key = need(DecapsulationKey::generate());
  const Enclave never, &moved_from = first;
  for (const Enclave* empty : {&moved_from, &never}) {
    REQUIRE(empty->size() == 0);
    REQUIRE_FALSE(empty->is_locked());
    require_error(empty->open(), Error::moved_from);
    require_error(empty->seal_for(key.encapsulation_key(), {}, {}), Error::moved_from);
  }
  Enclave& same = second;
  second = std::move(same);
  REQUIRE(opened(second) == secret);
}

TEST_CASE("An enclave with any bit changed does not open") {
  Random random;
  const Bytes secret = random.vector(40);
  const Enclave enclave = sealed(secret), other = sealed(secret);
  auto& box = box_of(enclave);
  const auto bits_of = [](auto& value) {
    return std::span(reinterpret_cast<std::uint8_t*>(&value), sizeof value);
  };
  const auto require_each = [&](std::span<std::uint8_t> bytes, Error expected) {
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      CAPTURE(bit);
      const auto flip = [&] {
        bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1 << bit % 8);
      };
      flip();
      require_error(enclave.open(), expected);
      flip();
    }
  };
  require_each(box.bytes(), Error::not_authentic);
  require_each(bits_of(box.ticket.number), Error::not_authentic);
  require_each(bits_of(box.ticket.key), Error::session_key_gone);
  require_each(bits_of(box.session), Error::inherited);
  for (box.size = 0; box.size < secret.size(); ++box.size) {
    require_error(enclave.open(), Error::not_authentic);
  }
  REQUIRE(opened(enclave) == secret);
  std::ranges::swap_ranges(box.bytes(), box_of(other).bytes());
  require_error(enclave.open(), Error::not_authentic);
  require_error(other.open(), Error::not_authentic);
}

TEST_CASE("The nonce is the number; the key's number, the nonce's and the size are authenticated") {
  Random random;
  const Enclave enclave = sealed(random.vector(70));
  Expected expected(box_of(enclave));
  const auto opens = [&] {
    return Session::current()
        ->open(box_of(enclave).ticket, [&](View key) { return open_with(key, expected, enclave); })
        .has_value();
  };
  REQUIRE(opens());
  for (auto& byte : expected.aad) {
    byte ^= 1;
    REQUIRE_FALSE(opens());
    byte ^= 1;
  }
  REQUIRE(opens());
}

TEST_CASE("Each secret has the next number, and equal ones do not look alike") {
  Random random;
  const Bytes secret = random.vector(32);
  const Enclave first = sealed(secret), second = sealed(secret);
  REQUIRE(box_of(second).ticket.key == box_of(first).ticket.key);
  REQUIRE(box_of(second).ticket.number == box_of(first).ticket.number + 1);
  REQUIRE_FALSE(std::ranges::equal(box_of(first).bytes(), box_of(second).bytes()));
}

TEST_CASE("After the last number of a key nothing is sealed, and what was sealed still opens") {
  Random random;
  const Bytes secret = random.vector(32);
  const Enclave before = sealed(secret);
  Session::current()->set_sealed(UINT64_MAX - 1);
  const Enclave last = sealed(secret);
  REQUIRE(box_of(last).ticket.number == UINT64_MAX - 1);
  for (int again = 0; again < 3; ++again) {
    require_error(Enclave::seal(secret), Error::sequence_overflow);
  }
  REQUIRE(opened(last) == secret);
  REQUIRE(opened(before) == secret);
  Enclave::destroy_session_key();
  REQUIRE(opened(sealed(secret)) == secret);
}

TEST_CASE("What is longer than the cipher can count is refused unread") {
  const std::uint8_t one[1] = {};
  for (const std::size_t size : {(std::size_t{1} << 38) - 63, std::size_t{1} << 40, SIZE_MAX / 2}) {
    require_error(Enclave::seal(View(one, size)), Error::too_long);
  }
}

TEST_CASE("When the session key is destroyed, nothing that was sealed opens, and sealing goes on") {
  Random random;
  const Bytes secret = random.vector(32);
  const auto key = need(DecapsulationKey::generate());
  std::vector<Enclave> gone;
  for (int round = 0; round < 4; ++round) {
    Enclave enclave = sealed(secret);
    REQUIRE(opened(enclave) == secret);
    const Bytes session_key = [&] {
      Bytes bytes;
      REQUIRE(Session::current()->open(box_of(enclave).ticket, [&](View it) -> Result<void> {
        bytes.assign(it.begin(), it.end());
        return {};
      }));
      return bytes;
    }();
    REQUIRE(is_in_arena(session_key));
    Enclave::destroy_session_key();
    REQUIRE_FALSE(is_in_arena(session_key));
    if (round % 2 == 1) Enclave::destroy_session_key();
    gone.push_back(std::move(enclave));
    for (const Enclave& old : gone) {
      require_error(old.open(), Error::session_key_gone);
      require_error(old.seal_for(key.encapsulation_key(), {}, {}), Error::session_key_gone);
      REQUIRE(old.size() == 32);
    }
  }
}

TEST_CASE("A purge destroys the session key, with or without another secret sealed after it") {
  const Ending ending = in_child([] {
    const Bytes secret(32, 7);
    Enclave::destroy_session_key();  // there is none yet
    purge();
    const auto first = Enclave::seal(secret);
    if (!first || !opens_to(*first, secret)) return 1;
    purge();
    if (!fails_with(first->open(), Error::session_key_gone)) return 2;
    const auto second = Enclave::seal(secret);
    if (!second || !opens_to(*second, secret)) return 3;
    if (!fails_with(first->open(), Error::session_key_gone)) return 4;
    purge();
    Enclave::destroy_session_key();
    purge();
    if (!fails_with(second->open(), Error::session_key_gone)) return 5;
    // A buffer that was purged is no secret any more.
    auto buffer = LockedBuffer::random(32).value();
    purge();
    if (!fails_with(Enclave::seal(std::move(buffer)), Error::purged)) return 6;
    const auto third = Enclave::seal(secret);
    return third && opens_to(*third, secret) ? 0 : 7;
  });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

template <class K>
void require_sealed_message(const Enclave& enclave, View secret) {
  const auto key = need(K::DecapsulationKey::generate());
  const Bytes aad = {1, 2, 3}, context = {4, 5};
  for (const auto aead : {hpke::Aead::aes_256_gcm, hpke::Aead::chacha20_poly1305}) {
    const auto message = need(enclave.seal_for(key.encapsulation_key(), aad, context,
                                               {.kdf = hpke::Kdf::shake256, .aead = aead}));
    REQUIRE(message.bytes().size() == secret.size() + kSealingOverhead<K>);
    REQUIRE(message.bytes()[15] == static_cast<std::uint8_t>(aead));
    const auto open = need(open_sealed(key, message.bytes(), aad, context));
    REQUIRE(std::ranges::equal(copy_of(open), secret));
    require_error(open_sealed(key, message.bytes(), context, aad), Error::not_authentic);
  }
  const auto message = need(enclave.seal_for(key.encapsulation_key(), {}, {}));
  REQUIRE(std::ranges::equal(copy_of(need(open_sealed(key, message.bytes(), {}, {}))), secret));
  const Bytes too_long(kMaxSealingContext + 1);
  require_error(enclave.seal_for(key.encapsulation_key(), {}, too_long), Error::too_long);
}

TEST_CASE("An enclave becomes a sealed message to a key of either kind, and remains") {
  Random random;
  for (const std::size_t size : {0, 32, 5000}) {
    const Bytes secret = random.vector(size);
    const Enclave enclave = sealed(secret);
    require_sealed_message<XWing>(enclave, secret);
    require_sealed_message<MlKem768>(enclave, secret);
    REQUIRE(opened(enclave) == secret);
  }
}

TEST_CASE("Enclaves work while secrets are closed, and open into what is closed") {
  if (!available()) return;
  const int status = in_closed_child([] {
    const Bytes secret(9000, 7);
    for (const std::size_t size : {32, 9000}) {
      const View bytes = View(secret).first(size);
      const auto from_span = Enclave::seal(bytes);
      auto from_buffer = Enclave::seal(LockedBuffer::copy_of(bytes).value());
      if (!opens_to(*from_span, bytes) || !opens_to(*from_buffer, bytes)) return 1;
      auto open = from_buffer->open().value();
      if (!open.thaw() || !is_closed(place_of(open))) return 2;
      const auto key = xwing::DecapsulationKey::generate();
      const auto message = from_span->seal_for(key->encapsulation_key(), {}, {});
      if (!message || !open_sealed(*key, message->bytes(), {}, {}).value().equals(bytes)) return 3;
      Enclave::destroy_session_key();
      if (!fails_with(from_span->open(), Error::session_key_gone)) return 4;
    }
    return 0;
  });
  REQUIRE(status == 0);
}

}  // namespace
}  // namespace latchkey::test
