// Streams sealed to a public key: data of any size, sealed and opened in constant memory. What is
// said of messages in seal.hpp holds here, too. In the library latchkey-seal.
//
//   const auto read = [&](std::span<std::uint8_t> to) -> latchkey::Result<std::size_t> {
//     const ssize_t size = ::read(in, to.data(), to.size());
//     if (size < 0) return latchkey::Error::read_failed;
//     return static_cast<std::size_t>(size);  // 0 at the end
//   };
//   const auto write = [&](std::span<const std::uint8_t> bytes) -> latchkey::Result<void> {
//     const ssize_t size = ::write(out, bytes.data(), bytes.size());
//     if (size != static_cast<ssize_t>(bytes.size())) return latchkey::Error::write_failed;
//     return {};
//   };
//   auto sealed = latchkey::seal_stream(recipient, read, write, aad, context);  // or
//   auto opened = latchkey::open_stream(my_key, read, write, aad, context);
//
// A stream is sealed in chunks, each of which says its place and whether it is the last. A chunk
// that was changed, moved, repeated or left out, or one too many, is an error, and so is a stream
// that ends too soon; nothing of it is released. What was released before an error is how the
// sealed data begins, and no more is known of it; but a purge() while `write` runs zeroes what it
// is just reading. docs/formats.md has the format byte by byte.
//
// A sealer or opener is for one thread at a time, and ends with its first error.
#pragma once

#include <memory>

#include "latchkey/export.h"
#include "latchkey/seal.hpp"

namespace latchkey {
struct StreamAccess;
}

LATCHKEY_API_BEGIN

namespace latchkey {

// The size of the content of all chunks but the last, in bytes. The last has less or as much, and
// is empty only where nothing was sealed.
inline constexpr std::size_t kStreamChunk = 65'536;

// In bytes: what comes before the chunks.
template <Kem K>
inline constexpr std::size_t kStreamHeader =
    kSealedInfoSize + K::kCiphertextSize + kSealingCommitmentSize;

namespace internal {

// A reference to an object that can be called, for as long as a call lasts. An exception would
// leave behind secrets that are not wiped, so it ends the program.
template <class Made, class Bytes>
class Callback {
 public:
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, Callback> &&
           std::is_object_v<std::remove_reference_t<F>> && std::is_invocable_r_v<Made, F&, Bytes>)
      Callback(F&& f LATCHKEY_LIFETIMEBOUND)
  noexcept  // NOLINT: implicit
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(f)))),
        call_([](void* object, Bytes bytes) noexcept -> Made {
          return (*static_cast<std::remove_reference_t<F>*>(object))(bytes);
        }) {}

  Made operator()(Bytes bytes) const noexcept { return call_(object_, bytes); }

 private:
  void* object_;
  Made (*call_)(void*, Bytes) noexcept;
};

}  // namespace internal

// ---- Whole streams

// What `read` and `write` may be: anything that can be called with the span.
//
// read(to) puts some bytes at the beginning of `to`, which is never empty, and returns how many; 0
// at the end, after which it is not called again. write(bytes) takes all of them: at most a chunk
// and its tag, and none where nothing was sealed. Either may return an error, for which there are
// read_failed and write_failed, and then is not called again. With protection keys, they run within
// an OpenSecrets.
using StreamSource = internal::Callback<Result<std::size_t>, std::span<std::uint8_t>>;
using StreamSink = internal::Callback<Result<void>, std::span<const std::uint8_t>>;

// Seals all that `read` gives. Reads one chunk ahead, so it has buffers for two chunks: in locked
// memory or, if the system locks no more, in ordinary memory, which it wipes. `read` and `write`
// get these buffers; there is no other copy of the content. Errors: those of read and write;
// read_failed, if read says that it put more than there was room; those of StreamSealer.
[[nodiscard]] Result<void> seal_stream(const xwing::EncapsulationKey& key, StreamSource read,
                                       StreamSink write, std::span<const std::uint8_t> aad,
                                       std::span<const std::uint8_t> context,
                                       SealingSuite suite = {}) noexcept;
template <MlKem set>
[[nodiscard]] LATCHKEY_API Result<void> seal_stream(const MlKemEncapsulationKey<set>& key,
                                                    StreamSource read, StreamSink write,
                                                    std::span<const std::uint8_t> aad,
                                                    std::span<const std::uint8_t> context,
                                                    SealingSuite suite = {}) noexcept;

// Opens all that `read` gives, in the same way. Errors: those of read and write; read_failed;
// those of StreamOpener.
[[nodiscard]] Result<void> open_stream(const xwing::DecapsulationKey& key, StreamSource read,
                                       StreamSink write, std::span<const std::uint8_t> aad,
                                       std::span<const std::uint8_t> context) noexcept;
template <MlKem set>
[[nodiscard]] LATCHKEY_API Result<void> open_stream(const MlKemDecapsulationKey<set>& key,
                                                    StreamSource read, StreamSink write,
                                                    std::span<const std::uint8_t> aad,
                                                    std::span<const std::uint8_t> context) noexcept;

// ---- Chunk by chunk, for whoever has input and output of his own

// Whether a chunk is the last of its stream.
enum class Last : bool { no = false, yes = true };

namespace internal {

class Stream {
 public:
  // Whether the stream is whole: the last call was for its last chunk, and all went well. To be
  // asked where the boxes end: one that is cut between two of them gives no other error. Errors:
  // sealed_length, if no chunk was the last; that of the call that failed; moved_from.
  [[nodiscard]] Result<void> end() const noexcept;

 protected:
  friend struct latchkey::StreamAccess;

  [[nodiscard]] Result<void> crypt(bool encrypt, std::span<std::uint8_t> out,
                                   std::span<const std::uint8_t> in, Last last) noexcept;

  hpke::internal::Context context_;
  std::array<std::uint8_t, 64> header_hash_{};  // digest and commitment, for the aad of each chunk
  bool has_begun_ = false;
  Result<void> status_;                             // or why not
  Result<void> end_status_ = Error::sealed_length;  // the same
};

}  // namespace internal

// Seals a stream: write header(), then the box of each chunk.
class StreamSealer : public internal::Stream {
 public:
  // A stream to that key. Errors: those of encapsulate(); too_long, if the context is;
  // unknown_version, for a suite of other numbers; no_memory, crypto_failed.
  [[nodiscard]] static Result<StreamSealer> create(const xwing::EncapsulationKey& key,
                                                   std::span<const std::uint8_t> aad,
                                                   std::span<const std::uint8_t> context,
                                                   SealingSuite suite = {}) noexcept;
  template <MlKem set>
  [[nodiscard]] LATCHKEY_API static Result<StreamSealer> create(
      const MlKemEncapsulationKey<set>& key, std::span<const std::uint8_t> aad,
      std::span<const std::uint8_t> context, SealingSuite suite = {}) noexcept;

  // Empty, as if moved away.
  StreamSealer() noexcept = default;

  // kStreamHeader bytes, which live as long as this object. Empty if moved away.
  [[nodiscard]] std::span<const std::uint8_t> header() const& noexcept LATCHKEY_LIFETIMEBOUND;
  std::span<const std::uint8_t> header() const&& = delete;

  // The next chunk. `box` has hpke::kTagSize bytes more, and may begin where `chunk` does. Errors:
  // chunk_length, if a chunk in this place has another size; wrong_size, if the box has;
  // stream_ended, after the last; sequence_overflow, moved_from, crypto_failed. On an error `box`
  // is zeroed unless it is longer than any box, and the error is that of every further call, too.
  [[nodiscard]] Result<void> seal_chunk(std::span<std::uint8_t> box,
                                        std::span<const std::uint8_t> chunk, Last last) noexcept;

 private:
  friend struct latchkey::StreamAccess;

  std::array<std::uint8_t, kStreamHeader<MlKem1024>> header_{};  // the longest
  std::size_t header_size_ = 0;
};

// Opens a stream, whose boxes are kStreamChunk + hpke::kTagSize bytes apart. A box is the last if
// nothing follows it; whether there was one, end() says.
class StreamOpener : public internal::Stream {
 public:
  // The stream with that header, whose commitment is compared here, before any chunk is decrypted.
  // Errors: not_authentic, if key, aad or context is another, or the header was changed;
  // not_sealed, if `header` is not that of a stream; unknown_version, if another version or another
  // program made it; other_kem, if it is for another kind of key; sealed_length, if it has not
  // kStreamHeader bytes; too_long, low_order, moved_from, no_memory, crypto_failed.
  [[nodiscard]] static Result<StreamOpener> create(const xwing::DecapsulationKey& key,
                                                   std::span<const std::uint8_t> header,
                                                   std::span<const std::uint8_t> aad,
                                                   std::span<const std::uint8_t> context) noexcept;
  template <MlKem set>
  [[nodiscard]] LATCHKEY_API static Result<StreamOpener> create(
      const MlKemDecapsulationKey<set>& key, std::span<const std::uint8_t> header,
      std::span<const std::uint8_t> aad, std::span<const std::uint8_t> context) noexcept;

  // Empty, as if moved away.
  StreamOpener() noexcept = default;

  // The chunk in the next box. `chunk` has hpke::kTagSize bytes less, and may begin where the box
  // does. Errors: sealed_length, if no chunk in this place has that size; not_authentic, if a chunk
  // was changed, moved or left out; wrong_size, if `chunk` is not of its size;
  // stream_ended, after the last; sequence_overflow, moved_from, crypto_failed. On an error `chunk`
  // is zeroed unless it is longer than any chunk (kStreamChunk), as where the size of a box that
  // was cut to less than a tag went below zero; and the error is that of every further call, too.
  [[nodiscard]] Result<void> open_chunk(std::span<std::uint8_t> chunk,
                                        std::span<const std::uint8_t> box, Last last) noexcept;

 private:
  friend struct latchkey::StreamAccess;
};

}  // namespace latchkey

LATCHKEY_API_END
