"""X25519 from its definition (RFC 7748, sections 4.1 and 5), by points with two coordinates: no ladder, no
field but Python's integers. It is slow, and shares nothing with the library.
"""

P = 2 ** 255 - 19
A = 486662
ORDER = 2 ** 252 + 27742317777372353535851937790883648493  # of the base point
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def square_root(square):
    """Or None: p = 5 modulo 8."""
    root = pow(square, (P + 3) // 8, P)
    for candidate in (root, root * ROOT_OF_MINUS_ONE % P):
        if candidate * candidate % P == square % P:
            return candidate
    return None


def point_of(u):
    """(B, u, v) with B v^2 = u^3 + A u^2 + u: B = 1 is the curve, and B = 2, which has no root, its twist."""
    right = (u ** 3 + A * u ** 2 + u) % P
    for b in (1, 2):
        v = square_root(right * pow(b, -1, P))
        if v is not None:
            return b, u, v
    raise AssertionError("every u is that of a point")


def add(b, first, second):
    """The sum of two points, each (u, v), or None, which is the neutral one."""
    if first is None or second is None:
        return first or second
    (u1, v1), (u2, v2) = first, second
    if u1 == u2:
        if (v1 + v2) % P == 0:
            return None
        slope = (3 * u1 * u1 + 2 * A * u1 + 1) * pow(2 * b * v1, -1, P)
    else:
        slope = (v2 - v1) * pow(u2 - u1, -1, P)
    u3 = (b * slope * slope - A - u1 - u2) % P
    return u3, (slope * (u1 - u3) - v1) % P


def multiply(k, u):
    """The u-coordinate of k times a point with this one, and 0 for the neutral point."""
    b, u, v = point_of(u % P)
    result, doubled = None, (u, v)
    while k > 0:
        if k & 1:
            result = add(b, result, doubled)
        doubled = add(b, doubled, doubled)
        k >>= 1
    return 0 if result is None else result[0]


def clamp(scalar):
    number = int.from_bytes(scalar, "little")
    return number & ~7 & (1 << 255) - 1 | 1 << 254


def x25519(scalar, peer):
    u = int.from_bytes(peer, "little") & (1 << 255) - 1
    return multiply(clamp(scalar), u).to_bytes(32, "little")


BASE = (9).to_bytes(32, "little")
