// Text as bytes: what is in them, and what is left out.

#include "latchkey/bytes.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using View = std::span<const std::uint8_t>;

bool is(View bytes, std::string_view text) {
  return std::equal(bytes.begin(), bytes.end(), text.begin(), text.end());
}

TEST_CASE("The bytes of a literal are its characters, without the NUL at the end") {
  constexpr char kContext[] = "orders, version 1";
  REQUIRE(bytes("orders, version 1").size() == 17);
  REQUIRE(is(bytes("orders, version 1"), std::string("orders, version 1")));
  REQUIRE(is(bytes(kContext), std::string("orders, version 1")));
  REQUIRE(bytes("").empty());
  REQUIRE(is(bytes("a\0b"), {"a\0b", 3}));
  REQUIRE(is(bytes("ends\0"), {"ends\0", 5}));
  constexpr char kWithout[] = {'a', 'b'};
  REQUIRE(is(bytes(kWithout), "ab"));
}

TEST_CASE("The bytes of a string are its characters, whatever they are") {
  const std::string text("a\0b\0", 4);
  REQUIRE(is(bytes(text), text));
  REQUIRE(is(bytes(std::string_view(text).substr(1)), {"\0b\0", 3}));
  REQUIRE(bytes(std::string()).empty());
}

TEST_CASE("An input is made of bytes and of text, and points to them") {
  const auto same = [](Input input, View bytes) {
    return input.data() == bytes.data() && input.size() == bytes.size();
  };
  const std::vector<std::uint8_t> vector{1, 2, 3};
  std::array<std::uint8_t, 2> array{4, 5};
  const std::uint8_t plain[] = {6};
  const std::string text = "text";
  REQUIRE(same(vector, vector));
  REQUIRE(same(array, array));
  REQUIRE(same(plain, plain));
  REQUIRE(same(std::span(array), array));
  REQUIRE(same(text, bytes(text)));
  REQUIRE(same(std::string_view(text), bytes(text)));
  REQUIRE(is(Input("literal"), "literal"));
  REQUIRE(Input().empty());
}

}  // namespace
}  // namespace latchkey::test
