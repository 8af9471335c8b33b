"""ML-KEM as FIPS 203 writes it: slow, plain, for making vectors. Not constant-time."""

from hashlib import sha3_256, sha3_512, shake_128, shake_256

N, Q = 256, 3329


def bit_reverse_7(i):
    return int(f"{i:07b}"[::-1], 2)


ZETAS = [pow(17, bit_reverse_7(i), Q) for i in range(128)]
GAMMAS = [pow(17, 2 * bit_reverse_7(i) + 1, Q) for i in range(128)]


def H(data):
    return sha3_256(data).digest()


def J(data):
    return shake_256(data).digest(32)


def G(data):
    digest = sha3_512(data).digest()
    return digest[:32], digest[32:]


def bits(data):
    return [byte >> i & 1 for byte in data for i in range(8)]


def byte_encode(d, numbers):
    """Algorithm 5."""
    return sum(number << d * i for i, number in enumerate(numbers)).to_bytes(32 * d, "little")


def byte_decode(d, data):
    """Algorithm 6."""
    word = int.from_bytes(data, "little")
    numbers = [word >> d * i & (1 << d) - 1 for i in range(N)]
    return [number % Q for number in numbers] if d == 12 else numbers


def compress(d, f):
    return [((x << d + 1) + Q) // (2 * Q) % (1 << d) for x in f]


def decompress(d, f):
    return [(2 * Q * y + (1 << d)) >> d + 1 for y in f]


def sample_ntt(seed):
    """Algorithm 7, reading the stream in one piece."""
    size = 840
    while True:
        stream = shake_128(seed).digest(size)
        numbers = []
        for a, b, c in zip(stream[0::3], stream[1::3], stream[2::3]):
            numbers += [n for n in (a | (b & 15) << 8, b >> 4 | c << 4) if n < Q]
        if len(numbers) >= N:
            return numbers[:N]
        size *= 2


def sample_cbd(eta, data):
    """Algorithm 8."""
    b = bits(data)
    halves = [sum(half) for half in chunks(b, eta)]
    return [(x - y) % Q for x, y in zip(halves[0::2], halves[1::2])]


def ntt(f):
    """Algorithm 9."""
    f, i, length = list(f), 1, 128
    while length >= 2:
        for start in range(0, N, 2 * length):
            for j in range(start, start + length):
                t = ZETAS[i] * f[j + length]
                f[j], f[j + length] = (f[j] + t) % Q, (f[j] - t) % Q
            i += 1
        length //= 2
    return f


def inverse_ntt(f):
    """Algorithm 10."""
    f, i, length = list(f), 127, 2
    while length <= 128:
        for start in range(0, N, 2 * length):
            for j in range(start, start + length):
                f[j], f[j + length] = (
                    (f[j] + f[j + length]) % Q, ZETAS[i] * (f[j + length] - f[j]) % Q)
            i -= 1
        length *= 2
    return [x * 3303 % Q for x in f]


def add(f, g):
    return [(x + y) % Q for x, y in zip(f, g)]


def dot(left, right):
    """Algorithms 11 and 12, summed over two vectors."""
    total = [0] * N
    for f, g in zip(left, right):
        for i, gamma in enumerate(GAMMAS):
            a0, a1, b0, b1 = f[2 * i], f[2 * i + 1], g[2 * i], g[2 * i + 1]
            total[2 * i] += a0 * b0 + a1 * b1 * gamma
            total[2 * i + 1] += a0 * b1 + a1 * b0
    return [x % Q for x in total]


def chunks(data, size):
    return [data[i:i + size] for i in range(0, len(data), size)]


def noise(eta, seed, first, count):
    return [sample_cbd(eta, shake_256(seed + bytes([n])).digest(64 * eta))
            for n in range(first, first + count)]


class MlKem:
    """A parameter set (FIPS 203, table 2)."""

    def __init__(self, name, k, eta1, eta2, du, dv):
        self.name, self.k, self.eta1, self.eta2, self.du, self.dv = name, k, eta1, eta2, du, dv
        self.vector_size = 384 * k
        self.ek_size = self.vector_size + 32
        self.u_size = 32 * du
        self.ciphertext_size = k * self.u_size + 32 * dv

    def matrix(self, rho):
        return [[sample_ntt(rho + bytes([j, i])) for j in range(self.k)] for i in range(self.k)]

    def pke_encrypt(self, ek, m, r):
        """Algorithm 14."""
        k = self.k
        t_hat = [byte_decode(12, part) for part in chunks(ek[:self.vector_size], 384)]
        a_hat = self.matrix(ek[self.vector_size:])
        y_hat = [ntt(f) for f in noise(self.eta1, r, 0, k)]
        e1, (e2,) = noise(self.eta2, r, k, k), noise(self.eta2, r, 2 * k, 1)
        u = [add(inverse_ntt(dot(column, y_hat)), e) for column, e in zip(zip(*a_hat), e1)]
        v = add(add(inverse_ntt(dot(t_hat, y_hat)), e2), decompress(1, byte_decode(1, m)))
        return (b"".join(byte_encode(self.du, compress(self.du, f)) for f in u)
                + byte_encode(self.dv, compress(self.dv, v)))

    def pke_decrypt(self, dk, c):
        """Algorithm 15."""
        du, dv, size = self.du, self.dv, self.k * self.u_size
        u = [decompress(du, byte_decode(du, part)) for part in chunks(c[:size], self.u_size)]
        v = decompress(dv, byte_decode(dv, c[size:]))
        s_hat = [byte_decode(12, part) for part in chunks(dk, 384)]
        product = inverse_ntt(dot(s_hat, [ntt(f) for f in u]))
        return byte_encode(1, compress(1, [(x - y) % Q for x, y in zip(v, product)]))

    def keygen(self, d, z):
        """Algorithms 13 and 16."""
        k = self.k
        rho, sigma = G(d + bytes([k]))
        s_hat = [ntt(f) for f in noise(self.eta1, sigma, 0, k)]
        e_hat = [ntt(f) for f in noise(self.eta1, sigma, k, k)]
        t_hat = [add(dot(row, s_hat), e) for row, e in zip(self.matrix(rho), e_hat)]
        ek = b"".join(byte_encode(12, f) for f in t_hat) + rho
        return ek, b"".join(byte_encode(12, f) for f in s_hat) + ek + H(ek) + z

    def encapsulate(self, ek, m):
        """Algorithm 17: the ciphertext and the shared secret."""
        k, r = G(m + H(ek))
        return self.pke_encrypt(ek, m, r), k

    def decapsulate(self, dk, c):
        """Algorithm 18."""
        dk_pke, rest = dk[:self.vector_size], dk[self.vector_size:]
        ek, h, z = rest[:self.ek_size], rest[-64:-32], rest[-32:]
        m = self.pke_decrypt(dk_pke, c)
        k, r = G(m + h)
        return k if self.pke_encrypt(ek, m, r) == c else J(z + c)


ML_KEM_512 = MlKem("ML-KEM-512", 2, 3, 2, 10, 4)
ML_KEM_768 = MlKem("ML-KEM-768", 3, 2, 2, 10, 4)
ML_KEM_1024 = MlKem("ML-KEM-1024", 4, 2, 2, 11, 5)
SETS = {512: ML_KEM_512, 768: ML_KEM_768, 1024: ML_KEM_1024}
