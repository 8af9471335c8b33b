"""Diffie-Hellman on P-256 and P-384 (SP 800-186, sections 3.2.1.3 and 3.2.1.4), in plain numbers.

Points are (x, y), or None for the one at infinity. Slow, and in no constant time.
"""


class Curve:
    """y^2 = x^3 - 3x + b over the numbers modulo p, with a generator of order n."""

    def __init__(self, size, p, n, b, generator):
        self.size, self.p, self.n, self.b, self.generator = size, p, n, b, generator

    def has(self, x, y):
        return (y * y - (x ** 3 - 3 * x + self.b)) % self.p == 0

    def add(self, left, right):
        if left is None:
            return right
        if right is None:
            return left
        (x1, y1), (x2, y2), p = left, right, self.p
        if x1 == x2:
            if (y1 + y2) % p == 0:
                return None
            slope = 3 * (x1 * x1 - 1) * pow(2 * y1, -1, p)
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, p)
        x = (slope * slope - x1 - x2) % p
        return x, (slope * (x1 - x) - y1) % p

    def multiply(self, scalar, point):
        product = None
        for bit in f"{scalar:b}":
            product = self.add(product, product)
            if bit == "1":
                product = self.add(product, point)
        return product

    def encode(self, point):
        """The uncompressed form of SEC 1, section 2.3.3."""
        return b"\4" + b"".join(number.to_bytes(self.size, "big") for number in point)

    def decode(self, data):
        if len(data) != 1 + 2 * self.size or data[0] != 4:
            raise ValueError("not an uncompressed point")
        x, y = (int.from_bytes(data[at:at + self.size], "big") for at in (1, 1 + self.size))
        if max(x, y) >= self.p or not self.has(x, y):
            raise ValueError("not on the curve")
        return x, y

    def public_key(self, scalar):
        return self.encode(self.multiply(scalar, self.generator))

    def shared_secret(self, scalar, public_key):
        x, _ = self.multiply(scalar, self.decode(public_key))
        return x.to_bytes(self.size, "big")


P256 = Curve(
    32, 2 ** 256 - 2 ** 224 + 2 ** 192 + 2 ** 96 - 1,
    0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551,
    0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b,
    (0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
     0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5))
P384 = Curve(
    48, 2 ** 384 - 2 ** 128 - 2 ** 96 + 2 ** 32 - 1,
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973,
    0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef,
    (0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7,
     0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f))

for curve in (P256, P384):
    assert curve.has(*curve.generator) and curve.multiply(curve.n, curve.generator) is None
