// Age files for X25519 recipients, which are opened and not written.

#include <ctime>

#include "age/header.hpp"
#include "age/support.hpp"
#include "age/x25519_file.hpp"
#include "support/sanitizers.hpp"

namespace latchkey::test {
namespace {

using X25519Keys = std::vector<const age::X25519Identity*>;

age::X25519Identity identity_of(const X25519Pair& pair) {
  return age::parse_x25519_identity(pair.identity()).value();
}

Opened open_with(const Identities& hybrid, const X25519Keys& x25519, View file,
                 std::size_t part = 1 << 20) {
  Source source(file, part);
  Sink sink;
  auto result = age::open(hybrid, x25519, source, sink);
  return {std::move(result), sink.all};
}

std::string hybrid_stanza(const FileMaker& file, const xwing::EncapsulationKey& recipient) {
  auto sender = hpke::setup_sender<XWing>(recipient, age::internal::hybrid_parameters()).value();
  Bytes body(32);
  REQUIRE(sender.context.seal_to(body, file.file_key, {}).has_value());
  return "-> mlkem768x25519 " + unpadded_base64(sender.enc) + "\n" + unpadded_base64(body) + "\n";
}

// Who may be a recipient, and a file for them.
struct World {
  World()
      : file(random),
        alice(random.vector(32)),
        bob(random.vector(32)),
        hybrid(xwing::DecapsulationKey::generate().value()) {}

  [[nodiscard]] std::string stanza_for(const X25519Pair& recipient) {
    return X25519Stanza(random, file, recipient).stanza;
  }
  [[nodiscard]] Bytes with(const std::string& stanzas, View content = Bytes(5, 7)) const {
    return file.header(stanzas) + file.payload(content);
  }

  Random random;
  FileMaker file;
  X25519Pair alice, bob;
  xwing::DecapsulationKey hybrid;
};

TEST_CASE("A file for an X25519 recipient opens with its identity, and with no other") {
  World w;
  const auto alice = identity_of(w.alice), bob = identity_of(w.bob);
  for (const std::size_t size : {0u, 1u, 1'000u, 65'535u, 65'536u}) {
    CAPTURE(size);
    const Bytes content = w.random.vector(size), file = w.with(w.stanza_for(w.alice), content);
    for (const X25519Keys& keys : {X25519Keys{&alice}, X25519Keys{&bob, &alice}}) {
      const auto opened = open_with({}, keys, file, 977);
      REQUIRE(opened.result.has_value());
      REQUIRE(opened.content == content);
      REQUIRE(open_with({&w.hybrid}, keys, file).content == content);
    }
    require_error(open_with({&w.hybrid}, {&bob}, file).result, Error::no_recipient);
    require_error(open_age({&w.hybrid}, file).result, Error::no_recipient);
    require_error(open_with({}, {}, file).result, Error::no_recipient);
  }
}

TEST_CASE("Of several recipients of both kinds each one opens the file") {
  World w;
  const auto alice = identity_of(w.alice), bob = identity_of(w.bob);
  const auto other = xwing::DecapsulationKey::generate();
  const std::string grease = "-> a-grease b\n\n", ssh = "-> ssh-ed25519 a b\nAAAA\n";
  const std::string for_hybrid = hybrid_stanza(w.file, w.hybrid.encapsulation_key());
  for (const std::string& stanzas :
       {grease + w.stanza_for(w.alice) + for_hybrid + ssh + w.stanza_for(w.bob),
        for_hybrid + w.stanza_for(w.bob) + w.stanza_for(w.alice) + grease}) {
    const Bytes file = w.with(stanzas);
    for (const X25519Keys& keys : {X25519Keys{&alice}, X25519Keys{&bob}, X25519Keys{&bob, &alice}})
      REQUIRE(open_with({&*other}, keys, file).content == Bytes(5, 7));
    REQUIRE(open_with({&w.hybrid}, {}, file).content == Bytes(5, 7));
    REQUIRE(open_age({&w.hybrid}, file).content == Bytes(5, 7));
    require_error(open_with({&*other}, {}, file).result, Error::no_recipient);
  }
}

TEST_CASE("A file for an X25519 recipient with any bit changed, or cut anywhere, does not open") {
  World w;
  const auto alice = identity_of(w.alice);
  const Bytes file = w.with(w.stanza_for(w.alice));
  REQUIRE(open_with({}, {&alice}, file).result.has_value());
  for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
    CAPTURE(bit);
    Bytes changed = file;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1 << bit % 8);
    const auto opened = open_with({}, {&alice}, changed);
    REQUIRE_FALSE(opened.result.has_value());
    REQUIRE(opened.content.empty());
  }
  for (std::size_t size = 0; size < file.size(); ++size) {
    CAPTURE(size);
    REQUIRE_FALSE(open_with({}, {&alice}, View(file).first(size)).result.has_value());
  }
}

TEST_CASE("A share that leads to a secret of zeros is an error, whoever the file is for") {
  World w;
  const auto alice = identity_of(w.alice), bob = identity_of(w.bob);
  // Zero, one, and p - 1, by RFC 7748 the points of order 1, 4 and 2 among others.
  Bytes one(32), minus_one(32, 0xff);
  one[0] = 1;
  minus_one[0] = 0xec;
  minus_one[31] = 0x7f;
  for (const Bytes& share : {Bytes(32), one, minus_one}) {
    // What a sender would compute with it, so that only the check of the secret is in the way.
    const Bytes root = hmac_by_openssl(share + w.alice.pub, Bytes(32));
    const Bytes key = hmac_by_openssl(root, text("age-encryption.org/v1/X25519") + Bytes{1});
    const std::string stanza = "-> X25519 " + unpadded_base64(share) + "\n" + w.file.wrapped(key);
    for (const auto* identity : {&alice, &bob}) {
      const auto opened = open_with({}, {identity}, w.with(stanza + w.stanza_for(w.bob)));
      require_error(opened.result, Error::low_order);
      REQUIRE(opened.content.empty());
    }
  }
}

TEST_CASE("An X25519 stanza that is not of its form is refused, whoever the file is for") {
  World w;
  const auto alice = identity_of(w.alice), bob = identity_of(w.bob);
  const X25519Stanza made(w.random, w.file, w.alice);
  const std::string share = unpadded_base64(made.share), body = w.file.wrapped(made.key);
  REQUIRE(open_with({}, {&alice}, w.with("-> X25519 " + share + "\n" + body)).result.has_value());
  std::string not_canonical(share);
  not_canonical.back() = not_canonical.back() == 'B' ? 'C' : 'B';  // bits that stand for nothing
  const std::string long_body = unpadded_base64(w.random.vector(33)) + "\n",
                    short_body = unpadded_base64(w.random.vector(31)) + "\n";
  const std::string hybrid = hybrid_stanza(w.file, w.hybrid.encapsulation_key());
  for (const std::string& stanza :
       {"-> X25519\n" + body, "-> X25519 " + share + " " + share + "\n" + body,
        "-> X25519 " + share + " 1\n" + body, "-> X25519 " + share + "=\n" + body,
        "-> X25519 " + share.substr(1) + "\n" + body, "-> X25519 A" + share + "\n" + body,
        "-> X25519 " + unpadded_base64(w.random.vector(31)) + "\n" + body,
        "-> X25519 " + unpadded_base64(w.random.vector(33)) + "\n" + body,
        "-> X25519 " + not_canonical + "\n" + body, "-> X25519 " + share + "\n" + long_body,
        "-> X25519 " + share + "\n" + short_body, "-> X25519 " + share + "\n\n"}) {
    CAPTURE(stanza);
    const Bytes file = w.with(stanza + hybrid);
    require_error(open_with({}, {&alice}, file).result, Error::bad_header);
    require_error(open_with({&w.hybrid}, {&bob}, file).result, Error::bad_header);
    require_error(open_age({&w.hybrid}, file).result, Error::bad_header);
  }
  // Another type, not this one in another form.
  require_error(open_with({}, {&alice}, w.with("-> x25519 " + share + "\n" + body)).result,
                Error::unsupported_recipient);
}

TEST_CASE("The MAC is checked behind an X25519 stanza, too, before anything is decrypted") {
  World w;
  const auto alice = identity_of(w.alice);
  Bytes file = w.with(w.stanza_for(w.alice));
  const std::string as_text(file.begin(), file.end());
  std::uint8_t& digit = file[as_text.find("\n--- ") + 10];
  digit = digit == 'A' ? 'B' : 'A';
  const auto opened = open_with({}, {&alice}, file);
  require_error(opened.result, Error::not_authentic);
  REQUIRE(opened.content.empty());
}

TEST_CASE("A file is opened again by what its identity reads as, and only such text is read") {
  World w;
  const std::string text = w.alice.identity();
  REQUIRE(text.size() == 74);
  const auto name = age::write_identity(w.hybrid);
  require_error(age::parse_x25519_identity(text_of(name)), Error::other_algorithm);
  require_error(age::parse_x25519_identity("AGE-PLUGIN-YUBIKEY-1QQQ"), Error::other_algorithm);
  require_error(age::parse_identity(text), Error::other_algorithm);
  for (std::size_t at = 0; at < text.size(); ++at) {
    CAPTURE(at);
    std::string other(text);
    other[at] = other[at] == 'Q' ? 'P' : 'Q';
    REQUIRE_FALSE(age::parse_x25519_identity(other).has_value());
    REQUIRE_FALSE(age::parse_x25519_identity(text.substr(0, at)).has_value());
  }
  std::string mistyped(text);
  mistyped[40] = mistyped[40] == 'Q' ? 'P' : 'Q';
  require_error(age::parse_x25519_identity(mistyped), Error::not_a_key);
  require_error(age::parse_x25519_identity(text + "Q"), Error::not_a_key);
  require_error(age::parse_x25519_identity(""), Error::not_a_key);
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  require_error(age::parse_x25519_identity(lower), Error::not_a_key);
}

TEST_CASE("An X25519 identity that is gone opens nothing") {
  World w;
  const Bytes file = w.with(w.stanza_for(w.alice));
  auto alice = identity_of(w.alice);
  const age::X25519Identity moved = std::move(alice);
  const age::X25519Identity gone;
  require_error(open_with({}, {&gone}, file).result, Error::moved_from);
  require_error(open_with({}, {&alice}, file).result, Error::moved_from);
  REQUIRE(open_with({}, {&moved}, file).content == Bytes(5, 7));
}

TEST_CASE("Pairs of both kinds count together, and 20,000 of either take less than 5 s") {
  World w;
  const auto alice = identity_of(w.alice), bob = identity_of(w.bob);
  const auto other = xwing::DecapsulationKey::generate();
  std::string many;
  const std::string for_bob = w.stanza_for(w.bob);
  for (std::size_t i = 1; i < age::kMaxRecipients; ++i) many += for_bob;
  const Bytes file = w.with(many + w.stanza_for(w.alice));
  const auto stranger = identity_of(X25519Pair(w.random.vector(32)));
  X25519Keys most(age::kMaxAttempts / age::kMaxRecipients, &stranger);
  most.back() = &alice;  // the last pair of all
  const std::clock_t begin = std::clock();
  const auto opened = open_with({}, most, file);
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  CAPTURE(seconds);
  REQUIRE(opened.content == Bytes(5, 7));
  std::fprintf(stderr, "%zu attempts with X25519: %.2f s\n", age::kMaxAttempts, seconds);
#ifndef LATCHKEY_SANITIZED
  REQUIRE(seconds < 5);
#endif
  most.insert(most.begin(), &stranger);
  require_error(open_with({}, most, file).result, Error::too_costly);
  most.erase(most.begin());
  // A pair of the other kind is one too many.
  const std::string first = hybrid_stanza(w.file, w.hybrid.encapsulation_key());
  const Bytes mixed = w.with(first + many + w.stanza_for(w.alice));
  REQUIRE(open_with({}, most, mixed).result.has_value());
  require_error(open_with({&*other}, most, mixed).result, Error::too_costly);
  REQUIRE(open_with({&*other}, {&bob}, mixed).result.has_value());
}

}  // namespace
}  // namespace latchkey::test
