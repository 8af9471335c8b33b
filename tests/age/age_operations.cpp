// The operations on age's files and names.
#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

#include "age/passphrase_file.hpp"
#include "age/x25519.hpp"
#include "age/x25519_file.hpp"
#include "base/wipe.hpp"
#include "encoding/base64.hpp"
#include "hpke/hpke.hpp"
#include "keyfile/encoding.hpp"
#include "latchkey/age.hpp"
#include "seal/builder.hpp"

namespace latchkey::test {
namespace {

using age::Armor;

constexpr std::size_t kMessage = 150;
constexpr std::size_t kEncText = 1494, kBodyText = 43;  // characters of a stanza
constexpr std::string_view kStanza = "-> mlkem768x25519 ",
                           kInfo = "age-encryption.org/mlkem768x25519";

struct World {
  explicit World(Random& random)
      : sk(random.vector(xwing::kSeedSize)),
        message(random.vector(kMessage)),
        passphrase(random.vector(20)),
        by_passphrase(random, {reinterpret_cast<const char*>(passphrase.data()), passphrase.size()},
                      1, message),
        x25519_pair(random.vector(32)),
        for_x25519(random),
        x25519_sender(random.vector(32)),
        x25519_stanza(x25519_sender, for_x25519, x25519_pair),
        x25519_text(x25519_pair.identity()) {
    const X25519Pair another(random.vector(32));
    const std::string of_zeros =
        "-> X25519 " + unpadded_base64(Bytes(32)) + "\n" + for_x25519.wrapped(x25519_stanza.key);
    for (const std::string& stanza : {x25519_stanza.stanza, of_zeros,
                                      X25519Stanza(x25519_sender, for_x25519, another).stanza}) {
      x25519_files.push_back(for_x25519.header(stanza) + for_x25519.payload(message));
    }
    classic.make([&] { return age::parse_x25519_identity(x25519_text); });
    other_classic.make(
        [&] { return age::parse_x25519_identity(X25519Pair(random.vector(32)).identity()); });
    key.make([&] { return xwing::DecapsulationKey::from_seed(sk); });
    other.make([] { return xwing::DecapsulationKey::generate(); });
    out.reserve(8'000);
    for (const Armor armor : {Armor::no, Armor::yes}) {
      if (!seal_to(armor)) throw std::runtime_error("no file");
      (armor == Armor::no ? file : armored) = out;
    }
    other_mac = changed = file;
    const std::string text(file.begin(), file.end());
    std::uint8_t& digit = other_mac[text.find("\n--- ") + 5];  // of the MAC
    digit = digit == 'A' ? 'B' : 'A';
    changed.back() ^= 1;
    const auto named = age::write_recipient((*key).encapsulation_key());
    recipient = std::string(named->text());
    const auto secret = age::write_identity(*key);
    const Bytes name = secret->read([](View all) { return copy_of(all); }).value();
    identity = mistyped = std::string(name.begin(), name.end());
    mistyped[40] = mistyped[40] == 'Q' ? 'P' : 'Q';
  }

  // Once: what it gives next is nothing. What a caller's function leaves is the caller's affair.
  static auto source_of(View bytes) {
    return [bytes](std::span<std::uint8_t> to) mutable -> Result<std::size_t> {
      const std::size_t size = std::min(to.size(), bytes.size());
      std::copy_n(bytes.begin(), size, to.begin());
      bytes = bytes.subspan(size);
      base::clear_registers();
      return size;
    };
  }
  auto to_out() {
    return [this](View bytes) -> Result<void> {
      out.insert(out.end(), bytes.begin(), bytes.end());
      base::clear_registers();
      return {};
    };
  }

  Result<void> seal_to(Armor armor) {
    out.clear();
    const xwing::EncapsulationKey* const to[] = {&(*key).encapsulation_key(),
                                                 &(*other).encapsulation_key()};
    auto read = source_of(message);
    auto write = to_out();
    return age::seal(to, read, write, armor);
  }
  // With a key that is not the file's before the one that is.
  Result<void> open_from(const Bytes& sealed) {
    out.clear();
    const xwing::DecapsulationKey* const mine[] = {&*stranger(), &*key};
    auto read = source_of(sealed);
    auto write = to_out();
    return age::open(mine, read, write);
  }
  Place<xwing::DecapsulationKey>& stranger() {
    if (!nobody.has_value()) nobody.make([] { return xwing::DecapsulationKey::generate(); });
    return nobody;
  }
  Result<void> open_by_stranger() {
    out.clear();
    const xwing::DecapsulationKey* const mine[] = {&*stranger()};
    auto read = source_of(file);
    auto write = to_out();
    return age::open(mine, read, write);
  }

  Result<void> open_by(View words) {
    out.clear();
    auto read = source_of(passphrase_bytes);
    auto write = to_out();
    return age::open_with_passphrase(words, read, write);
  }

  // With a key that is not the file's before the one that may be.
  Result<void> open_x25519(const Bytes& sealed) {
    out.clear();
    const age::X25519Identity* const mine[] = {&*other_classic, &*classic};
    auto read = source_of(sealed);
    auto write = to_out();
    return age::open({}, mine, read, write);
  }

  Bytes sk, message, passphrase;
  PassphraseFile by_passphrase;
  Bytes passphrase_bytes = by_passphrase.bytes();
  X25519Pair x25519_pair;
  FileMaker for_x25519;
  X25519Pair x25519_sender;
  X25519Stanza x25519_stanza;
  std::string x25519_text;
  std::vector<Bytes> x25519_files;  // a good one, with a share of zeros, for another key
  Bytes file, armored, other_mac, changed, out;
  std::string recipient, identity, mistyped;
  Place<xwing::DecapsulationKey> key, other, nobody, made;
  Place<age::X25519Identity> classic, other_classic, made_classic;
  Place<xwing::EncapsulationKey> made_public;
  Place<age::Recipient> name;
  Place<LockedBuffer> text;
};

// ---- What secrets arise

template <std::size_t Size>
std::array<std::uint8_t, Size + 3> decoded(View characters) {
  std::array<std::uint8_t, Size + 3> bytes;
  if (!encoding::base64_decode(bytes, characters, encoding::Padding::none)) {
    throw std::runtime_error("no Base64");
  }
  return bytes;
}

Bytes without_armor(const Bytes& armored) {
  std::istringstream lines(std::string(armored.begin(), armored.end()));
  Bytes characters;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('-')) characters = characters + text(line);
  }
  Bytes bytes(characters.size());
  bytes.resize(encoding::base64_decode(bytes, characters, encoding::Padding::required).value());
  return bytes;
}

void add_identity(World& w, SealSecrets& secrets) {
  secrets.add_xwing_key(w.sk);
  secrets.add("identity", View(text(w.identity)).subspan(text("AGE-SECRET-KEY-PQ-1").size()));
}

// What is used of a file key, beside the nonce of its payload.
void add_file_key(SealSecrets& secrets, View file_key, View nonce) {
  secrets.add("file key", file_key);
  const auto add_expanded = [&](View salt, std::string_view label) {
    const Bytes root = hmac_sha256(salt, file_key);
    secrets.add_hmac_key("root", root);
    return hmac_sha256(root, text(label) + Bytes{1});
  };
  secrets.add_hmac_key("MAC's key", add_expanded(Bytes(32), "header"));
  const Bytes first_nonce = Bytes(11) + Bytes{1};
  secrets.add_aead_key(hpke::Aead::chacha20_poly1305, add_expanded(nonce, "payload"), first_nonce);
}

// Of a file whose first stanza is for our key.
void add_file(World& w, SealSecrets& secrets, const Bytes& file) {
  const std::string all(file.begin(), file.end());
  const std::size_t enc_at = all.find(kStanza) + kStanza.size();
  const auto enc = decoded<xwing::kCiphertextSize>(View(file).subspan(enc_at, kEncText));
  const auto body = decoded<32>(View(file).subspan(enc_at + kEncText + 1, kBodyText));
  xwing::Ciphertext ciphertext;
  std::copy_n(enc.begin(), ciphertext.size(), ciphertext.begin());
  const Bytes info = text(kInfo);
  const hpke::Parameters parameters{.info = info, .psk = {}, .psk_id = {}};
  auto receiver = hpke::setup_receiver<XWing>(*w.key, ciphertext, parameters).value();
  secrets.add_xwing_key(w.sk);
  secrets.add_xwing_exchange(w.sk, ciphertext);
  secrets.add_schedule(receiver, XWing::kHpkeId, (*w.key).decapsulate(ciphertext).value(),
                       parameters);
  const auto opened = receiver.open(View(body).first(32), {}).value();
  const Bytes file_key = opened.read([](View bytes) { return copy_of(bytes); }).value();
  const std::size_t nonce_at = all.find('\n', all.find("\n--- ") + 1) + 1;
  add_file_key(secrets, file_key, View(file).subspan(nonce_at, 16));
  secrets.add("message", w.message);
}

void add_passphrase_file(World& w, SealSecrets& secrets) {
  secrets.add("passphrase", w.passphrase);
  secrets.add_aead_key(hpke::Aead::chacha20_poly1305, w.by_passphrase.key, Bytes(12));
  add_file_key(secrets, w.by_passphrase.file_key, w.by_passphrase.nonce);
  secrets.add("message", w.message);
}

void add_x25519_identity(World& w, SealSecrets& secrets) {
  secrets.add("identity", w.x25519_pair.secret);
  secrets.add("text", View(text(w.x25519_text)).subspan(text("AGE-SECRET-KEY-1").size()));
}

void add_x25519_file(World& w, SealSecrets& secrets) {
  add_x25519_identity(w, secrets);
  secrets.add("shared secret", w.x25519_stanza.shared);
  secrets.add_hmac_key("root", w.x25519_stanza.root);
  secrets.add_aead_key(hpke::Aead::chacha20_poly1305, w.x25519_stanza.key, Bytes(12));
  add_file_key(secrets, w.for_x25519.file_key, w.for_x25519.nonce);
  secrets.add("message", w.message);
}

// ---- The operations

void add_files(Builder<World>& builder) {
  const auto reopens = [](World& w) {
    const Bytes sealed = w.out;
    return w.open_from(sealed).has_value() && std::exchange(w.out, sealed) == w.message;
  };
  const auto is_message = [](World& w) { return w.out == w.message; };
  const auto is_nothing = [](World& w) { return w.out.empty(); };
  builder.call(
      "age seal", [](World& w) { return w.seal_to(Armor::no); }, reopens,
      [](World&) { return true; },
      [](World& w, SealSecrets& secrets) { add_file(w, secrets, w.out); });
  builder.call(
      "age seal, armored", [](World& w) { return w.seal_to(Armor::yes); }, reopens,
      [](World&) { return true; },
      [](World& w, SealSecrets& secrets) { add_file(w, secrets, without_armor(w.out)); });
  builder.call(
      "age open", [](World& w) { return w.open_from(w.file); }, is_message, is_nothing,
      [](World& w, SealSecrets& secrets) { add_file(w, secrets, w.file); });
  builder.call(
      "age open, armored", [](World& w) { return w.open_from(w.armored); }, is_message, is_nothing,
      [](World& w, SealSecrets& secrets) { add_file(w, secrets, without_armor(w.armored)); });
  const auto never = [](World&) { return false; };
  const auto add = [](World& w, SealSecrets& secrets) { add_file(w, secrets, w.file); };
  builder
      .call(
          "age open, by a stranger", [](World& w) { return w.open_by_stranger(); }, never,
          is_nothing, add)
      .refuses = Error::no_recipient;
  builder
      .call(
          "age open, another MAC", [](World& w) { return w.open_from(w.other_mac); }, never,
          is_nothing, add)
      .refuses = Error::not_authentic;
  builder.call(
      "age open, by a passphrase", [](World& w) { return w.open_by(w.passphrase); }, is_message,
      is_nothing, add_passphrase_file);
  builder
      .call(
          "age open, by another passphrase", [](World& w) { return w.open_by(w.sk); }, never,
          is_nothing, add_passphrase_file)
      .refuses = Error::wrong_password;
  builder
      .call(
          "age open, changed", [](World& w) { return w.open_from(w.changed); }, never, is_nothing,
          add)
      .refuses = Error::not_authentic;
}

void add_x25519(Builder<World>& builder) {
  builder.call(
      "age open, X25519", [](World& w) { return w.open_x25519(w.x25519_files[0]); },
      [](World& w) { return w.out == w.message; }, [](World& w) { return w.out.empty(); },
      add_x25519_file);
  builder
      .call(
          "age open, X25519 with a share of zeros",
          [](World& w) { return w.open_x25519(w.x25519_files[1]); }, [](World&) { return false; },
          [](World& w) { return w.out.empty(); }, add_x25519_file)
      .refuses = Error::low_order;
  // What the key and the share of the file make is another secret, and is left by nothing else.
  builder
      .call(
          "age open, X25519 for another key",
          [](World& w) { return w.open_x25519(w.x25519_files[2]); }, [](World&) { return false; },
          [](World& w) { return w.out.empty(); }, add_x25519_file)
      .refuses = Error::no_recipient;
  builder.make(
      "age parse_x25519_identity", &World::made_classic,
      [](World& w) { return age::parse_x25519_identity(w.x25519_text); },
      [](World& w) {
        return age::X25519Access::public_key(*w.made_classic) ==
               age::X25519Access::public_key(*w.classic);
      },
      add_x25519_identity);
}

void add_names(Builder<World>& builder) {
  builder.make(
      "age write_identity", &World::text, [](World& w) { return age::write_identity(*w.key); },
      [](World& w) { return holds(*w.text, text(w.identity)); }, add_identity);
  builder.make(
      "age parse_identity", &World::made, [](World& w) { return age::parse_identity(w.identity); },
      [](World& w) {
        return std::ranges::equal((*w.made).encapsulation_key().bytes(),
                                  (*w.key).encapsulation_key().bytes());
      },
      add_identity);
  builder
      .make(
          "age parse_identity, mistyped", &World::made,
          [](World& w) { return age::parse_identity(w.mistyped); }, [](World&) { return false; },
          add_identity)
      .refuses = Error::not_a_key;
  builder.make(
      "age write_recipient", &World::name,
      [](World& w) { return age::write_recipient((*w.key).encapsulation_key()); },
      [](World& w) { return (*w.name).text() == w.recipient; }, add_identity);
  builder.make(
      "age parse_recipient", &World::made_public,
      [](World& w) { return age::parse_recipient(w.recipient); },
      [](World& w) {
        return std::ranges::equal((*w.made_public).bytes(), (*w.key).encapsulation_key().bytes());
      },
      add_identity);
}

}  // namespace

void add_age(std::vector<SealOperation>& all, Random& random) {
  Builder builder(all, std::make_shared<World>(random), "");
  add_files(builder);
  add_x25519(builder);
  add_names(builder);
}

}  // namespace latchkey::test
