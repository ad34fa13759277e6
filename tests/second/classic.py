# SPDX-License-Identifier: ISC
"""RSA (PKCS#1 v1.5) and ECDSA, as certificates use them."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass

import der
from der import Node
from finding import Broken

RSA_KEY = der.oid("1.2.840.113549.1.1.1")
EC_KEY = der.oid("1.2.840.10045.2.1")
HASHES = {
    "sha256": der.oid("2.16.840.1.101.3.4.2.1"),
    "sha384": der.oid("2.16.840.1.101.3.4.2.2"),
    "sha512": der.oid("2.16.840.1.101.3.4.2.3"),
}
ECDSA = {
    "sha256": der.oid("1.2.840.10045.4.3.2"),
    "sha384": der.oid("1.2.840.10045.4.3.3"),
    "sha512": der.oid("1.2.840.10045.4.3.4"),
}
Affine = tuple[int, int] | None  # None: the point at infinity
# x, y, z with x/z^2 and y/z^3 the coordinates, z = 0 for the one at infinity:
# no division at each step, which takes longer than all else
Jacobian = tuple[int, int, int]


@dataclass(frozen=True)
class Curve:
    """y^2 = x^3 - 3x + b modulo p, with a generator of prime order."""

    identifier: bytes
    p: int
    b: int
    generator: tuple[int, int]
    order: int

    def holds(self, x: int, y: int) -> bool:
        """Whether a point is on the curve."""
        inside = 0 <= x < self.p and 0 <= y < self.p
        return inside and (y * y - x * x * x + 3 * x - self.b) % self.p == 0

    def add(self, one: Affine, two: Affine) -> Affine:
        """The sum of two points."""
        if one is None or two is None:
            return one or two
        (x1, y1), (x2, y2) = one, two
        if x1 == x2 and (y1 + y2) % self.p == 0:
            return None
        if one == two:
            slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, self.p)
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, self.p)
        x = (slope * slope - x1 - x2) % self.p
        return x, (slope * (x1 - x) - y1) % self.p

    def double(self, point: Jacobian) -> Jacobian:
        """Twice the point."""
        x, y, z = point
        square, other = z * z, y * y
        slope, beta = 3 * (x - square) * (x + square), x * other
        x = (slope * slope - 8 * beta) % self.p
        z = 2 * y * z % self.p
        return x, (slope * (4 * beta - x) - 8 * other * other) % self.p, z

    def plus(self, one: Jacobian, two: tuple[int, int]) -> Jacobian:
        """The sum of two points."""
        (x, y, z), (x2, y2) = one, two
        if z == 0:
            return x2, y2, 1
        square = z * z % self.p
        width = (x2 * square - x) % self.p
        height = (y2 * square * z - y) % self.p
        if width == 0:
            return self.double(one) if height == 0 else (1, 1, 0)
        power = width * width % self.p
        cube, x = power * width, x * power
        right = (height * height - cube - 2 * x) % self.p
        y = (height * (x - right) - y * cube) % self.p
        return right, y, z * width % self.p

    def multiply(self, number: int, point: Affine) -> Affine:
        """number times point."""
        if point is None:
            return None
        result: Jacobian = (1, 1, 0)
        for bit in bin(number)[2:]:
            result = self.double(result)
            if bit == "1":
                result = self.plus(result, point)
        x, y, z = result
        if z == 0:
            return None
        inverse = pow(z, -1, self.p)
        square = inverse * inverse
        return x * square % self.p, y * square * inverse % self.p


def curve(identifier: str, p: int, *values: str) -> Curve:
    """A curve from hexadecimal numbers: b, x, y, order."""
    b, x, y, order = (int(value, 16) for value in values)
    return Curve(der.oid(identifier), p, b, (x, y), order)


P256 = curve(
    "1.2.840.10045.3.1.7",
    2**256 - 2**224 + 2**192 + 2**96 - 1,
    "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
)
P384 = curve(
    "1.3.132.0.34",
    2**384 - 2**128 - 2**96 + 2**32 - 1,
    "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875a"
    "c656398d8a2ed19d2a85c8edd3ec2aef",
    "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a38"
    "5502f25dbf55296c3a545e3872760ab7",
    "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c0"
    "0a60b1ce1d7e819d7a431d7c90ea0e5f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf"
    "581a0db248b0a77aecec196accc52973",
)
P521 = curve(
    "1.3.132.0.35",
    2**521 - 1,
    "51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109"
    "e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
    "c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3d"
    "baa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
    "11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e6"
    "62c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
    "1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
    "ffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
)
CURVES = {item.identifier: item for item in (P256, P384, P521)}


@dataclass(frozen=True)
class RsaKey:
    """A modulus and an exponent."""

    n: int
    e: int

    def algorithm(self, _digest: str) -> bytes:
        """The signature algorithm that stands with a signature."""
        return der.sequence(RSA_KEY, der.write(der.NULL))

    def verifies(self, message: bytes, signature: bytes, digest: str) -> bool:
        """RFC 8017, 8.2.2."""
        size = (self.n.bit_length() + 7) // 8
        number = int.from_bytes(signature, "big")
        if len(signature) != size or number >= self.n:
            return False
        identifier = der.sequence(HASHES[digest], der.write(der.NULL))
        octets = der.write(der.OCTETS, hashlib.new(digest, message).digest())
        info = der.sequence(identifier, octets)
        wanted = b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info
        return pow(number, self.e, self.n).to_bytes(size, "big") == wanted


@dataclass(frozen=True)
class EcKey:
    """A point of a curve."""

    curve: Curve
    point: tuple[int, int]

    def algorithm(self, digest: str) -> bytes:
        """The signature algorithm that stands with a signature."""
        return der.sequence(ECDSA[digest])

    def verifies(self, message: bytes, signature: bytes, digest: str) -> bool:
        """Whether a signature verifies."""
        return ecdsa_verifies(self, message, signature, digest)


Key = RsaKey | EcKey


@functools.lru_cache(maxsize=4096)
def ecdsa_verifies(
    key: EcKey, message: bytes, signature: bytes, digest: str
) -> bool:
    """SEC 1, 4.1.4."""
    try:
        node = der.parse(signature)
        r, s = (node.item(i, der.INTEGER).number() for i in (0, 1))
    except Broken:
        return False
    order = key.curve.order
    if node.tag != der.SEQUENCE or len(node.items) != 2:
        return False
    if not (0 < r < order and 0 < s < order):
        return False
    value, inverse = short_digest(key.curve, message, digest), pow(
        s, -1, order
    )
    found = key.curve.add(
        key.curve.multiply(value * inverse % order, key.curve.generator),
        key.curve.multiply(r * inverse % order, key.point),
    )
    return found is not None and found[0] % order == r


def short_digest(one: Curve, message: bytes, digest: str) -> int:
    """The digest, as many bits of it as the order has."""
    text = hashlib.new(digest, message).digest()
    extra = max(0, len(text) * 8 - one.order.bit_length())
    return int.from_bytes(text, "big") >> extra


def read_key(info: Node) -> Key | None:
    """A SubjectPublicKeyInfo; None for one of another kind."""
    algorithm, bits = info.item(0, der.SEQUENCE), info.item(1, der.BITS)
    if bits.content[:1] != b"\0":
        return None
    if algorithm.item(0).raw == RSA_KEY:
        numbers = der.parse(bits.content[1:])
        key = RsaKey(*(numbers.item(i, der.INTEGER).number() for i in (0, 1)))
        return key if 2048 <= key.n.bit_length() <= 8192 else None
    one = (
        CURVES.get(algorithm.item(1).raw) if len(algorithm.items) > 1 else None
    )
    return read_point(one, bits.content[1:]) if one else None


def read_point(one: Curve, text: bytes) -> EcKey | None:
    """A point that is written in full."""
    size = (one.p.bit_length() + 7) // 8
    x = int.from_bytes(text[1 : 1 + size], "big")
    y = int.from_bytes(text[1 + size :], "big")
    good = text[:1] == b"\4" and len(text) == 1 + 2 * size and one.holds(x, y)
    return EcKey(one, (x, y)) if good else None


@functools.lru_cache(maxsize=4096)
def ec_sign(secret: int, message: bytes) -> bytes:
    """ECDSA over P-256 with a number that follows from the message: for tests."""
    value = short_digest(P256, message, "sha256")
    seed = hashlib.sha512(secret.to_bytes(32, "big") + message).digest()
    nonce = int.from_bytes(seed, "big") % P256.order
    point = P256.multiply(nonce, P256.generator)
    assert point is not None
    r = point[0] % P256.order
    s = pow(nonce, -1, P256.order) * (value + r * secret) % P256.order
    return der.sequence(der.integer(r), der.integer(s))
