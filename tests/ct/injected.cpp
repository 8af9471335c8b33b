// What memcheck runs beside the known answers: the library as it should be used, on secrets of its
// own, and mistakes with those secrets, which must be found.
//
//   injected clean ROUNDS   on every backend, and every form of X25519; prints their names
//   injected mistakes       each mistake of controls.cpp, and a branch on each kind of secret

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "base/secrecy.hpp"
#include "ct/controls.hpp"
#include "dispatch/dispatch.hpp"
#include "latchkey/batch.hpp"
#include "latchkey/bind.hpp"
#include "latchkey/enclave.hpp"
#include "latchkey/incremental.hpp"
#include "latchkey/stream.hpp"
#include "latchkey/tls.hpp"

namespace latchkey {
namespace {

[[noreturn]] void die(Error error) {
  std::fprintf(stderr, "injected: %s\n", describe(error));
  std::exit(1);
}

template <class T>
T need(Result<T> result) {
  if (!result) die(result.error());
  return std::move(result).value();
}

using Copy = std::array<std::uint8_t, 32>;

struct Secrets {
  Copy sent, opened, rejected, rejected_once, sent_in_batch, rejected_in_batch;
  Copy early, finished;
  Copy xwing_sent, xwing_opened, xwing_rejected, xwing_sent_in_batch, xwing_opened_in_batch;
  Copy session_key, exported, unsealed, in_enclave;
  Copy tls_server, tls_client;
};

Copy copy_of(const SharedSecret& secret) {
  Copy copy;
  std::ranges::copy(need(secret.expose()), copy.begin());
  return copy;
}

Copy copy_of(const LockedBuffer& buffer) {
  Copy copy;
  const auto done =
      buffer.read([&](auto bytes) { std::ranges::copy_n(bytes.begin(), 32, copy.begin()); });
  if (!done) die(done.error());
  return copy;
}

// Every operation that uses randomness, an export and both imports, one by one and in batches.
void work_on_keys(Secrets& secrets) {
  const auto key = need(DecapsulationKey::generate(PairwiseTest::run));
  auto sent = need(key.encapsulation_key().encapsulate());
  const auto opened = need(key.decapsulate(sent.ciphertext));
  std::array<std::uint8_t, kDecapsulationKeySize> expanded;
  if (const auto exported = key.export_expanded(expanded); !exported) die(exported.error());
  const auto imported = need(DecapsulationKey::import_expanded(expanded));
  sent.ciphertext[0] ^= 1;
  const auto rejected = need(imported.decapsulate(sent.ciphertext));
  const auto rejected_once = need(decapsulate_with_expanded_key(expanded, sent.ciphertext));

  DecapsulationKey keys[5];  // four lanes, and one more
  if (const auto made = generate_batch(keys); !made) die(made.error());
  const EncapsulationKey* pub[5];
  const DecapsulationKey* secret[5];
  for (std::size_t i = 0; i < 5; ++i) pub[i] = &(secret[i] = &keys[i])->encapsulation_key();
  Encapsulation sent_many[5];
  if (const auto done = encapsulate_batch(pub, sent_many); !done) die(done.error());
  Ciphertext ciphertexts[5];
  for (std::size_t i = 0; i < 5; ++i) ciphertexts[i] = sent_many[i].ciphertext;
  ciphertexts[1][0] ^= 1;
  SharedSecret opened_many[5];
  if (const auto done = decapsulate_batch(secret, ciphertexts, opened_many); !done) {
    die(done.error());
  }

  secrets.sent = copy_of(sent.secret);
  secrets.opened = copy_of(opened);
  secrets.rejected = copy_of(rejected);
  secrets.rejected_once = copy_of(rejected_once);
  secrets.sent_in_batch = copy_of(sent_many[4].secret);
  secrets.rejected_in_batch = copy_of(opened_many[1]);
}

// In two steps, of which the second gets a wrong t_hat first.
void work_on_incremental_encapsulation(Secrets& secrets) {
  const auto key = need(DecapsulationKey::generate());
  auto parts = need(parts_of(key.encapsulation_key()));
  auto begun = need(IncrementalEncapsulation::begin(parts.header));
  secrets.early = copy_of(need(begun.state.early_secret()));
  parts.t_hat[0] ^= 1;
  if (begun.state.finish(parts.t_hat)) die(Error::key_part_mismatch);
  parts.t_hat[0] ^= 1;
  secrets.finished = copy_of(need(begun.state.finish(parts.t_hat)).secret);
}

void work_on_xwing(Secrets& secrets) {
  auto key = need(xwing::DecapsulationKey::generate(PairwiseTest::run));
  std::array<std::uint8_t, xwing::kSeedSize> seed;
  if (const auto exported = key.export_seed(seed); !exported) die(exported.error());
  key = need(xwing::DecapsulationKey::from_seed(seed));
  const auto clone = need(key.encapsulation_key().clone());
  auto sent = need(clone.encapsulate());
  secrets.xwing_sent = copy_of(sent.secret);
  secrets.xwing_opened = copy_of(need(key.decapsulate(sent.ciphertext)));
  for (const auto kdf : {BindingKdf::hkdf_sha256, BindingKdf::shake256}) {
    const auto keys = need(SessionKeys::bind(sent.secret, clone, sent.ciphertext, {}, kdf));
    secrets.session_key = copy_of(need(keys.derive("key", 40)));
  }
  sent.ciphertext[0] ^= 1;
  secrets.xwing_rejected = copy_of(need(key.decapsulate(sent.ciphertext)));
  std::fill_n(sent.ciphertext.end() - 32, 32, std::uint8_t{0});
  if (key.decapsulate(sent.ciphertext)) die(Error::low_order);

  constexpr std::size_t kMany = 9;  // eight lanes, and one more
  const xwing::EncapsulationKey* pub[kMany];
  const xwing::DecapsulationKey* secret[kMany];
  std::fill_n(pub, kMany, &clone);
  std::fill_n(secret, kMany, &key);
  xwing::Encapsulation sent_many[kMany];
  if (const auto done = xwing::encapsulate_batch(pub, sent_many); !done) die(done.error());
  xwing::Ciphertext ciphertexts[kMany];
  for (std::size_t i = 0; i < kMany; ++i) ciphertexts[i] = sent_many[i].ciphertext;
  ciphertexts[1][0] ^= 1;
  SharedSecret opened_many[kMany];
  if (const auto done = xwing::decapsulate_batch(secret, ciphertexts, opened_many); !done) {
    die(done.error());
  }
  secrets.xwing_sent_in_batch = copy_of(sent_many[4].secret);
  secrets.xwing_opened_in_batch = copy_of(opened_many[1]);
}

// Whether all of it is secret, as far as memcheck knows.
bool is_secret([[maybe_unused]] const Copy& bytes) {
#ifdef LATCHKEY_CT_CHECK
  if (RUNNING_ON_VALGRIND == 0) return true;
  Copy bits;
  if (VALGRIND_GET_VBITS(bytes.data(), bits.data(), bits.size()) != 1) return false;
  return std::ranges::none_of(bits, [](std::uint8_t undefined) { return undefined == 0; });
#else
  return true;
#endif
}

// Each operation of a form, whichever backend it is used beside. The secrets are secret, and in a
// second round the peers are, too.
void work_on_form(const x25519::Table& form) {
  for (const bool is_peer_secret : {false, true}) {
    Copy secret[x25519::kBatch], peer[x25519::kBatch], pub[x25519::kBatch], shared[x25519::kBatch];
    x25519::Job jobs[x25519::kBatch];
    for (std::size_t i = 0; i < x25519::kBatch; ++i) {
      secret[i].fill(static_cast<std::uint8_t>(i));
      form.public_key(peer[i], secret[i]);
      if (i == 1) peer[i] = {};  // of low order
      base::mark_secret(secret[i].data(), secret[i].size());
      if (is_peer_secret) base::mark_secret(peer[i].data(), peer[i].size());
      jobs[i] = {i % 2 == 0 ? pub[i].data() : nullptr, shared[i].data(), secret[i].data(),
                 peer[i].data()};
    }
    const auto must_be_secret = [](std::initializer_list<const Copy*> results) {
      for (const Copy* result : results) {
        if (is_secret(*result)) continue;
        std::fputs("injected: a result of X25519 depends on no secret\n", stderr);
        std::exit(1);
      }
    };
    form.public_key(pub[0], secret[0]);
    form.shared_secret(shared[0], secret[0], peer[0]);
    form.shared_secret(shared[1], secret[1], peer[1]);
    must_be_secret({&pub[0], &shared[0], &shared[1]});
    form.public_and_shared(pub[2], shared[2], secret[2], peer[2]);
    must_be_secret({&pub[2], &shared[2]});
    for (const std::size_t n : {std::size_t{1}, std::size_t{2}, x25519::kBatch}) {
      for (auto* results : {pub, shared}) std::fill_n(results, x25519::kBatch, Copy{});
      form.run_jobs(jobs, n);
      for (std::size_t i = 0; i < n; ++i) must_be_secret({&shared[i]});
      for (std::size_t i = 0; i < n; i += 2) must_be_secret({&pub[i]});
    }
  }
}

// Seals and opens, and opens what was changed, with every suite. The psk and the message are secret
// like the keys.
template <class K>
void work_on_messages(Secrets& secrets) {
  const auto key = need(K::DecapsulationKey::generate());
  const auto& ek = key.encapsulation_key();
  std::array<std::uint8_t, 100> message{1, 2, 3};
  Copy psk{4, 5, 6};
  base::mark_secret(message.data(), message.size());
  base::mark_secret(psk.data(), psk.size());
  for (const auto kdf : {hpke::Kdf::hkdf_sha256, hpke::Kdf::hkdf_sha384, hpke::Kdf::shake128,
                         hpke::Kdf::shake256, hpke::Kdf::turboshake256}) {
    for (const auto aead :
         {hpke::Aead::aes_128_gcm, hpke::Aead::aes_256_gcm, hpke::Aead::chacha20_poly1305}) {
      const std::array<std::uint8_t, 3> name{};
      const hpke::Parameters parameters{
          .kdf = kdf, .aead = aead, .info = name, .psk = psk, .psk_id = name};
      auto sender = need(hpke::setup_sender<K>(ek, parameters));
      auto receiver = need(hpke::setup_receiver<K>(key, sender.enc, parameters));
      std::array<std::uint8_t, message.size() + hpke::kTagSize> box;
      if (const auto done = sender.context.seal_to(box, message, name); !done) die(done.error());
      secrets.exported = copy_of(need(receiver.export_secret(name, 32)));
      box[0] ^= 1;
      if (receiver.open(box, name)) die(Error::not_authentic);
      box[0] ^= 1;
      secrets.unsealed = copy_of(need(receiver.open(box, name)));
      const auto sealed = need(seal_for(ek, message, name, {}, {kdf, aead}));
      secrets.unsealed = copy_of(need(open_sealed(key, sealed.bytes(), name, {})));
      if (open_sealed(key, sealed.bytes(), {}, {})) die(Error::not_authentic);
      auto sealer = need(StreamSealer::create(ek, name, {}, {kdf, aead}));
      auto opener = need(StreamOpener::create(key, sealer.header(), name, {}));
      if (const auto done = sealer.seal_chunk(box, message, Last::yes); !done) die(done.error());
      if (const auto done = opener.open_chunk(message, box, Last::yes); !done) die(done.error());
    }
  }
}

void work_on_tls(Secrets& secrets) {
  auto client = need(tls::ClientShare::generate());
  const auto server = need(tls::answer(client.bytes()));
  secrets.tls_server = copy_of(server.secret);
  secrets.tls_client = copy_of(need(std::move(client).secret(server.share)));
}

void work_on_enclave(Secrets& secrets) {
  std::array<std::uint8_t, 100> message{1, 2, 3};
  base::mark_secret(message.data(), message.size());
  const auto enclave = need(Enclave::seal(message));
  secrets.in_enclave = copy_of(need(enclave.open()));
  Enclave::destroy_session_key();
  if (enclave.open()) die(Error::session_key_gone);
}

// The library itself marks its randomness as secret.
Secrets work() {
  Secrets secrets;
  work_on_keys(secrets);
  work_on_incremental_encapsulation(secrets);
  work_on_xwing(secrets);
  work_on_messages<MlKem768>(secrets);
  work_on_messages<XWing>(secrets);
  work_on_tls(secrets);
  work_on_enclave(secrets);
  return secrets;
}

void run_clean(int rounds) {
  for (const auto& backend : dispatch::backends()) {
    if (!backend.supported()) continue;
    dispatch::use(backend.hash->name);
    for (int i = 0; i < rounds; ++i) work();
    std::puts(backend.hash->name);
  }
  for (const auto& form : dispatch::forms()) {
    if (!form.supported()) continue;
    work_on_form(*form.table);
    std::puts(form.table->name);
  }
}

// A function of its own for each kind of secret: memcheck names it above the mistake.
template <Copy Secrets::*kind>
[[gnu::noinline]] void branch_on(const Secrets& secrets) {
  controls::all()[1].function((secrets.*kind).data());
  asm volatile("");  // no tail call, which would leave no trace of this function
}

void make_mistakes() {
  const Secrets secrets = work();
  branch_on<&Secrets::sent>(secrets);
  branch_on<&Secrets::opened>(secrets);
  branch_on<&Secrets::rejected>(secrets);
  branch_on<&Secrets::rejected_once>(secrets);
  branch_on<&Secrets::sent_in_batch>(secrets);
  branch_on<&Secrets::rejected_in_batch>(secrets);
  branch_on<&Secrets::early>(secrets);
  branch_on<&Secrets::finished>(secrets);
  branch_on<&Secrets::xwing_sent>(secrets);
  branch_on<&Secrets::xwing_opened>(secrets);
  branch_on<&Secrets::xwing_rejected>(secrets);
  branch_on<&Secrets::xwing_sent_in_batch>(secrets);
  branch_on<&Secrets::xwing_opened_in_batch>(secrets);
  branch_on<&Secrets::session_key>(secrets);
  branch_on<&Secrets::exported>(secrets);
  branch_on<&Secrets::unsealed>(secrets);
  branch_on<&Secrets::in_enclave>(secrets);
  branch_on<&Secrets::tls_server>(secrets);
  branch_on<&Secrets::tls_client>(secrets);
  for (const auto& control : controls::all()) control.function(secrets.opened.data());
}

}  // namespace
}  // namespace latchkey

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "clean" && argc == 3) {
    latchkey::run_clean(std::atoi(argv[2]));
  } else if (mode == "mistakes" && argc == 2) {
    latchkey::make_mistakes();
  } else {
    return 2;
  }
}
