/* The list of errors: the one place where an error has its number, its name in C++, its name in C
 * and its text. latchkey::Error (result.hpp), the LATCHKEY_E_ numbers (latchkey.h) and the texts of
 * describe() and latchkey_strerror() come from here. Callers include those headers, not this one.
 *
 * Define LATCHKEY_ERROR(name, NAME, number, text) before you include this file; the file undefines
 * it at its end. It has no include guard, since it is included several times.
 *
 * Numbers never change, and a new error goes to the end. A text follows "cannot open 'x': ". It
 * says what is wrong, with sizes in bytes, and what to do; it has no full stop.
 */

/* Keys and ciphertexts of the KEMs */
LATCHKEY_ERROR(encapsulation_key_length, ENCAPSULATION_KEY_LENGTH, 1,
               "the public key has the wrong length: it needs 800 bytes for ML-KEM-512, 1184 for "
               "ML-KEM-768, 1568 for ML-KEM-1024, 1216 for X-Wing, 1249 for MLKEM768-P256, "
               "1665 for MLKEM1024-P384, 65 for DHKEM(P-256), 32 for DHKEM(X25519)")
LATCHKEY_ERROR(
    decapsulation_key_length, DECAPSULATION_KEY_LENGTH, 2,
    "the expanded private key has the wrong length: it needs 1632 bytes for ML-KEM-512, 2400 "
    "for ML-KEM-768, 3168 for ML-KEM-1024")
LATCHKEY_ERROR(
    seed_length, SEED_LENGTH, 3,
    "the seed of the private key has the wrong length: it needs 64 bytes for ML-KEM, 32 for "
    "X-Wing and every other KEM")
LATCHKEY_ERROR(ciphertext_length, CIPHERTEXT_LENGTH, 4,
               "the ciphertext has the wrong length: it needs 768 bytes for ML-KEM-512, 1088 for "
               "ML-KEM-768, 1568 for ML-KEM-1024, 1120 for X-Wing, 1153 for MLKEM768-P256, "
               "1665 for MLKEM1024-P384, 65 for DHKEM(P-256), 32 for DHKEM(X25519)")
LATCHKEY_ERROR(not_reduced, NOT_REDUCED, 5,
               "the key has a coefficient of 3329 or more, which key generation never makes")
LATCHKEY_ERROR(hash_mismatch, HASH_MISMATCH, 6,
               "the hash in the private key is not that of its public key (FIPS 203, section 7.3)")
LATCHKEY_ERROR(inconsistent_key, INCONSISTENT_KEY, 7,
               "the private key does not decapsulate what its public key encapsulates")
LATCHKEY_ERROR(no_seed, NO_SEED, 8,
               "the private key was imported in expanded form, so its seed is not known")

/* The operating system and the process */
LATCHKEY_ERROR(no_entropy, NO_ENTROPY, 9, "the operating system gave no randomness")
LATCHKEY_ERROR(no_memory, NO_MEMORY, 10, "there is not enough memory")
LATCHKEY_ERROR(batch_length, BATCH_LENGTH, 11, "the lists of a batch have different lengths")
LATCHKEY_ERROR(moved_from, MOVED_FROM, 12,
               "the object is empty: its content was moved to another object")
LATCHKEY_ERROR(self_test_failed, SELF_TEST_FAILED, 13,
               "the self-test gave a wrong answer: do not use this build on this machine")
LATCHKEY_ERROR(memory_not_locked, MEMORY_NOT_LOCKED, 14,
               "the system locks no more memory for secrets: raise RLIMIT_MEMLOCK (ulimit -l)")
LATCHKEY_ERROR(memory_not_protected, MEMORY_NOT_PROTECTED, 15,
               "the system refuses to keep memory out of core dumps and child processes, or to "
               "protect it")
LATCHKEY_ERROR(inherited, INHERITED, 16,
               "the secret belongs to the parent process: a child of fork() cannot use it")
LATCHKEY_ERROR(purged, PURGED, 17, "the secret was wiped by purge()")
LATCHKEY_ERROR(frozen, FROZEN, 18, "the buffer is frozen: it can only be read")
LATCHKEY_ERROR(not_hardened, NOT_HARDENED, 19,
               "the system refuses to keep this process out of core dumps and debuggers")
LATCHKEY_ERROR(
    crypto_failed, CRYPTO_FAILED, 20,
    "libcrypto failed: it had too little memory, or its configuration (openssl.cnf) lacks "
    "the algorithm")

/* Sealed messages, HPKE and hybrids */
LATCHKEY_ERROR(not_sealed, NOT_SEALED, 21, "this is not a sealed message of Latchkey")
LATCHKEY_ERROR(unknown_version, UNKNOWN_VERSION, 22,
               "this version of Latchkey does not support the input's version or algorithms")
LATCHKEY_ERROR(other_kem, OTHER_KEM, 23,
               "the message was sealed to a key of another algorithm (ML-KEM-512, ML-KEM-768, "
               "ML-KEM-1024 or X-Wing)")
LATCHKEY_ERROR(sealed_length, SEALED_LENGTH, 24,
               "the sealed message was cut off, or bytes were added to it")
LATCHKEY_ERROR(not_authentic, NOT_AUTHENTIC, 25,
               "decryption failed: wrong key, context or associated data, or the sealed data was "
               "changed or cut off")
LATCHKEY_ERROR(sequence_overflow, SEQUENCE_OVERFLOW, 26,
               "this context has sealed or opened as many messages as it can: make a new one")
LATCHKEY_ERROR(too_long, TOO_LONG, 27, "an input or an output is too long for its format")
LATCHKEY_ERROR(wrong_size, WRONG_SIZE, 28, "the output buffer does not have the size of the result")
LATCHKEY_ERROR(bad_psk, BAD_PSK, 29, "a pre-shared key needs at least 32 bytes and an identifier")
LATCHKEY_ERROR(
    low_order, LOW_ORDER, 30,
    "the X25519 part of the public key or ciphertext is of low order, which no honest party "
    "makes")

/* Key files */
LATCHKEY_ERROR(not_a_key, NOT_A_KEY, 31,
               "this is not a key, or not one of the kind that is needed (private or public)")
LATCHKEY_ERROR(other_algorithm, OTHER_ALGORITHM, 32,
               "the key is for an algorithm other than ML-KEM and X-Wing")
LATCHKEY_ERROR(not_canonical, NOT_CANONICAL, 33,
               "the encoding (DER or Base64) is not canonical, or bytes follow it")
LATCHKEY_ERROR(password_needed, PASSWORD_NEEDED, 34,
               "the private key is encrypted, and its password is needed")
LATCHKEY_ERROR(wrong_password, WRONG_PASSWORD, 35, "wrong password, or the file was changed")
LATCHKEY_ERROR(too_costly, TOO_COSTLY, 36,
               "the file asks for more time or memory than is allowed: to hash its password, or to "
               "try every private key with every recipient")
LATCHKEY_ERROR(seed_mismatch, SEED_MISMATCH, 37,
               "the seed and the expanded key in the file are different keys")

/* Streams */
LATCHKEY_ERROR(chunk_length, CHUNK_LENGTH, 38,
               "a chunk of a stream must have 65536 bytes; only the last one may have fewer")
LATCHKEY_ERROR(stream_ended, STREAM_ENDED, 39,
               "the stream has ended: no chunk may follow the last one")
LATCHKEY_ERROR(read_failed, READ_FAILED, 40, "reading the input failed")
LATCHKEY_ERROR(write_failed, WRITE_FAILED, 41, "writing the output failed")

/* Files of age, enclaves */
LATCHKEY_ERROR(bad_header, BAD_HEADER, 42, "the header or the armor of the age file is malformed")
LATCHKEY_ERROR(no_recipient, NO_RECIPIENT, 43,
               "none of the given private keys is for a recipient of this file")
LATCHKEY_ERROR(session_key_gone, SESSION_KEY_GONE, 44,
               "the session key of the enclave was destroyed, so the enclave cannot be opened")

/* Errors of any kind that were added later */
LATCHKEY_ERROR(public_key_mismatch, PUBLIC_KEY_MISMATCH, 45,
               "the public key in the file does not belong to the private key")
LATCHKEY_ERROR(several_keys, SEVERAL_KEYS, 46,
               "the file contains several keys: leave only the one that is needed")
LATCHKEY_ERROR(crypto_policy, CRYPTO_POLICY, 47,
               "the configuration of libcrypto (default_properties in openssl.cnf) forbids the "
               "algorithm")
LATCHKEY_ERROR(too_many_mappings, TOO_MANY_MAPPINGS, 48,
               "the process has too many memory mappings: raise vm.max_map_count (sysctl), or keep "
               "fewer secrets at once")
LATCHKEY_ERROR(null_argument, NULL_ARGUMENT, 49, "a required argument is NULL")
LATCHKEY_ERROR(
    unknown_value, UNKNOWN_VALUE, 50,
    "an argument has a value that is not allowed, or that this version of Latchkey does not know")
LATCHKEY_ERROR(not_equal, NOT_EQUAL, 51, "the two secrets are not equal")
LATCHKEY_ERROR(unsupported_recipient, UNSUPPORTED_RECIPIENT, 54,
               "the age file has only recipients of kinds that are not supported (ssh, plugins); "
               "supported are the native ones of age (age1pq1..., age1...)")
LATCHKEY_ERROR(passphrase_file, PASSPHRASE_FILE, 55,
               "the age file is encrypted with a passphrase, not to a key")
LATCHKEY_ERROR(public_key_forbidden, PUBLIC_KEY_FORBIDDEN, 60,
               "the file has a publicKey, which the X-Wing draft forbids in private keys: write it "
               "without")
LATCHKEY_ERROR(
    work_factor, WORK_FACTOR, 61,
    "the work factor of the age file's passphrase is above 18, so scrypt would take more "
    "than 256 MiB: encrypt the file again, with 18 or less (age -p uses 18)")
LATCHKEY_ERROR(key_part_length, KEY_PART_LENGTH, 62,
               "a part of the public key has the wrong length: the header needs 64 bytes; t_hat "
               "needs 768 for ML-KEM-512, 1152 for ML-KEM-768, 1536 for ML-KEM-1024")
LATCHKEY_ERROR(key_part_mismatch, KEY_PART_MISMATCH, 63,
               "the two parts of the public key do not belong together: the hash in the header is "
               "another key's")
LATCHKEY_ERROR(bad_point, BAD_POINT, 64,
               "the P-256 or P-384 part of the public key or ciphertext is not an uncompressed "
               "point on the curve")
LATCHKEY_ERROR(export_only, EXPORT_ONLY, 65,
               "this HPKE context has the export-only AEAD (FFFF): it exports secrets, and neither "
               "seals nor opens messages")
LATCHKEY_ERROR(bad_scalar, BAD_SCALAR, 66,
               "the seed gives no valid scalar of P-256 or P-384: each candidate is zero, or not "
               "below the curve's order; use another seed")

#undef LATCHKEY_ERROR
