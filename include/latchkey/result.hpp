// Errors without exceptions.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <new>
#include <type_traits>
#include <utility>

#include "latchkey/export.h"

LATCHKEY_API_BEGIN

namespace latchkey {

// What can go wrong. The numbers never change.
enum class Error : std::uint8_t {
  encapsulation_key_length = 1,  // not 1184 bytes; for X-Wing, 1216
  decapsulation_key_length,      // an expanded key is not 2400 bytes
  seed_length,                   // not 64 bytes; for X-Wing, 32
  ciphertext_length,             // not 1088 bytes; for X-Wing, 1120
  not_reduced,        // an encapsulation key has a coefficient of q or more (FIPS 203, section 7.2)
  hash_mismatch,      // a decapsulation key's hash is not that of its ek (FIPS 203, section 7.3)
  inconsistent_key,   // a decapsulation key does not open what its encapsulation key made
  no_seed,            // a key that was imported in expanded form has no seed to export
  no_entropy,         // the operating system gave no randomness
  no_memory,          // an allocation failed
  batch_length,       // the spans of a batch differ in length
  moved_from,         // the object was moved away and is empty
  self_test_failed,   // a known answer came out wrong
  memory_not_locked,  // the system refuses to lock memory, which Policy::require asks for
  memory_not_protected,  // the system refuses to hide memory (madvise), or to protect it (mprotect)
  inherited,             // the secret stayed with the parent when this process was forked
  purged,                // purge() wiped the secret
  frozen,                // the buffer is frozen
  not_hardened,          // the system refuses what harden_process() asks for
  crypto_failed,         // libcrypto refused its work
  not_sealed,            // the bytes are no sealed message
  unknown_version,       // a version, or algorithms, that are not known here
  other_kem,             // a sealed message for another kind of key
  sealed_length,         // a sealed message is cut, or something follows it
  not_authentic,         // what was sealed was changed or cut, or is for another key or context
  sequence_overflow,     // a context has sealed or opened all the messages that it can
  too_long,              // an input or an output is longer than its encoding can say
  wrong_size,            // an output span is not as long as what goes there
  bad_psk,               // a pre-shared key without its name, or the reverse, or below 32 bytes
  low_order,             // an X25519 public key gives all zeros with every secret
  not_a_key,             // a file is no key, or not of the kind that is wanted
  other_algorithm,       // a key file for another algorithm than those of this library
  not_canonical,         // an encoding that is not the one that is written
  password_needed,       // a key is under a password, and there is none
  wrong_password,        // that does not open the key, or the key was changed
  too_costly,            // a key file asks for more work than its password is worth
  seed_mismatch,         // the seed and the expanded key in a file are not the same key
  chunk_length,          // a chunk of a stream has not the size of its place there
  stream_ended,          // the last chunk of the stream is done
  read_failed,           // whatever a stream was to be read from gave an error
  write_failed,          // whatever a stream was to be written to gave one
  bad_header,            // a file of age's is not written as it must be
  no_recipient,          // a sealed file is for none of the keys
  session_key_gone,      // the key that an enclave was sealed with was destroyed
};

// One sentence for people, without a full stop. Never null. Thread-safe. That of memory_not_locked
// names the limit in force now, and lasts until this thread calls again.
[[nodiscard]] const char* describe(Error error) noexcept;

// A value or an Error. Reading the one that is not there ends the program: test first.
template <class T>
class [[nodiscard]] Result {
 public:
  // What a function returns in the one case or the other.
  Result(T value) noexcept : value_(std::move(value)), has_value_(true) {}  // NOLINT: implicit
  Result(Error error) noexcept : error_(error), has_value_(false) {}        // NOLINT: implicit
  // A default value, for a function that fills a large one where it will be returned.
  explicit Result(std::in_place_t) noexcept : value_(), has_value_(true) {}
  // What is in the other one is moved from.
  Result(Result&& other) noexcept : has_value_(other.has_value_) {
    if (has_value_) {
      ::new (&value_) T(std::move(other.value_));
    } else {
      error_ = other.error_;
    }
  }
  Result& operator=(Result&& other) noexcept {
    if (this != &other) {
      this->~Result();
      ::new (this) Result(std::move(other));
    }
    return *this;
  }
  Result& operator=(Error error) noexcept {
    this->~Result();
    ::new (this) Result(error);
    return *this;
  }
  ~Result() {
    if (has_value_) value_.~T();
  }

  // Whether there is a value.
  [[nodiscard]] bool has_value() const noexcept { return has_value_; }
  explicit operator bool() const noexcept { return has_value_; }

  // The value, which is to be there.
  [[nodiscard]] T& value() & noexcept { return *pointer(); }
  [[nodiscard]] const T& value() const& noexcept { return *pointer(); }
  [[nodiscard]] T&& value() && noexcept { return std::move(*pointer()); }
  [[nodiscard]] T& operator*() & noexcept { return *pointer(); }
  [[nodiscard]] const T& operator*() const& noexcept { return *pointer(); }
  [[nodiscard]] T&& operator*() && noexcept { return std::move(*pointer()); }
  [[nodiscard]] T* operator->() noexcept { return pointer(); }
  [[nodiscard]] const T* operator->() const noexcept { return pointer(); }

  // The error, which is to be there.
  [[nodiscard]] Error error() const noexcept {
    if (has_value_) std::abort();
    return error_;
  }

 private:
  T* pointer() noexcept {
    if (!has_value_) std::abort();
    return &value_;
  }
  const T* pointer() const noexcept {
    if (!has_value_) std::abort();
    return &value_;
  }

  union {
    T value_;
    Error error_;
  };
  bool has_value_;
};

// Success or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  // What a function returns in the one case or the other.
  Result() noexcept = default;
  Result(Error error) noexcept : error_(error), has_value_(false) {}  // NOLINT: implicit

  // Whether there is no error.
  [[nodiscard]] bool has_value() const noexcept { return has_value_; }
  explicit operator bool() const noexcept { return has_value_; }

  // The error, which is to be there.
  [[nodiscard]] Error error() const noexcept {
    if (has_value_) std::abort();
    return error_;
  }

 private:
  Error error_{};
  bool has_value_ = true;
};

}  // namespace latchkey

LATCHKEY_API_END
