// The targets. Each takes any bytes whatever, and aborts if the library does not do what it should.
#pragma once

#include <cstdint>
#include <span>

namespace latchkey::fuzz {

using Target = void(std::span<const std::uint8_t>);

Target age_file;
Target age_header;
Target batch;
Target command_line;
Target decapsulate;
Target hpke_contexts;
Target import_key;
Target keccak;
Target key_file;
Target locked_buffer;
Target parse_key;
Target pem_objects;
Target provider_files;  // these two where the OpenSSL provider is built
Target provider_keys;
Target injected;  // not one of them: a control
Target backends;
Target sealed_message;
Target stream_chunks;
Target tls_hello;
Target vector_file;
Target x25519;
Target xwing_exchange;

}  // namespace latchkey::fuzz
