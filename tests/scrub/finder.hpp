// Finds secrets in memory: any few consecutive bytes of one, at any address.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace latchkey::test {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

struct Secret {
  std::string name;
  Bytes bytes;
  // So many bytes of it count as a find. More than 8 where 8 could be there by chance.
  std::size_t window = 8;
};

// How many windows of a memory are one of a secret, by the secret's name.
using Found = std::map<std::string, std::size_t>;

class Finder {
 public:
  explicit Finder(std::vector<Secret> secrets);

  // Windows that begin with eight equal bytes do not count.
  [[nodiscard]] Found find(View memory) const;

 private:
  struct Place {
    const Secret* secret;
    std::size_t offset;
  };

  std::vector<Secret> secrets_;
  std::unordered_multimap<std::uint64_t, Place> places_;  // by the first 8 bytes of the window
};

// "3 of z, 1 of K", or "nothing".
std::string describe(const Found& found);
std::size_t total(const Found& found);

}  // namespace latchkey::test
