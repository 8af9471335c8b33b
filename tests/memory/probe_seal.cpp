#include <array>
#include <span>
#include <vector>

#include "latchkey/age.hpp"
#include "latchkey/bind.hpp"
#include "latchkey/enclave.hpp"
#include "latchkey/key_file.hpp"
#include "latchkey/stream.hpp"
#include "probe.hpp"

namespace latchkey {
namespace {

// More than fit a slot: pages of their own.
constexpr std::size_t kMessageSize = 3000;

std::vector<std::uint8_t> message() { return std::vector<std::uint8_t>(kMessageSize, 7); }

void require_message(const LockedBuffer& buffer) {
  const auto same = buffer.equals(message());
  if (!same && same.error() == Error::not_equal) std::exit(10);
}

void use_xwing(Outcome& outcome, const xwing::DecapsulationKey& key) {
  const auto& ek = key.encapsulation_key();
  const auto sent = ek.encapsulate();
  if (outcome("encapsulate", sent)) {
    const auto opened = key.decapsulate(sent->ciphertext);
    if (outcome("decapsulate", opened) &&
        !std::ranges::equal(*opened->expose(), *sent->secret.expose())) {
      std::exit(11);
    }
    for (const auto kdf : {BindingKdf::hkdf_sha256, BindingKdf::shake256}) {
      const auto keys = SessionKeys::bind(sent->secret, ek, sent->ciphertext, {}, kdf);
      if (outcome("bind", keys)) outcome("derive", keys->derive("label", 40));
    }
  }
  outcome("clone", ek.clone());
  outcome("parse", xwing::EncapsulationKey::parse(ek.bytes()));
  std::array<std::uint8_t, xwing::kSeedSize> seed;
  seed.fill(0xaa);
  if (outcome("export_seed", key.export_seed(seed))) {
    outcome("from_seed", xwing::DecapsulationKey::from_seed(seed, PairwiseTest::run));
  } else {
    require_zero(seed);
  }
}

void use_hpke(Outcome& outcome, const xwing::DecapsulationKey& key, const hpke::Parameters& suite) {
  auto sender = hpke::setup_sender<XWing>(key.encapsulation_key(), suite);
  if (!outcome("setup_sender", sender)) return;
  auto receiver = hpke::setup_receiver<XWing>(key, sender->enc, suite);
  std::vector<std::uint8_t> box(kMessageSize + hpke::kTagSize, 0xaa), out(kMessageSize, 0xaa);
  if (!outcome("seal_to", sender->context.seal_to(box, message(), {}))) return require_zero(box);
  if (!outcome("setup_receiver", receiver)) return;
  outcome("export_secret", receiver->export_secret({}, 64));
  if (!outcome("open_to", receiver->open_to(out, box, {}))) require_zero(out);
  if (sender->context.seal_to(box, message(), {})) {
    const auto opened = receiver->open(box, {});
    if (outcome("open", opened)) require_message(*opened);
  }
}

template <class Key>
void use_messages(Outcome& outcome, const Key& key) {
  const auto sealed = seal_for(key.encapsulation_key(), message(), {}, {});
  if (!outcome("seal_for", sealed)) return;
  const auto opened = open_sealed(key, sealed->bytes(), {}, {});
  if (outcome("open_sealed", opened)) require_message(*opened);
}

// A sink that keeps all, and a source that gives all.
auto to(std::vector<std::uint8_t>& all) {
  return [&all](std::span<const std::uint8_t> bytes) -> Result<void> {
    all.insert(all.end(), bytes.begin(), bytes.end());
    return {};
  };
}
auto from(std::span<const std::uint8_t> left) {
  return [left](std::span<std::uint8_t> place) mutable -> Result<std::size_t> {
    const std::size_t size = std::min(left.size(), place.size());
    std::ranges::copy(left.first(size), place.begin());
    left = left.subspan(size);
    return size;
  };
}

void use_streams(Outcome& outcome, const xwing::DecapsulationKey& key) {
  std::vector<std::uint8_t> sealed, opened;
  const auto whole = message();
  auto read_message = from(whole);
  auto write_sealed = to(sealed), write_opened = to(opened);
  if (!outcome("seal_stream",
               seal_stream(key.encapsulation_key(), read_message, write_sealed, {}, {}))) {
    return;
  }
  auto read_sealed = from(sealed);
  if (outcome("open_stream", open_stream(key, read_sealed, write_opened, {}, {}))) {
    if (opened != whole) std::exit(13);
  } else if (!opened.empty()) {
    std::exit(14);
  }
}

void use_age(Outcome& outcome, const xwing::DecapsulationKey& key) {
  const xwing::EncapsulationKey* const peers[] = {&key.encapsulation_key()};
  const xwing::DecapsulationKey* const mine[] = {&key};
  std::vector<std::uint8_t> sealed, opened;
  const auto whole = message();
  auto read_message = from(whole);
  auto write_sealed = to(sealed), write_opened = to(opened);
  if (!outcome("age::seal", age::seal(peers, read_message, write_sealed))) return;
  auto read_sealed = from(sealed);
  if (outcome("age::open", age::open(mine, read_sealed, write_opened))) {
    if (opened != whole) std::exit(15);
  } else if (!opened.empty()) {
    std::exit(16);
  }
}

// A key in the forms that it is kept in, and back. A password's work would take minutes here.
void use_key_files(Outcome& outcome, const xwing::DecapsulationKey& key) {
  const auto require_key = [&](const xwing::EncapsulationKey& read) {
    if (!std::ranges::equal(read.bytes(), key.encapsulation_key().bytes())) std::exit(17);
  };
  const auto file = write_private_key(key, KeyEncoding::pem);
  if (outcome("write_private_key", file)) {
    const auto read = file->read(
        [](std::span<const std::uint8_t> bytes) noexcept { return read_private_key(bytes); });
    if (outcome("read_private_key", read)) {
      require_key(std::get<xwing::DecapsulationKey>(*read).encapsulation_key());
    }
  }
  const auto identity = age::write_identity(key);
  if (outcome("write_identity", identity)) {
    const auto parsed = identity->read([](std::span<const std::uint8_t> bytes) noexcept {
      return age::parse_identity({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    });
    if (outcome("parse_identity", parsed)) require_key(parsed->encapsulation_key());
  }
}

void use_enclave(Outcome& outcome) {
  const auto enclave = Enclave::seal(message());
  if (!outcome("Enclave::seal", enclave)) return;
  const auto opened = enclave->open();
  if (outcome("Enclave::open", opened)) require_message(*opened);
}

}  // namespace

void seal_everything(Outcome& outcome) {
  const auto key = xwing::DecapsulationKey::generate();
  if (outcome("generate", key)) {
    use_xwing(outcome, *key);
    for (const auto kdf : {hpke::Kdf::hkdf_sha256, hpke::Kdf::shake256}) {
      for (const auto aead : {hpke::Aead::aes_128_gcm, hpke::Aead::chacha20_poly1305}) {
        use_hpke(outcome, *key, {.kdf = kdf, .aead = aead, .info = {}, .psk = {}, .psk_id = {}});
      }
    }
    use_messages(outcome, *key);
    use_streams(outcome, *key);
    use_age(outcome, *key);
    use_key_files(outcome, *key);
  }
  use_enclave(outcome);
  const auto plain = DecapsulationKey::generate();
  if (outcome("generate", plain)) use_messages(outcome, *plain);
  purge();
  if (key && key->decapsulate(xwing::Ciphertext{})) std::exit(12);
}

}  // namespace latchkey
