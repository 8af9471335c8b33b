// The C interface (latchkey_seal.h, latchkey_stream.h) of sealed streams.
#include "seal/stream.hpp"
#include "c_api/seal/handles.hpp"

namespace latchkey::c {

namespace {

// What next() says of a chunk, `from`. `to`, of `size` bytes and at most `most`, is where it goes.
template <class Handle, class Next>
int take(Handle* handle, View from, std::uint8_t* to, std::size_t size, std::size_t most,
         bool is_last, Next next) noexcept {
  if (handle != nullptr) handle->check();
  if (handle == nullptr || is_missing(from) || is_missing(to, size)) {
    if (size <= most) clear(to, size);
    if (handle == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
    return status_of(StreamAccess::stop(handle->end, Error::null_argument));
  }
  return status_of(next(handle->end, is_last ? Last::yes : Last::no));
}

template <class Handle>
int ended(const Handle* handle) noexcept {
  return status_of(with(handle, [](const auto& stream) noexcept { return stream.end.end(); }));
}

}  // namespace
}  // namespace latchkey::c

struct latchkey_stream_sealer : latchkey::c::Tagged<latchkey_stream_sealer> {
  static constexpr std::uint64_t kTag = 0x7265'6c61'6573'6b6c;  // "lksealer"
  static constexpr const char* kWhat = "stream's sealer";

  explicit latchkey_stream_sealer(latchkey::StreamSealer made) noexcept : end(std::move(made)) {}
  latchkey::StreamSealer end;
};
struct latchkey_stream_opener : latchkey::c::Tagged<latchkey_stream_opener> {
  static constexpr std::uint64_t kTag = 0x7265'6e65'706f'6b6c;  // "lkopener"
  static constexpr const char* kWhat = "stream's opener";

  explicit latchkey_stream_opener(latchkey::StreamOpener made) noexcept : end(std::move(made)) {}
  latchkey::StreamOpener end;
};

namespace c = latchkey::c;
using latchkey::Error;
using latchkey::Result;
using latchkey::StreamOpener;
using latchkey::StreamSealer;

static_assert(LATCHKEY_STREAM_HEADER_SIZE(LATCHKEY_XWING_CIPHERTEXT_SIZE) ==
              latchkey::kStreamHeader<latchkey::XWing>);
static_assert(LATCHKEY_STREAM_CHUNK_SIZE == latchkey::kStreamChunk);
static_assert(LATCHKEY_STREAM_OVERHEAD == latchkey::hpke::kTagSize);
static_assert(LATCHKEY_STREAM_BOX_SIZE == LATCHKEY_STREAM_CHUNK_SIZE + LATCHKEY_STREAM_OVERHEAD);

size_t latchkey_stream_header_size(latchkey_kem kem) {
  const auto size =
      c::with_sealing_kem(kem, []<class K>(K) noexcept -> latchkey::Result<std::size_t> {
        return latchkey::kStreamHeader<K>;
      });
  return size ? *size : 0;
}
size_t latchkey_stream_chunk_size(void) { return LATCHKEY_STREAM_CHUNK_SIZE; }
size_t latchkey_stream_box_size(void) { return LATCHKEY_STREAM_BOX_SIZE; }

// ---- Whole streams

int latchkey_seal_stream(const latchkey_public_key* key, const latchkey_suite* suite,
                         latchkey_read* read, latchkey_write* write, void* user, const uint8_t* aad,
                         size_t aad_size, const uint8_t* context, size_t context_size) {
  if (read == nullptr || write == nullptr || c::is_missing(aad, aad_size) ||
      c::is_missing(context, context_size)) {
    return LATCHKEY_E_NULL_ARGUMENT;
  }
  return c::status_of(c::with_sealing_key(key, [&](const auto& recipient) noexcept {
    return latchkey::seal_stream(recipient, c::source_of(read, user), c::sink_of(write, user),
                                 {aad, aad_size}, {context, context_size}, c::suite_of(suite));
  }));
}

int latchkey_open_stream(const latchkey_private_key* key, latchkey_read* read,
                         latchkey_write* write, void* user, const uint8_t* aad, size_t aad_size,
                         const uint8_t* context, size_t context_size) {
  if (read == nullptr || write == nullptr || c::is_missing(aad, aad_size) ||
      c::is_missing(context, context_size)) {
    return LATCHKEY_E_NULL_ARGUMENT;
  }
  return c::status_of(c::with_sealing_key(key, [&](const auto& mine) noexcept {
    return latchkey::open_stream(mine, c::source_of(read, user), c::sink_of(write, user),
                                 {aad, aad_size}, {context, context_size});
  }));
}

// ---- Chunk by chunk

int latchkey_stream_sealer_create(const latchkey_public_key* key, const latchkey_suite* suite,
                                  const uint8_t* aad, size_t aad_size, const uint8_t* context,
                                  size_t context_size, uint8_t* header, size_t header_size,
                                  latchkey_stream_sealer** sealer) {
  const bool is_missing =
      sealer == nullptr || c::is_missing(aad, aad_size) || c::is_missing(context, context_size);
  if (sealer != nullptr) *sealer = nullptr;
  const auto size =
      is_missing || key == nullptr ? 0 : latchkey_stream_header_size(latchkey_public_key_kem(key));
  return c::fill_from(key, header, header_size, [&](const auto&) noexcept {
    return c::Output{
        size != 0 ? size : header_size, [&](std::span<std::uint8_t> to) noexcept -> Result<void> {
          if (is_missing) return Error::null_argument;
          auto made = LATCHKEY_TRY(c::with_sealing_key(key, [&](const auto& recipient) noexcept {
            return StreamSealer::create(recipient, {aad, aad_size}, {context, context_size},
                                        c::suite_of(suite));
          }));
          *sealer = c::make<latchkey_stream_sealer>(std::move(made));
          if (*sealer == nullptr) return Error::no_memory;
          std::ranges::copy((*sealer)->end.header(), to.begin());
          return {};
        }};
  });
}

int latchkey_stream_sealer_chunk(latchkey_stream_sealer* sealer, const uint8_t* chunk, size_t size,
                                 int is_last, uint8_t* box, size_t box_size) {
  return c::take(sealer, {chunk, size}, box, box_size, LATCHKEY_STREAM_BOX_SIZE, is_last != 0,
                 [&](StreamSealer& end, latchkey::Last last) noexcept {
                   return end.seal_chunk({box, box_size}, {chunk, size}, last);
                 });
}

int latchkey_stream_sealer_end(const latchkey_stream_sealer* sealer) { return c::ended(sealer); }

void latchkey_stream_sealer_free(latchkey_stream_sealer* sealer) { c::release(sealer); }

int latchkey_stream_opener_create(const latchkey_private_key* key, const uint8_t* header,
                                  size_t header_size, const uint8_t* aad, size_t aad_size,
                                  const uint8_t* context, size_t context_size,
                                  latchkey_stream_opener** opener) {
  if (c::is_missing(header, header_size) || c::is_missing(aad, aad_size) ||
      c::is_missing(context, context_size)) {
    return c::give(opener, Error::null_argument);
  }
  return c::give(opener, c::with_sealing_key(key, [&](const auto& mine) noexcept {
                   return StreamOpener::create(mine, {header, header_size}, {aad, aad_size},
                                               {context, context_size});
                 }));
}

int latchkey_stream_opener_chunk(latchkey_stream_opener* opener, const uint8_t* box,
                                 size_t box_size, int is_last, uint8_t* chunk, size_t size) {
  return c::take(opener, {box, box_size}, chunk, size, LATCHKEY_STREAM_CHUNK_SIZE, is_last != 0,
                 [&](StreamOpener& end, latchkey::Last last) noexcept {
                   return end.open_chunk({chunk, size}, {box, box_size}, last);
                 });
}

int latchkey_stream_opener_end(const latchkey_stream_opener* opener) { return c::ended(opener); }

void latchkey_stream_opener_free(latchkey_stream_opener* opener) { c::release(opener); }
