"""What the making of projects needs to know of the organisations made before."""

from array import array
from collections import defaultdict
from dataclasses import dataclass, field

KINDS = ["company", "laboratory", "institution", "outsider"]
NO_SIZE = 9


@dataclass
class Register:
    """Every organisation by its rank, in a few bytes each; an outsider is a member of no cluster."""

    first_id: int
    kinds: array = field(default_factory=lambda: array("B"))  # index into KINDS
    sizes: array = field(default_factory=lambda: array("B"))  # index into the sizes of companies, or NO_SIZE
    since: array = field(default_factory=lambda: array("H"))  # first year of activity known
    until: array = field(default_factory=lambda: array("H"))  # year of closing, 9999 when open
    by_pole: dict[int, dict[str, array]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: array("I")))
    )  # ranks of published organisations, by cluster and kind

    def __len__(self):
        return len(self.kinds)
