// age's names of keys.

#include "age/support.hpp"

namespace latchkey::test {
namespace {

// The example of the specification (https://c2sp.org/age).
constexpr std::string_view kIdentity =
    "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR";
constexpr std::string_view kRecipient =
    "age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5zrqtzdxz95paef6caq5aapdmw"
    "jjqpjfdyxnzr2zampc3uxy0dg4z2n2gm9su72p0pc3u0jvev55l694v78snxg3yzvcl7yda0eyytqj6a0ec477lnhc"
    "y5hzpz4zq3pxanve4cn62gqj3pjy5lqj9c6kyj4v2z8alktn8zh99970x79gjkv7522hv9kfz35zsnxhsx8wwtmu9c"
    "y3ftzjgwcp4sshn3llnylnpdsyz5jm72vefv4x5vfwytrefxg4wq3mv42wcrvkj742479zrxzpvp2p3e9fed9f0739"
    "vcu80r7ma28qfhnvlv4gfzel9q654dj3zmuvvz893azhxdvs9fxd0r7jzchzcfcs5mkyyjxhw0n2z6dvp9yn9qfdp2"
    "9h0azxqyjw6v7fhyuzj7zel0uq6j9rd7wgrpz7mf5dnj43jwsgvrc8qcnhy7tu6dkdujuxzkp9xj43xe8h92ktre2a"
    "3u3s8mm5mrp9nr9pwkgtz4mdlq9hgn4fps4k57ff6wddn2fy23t47sm20r8km8sd2pcyyafnet8f0dajsrlyjeah4n"
    "3mssr6aseevuuskdvq5lzguyvpgwpta742c6698vgutzqgny8usfg0w2he7kq5vyxjd0f9hqg8xk26y9e4th0gezq9"
    "2q4cpp5p2y9hf5f2cje5l0c3sa3a2qxmm38pxxvhxh99yzmfz0zk7r2s64nnwjhkfgfr3gf8xnmppcgmaykvh5sh6g"
    "7vk9790rf8ws0axmr2t7z8aae5fq2029uvcn2ghgt4fu4wgwdc0k0cz52qkvwmuzj8p8k5jgf3xzk5zmrkavjekjrp"
    "eq408xz3zxazwkc6tyfmhayrkfpjhwtz5mp8j8guqe43k2q6m2kte03vrw27y3wmqyu5etmt9dnkwcnnpmu9gz9dek"
    "fhdevf42ucshphnrk38ra6hx8w5f8q5ru0xdhrjxmwqf6cused7zc5xvq43r0zscjglpwlptpwydhqw64xz7ptjdye"
    "yzpq2zkxtmzg29gzjpvzva4d3l0cenn9xs297wf4y4ukwrunf57xj6pm7nvrkwvtrt8hwcmgv8x7ajw7258ugf9wvk"
    "mk4052ekg87tw5vnx8nq2swyzv77v8yqlwsenvamr0zssknwts8rrhfuwj7ykysnq9jxy0uv3kuyt22djszjdtvpz6"
    "d0s0kwh8ryynddzud92emeyvvyqktd0jtj7rvvg5gch25v8smlvny3kvn5gagyz475ze2y6q466xqmz2n3hs77ldde"
    "qyta2nch5k2u5yacuk9ywnwfdzvyejnucz724hj77hrrmakm7pr3kxsrxq22ejexlud9fy2kdqmkg5yncz7jm5wv2q"
    "jk5w5kvcpqsry2yqffh2la52dxfjkjq5rzhjzeyn6dupn0qwtyv7s4lwg3xdarsdlwe2y3tujy480y7z39q259fzx6"
    "jhd2j0f5hagqpcpees7hzc2yrk5cy788uk3s7qvp5cpepx24gvws3m2g433exgwppnkjscec8qu4y9z9r7vccexjcj"
    "aen42245lmgmxmuavg9alej92322gvvyy2t6267v09ch64y0m53jff0vjj96s0ypk60hr3jw4myd6m5hpn3xjstx7t"
    "l2szhpr5qe8jj08ydjc4wy2rch2fhuy3pdfjax5awe9j99ly5hkntzz9fe5zatgjvzdd0kgtxs25njnajyf6ssekp7"
    "gelxquusn4pt25czh3scj68kq79wdn5tgm6yvm9nzavrg043x3msnygf8dweknw5jmqd0uvny6ttsn09508k0c55zf"
    "negrm9efhxpfqdkmhh6gjtqmwze9pyyzk3tlhl53k2ykx3qheyty7saeq0d3fzv49zc0k";

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower;
}

TEST_CASE("The identity of the specification has the recipient of the specification") {
  const auto key = age::parse_identity(kIdentity);
  REQUIRE(key.has_value());
  const auto name = age::write_recipient(key->encapsulation_key());
  REQUIRE(name->text() == kRecipient);
  REQUIRE(text_of(age::write_identity(*key)) == kIdentity);
  const auto recipient = age::parse_recipient(kRecipient);
  REQUIRE(std::ranges::equal(recipient->bytes(), key->encapsulation_key().bytes()));
}

TEST_CASE("Every key has a name that is read again") {
  for (int i = 0; i < 20; ++i) {
    const auto key = xwing::DecapsulationKey::generate();
    const auto identity = text_of(age::write_identity(*key));
    const auto again = age::parse_identity(identity);
    REQUIRE(
        std::ranges::equal(again->encapsulation_key().bytes(), key->encapsulation_key().bytes()));
    const auto name = age::write_recipient(key->encapsulation_key());
    const auto recipient = age::parse_recipient(name->text());
    REQUIRE(std::ranges::equal(recipient->bytes(), key->encapsulation_key().bytes()));
  }
}

TEST_CASE("One character that is another makes no key, nor do two that changed places") {
  for (std::size_t at = 0; at < kIdentity.size(); ++at) {
    for (const char c : std::string_view("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7Lqpb1-\0~", 40)) {
      CAPTURE(at, c);
      std::string text(kIdentity);
      if (text[at] == c) continue;
      text[at] = c;
      REQUIRE_FALSE(age::parse_identity(text).has_value());
    }
    std::string swapped(kIdentity);
    const std::size_t next = (at + 1) % swapped.size();
    if (swapped[at] == swapped[next]) continue;
    std::swap(swapped[at], swapped[next]);
    REQUIRE_FALSE(age::parse_identity(swapped).has_value());
  }
  for (std::size_t at = 0; at < kRecipient.size(); ++at) {
    CAPTURE(at);
    std::string text(kRecipient);
    text[at] = text[at] == 'q' ? 'p' : 'q';
    REQUIRE_FALSE(age::parse_recipient(text).has_value());
  }
}

TEST_CASE("A name is cut nowhere, and nothing is added") {
  for (std::size_t size = 0; size < kIdentity.size(); ++size) {
    REQUIRE_FALSE(age::parse_identity(kIdentity.substr(0, size)).has_value());
    REQUIRE_FALSE(age::parse_recipient(kRecipient.substr(0, size)).has_value());
  }
  for (const std::string_view more : {" ", "q", "\n"}) {
    REQUIRE_FALSE(age::parse_identity(std::string(kIdentity) + std::string(more)).has_value());
    REQUIRE_FALSE(age::parse_recipient(std::string(kRecipient) + std::string(more)).has_value());
  }
}

TEST_CASE("The checksum is right and the bits that stand for nothing are not: no key") {
  // 52 digits have four bits more than 32 bytes: another one set, with the checksum of that.
  Bytes seed(32, 0x55), longer(seed);
  longer.push_back(0x80);
  std::string text(encoding::bech32_size("AGE-SECRET-KEY-PQ-", 32), ' ');
  Bytes encoded(encoding::bech32_size("AGE-SECRET-KEY-PQ-", 33));
  encoding::bech32_encode(encoded, "AGE-SECRET-KEY-PQ-", longer);
  // 33 bytes are 53 digits, of which the last is 0: the checksum follows from it, so that a text
  // with the right checksum is found by trying the last digits.
  std::string body(encoded.begin(), encoded.begin() + 19 + 52);
  constexpr std::string_view kDigits = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
  REQUIRE(kDigits.find(body.back()) % 16 == 8);
  std::uint32_t state = 1;
  const auto add = [&](std::uint32_t digit) {
    static constexpr std::uint32_t kGenerator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                                   0x2a1462b3};
    const std::uint32_t top = state >> 25;
    state = (state & 0x1ffffff) << 5 ^ digit;
    for (unsigned i = 0; i < 5; ++i) state ^= top >> i & 1 ? kGenerator[i] : 0;
  };
  const std::string prefix = in_lower_case("AGE-SECRET-KEY-PQ-");
  for (const char c : prefix) add(static_cast<std::uint32_t>(c) >> 5);
  add(0);
  for (const char c : prefix) add(static_cast<std::uint32_t>(c) & 31);
  for (const char c : body.substr(19)) add(static_cast<std::uint32_t>(kDigits.find(c)));
  for (int i = 0; i < 6; ++i) add(0);
  for (int i = 5; i >= 0; --i) body += kDigits[(state ^ 1) >> 5 * i & 31];
  REQUIRE(body.size() == age::kIdentitySize);
  require_error(age::parse_identity(body), Error::not_a_key);
}

TEST_CASE("Names of other kinds are told from mistyped ones") {
  require_error(
      age::parse_recipient("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"),
      Error::other_algorithm);
  require_error(age::parse_identity(
                    "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"),
                Error::other_algorithm);
  require_error(age::parse_identity("AGE-PLUGIN-YUBIKEY-1QQQ"), Error::other_algorithm);
  require_error(age::parse_recipient("age1yubikey1qqq"), Error::other_algorithm);
  require_error(age::parse_recipient("ssh-ed25519 AAAA"), Error::other_algorithm);
  for (const std::string_view text : {"", "age1pq1", "hello"}) {
    require_error(age::parse_recipient(text), Error::not_a_key);
    require_error(age::parse_identity(text), Error::not_a_key);
  }
  require_error(age::parse_identity(in_lower_case(kIdentity)), Error::not_a_key);
  require_error(age::parse_recipient(kIdentity), Error::not_a_key);
  require_error(age::parse_identity(kRecipient), Error::not_a_key);
}

TEST_CASE("The kind of a name shows in its prefix") {
  using age::KeyKind;
  REQUIRE(age::kind_of_recipient(kRecipient) == KeyKind::post_quantum);
  REQUIRE(age::kind_of_recipient("age1pq1") == KeyKind::post_quantum);
  REQUIRE(age::kind_of_recipient("age1pq1\x1b[31m") == KeyKind::post_quantum);
  REQUIRE(age::kind_of_recipient("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73eq") ==
          KeyKind::x25519);
  REQUIRE(age::kind_of_recipient("age1tag1qqq") == KeyKind::plugin);
  REQUIRE(age::kind_of_recipient("age1pqx1qqq") == KeyKind::plugin);
  REQUIRE(age::kind_of_recipient("ssh-rsa AAAA me") == KeyKind::ssh);
  REQUIRE(age::kind_of_identity(kIdentity) == KeyKind::post_quantum);
  REQUIRE(age::kind_of_identity("AGE-SECRET-KEY-1GFPYYSJ") == KeyKind::x25519);
  REQUIRE(age::kind_of_identity("AGE-PLUGIN-X-1QQQ") == KeyKind::plugin);
  REQUIRE(age::kind_of_identity("AGE-SECRET-KEY-LATER-1QQQ") == KeyKind::plugin);
  for (const std::string_view text : {"", "a", "age", "AGE-SECRET", "hello", "# age1pq1"}) {
    REQUIRE(age::kind_of_recipient(text) == KeyKind::none);
    REQUIRE(age::kind_of_identity(text) == KeyKind::none);
  }
  REQUIRE(age::kind_of_recipient(kIdentity) == KeyKind::none);
  REQUIRE(age::kind_of_identity(kRecipient) == KeyKind::none);
}

TEST_CASE("Keys that are gone have no names") {
  require_error(age::write_identity(xwing::DecapsulationKey()), Error::moved_from);
  REQUIRE(age::write_recipient(xwing::EncapsulationKey()).error() == Error::moved_from);
}

}  // namespace
}  // namespace latchkey::test
