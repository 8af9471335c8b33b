// The C interface (latchkey_seal.h) of sealed streams.
#include "seal/stream.hpp"
#include "c_api/seal/handles.hpp"

namespace latchkey::c {

template <class End>
struct StreamHandle {
  explicit StreamHandle(End made) noexcept : end(std::move(made)) {}

  End end;
};

namespace {

// What next() says of a chunk, `from`. `to`, of `size` bytes and at most `most`, is where it goes.
template <class Handle, class Next>
int take(Handle* handle, View from, std::uint8_t* to, std::size_t size, std::size_t most,
         bool is_last, Next next) noexcept {
  if (handle == nullptr || is_missing(from) || is_missing(to, size)) {
    if (size <= most) clear(to, size);
    if (handle == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
    return status_of(StreamAccess::stop(handle->end, Error::null_argument));
  }
  return status_of(next(handle->end, is_last ? Last::yes : Last::no));
}

template <class Handle>
int ended(const Handle* handle) noexcept {
  return handle == nullptr ? LATCHKEY_E_NULL_ARGUMENT : status_of(handle->end.end());
}

auto source_of(latchkey_read* read, void* user) noexcept {
  return [=](std::span<std::uint8_t> to) noexcept -> Result<std::size_t> {
    const std::ptrdiff_t size = read(user, to.data(), to.size());
    if (size < 0) return Error::read_failed;
    return static_cast<std::size_t>(size);
  };
}

auto sink_of(latchkey_write* write, void* user) noexcept {
  return [=](View bytes) noexcept -> Result<void> {
    if (write(user, bytes.data(), bytes.size()) != 0) return Error::write_failed;
    return {};
  };
}

}  // namespace
}  // namespace latchkey::c

struct latchkey_stream_sealer : latchkey::c::StreamHandle<latchkey::StreamSealer> {
  using StreamHandle::StreamHandle;
};
struct latchkey_stream_opener : latchkey::c::StreamHandle<latchkey::StreamOpener> {
  using StreamHandle::StreamHandle;
};

namespace c = latchkey::c;
using latchkey::StreamOpener;
using latchkey::StreamSealer;

static_assert(LATCHKEY_STREAM_HEADER_SIZE == latchkey::kStreamHeader<latchkey::XWing>);
static_assert(LATCHKEY_STREAM_CHUNK_SIZE == latchkey::kStreamChunk);
static_assert(LATCHKEY_STREAM_OVERHEAD == latchkey::hpke::kTagSize);
static_assert(LATCHKEY_STREAM_BOX_SIZE == LATCHKEY_STREAM_CHUNK_SIZE + LATCHKEY_STREAM_OVERHEAD);

size_t latchkey_stream_header_size(void) { return LATCHKEY_STREAM_HEADER_SIZE; }
size_t latchkey_stream_chunk_size(void) { return LATCHKEY_STREAM_CHUNK_SIZE; }
size_t latchkey_stream_box_size(void) { return LATCHKEY_STREAM_BOX_SIZE; }

// ---- Whole streams

int latchkey_seal_stream(const latchkey_xwing_public* key, latchkey_read* read,
                         latchkey_write* write, void* user, const uint8_t* aad, size_t aad_size,
                         const uint8_t* context, size_t context_size) {
  if (read == nullptr || write == nullptr || c::is_missing(aad, aad_size) ||
      c::is_missing(context, context_size)) {
    return LATCHKEY_E_NULL_ARGUMENT;
  }
  return c::status_of(c::with(key, [&](const auto& recipient) noexcept {
    return latchkey::seal_stream(recipient, c::source_of(read, user), c::sink_of(write, user),
                                 {aad, aad_size}, {context, context_size});
  }));
}

int latchkey_open_stream(const latchkey_xwing_key* key, latchkey_read* read, latchkey_write* write,
                         void* user, const uint8_t* aad, size_t aad_size, const uint8_t* context,
                         size_t context_size) {
  if (read == nullptr || write == nullptr || c::is_missing(aad, aad_size) ||
      c::is_missing(context, context_size)) {
    return LATCHKEY_E_NULL_ARGUMENT;
  }
  return c::status_of(c::with(key, [&](const auto& mine) noexcept {
    return latchkey::open_stream(mine, c::source_of(read, user), c::sink_of(write, user),
                                 {aad, aad_size}, {context, context_size});
  }));
}

// ---- Chunk by chunk

int latchkey_stream_sealer_create(const latchkey_xwing_public* key, const uint8_t* aad,
                                  size_t aad_size, const uint8_t* context, size_t context_size,
                                  uint8_t header[LATCHKEY_STREAM_HEADER_SIZE],
                                  latchkey_stream_sealer** sealer) {
  if (header == nullptr || sealer == nullptr || c::is_missing(aad, aad_size) ||
      c::is_missing(context, context_size)) {
    c::clear(header, LATCHKEY_STREAM_HEADER_SIZE);
    return c::give(sealer, latchkey::Error::null_argument);
  }
  const int status =
      c::give(sealer, c::with(key, [&](const auto& recipient) noexcept {
                return StreamSealer::create(recipient, {aad, aad_size}, {context, context_size});
              }));
  if (status == LATCHKEY_OK) {
    std::memcpy(header, (*sealer)->end.header().data(), LATCHKEY_STREAM_HEADER_SIZE);
  } else {
    latchkey::base::wipe(header, LATCHKEY_STREAM_HEADER_SIZE);
  }
  return status;
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

int latchkey_stream_opener_create(const latchkey_xwing_key* key, const uint8_t* header,
                                  size_t header_size, const uint8_t* aad, size_t aad_size,
                                  const uint8_t* context, size_t context_size,
                                  latchkey_stream_opener** opener) {
  if (c::is_missing(header, header_size) || c::is_missing(aad, aad_size) ||
      c::is_missing(context, context_size)) {
    return c::give(opener, latchkey::Error::null_argument);
  }
  return c::give(opener, c::with(key, [&](const auto& mine) noexcept {
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
