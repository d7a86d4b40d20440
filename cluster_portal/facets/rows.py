"""Sets of primary keys as bitmaps: the one module that knows it."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice, zip_longest
from typing import Self


class Rows:
    """An immutable set of primary keys: bit *n* of an integer says that the object with the key *n* is in it.

    How many two of them have in common takes a microsecond or two, which is what counts of options are made of.
    """

    __slots__ = ("_bits",)
    _bits: int

    def __init__(self, keys: Iterable[int] = ()) -> None:
        keys = keys if isinstance(keys, list) else list(keys)
        packed = bytearray((max(keys, default=-1) >> 3) + 1)
        for key in keys:
            packed[key >> 3] |= 1 << (key & 7)
        self._bits = int.from_bytes(packed, "little")

    @classmethod
    def _made_of(cls, bits: int) -> Self:
        rows = cls.__new__(cls)
        rows._bits = bits
        return rows

    @classmethod
    def in_any(cls, sets: Iterable["Rows"]) -> Self:
        found = 0
        for rows in sets:
            found |= rows._bits
        return cls._made_of(found)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, int) and key >= 0 and self._bits >> key & 1 == 1

    def __and__(self, other: "Rows") -> "Rows":
        return self._made_of(self._bits & other._bits)

    def __or__(self, other: "Rows") -> "Rows":
        return self._made_of(self._bits | other._bits)

    def __sub__(self, other: "Rows") -> "Rows":
        return self._made_of(self._bits & ~other._bits)

    def __len__(self) -> int:
        return self._bits.bit_count()

    def __bool__(self) -> bool:
        return self._bits != 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows) and self._bits == other._bits

    def __hash__(self) -> int:
        return hash(self._bits)

    def __repr__(self) -> str:
        return f"<{len(self)} rows>"

    def __iter__(self) -> Iterator[int]:
        """Ascending."""
        found: list[int] = []
        for position, byte in enumerate(self._packed()):
            if byte:
                base = position << 3
                found += [base + bit for bit in BITS_OF[byte]]
        return iter(found)

    def shared_with(self, other: "Rows") -> int:
        """How many are in both."""
        return (self._bits & other._bits).bit_count()

    def in_order(self, sequence: Iterable[int]) -> Iterator[int]:
        """Those of a sequence of keys that are in the set, as far as one asks for them."""
        packed = self._packed()
        size = len(packed)
        return (key for key in sequence if (key >> 3) < size and packed[key >> 3] >> (key & 7) & 1)

    def after(self, key: int, most: int) -> list[int]:
        """The first keys above ``key``, going on from the lowest when there are no more."""
        above, below = self._bits >> (key + 1), self._bits & ((1 << (key + 1)) - 1)
        return [*islice(_ascending(above, key + 1), most), *islice(_ascending(below, 0), most)][:most]

    def highest(self, most: int) -> list[int]:
        """The highest keys, descending: what came last."""
        rest = self._bits
        found: list[int] = []
        while rest and len(found) < most:
            found.append(rest.bit_length() - 1)
            rest ^= 1 << found[-1]
        return found

    def _packed(self) -> bytes:
        return self._bits.to_bytes((self._bits.bit_length() + 7) // 8, "little")


BITS_OF = [[bit for bit in range(8) if byte >> bit & 1] for byte in range(256)]
NO_ROWS = Rows()


def _ascending(bits: int, base: int) -> Iterator[int]:
    """Those of the lowest bits that one asks for."""
    while bits:
        low = bits & -bits
        yield base + low.bit_length() - 1
        bits ^= low


def by_overlap(sets: Iterable[Rows], within: Rows) -> Iterator[tuple[int, Rows]]:
    """How many of the sets a row of ``within`` is in, with the rows so shared: the most first, down to one."""
    exactly = [within]  # at k, the rows that are in k of the sets read so far
    for rows in sets:
        taken = [held & rows for held in exactly]
        left = [held - rows for held in exactly]
        exactly = [left[0], *(a | b for a, b in zip([*left[1:], NO_ROWS], taken, strict=True))]
    yield from ((shared, exactly[shared]) for shared in range(len(exactly) - 1, 0, -1))


class Sums:
    """Numbers that are added up over any rows: the rows that have each binary digit, so that a sum takes as many counts
    as the largest number has digits, however many rows there are. None is negative."""

    def __init__(self, rows: Rows, digits: tuple[Rows, ...]) -> None:
        self.rows, self._digits = rows, digits  # the rows that have a number

    @classmethod
    def of(cls, numbers: Iterable[tuple[int, int]]) -> Self:
        known = dict(numbers)
        length = max(known.values(), default=0).bit_length()
        digits = (Rows([key for key, number in known.items() if number >> place & 1]) for place in range(length))
        return cls(Rows(known), tuple(digits))

    def replaced(self, keys: Iterable[int], numbers: Iterable[tuple[int, int]]) -> Self:
        gone, fresh = Rows(keys), self.of(numbers)
        digits = zip_longest(self._digits, fresh._digits, fillvalue=NO_ROWS)
        return type(self)((self.rows - gone) | fresh.rows, tuple((old - gone) | new for old, new in digits))

    def over(self, rows: Rows) -> int:
        return sum(digit.shared_with(rows) << place for place, digit in enumerate(self._digits))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sums) and list(self._each()) == list(other._each())

    __hash__ = None  # type: ignore[assignment]

    def _each(self) -> Iterator[Rows]:
        """What is known, without leading zeros."""
        last = max((place for place, digit in enumerate(self._digits) if digit), default=-1)
        return chain([self.rows], self._digits[: last + 1])
