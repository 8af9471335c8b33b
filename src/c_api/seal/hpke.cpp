// The C interface (latchkey_hpke.h) of HPKE.
#include "latchkey/hpke.hpp"

#include <algorithm>

#include "c_api/seal/handles.hpp"

using latchkey::Error;
using latchkey::LockedBuffer;
using latchkey::Result;
using latchkey::View;
namespace c = latchkey::c;
namespace hpke = latchkey::hpke;

static_assert(LATCHKEY_HPKE_TAG_SIZE == hpke::kTagSize);

struct latchkey_hpke_sender : c::Tagged<latchkey_hpke_sender> {
  static constexpr std::uint64_t kTag = 0x7265'646e'6573'6b6c;  // "lksender"
  static constexpr const char* kWhat = "HPKE sender";

  explicit latchkey_hpke_sender(hpke::SenderContext made) noexcept : context(std::move(made)) {}
  hpke::SenderContext context;
};
struct latchkey_hpke_receiver : c::Tagged<latchkey_hpke_receiver> {
  static constexpr std::uint64_t kTag = 0x7265'7669'6563'6572;  // "receiver"
  static constexpr const char* kWhat = "HPKE receiver";

  explicit latchkey_hpke_receiver(hpke::ReceiverContext made) noexcept : context(std::move(made)) {}
  hpke::ReceiverContext context;
};

namespace {

Result<hpke::Parameters> parameters_of(const latchkey_hpke_parameters* from) noexcept {
  if (from == nullptr || c::is_missing(from->info, from->info_size) ||
      c::is_missing(from->psk, from->psk_size) || c::is_missing(from->psk_id, from->psk_id_size)) {
    return Error::null_argument;
  }
  return hpke::Parameters{.kdf = c::number_of<hpke::Kdf>(from->kdf),
                          .aead = c::number_of<hpke::Aead>(from->aead),
                          .info = View(from->info, from->info_size),
                          .psk = View(from->psk, from->psk_size),
                          .psk_id = View(from->psk_id, from->psk_id_size)};
}

template <class Handle>
int export_secret(const Handle* handle, View exporter_context, std::size_t size,
                  latchkey_secret** secret) noexcept {
  if (c::is_missing(exporter_context)) return c::give(secret, Error::null_argument);
  return c::give(secret, c::with(handle, [&](const auto& side) noexcept {
                   return side.context.export_secret(exporter_context, size);
                 }));
}

// What crypt(context) does, whose output is `to`. It is zeroed on error.
template <class Handle, class Crypt>
int crypt(Handle* handle, View in, View aad, std::uint8_t* to, std::size_t size,
          Crypt crypt) noexcept {
  if (handle == nullptr || c::is_missing(in) || c::is_missing(aad) || c::is_missing(to, size)) {
    c::clear(to, size);
    return LATCHKEY_E_NULL_ARGUMENT;
  }
  handle->check();
  return c::status_of(crypt(handle->context));
}

}  // namespace

// ---- The sender's side

int latchkey_hpke_sender_create(const latchkey_public_key* key,
                                const latchkey_hpke_parameters* parameters, uint8_t* enc,
                                size_t enc_size, latchkey_hpke_sender** sender) {
  if (sender != nullptr) *sender = nullptr;
  return c::fill_from(key, enc, enc_size, [&](const latchkey_public_key& handle) noexcept {
    return c::Output{
        handle.kem.ciphertext_size, [&](std::span<std::uint8_t> to) noexcept -> Result<void> {
          if (sender == nullptr) return Error::null_argument;
          const auto agreed = LATCHKEY_TRY(parameters_of(parameters));
          return c::with_hpke_kem(handle.kem.number, [&]<class K>(K) noexcept -> Result<void> {
            auto made = LATCHKEY_TRY(hpke::setup_sender<K>(c::key_in<K>(handle), agreed));
            *sender = c::make<latchkey_hpke_sender>(std::move(made.context));
            if (*sender == nullptr) return Error::no_memory;
            std::ranges::copy(made.enc, to.begin());
            return {};
          });
        }};
  });
}

int latchkey_hpke_seal(latchkey_hpke_sender* sender, const uint8_t* message, size_t message_size,
                       const uint8_t* aad, size_t aad_size, uint8_t* box, size_t box_size) {
  return crypt(sender, {message, message_size}, {aad, aad_size}, box, box_size,
               [&](hpke::SenderContext& context) noexcept {
                 return context.seal_to({box, box_size}, {message, message_size}, {aad, aad_size});
               });
}

int latchkey_hpke_sender_export(const latchkey_hpke_sender* sender, const uint8_t* context,
                                size_t context_size, size_t size, latchkey_secret** secret) {
  return export_secret(sender, {context, context_size}, size, secret);
}

void latchkey_hpke_sender_free(latchkey_hpke_sender* sender) { c::release(sender); }

// ---- The receiver's side

int latchkey_hpke_receiver_create(const latchkey_private_key* key, const uint8_t* enc,
                                  size_t enc_size, const latchkey_hpke_parameters* parameters,
                                  latchkey_hpke_receiver** receiver) {
  const auto setup = [&](const latchkey_private_key& handle) noexcept {
    using Made = Result<hpke::ReceiverContext>;
    return c::with_hpke_kem(handle.kem.number, [&]<class K>(K) noexcept -> Made {
      const auto agreed = LATCHKEY_TRY(parameters_of(parameters));
      return hpke::setup_receiver<K>(c::key_in<K>(handle), View(enc, enc_size), agreed);
    });
  };
  if (c::is_missing(enc, enc_size)) return c::give(receiver, Error::null_argument);
  return c::give(receiver, c::with(key, setup));
}

int latchkey_hpke_open(latchkey_hpke_receiver* receiver, const uint8_t* box, size_t box_size,
                       const uint8_t* aad, size_t aad_size, latchkey_secret** message) {
  if (message == nullptr) return LATCHKEY_E_NULL_ARGUMENT;  // before the message is opened
  if (c::is_missing(box, box_size) || c::is_missing(aad, aad_size)) {
    return c::give(message, Error::null_argument);
  }
  return c::give(message, c::with(receiver, [&](auto& side) noexcept {
                   return side.context.open({box, box_size}, {aad, aad_size});
                 }));
}

int latchkey_hpke_open_to(latchkey_hpke_receiver* receiver, const uint8_t* box, size_t box_size,
                          const uint8_t* aad, size_t aad_size, uint8_t* message,
                          size_t message_size) {
  return crypt(receiver, {box, box_size}, {aad, aad_size}, message, message_size,
               [&](hpke::ReceiverContext& context) noexcept {
                 return context.open_to({message, message_size}, {box, box_size}, {aad, aad_size});
               });
}

int latchkey_hpke_receiver_export(const latchkey_hpke_receiver* receiver, const uint8_t* context,
                                  size_t context_size, size_t size, latchkey_secret** secret) {
  return export_secret(receiver, {context, context_size}, size, secret);
}

void latchkey_hpke_receiver_free(latchkey_hpke_receiver* receiver) { c::release(receiver); }

// ---- Keys

int latchkey_hpke_derive_key(latchkey_kem kem, const uint8_t* ikm, size_t size,
                             latchkey_private_key** key) {
  if (c::is_missing(ikm, size)) return c::give(key, Error::null_argument);
  return c::give(key, c::with_hpke_kem(kem, [&]<class K>(K) noexcept {
                   return c::private_handle<K>(hpke::derive_key_pair<K>(View(ikm, size)));
                 }));
}
