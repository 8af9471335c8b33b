// Every secret value that an operation of X25519 comes by, in the words that the forms have it in.
#pragma once

#include <set>

#include "scrub/finder.hpp"
#include "x25519/operations.hpp"

namespace latchkey::test {

class FormSecrets {
 public:
  // What is made of a secret on the way to its public key.
  void add_public(View secret);
  // And to the secret that is shared with a peer.
  void add_shared(View secret, View peer);
  // The inversion of several results at once.
  void add_division();

  [[nodiscard]] const std::vector<Secret>& all() const { return secrets_; }

 private:
  void add(const char* name, View bytes);
  void add_words(const char* name, std::span<const std::uint64_t> words);
  x25519::Words add_scalar(View secret);
  void add_ratio(const char* name, const x25519::Ratio& ratio);
  // f() with what it computes noted under that name.
  template <class F>
  auto record(const char* name, F f);

  std::vector<Secret> secrets_;
  std::vector<x25519::Ratio> ratios_;
  std::set<std::uint64_t> public_;
};

}  // namespace latchkey::test
