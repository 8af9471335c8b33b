#include "scrub/finder.hpp"

#include <cstring>

namespace latchkey::test {
namespace {

std::uint64_t word_at(View bytes, std::size_t i) {
  std::uint64_t word;
  std::memcpy(&word, &bytes[i], sizeof word);
  return word;
}

bool is_one_byte_repeated(std::uint64_t word) { return word == (word & 0xff) * 0x0101010101010101; }

}  // namespace

Finder::Finder(std::vector<Secret> secrets) : secrets_(std::move(secrets)) {
  for (const Secret& secret : secrets_) {
    for (std::size_t i = 0; i + secret.window <= secret.bytes.size(); ++i) {
      places_.emplace(word_at(secret.bytes, i), Place{&secret, i});
    }
  }
}

Found Finder::find(View memory) const {
  Found found;
  for (std::size_t i = 0; i + 8 <= memory.size(); ++i) {
    const std::uint64_t word = word_at(memory, i);
    if (is_one_byte_repeated(word)) continue;
    const auto [first, last] = places_.equal_range(word);
    for (auto place = first; place != last; ++place) {
      const auto& [secret, offset] = place->second;
      if (i + secret->window <= memory.size() &&
          std::memcmp(&memory[i], &secret->bytes[offset], secret->window) == 0) {
        ++found[secret->name];
        break;
      }
    }
  }
  return found;
}

std::string describe(const Found& found) {
  std::string text;
  for (const auto& [name, count] : found) {
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " of " + name;
  }
  return text.empty() ? "nothing" : text;
}

std::size_t total(const Found& found) {
  std::size_t sum = 0;
  for (const auto& [name, count] : found) sum += count;
  return sum;
}

}  // namespace latchkey::test
