# SPDX-License-Identifier: ISC
"""Ed25519 (RFC 8032) as strict as FORMAT.md 5.2 demands.

Other libraries accept keys and signatures that the format refuses, so the
arithmetic stands here. It is slow and leaks through time what it handles:
good for judging, and for keys that a test throws away.
"""

from __future__ import annotations

import functools
import hashlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

# x, y, z, t with x/z and y/z the coordinates, and t = xy/z
Point = tuple[int, int, int, int]
NEUTRAL: Point = (0, 1, 1, 0)


def add(one: Point, two: Point) -> Point:
    """RFC 8032, 5.1.4."""
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def double(point: Point) -> Point:
    """RFC 8032, 5.1.4."""
    x, y, z, _ = point
    a, b, c = x * x, y * y, 2 * z * z
    h = a + b
    e = h - (x + y) * (x + y)
    g = a - b
    f = c + g
    e, f, g, h = e % P, f % P, g % P, h % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def negative(point: Point) -> Point:
    """The point that adds up to the neutral one."""
    x, y, z, t = point
    return -x % P, y, z, -t % P


def multiply(number: int, point: Point) -> Point:
    """number times point, four bits at a time."""
    table = [NEUTRAL]
    for _ in range(15):
        table.append(add(table[-1], point))
    result = NEUTRAL
    for shift in range((number.bit_length() + 3) // 4 * 4 - 4, -1, -4):
        for _ in range(4):
            result = double(result)
        result = add(result, table[number >> shift & 15])
    return result


@functools.lru_cache(maxsize=8)
def multiples(point: Point) -> list[list[Point]]:
    """For each four bits of a number: what they stand for, times point."""
    rows = []
    for _ in range(64):
        row = [NEUTRAL]
        for _ in range(15):
            row.append(add(row[-1], point))
        rows.append(row)
        point = add(row[-1], point)
    return rows


def multiply_often(number: int, point: Point) -> Point:
    """The same as multiply, below 2^256; quick for a point that comes again."""
    result = NEUTRAL
    for row in multiples(point):
        result = add(result, row[number & 15])
        number >>= 4
    return result


def is_neutral(point: Point) -> bool:
    """Whether the point is the neutral one."""
    return point[0] % P == 0 and (point[1] - point[2]) % P == 0


def is_small(point: Point) -> bool:
    """Whether the order of the point divides 8."""
    return is_neutral(double(double(double(point))))


def encode(point: Point) -> bytes:
    """RFC 8032, 5.1.2."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode(text: bytes) -> Point | None:
    """RFC 8032, 5.1.3; None for what is not canonical or not on the curve."""
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if len(text) != 32 or y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x + u) % P == 0:
        x = x * ROOT_OF_MINUS_ONE % P
    if (v * x * x - u) % P != 0 or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def base_point() -> Point:
    """The generator: y is 4/5, x is even."""
    point = decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    assert point is not None
    return point


BASE = base_point()


def hash_number(*parts: bytes) -> int:
    """SHA-512 of the parts as a number below the order."""
    digest = hashlib.sha512(b"".join(parts)).digest()
    return int.from_bytes(digest, "little") % ORDER


@functools.lru_cache(maxsize=4096)
def is_sound_key(key: bytes) -> bool:
    """Canonical, on the curve, not of small order, in the main subgroup."""
    point = decode(key)
    if point is None or is_small(point):
        return False
    return is_neutral(multiply(ORDER, point))


@functools.lru_cache(maxsize=4096)
def verifies(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature over the message verifies, by 5.2."""
    if len(signature) != 64:
        return False
    number = int.from_bytes(signature[32:], "little")
    commitment, point = decode(signature[:32]), decode(key)
    if number >= ORDER or commitment is None or point is None:
        return False
    if is_small(commitment) or is_small(point):
        return False
    challenge = hash_number(signature[:32], key, message)
    found = add(
        multiply_often(number, BASE),
        multiply_often(challenge, negative(point)),
    )
    return encode(found) == signature[:32]


@functools.lru_cache(maxsize=64)
def secret_halves(seed: bytes) -> tuple[int, bytes, bytes]:
    """The secret number, the prefix and the public key of a seed."""
    digest = hashlib.sha512(seed).digest()
    number = int.from_bytes(digest[:32], "little")
    number = number & (1 << 254) - 8 | 1 << 254
    return number, digest[32:], encode(multiply_often(number, BASE))


def public_key(seed: bytes) -> bytes:
    """The public key that belongs to a seed."""
    return secret_halves(seed)[2]


@functools.lru_cache(maxsize=4096)
def sign(seed: bytes, message: bytes) -> bytes:
    """RFC 8032, 5.1.6."""
    number, prefix, key = secret_halves(seed)
    nonce = hash_number(prefix, message)
    commitment = encode(multiply_often(nonce, BASE))
    challenge = hash_number(commitment, key, message)
    answer = (nonce + challenge * number) % ORDER
    return commitment + answer.to_bytes(32, "little")
