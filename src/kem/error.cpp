#include "latchkey/result.hpp"

#include <sys/resource.h>

#include <cstdio>

namespace latchkey {
namespace {

// In bytes, as setrlimit(2) and systemd's LimitMEMLOCK take it; `ulimit -l` counts in KiB.
const char* describe_lock_limit() noexcept {
  constinit thread_local char text[160] = {};
  rlimit limit;
  if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return "the system locks no memory for secrets, though RLIMIT_MEMLOCK does not limit it";
  }
  std::snprintf(text, sizeof text,
                "the system locks no more memory for secrets: RLIMIT_MEMLOCK is %llu bytes",
                static_cast<unsigned long long>(limit.rlim_cur));
  return text;
}

}  // namespace

const char* describe(Error error) noexcept {
  switch (error) {
    case Error::encapsulation_key_length:
      return "the encapsulation key is not 1184 bytes long (1216 for X-Wing)";
    case Error::decapsulation_key_length:
      return "the expanded decapsulation key is not 2400 bytes long";
    case Error::seed_length:
      return "the seed of the decapsulation key is not 64 bytes long (32 for X-Wing)";
    case Error::ciphertext_length:
      return "the ciphertext is not 1088 bytes long (1120 for X-Wing)";
    case Error::not_reduced:
      return "the encapsulation key has a coefficient that is not below 3329";
    case Error::hash_mismatch:
      return "the decapsulation key holds a hash that is not its encapsulation key's";
    case Error::inconsistent_key:
      return "the decapsulation key does not open what its encapsulation key makes";
    case Error::no_seed:
      return "the decapsulation key was imported in expanded form, so its seed is not known";
    case Error::no_entropy:
      return "the operating system gave no randomness";
    case Error::no_memory:
      return "there is not enough memory";
    case Error::batch_length:
      return "the lists of a batch are not of the same length";
    case Error::moved_from:
      return "the object is empty: what it held was moved to another one";
    case Error::self_test_failed:
      return "the self-test gave a wrong answer: do not use this build on this machine";
    case Error::memory_not_locked:
      return describe_lock_limit();
    case Error::memory_not_protected:
      return "the system refuses to keep memory out of core dumps and children, or to protect it";
    case Error::inherited:
      return "the secret is the parent process's: a child of fork() has no copy of it";
    case Error::purged:
      return "the secret was wiped by purge()";
    case Error::frozen:
      return "the buffer is frozen";
    case Error::not_hardened:
      return "the system refuses to keep this process out of core dumps and debuggers";
    case Error::crypto_failed:
      return "libcrypto could not do its part";
    case Error::not_sealed:
      return "this is no sealed message of Latchkey's";
    case Error::unknown_version:
      return "the version or the algorithms are not known here";
    case Error::other_kem:
      return "the sealed message is for another kind of key";
    case Error::sealed_length:
      return "the sealed message is cut off, or something follows it";
    case Error::not_authentic:
      return "what was sealed was changed or cut, or is for another key or another context";
    case Error::sequence_overflow:
      return "the context has no number left for another message";
    case Error::too_long:
      return "an input or an output is longer than its encoding can say";
    case Error::wrong_size:
      return "the span for the result is not as long as the result";
    case Error::bad_psk:
      return "a pre-shared key has 32 bytes or more, and a name";
    case Error::low_order:
      return "the X25519 half of the key or ciphertext is of low order: no honest party makes it";
    case Error::not_a_key:
      return "this is no key file, or not of the kind of key that is wanted";
    case Error::other_algorithm:
      return "the key is for another algorithm than ML-KEM-768 and X-Wing";
    case Error::not_canonical:
      return "the encoding is not the one that standards ask for, or something follows it";
    case Error::password_needed:
      return "the key is under a password";
    case Error::wrong_password:
      return "the password is not the one of this key, or the file was changed";
    case Error::too_costly:
      return "the key file asks for unreasonably much work on its password";
    case Error::seed_mismatch:
      return "the seed and the expanded key in the file are not the same key";
    case Error::chunk_length:
      return "every chunk of a stream has 65536 bytes, but for the last, which may have fewer";
    case Error::stream_ended:
      return "the last chunk of the stream is done, and no other may follow";
    case Error::read_failed:
      return "the input could not be read";
    case Error::write_failed:
      return "the output could not be written";
    case Error::bad_header:
      return "the header or the armor of the age file is not written as the format asks for";
    case Error::no_recipient:
      return "the file is sealed to other keys than the ones given";
    case Error::session_key_gone:
      return "the session key that the enclave was sealed with is destroyed: it opens no more";
    case Error::public_key_mismatch:
      return "the publicKey in the key file is not the one of its private key";
    case Error::several_keys:
      return "the file has several keys of the wanted kind: keep one in it";
    case Error::public_key_forbidden:
      return "the key file has a publicKey, which the X-Wing draft forbids: write it without";
  }
  return "unknown error";
}

}  // namespace latchkey
