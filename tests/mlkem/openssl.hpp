// SHA-3 and SHAKE by OpenSSL: hashes that are not ours.
#pragma once

#include "mlkem/oracle.hpp"

namespace latchkey::test::openssl {

oracle::Bytes sha3_256(oracle::ByteView message);
oracle::Bytes sha3_512(oracle::ByteView message);
oracle::Bytes shake128(oracle::ByteView message, std::size_t size);
oracle::Bytes shake256(oracle::ByteView message, std::size_t size);

}  // namespace latchkey::test::openssl
