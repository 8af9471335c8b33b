// A peer for the smoke test: this library behind the customary names, right or wrong.
#include "dispatch/dispatch.hpp"

using namespace latchkey::mlkem;

constexpr ParameterSet p = kMlKem768;

#if defined(LATCHKEY_PEER_ACCEPTING)
static std::uint8_t last_ct[p.ciphertext_size()];
#endif

extern "C" [[gnu::visibility("default")]] int crypto_kem_keypair_derand(std::uint8_t* pk,
                                                                        std::uint8_t* sk,
                                                                        const std::uint8_t* coins) {
  PublicKey<p> pub;
  SecretKey<p> sec;
  const auto& ops = latchkey::dispatch::kem_table<p>();
  ops.keygen(pub, sec, In<32>(coins, 32), In<32>(coins + 32, 32));
  std::memcpy(pk, pub.ek, sizeof pub.ek);
  ops.encode_dk(Out<p.decapsulation_key_size()>(sk, p.decapsulation_key_size()), pub, sec);
  return 0;
}

extern "C" [[gnu::visibility("default")]] int crypto_kem_enc_derand(std::uint8_t* ct,
                                                                    std::uint8_t* ss,
                                                                    const std::uint8_t* pk,
                                                                    const std::uint8_t* coins) {
  PublicKey<p> pub;
  const auto& ops = latchkey::dispatch::kem_table<p>();
  const auto found = ops.precompute_ek_vartime(
      pub, In<p.encapsulation_key_size()>(pk, p.encapsulation_key_size()));
#if !defined(LATCHKEY_PEER_UNCHECKING)
  if (found != KeyCheck::passed) return -1;
#else
  if (found != KeyCheck::passed) return 0;
#endif
  ops.encaps(Out<p.ciphertext_size()>(ct, p.ciphertext_size()), Out<32>(ss, 32), pub,
             In<32>(coins, 32));
#if defined(LATCHKEY_PEER_ACCEPTING)
  std::memcpy(last_ct, ct, sizeof last_ct);
#endif
  return 0;
}

#if !defined(LATCHKEY_PEER_WITHOUT_DEC)
extern "C" [[gnu::visibility("default")]] int crypto_kem_dec(std::uint8_t* ss,
                                                             const std::uint8_t* ct,
                                                             const std::uint8_t* sk) {
  const auto found = latchkey::dispatch::kem_table<p>().decaps_once(
      Out<32>(ss, 32), In<p.decapsulation_key_size()>(sk, p.decapsulation_key_size()),
      In<p.ciphertext_size()>(ct, p.ciphertext_size()));
#if !defined(LATCHKEY_PEER_UNCHECKING)
  if (found != KeyCheck::passed) return -1;
#else
  (void)found;
#endif
#if defined(LATCHKEY_PEER_WRONG)
  ss[31] ^= 1;
#endif
#if defined(LATCHKEY_PEER_ACCEPTING)
  if (std::memcmp(last_ct, ct, sizeof last_ct) != 0) std::memset(ss, 0, 32);
#endif
  return 0;
}
#endif
