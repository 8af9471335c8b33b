// What the smoke test's peer has beside ML-KEM: this library's X25519, X-Wing and X25519MLKEM768.
// Where LATCHKEY_TEST_PEER_FAULT names one of its outputs, that is wrong.
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "dispatch/dispatch.hpp"
#include "latchkey/derand_hybrid.hpp"

#define LATCHKEY_TEST_PEER extern "C" [[gnu::visibility("default")]]

using namespace latchkey;
using std::uint8_t;

namespace {

void put(const char* output, uint8_t* to, std::span<const uint8_t> bytes) {
  std::memcpy(to, bytes.data(), bytes.size());
  const char* fault = std::getenv("LATCHKEY_TEST_PEER_FAULT");
  if (fault != nullptr && std::string_view(output) == fault) to[bytes.size() - 1] ^= 1;
}

int put_secret(const char* output, uint8_t* to, const Result<SharedSecret>& secret) {
  if (!secret) return -1;
  const auto bytes = secret->expose();
  if (!bytes) return -1;
  put(output, to, *bytes);
  return 0;
}

int put_secret(const char* output, uint8_t* to, const LockedBuffer& secret) {
  const auto done =
      secret.read([&](std::span<const uint8_t> bytes) noexcept { put(output, to, bytes); });
  return done ? 0 : -1;
}

template <std::size_t N>
std::span<const uint8_t, N> input(const uint8_t* bytes) {
  return std::span<const uint8_t, N>(bytes, N);
}

// The last ciphertext that was made here: all others are wrong ones.
uint8_t last_ct[xwing::kCiphertextSize];

}  // namespace

LATCHKEY_TEST_PEER const char* latchkey_peer_version() { return "of the test"; }

LATCHKEY_TEST_PEER void latchkey_peer_x25519_public(uint8_t* pub, const uint8_t* secret) {
  std::array<uint8_t, 32> made;
  dispatch::x25519_table().public_key(made, input<32>(secret));
  put("x25519_public", pub, made);
}

LATCHKEY_TEST_PEER int latchkey_peer_x25519_shared(uint8_t* shared, const uint8_t* secret,
                                                   const uint8_t* peer) {
  std::array<uint8_t, 32> made;
  dispatch::x25519_table().shared_secret(made, input<32>(secret), input<32>(peer));
  put("x25519_shared", shared, made);
  return 0;
}

LATCHKEY_TEST_PEER int latchkey_peer_xwing_keypair(uint8_t* pk, uint8_t* sk, const uint8_t* coins) {
  const auto key = xwing::DecapsulationKey::from_seed(input<xwing::kSeedSize>(coins));
  if (!key) return -1;
  put("xwing_pk", pk, key->encapsulation_key().bytes());
  put("xwing_sk", sk, input<xwing::kSeedSize>(coins));
  return 0;
}

LATCHKEY_TEST_PEER int latchkey_peer_xwing_enc(uint8_t* ct, uint8_t* ss, const uint8_t* pk,
                                               const uint8_t* coins) {
  const auto key = xwing::EncapsulationKey::parse(input<xwing::kEncapsulationKeySize>(pk));
  if (!key) return -1;
  auto sent = derand::encapsulate(*key, input<xwing::kEncapsulationSeedSize>(coins));
  if (!sent) return -1;
  std::memcpy(last_ct, sent->ciphertext.data(), sizeof last_ct);
  put("xwing_ct", ct, sent->ciphertext);
  return put_secret("xwing_ss", ss, std::move(sent->secret));
}

LATCHKEY_TEST_PEER int latchkey_peer_xwing_dec(uint8_t* ss, const uint8_t* ct, const uint8_t* sk) {
  const auto key = xwing::DecapsulationKey::from_seed(input<xwing::kSeedSize>(sk));
  if (!key) return -1;
  const bool is_last = std::memcmp(ct, last_ct, sizeof last_ct) == 0;
  return put_secret(is_last ? "xwing_accepted" : "xwing_rejected", ss,
                    key->decapsulate(input<xwing::kCiphertextSize>(ct)));
}

LATCHKEY_TEST_PEER int latchkey_peer_tls_server(uint8_t* share, uint8_t* secret,
                                                const uint8_t* client_share, const uint8_t* coins) {
  const auto answer = derand::tls_answer(input<tls::kClientShareSize>(client_share),
                                         input<derand::kTlsServerRandomnessSize>(coins));
  if (!answer) return -1;
  put("server_share", share, answer->share);
  return put_secret("server_secret", secret, answer->secret);
}

#if !defined(LATCHKEY_PEER_WITHOUT_CLIENT)
LATCHKEY_TEST_PEER int latchkey_peer_tls_client(uint8_t* client_share, uint8_t* secret,
                                                const uint8_t* server_share, const uint8_t* coins) {
  auto client = derand::tls_client_share(input<derand::kTlsClientRandomnessSize>(coins));
  if (!client) return -1;
  put("client_share", client_share, client->bytes());
  const auto shared = std::move(*client).secret(input<tls::kServerShareSize>(server_share));
  if (!shared) return -1;
  return put_secret("client_secret", secret, *shared);
}
#endif
