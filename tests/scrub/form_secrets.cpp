#include "scrub/form_secrets.hpp"

#include <algorithm>

#include "scrub/recorded.hpp"
#ifdef __x86_64__
#include "base/cpu.hpp"
#include "x25519/adx_field.hpp"
#endif
#include "x25519/comb.hpp"
#include "x25519/wide_ladder.hpp"

namespace latchkey::test {

using x25519::In;
using x25519::kLimbs;
using x25519::kSize;
using x25519::Ratio;
using x25519::ScalarField;
using x25519::Words;

void FormSecrets::add(const char* name, View bytes) {
  secrets_.push_back({name, Bytes(bytes.begin(), bytes.end())});
}

namespace {

// Of what a ladder of 255 iterations computes, the first words and the last: a stack has room for
// the values of one iteration.
constexpr std::size_t kFirst = 4096, kLast = 16384;

// A word of few different bytes, a digit or a mask for example, may stand anywhere by chance.
bool is_random(View word) {
  constexpr std::size_t kFewest = 5;
  return std::set<std::uint8_t>(word.begin(), word.end()).size() >= kFewest;
}

}  // namespace

void FormSecrets::add_words(const char* name, std::span<const std::uint64_t> words) {
  for (const std::uint64_t& word : words) {
    const View bytes(reinterpret_cast<const std::uint8_t*>(&word), sizeof word);
    if (is_random(bytes) && !public_.contains(word)) add(name, bytes);
  }
}

template <class F>
auto FormSecrets::record(const char* name, F f) {
  std::vector<std::uint64_t> noted;
  note_words = [&noted](std::span<const std::uint64_t> words) {
    noted.insert(noted.end(), words.begin(), words.end());
  };
  auto result = f();
  note_words = {};
  if (noted.size() > kFirst + kLast) {
    noted.erase(noted.begin() + kFirst, noted.end() - kLast);
  }
  std::sort(noted.begin(), noted.end());
  noted.erase(std::unique(noted.begin(), noted.end()), noted.end());
  add_words(name, noted);
  return result;
}

Words FormSecrets::add_scalar(View secret) {
  add("scalar", secret);
  const Words k = x25519::decode_scalar(In<kSize>(secret.data(), kSize));
  add_words("scalar", k.word);
  add_words("digits", x25519::add_eights(k).word);
  return k;
}

// Before the division, and what the division makes of it.
void FormSecrets::add_ratio(const char* name, const Ratio& ratio) {
  add_words(name, ratio.numerator.limb);
  add_words(name, ratio.denominator.limb);
  add_words(name, x25519::to_words(ratio.denominator).word);
  const auto inverse = x25519::invert(ratio.denominator);
  add_words("inverse", inverse.limb);
}

void FormSecrets::add_public(View secret) {
  const Words k = add_scalar(secret);
  const auto scalar =
      record("comb", [&] { return x25519::comb<RecordedOctet, Recorded<ScalarField>>(k); });
  const auto lanes = record("comb in lanes", [&] { return x25519::lane_comb<RecordedOctet>(k); });
  ratios_.push_back({{scalar.numerator}, {scalar.denominator}});
  for (const Ratio& ratio : {ratios_.back(), lanes}) add_ratio("comb", ratio);
#ifdef __x86_64__
  if (!base::cpu_features().adx) return;
  record("comb in words",
         [&] { return x25519::comb<RecordedOctet, Recorded<x25519::AdxField>>(k); });
#endif
}

void FormSecrets::add_shared(View secret, View peer) {
  const Words k = add_scalar(secret);
  // The ladder begins with u + 1 and u - 1, which have words of u, and the peer's key may be
  // anywhere.
  for (const std::uint64_t word : x25519::load(In<kSize>(peer.data(), kSize)).word) {
    public_.insert(word);
  }
  const auto u = x25519::decode_u(In<kSize>(peer.data(), kSize));
  const auto scalar = record(
      "ladder", [&] { return x25519::ladder<Recorded<ScalarField>>(x25519::bits_of(k), u); });
  const auto wide = record(
      "wide ladder", [&] { return x25519::wide_ladder<RecordedOctet>(x25519::bits_of(k), u); });
  record("ladder in lanes", [&] {
    using Field = x25519::LaneField<RecordedOctet>;
    Field::Product x1;
    for (std::size_t i = 0; i < kLimbs; ++i) x1.limb[i] = RecordedOctet::all(u.limb[i]);
    const auto bit = [&](unsigned t) -> RecordedOctet {
      return RecordedOctet::all(x25519::bits_of(k)(t));
    };
    return x25519::ladder<Field>(bit, x1);
  });
  ratios_.push_back(
      {ScalarField::factor(scalar.numerator), ScalarField::factor(scalar.denominator)});
  for (const Ratio& ratio : {ratios_.back(), wide}) add_ratio("ladder", ratio);
  const auto shared = x25519::quotient(ratios_.back());
  add_words("shared secret", shared.limb);
  add_words("shared secret", x25519::to_words(shared).word);
  std::uint8_t bytes[kSize];
  x25519::encode_u(x25519::Out<kSize>(bytes, kSize), shared);
  add("shared secret", bytes);
#ifdef __x86_64__
  if (!base::cpu_features().adx) return;
  record("ladder in words", [&] {
    using Field = Recorded<x25519::AdxField>;
    const auto words = Field::from_words(x25519::to_words(ScalarField::factor(u)));
    return x25519::ladder<Field>(x25519::bits_of(k), words);
  });
#endif
}

void FormSecrets::add_division() {
  std::vector<Ratio> ratios = ratios_;
  x25519::divide(ratios.data(), ratios.size());
  for (const Ratio& ratio : ratios) add_words("quotient", ratio.numerator.limb);
}

}  // namespace latchkey::test
