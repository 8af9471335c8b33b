// Chunks of streams; and what libcrypto's AEADs take for themselves, called as `openssl speed
// -aead` calls them: 16 KiB, with one context and key for all calls.
#include "seal/stream.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "candidates.hpp"
#include "inputs.hpp"
#include "measure.hpp"
#include "need.hpp"

namespace latchkey::bench {
namespace {

constexpr std::size_t kUnit = 16'384;  // bytes: one operation
constexpr std::size_t kAadSize = 13;   // as in TLS

void require(bool done) {
  if (!done) throw std::runtime_error("cannot seal or open what is to be measured");
}

class RawAead {
 public:
  explicit RawAead(const EVP_CIPHER* cipher)
      : sealing_(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free),
        opening_(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free) {
    require(EVP_CipherInit_ex2(sealing_.get(), cipher, zeros_, zeros_, 1, nullptr) == 1 &&
            EVP_CipherInit_ex2(opening_.get(), cipher, zeros_, zeros_, 0, nullptr) == 1);
    seal();
    require(EVP_CIPHER_CTX_ctrl(sealing_.get(), EVP_CTRL_AEAD_GET_TAG, sizeof tag_, tag_) == 1);
  }

  void seal() { crypt(sealing_.get(), box_, plaintext_); }
  void open() { crypt(opening_.get(), plaintext_, box_); }

 private:
  void crypt(EVP_CIPHER_CTX* context, std::vector<std::uint8_t>& out,
             const std::vector<std::uint8_t>& in) {
    int size = 0;
    require(EVP_CipherInit_ex2(context, nullptr, nullptr, zeros_, -1, nullptr) == 1 &&
            (context == sealing_.get() ||
             EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, sizeof tag_, tag_) == 1) &&
            EVP_CipherUpdate(context, nullptr, &size, zeros_, kAadSize) == 1 &&
            EVP_CipherUpdate(context, out.data(), &size, in.data(), kUnit) == 1 &&
            EVP_CipherFinal_ex(context, out.data(), &size) == 1);
  }

  std::shared_ptr<EVP_CIPHER_CTX> sealing_, opening_;
  std::uint8_t zeros_[32] = {}, tag_[hpke::kTagSize];
  std::vector<std::uint8_t> plaintext_ = std::vector<std::uint8_t>(kUnit), box_ = plaintext_;
};

// The plaintext is in locked memory. Every chunk that is opened is the first, in one place again
// and again.
struct Chunks {
  explicit Chunks(hpke::Aead aead)
      : key(need(xwing::DecapsulationKey::generate())),
        sealer(need(StreamSealer::create(key.encapsulation_key(), {}, {}, {.aead = aead}))),
        opener(need(StreamOpener::create(key, sealer.header(), {}, {}))),
        plaintext(need(LockedBuffer::create(kStreamChunk))),
        box(kStreamChunk + hpke::kTagSize) {
    seal();
    first = box;
  }

  void seal() {
    require(plaintext
                .read([&](std::span<const std::uint8_t> chunk) {
                  return sealer.seal_chunk(box, chunk, Last::no);
                })
                .has_value());
  }
  void open() {
    StreamAccess::set_sequence(opener, 0);
    require(plaintext
                .write([&](std::span<std::uint8_t> chunk) {
                  return opener.open_chunk(chunk, first, Last::no);
                })
                .has_value());
  }

  xwing::DecapsulationKey key;
  StreamSealer sealer;
  StreamOpener opener;
  LockedBuffer plaintext;
  std::vector<std::uint8_t> box, first;
};

void add_streams(const std::string& name, hpke::Aead aead, const EVP_CIPHER* cipher) {
  const auto raw = std::make_shared<RawAead>(cipher);
  add("aead_seal/" + name, [raw] { raw->seal(); });
  add("aead_open/" + name, [raw] { raw->open(); });
  const auto chunks = std::make_shared<Chunks>(aead);
  constexpr auto kUnits = static_cast<double>(kStreamChunk / kUnit);
  add(
      "stream_seal/" + name, [chunks] { chunks->seal(); }, kUnits);
  add(
      "stream_open/" + name, [chunks] { chunks->open(); }, kUnits);
}

}  // namespace

void add_streams() {
  add_streams("aes_256_gcm", hpke::Aead::aes_256_gcm, EVP_aes_256_gcm());
  add_streams("chacha20_poly1305", hpke::Aead::chacha20_poly1305, EVP_chacha20_poly1305());
}

}  // namespace latchkey::bench
