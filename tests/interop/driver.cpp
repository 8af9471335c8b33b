// Latchkey as one party of exchanges with other implementations. The first line of stdout says who
// this is and what it can do, in fields between tabs; then each line of stdin asks, and a line of
// stdout answers. Words are in hexadecimal, `-` where they are empty.
//
//   SCHEME public SEED                                     ok EK
//   SCHEME encaps EK                                       ok CIPHERTEXT SECRET
//   SCHEME decaps SEED CIPHERTEXT                          ok SECRET
//   SCHEME seal HPKE EK CONTEXT {AAD MESSAGE}              ok ENC EXPORTED {BOX}
//   SCHEME open HPKE SEED ENC CONTEXT {AAD BOX}            ok EXPORTED {MESSAGE}
//   GROUP start                                            ok CLIENT_SHARE
//   GROUP answer CLIENT_SHARE                              ok SERVER_SHARE SECRET
//   GROUP finish SERVER_SHARE                              ok SECRET, by the group's last start
//   SCHEME expand SEED                                     ok DK, of ML-KEM
//   SCHEME decaps-expanded DK CIPHERTEXT                   ok SECRET, of ML-KEM
//
// SCHEME is mlkem512, mlkem768, mlkem1024 or xwing; GROUP is one of TLS, as add_group() names them;
// HPKE stands for KDF AEAD INFO PSK PSK_ID, the last two empty in base mode; CONTEXT is what the
// exported 32 bytes are for. `refused WHY` is the answer to a bad key or box. native.py and
// peers.mjs speak the same.

#include <openssl/crypto.h>

#include <charconv>
#include <cstdio>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "latchkey/hpke.hpp"
#include "latchkey/kem.hpp"
#include "latchkey/tls_nist.hpp"

namespace latchkey::test {
namespace {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;
using Words = std::vector<Bytes>;

constexpr std::size_t kExported = 32;

struct Refused {
  Error why;
};

template <class T>
T accepted(Result<T> result) {
  if (!result) throw Refused{result.error()};
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

Bytes copy_of(View bytes) { return {bytes.begin(), bytes.end()}; }
Bytes revealed(const SharedSecret& secret) { return copy_of(accepted(secret.expose())); }
Bytes revealed(const LockedBuffer& buffer) { return accepted(buffer.read(copy_of)); }

template <Kem K>
Words public_key(const Words& in) {
  const auto key = accepted(K::DecapsulationKey::from_seed(in.at(0)));
  return {copy_of(key.encapsulation_key().bytes())};
}

template <Kem K>
Words encaps(const Words& in) {
  const auto sent = accepted(accepted(K::EncapsulationKey::parse(in.at(0))).encapsulate());
  return {copy_of(sent.ciphertext), revealed(sent.secret)};
}

template <Kem K>
Words decaps(const Words& in) {
  return {
      revealed(accepted(accepted(K::DecapsulationKey::from_seed(in.at(0))).decapsulate(in.at(1))))};
}

template <Kem K>
Words expand(const Words& in) {
  using Key = typename K::DecapsulationKey;
  Bytes expanded(Key::Expanded::extent);
  accepted(accepted(Key::from_seed(in.at(0))).export_expanded(typename Key::Expanded(expanded)));
  return {expanded};
}

template <Kem K>
Words decaps_expanded(const Words& in) {
  return {revealed(
      accepted(accepted(K::DecapsulationKey::import_expanded(in.at(0))).decapsulate(in.at(1))))};
}

template <class Number>
Number number(const Bytes& bytes) {
  return static_cast<Number>(bytes.at(0) << 8 | bytes.at(1));
}

constexpr std::size_t kParameters = 5;

hpke::Parameters parameters_of(const Words& in) {
  return {.kdf = number<hpke::Kdf>(in.at(0)),
          .aead = number<hpke::Aead>(in.at(1)),
          .info = in.at(2),
          .psk = in.at(3),
          .psk_id = in.at(4)};
}

template <Kem K>
Words seal(const Words& in) {
  const auto key = accepted(K::EncapsulationKey::parse(in.at(kParameters)));
  auto sender = accepted(hpke::setup_sender<K>(key, parameters_of(in)));
  const auto exported = accepted(sender.context.export_secret(in.at(kParameters + 1), kExported));
  Words out{copy_of(sender.enc), revealed(exported)};
  for (std::size_t i = kParameters + 2; i < in.size(); i += 2) {
    Bytes box(in.at(i + 1).size() + hpke::kTagSize);
    accepted(sender.context.seal_to(box, in[i + 1], in[i]));
    out.push_back(std::move(box));
  }
  return out;
}

template <Kem K>
Words open(const Words& in) {
  const auto key = accepted(K::DecapsulationKey::from_seed(in.at(kParameters)));
  auto receiver = accepted(hpke::setup_receiver<K>(key, in.at(kParameters + 1), parameters_of(in)));
  Words out{revealed(accepted(receiver.export_secret(in.at(kParameters + 2), kExported)))};
  for (std::size_t i = kParameters + 3; i < in.size(); i += 2) {
    out.push_back(revealed(accepted(receiver.open(in.at(i + 1), in[i]))));
  }
  return out;
}

template <tls::Group group>
tls::ClientShareOf<group> client;

template <tls::Group group>
Words start(const Words&) {
  client<group> = accepted(tls::ClientShareOf<group>::generate());
  return {copy_of(client<group>.bytes())};
}

template <tls::Group group>
Words answer(const Words& in) {
  const auto server = accepted(tls::answer<group>(in.at(0)));
  return {copy_of(server.share), revealed(server.secret)};
}

template <tls::Group group>
Words finish(const Words& in) {
  return {revealed(accepted(std::move(client<group>).secret(in.at(0))))};
}

using Commands = std::map<std::string, Words (*)(const Words&), std::less<>>;

template <Kem K>
void add(Commands& commands, const std::string& scheme) {
  commands[scheme + " public"] = public_key<K>;
  commands[scheme + " encaps"] = encaps<K>;
  commands[scheme + " decaps"] = decaps<K>;
  commands[scheme + " seal"] = seal<K>;
  commands[scheme + " open"] = open<K>;
  if constexpr (!std::is_same_v<K, XWing>) {
    commands[scheme + " expand"] = expand<K>;
    commands[scheme + " decaps-expanded"] = decaps_expanded<K>;
  }
}

template <tls::Group group>
void add_group(Commands& commands, const std::string& name) {
  commands[name + " start"] = start<group>;
  commands[name + " answer"] = answer<group>;
  commands[name + " finish"] = finish<group>;
}

Commands all_commands() {
  Commands commands;
  add<MlKem512>(commands, "mlkem512");
  add<MlKem768>(commands, "mlkem768");
  add<MlKem1024>(commands, "mlkem1024");
  add<XWing>(commands, "xwing");
  add_group<tls::Group::x25519_mlkem768>(commands, "x25519mlkem768");
  add_group<tls::Group::secp256r1_mlkem768>(commands, "secp256r1mlkem768");
  add_group<tls::Group::secp384r1_mlkem1024>(commands, "secp384r1mlkem1024");
  add_group<tls::Group::mlkem512>(commands, "tls-mlkem512");
  add_group<tls::Group::mlkem768>(commands, "tls-mlkem768");
  add_group<tls::Group::mlkem1024>(commands, "tls-mlkem1024");
  return commands;
}

Bytes bytes_of(std::string_view word) {
  if (word == "-") return {};
  Bytes bytes(word.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char* const digits = &word[2 * i];
    if (std::from_chars(digits, digits + 2, bytes[i], 16).ptr != digits + 2) {
      throw std::invalid_argument("not hexadecimal: " + std::string(word));
    }
  }
  return bytes;
}

void reply(const Commands& commands, const std::string& line) {
  std::istringstream words(line);
  std::string scheme, command, word;
  words >> scheme >> command;
  Words in;
  while (words >> word) in.push_back(bytes_of(word));
  try {
    const Words out = commands.at(scheme + " " + command)(in);
    std::fputs("ok", stdout);
    for (const Bytes& bytes : out) {
      std::fputs(bytes.empty() ? " -" : " ", stdout);
      for (const unsigned byte : bytes) std::printf("%02x", byte);
    }
  } catch (const Refused& refused) {
    std::printf("refused %s", describe(refused.why));
  }
  std::puts("");
  std::fflush(stdout);
}

}  // namespace
}  // namespace latchkey::test

int main() {
  const auto commands = latchkey::test::all_commands();
  std::printf(
      "ready\tLatchkey %s with %s\t"
      "mlkem512 mlkem768 mlkem1024 expanded xwing hpke x25519mlkem768 secp256r1mlkem768 "
      "secp384r1mlkem1024 tls-mlkem512 tls-mlkem768 tls-mlkem1024\n",
      latchkey::backend_name(), OpenSSL_version(OPENSSL_VERSION));
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) latchkey::test::reply(commands, line);
}
