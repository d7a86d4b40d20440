"""Official numbers with valid check digits, from ranges that are never given to anybody.

SIREN   family 2 is that of local public bodies, whose third and fourth digits are their department:
        no department is 00, so 2100..., 2200..., to 2900... stay free (90,000 numbers).
RNSR    begins with the year of registration: 2999 is far off (100,000 numbers).
UAI     begins with the department or country: 998 is none (10,000 codes, the last thousand for second numbers).
ROR     ids are drawn at random over their whole range: none is certain to stay free, so none is invented.
Phones  are those that the regulator keeps for works of fiction.

Past the end of a range the number stays blank.
"""

CHECK_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
FICTION_PHONES = {"1": "01 99 00", "2": "02 61 91", "3": "03 53 01", "4": "04 65 71", "5": "05 36 49"}


def luhn(body: str) -> str:
    """The digit that makes ``body`` pass the Luhn check."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def siren(rank: int) -> str:
    """The n-th SIREN of the range; the multiplier, prime to 10,000, keeps neighbours from following one another."""
    if rank >= 90_000:
        return ""
    body = f"2{1 + rank % 9}00{rank // 9 * 7919 % 10_000:04d}"
    return body + luhn(body)


def siret(of_siren: str, establishment: int) -> str:
    body = f"{of_siren}{establishment:04d}"
    return body + luhn(body)


def _lettered(digits: str) -> str:
    return digits + CHECK_LETTERS[int(digits) % 23]


def rnsr(rank: int) -> str:
    return _lettered(f"2999{rank * 7919 % 100_000:05d}") if rank < 100_000 else ""


SECOND_UAIS = 1_000


def uai(rank: int) -> str:
    return _uai(rank) if rank < 10_000 - SECOND_UAIS else ""


def second_uai(rank: int) -> str:
    """Those of the end of the range, so that no organisation has for its first what another has for its second."""
    return _uai(9_999 - rank) if rank < SECOND_UAIS else ""


def _uai(rank: int) -> str:
    return _lettered(f"998{rank * 7919 % 10_000:04d}")


def phone(zone: str, rank: int) -> str:
    start = FICTION_PHONES.get(zone)
    return f"+33{start[1:].replace(' ', '')}{rank % 10_000:04d}" if start else ""
