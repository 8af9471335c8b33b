#include "seal/secrets.hpp"

#define OPENSSL_SUPPRESS_DEPRECATED  // the keys of AES's rounds, and SHA-256's states
#include <openssl/aes.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>

#include "api/support.hpp"
#include "support/openssl_x25519.hpp"

namespace latchkey::test {
namespace {

// What a cipher of libcrypto makes of zeros.
Bytes keystream(const EVP_CIPHER* cipher, View key, View iv, std::size_t size) {
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context(EVP_CIPHER_CTX_new(),
                                                                           EVP_CIPHER_CTX_free);
  Bytes out(size + 32);
  const Bytes zeros(size);
  int written = 0;
  if (EVP_EncryptInit_ex(context.get(), cipher, nullptr, key.data(), iv.data()) != 1 ||
      EVP_EncryptUpdate(context.get(), out.data(), &written, zeros.data(),
                        static_cast<int>(size)) != 1) {
    throw std::runtime_error("OpenSSL failed");
  }
  out.resize(size);
  return out;
}

Bytes joined(std::initializer_list<View> parts) {
  Bytes all;
  for (const View part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace

Bytes hmac_sha256(View key, View data) {
  Bytes out(SHA256_DIGEST_LENGTH);
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data.data(), data.size(), out.data(),
       nullptr);
  return out;
}

// SHA-256 has its input in words of the other byte order, too.
void SealSecrets::add(const char* name, View bytes) {
  secrets_.push_back({name, copy_of(bytes)});
  Bytes swapped(bytes.size() / 4 * 4);
  for (std::size_t i = 0; i < swapped.size(); ++i) swapped[i] = bytes[i ^ 3];
  secrets_.push_back({std::string(name) + " in words", swapped});
}

void SealSecrets::add_hmac_key(const char* name, View key) {
  add(name, key);
  for (const auto& [pad, byte] : {std::pair(" on ipad", 0x36), std::pair(" on opad", 0x5c)}) {
    std::array<std::uint8_t, SHA256_CBLOCK> block{};
    std::copy(key.begin(), key.end(), block.begin());
    for (auto& b : block) b = static_cast<std::uint8_t>(b ^ byte);
    add((name + std::string(pad)).c_str(), View(block).first(key.size()));
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Transform(&context, block.data());
    add((std::string("state of ") + name + pad).c_str(),
        {reinterpret_cast<const std::uint8_t*>(context.h), sizeof context.h});
  }
}

void SealSecrets::add_aead_key(hpke::Aead aead, View key, View nonce) {
  add("AEAD key", key);
  if (aead == hpke::Aead::chacha20_poly1305) {
    add("Poly1305 key",
        keystream(EVP_chacha20(), key, joined({Bytes(4), nonce}), 32));  // counter 0
  } else {
    const auto* const cipher = key.size() == 16 ? EVP_aes_128_ecb() : EVP_aes_256_ecb();
    add("GHASH key", keystream(cipher, key, Bytes(16), 16));
  }
}

void SealSecrets::add_aes_key(View key) {
  AES_KEY schedule;
  if (AES_set_encrypt_key(key.data(), static_cast<int>(8 * key.size()), &schedule) != 0) {
    throw std::runtime_error("OpenSSL failed");
  }
  constexpr std::size_t kRoundKeys = 15 * AES_BLOCK_SIZE;
  add("AES key", key);
  add("round keys", {reinterpret_cast<const std::uint8_t*>(schedule.rd_key), kRoundKeys});
}

void SealSecrets::add_xwing_key(View sk) {
  add("sk", sk);
  const Bytes expanded = digest(EVP_shake256(), sk, {}, 96);
  add("d", View(expanded).first(32));
  add("z", View(expanded).subspan(32, 32));
  add("sk_X", View(expanded).last(32));
}

void SealSecrets::add_xwing_exchange(View sk, const xwing::Ciphertext& ciphertext) {
  const Bytes expanded = digest(EVP_shake256(), sk, {}, 96);
  const auto key = DecapsulationKey::from_seed(View(expanded).first(64));
  const Bytes ss_M = copy_of(*key->decapsulate(View(ciphertext).first(kCiphertextSize)));
  add("ss_M", ss_M);
  const auto ss_X = openssl::x25519_shared(View(expanded).last<32>(), View(ciphertext).last<32>());
  add("ss_X", ss_X);
  const auto whole = xwing::DecapsulationKey::from_seed(sk);
  add("K", copy_of(*whole->decapsulate(ciphertext)));
}

void SealSecrets::add_schedule(const hpke::internal::Context& context, std::uint16_t kem_id,
                               const SharedSecret& shared_secret,
                               const hpke::Parameters& parameters) {
  add_hmac_key("shared secret", copy_of(shared_secret));
  if (!parameters.psk.empty()) add("psk", parameters.psk);
  if (parameters.kdf == hpke::Kdf::hkdf_sha256) {
    Bytes input = {'H', 'P', 'K', 'E', '-', 'v', '1', 'H', 'P', 'K', 'E'};
    for (const std::size_t id : {std::size_t{kem_id}, static_cast<std::size_t>(parameters.kdf),
                                 static_cast<std::size_t>(parameters.aead)}) {
      input.push_back(static_cast<std::uint8_t>(id >> 8));
      input.push_back(static_cast<std::uint8_t>(id));
    }
    for (const char c : std::string_view("secret")) input.push_back(static_cast<std::uint8_t>(c));
    add_hmac_key("secret", hmac_sha256(copy_of(shared_secret), joined({input, parameters.psk})));
  }
  const auto done =
      hpke::internal::ScheduleAccess::read(context, [&](const hpke::Secrets& secrets) noexcept {
        const View key = View(secrets.key).first(crypto::key_size(parameters.aead));
        add_aead_key(parameters.aead, key, secrets.base_nonce);
        add("base_nonce", secrets.base_nonce);
        const View exporter = View(secrets.exporter_secret).first(hash_size(parameters.kdf));
        add_hmac_key("exporter_secret", exporter);
      });
  if (!done) throw std::runtime_error("no context");
}

}  // namespace latchkey::test
