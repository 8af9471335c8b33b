#include "latchkey/result.hpp"

namespace latchkey {

const char* describe(Error error) noexcept {
  switch (error) {
    case Error::encapsulation_key_length:
      return "the encapsulation key is not 1184 bytes long";
    case Error::decapsulation_key_length:
      return "the expanded decapsulation key is not 2400 bytes long";
    case Error::seed_length:
      return "the seed of the decapsulation key is not 64 bytes long";
    case Error::ciphertext_length:
      return "the ciphertext is not 1088 bytes long";
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
      return "the key was moved to another object";
    case Error::self_test_failed:
      return "the self-test gave a wrong answer: do not use this build on this machine";
  }
  return "unknown error";
}

}  // namespace latchkey
