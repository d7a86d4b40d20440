"""A name is one line that can be seen: no signs without a shape, single blanks, something to read.

The database holds the same rule (``portal_is_one_line``); a test compares the two.
"""

import re
import unicodedata

# Signs that are not seen and mean nothing in a name: soft hyphens, zero-width blanks, marks of direction, tags, what
# editors leave behind. Joiners (U+200C, U+200D) shape letters of some scripts and pictures, so they may stay inside.
HIDDEN = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
CONTROLS = "\u0000-\u0008\u000e-\u001f\u007f-\u009f"
BLANKS = "\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000"
SHAPELESS = rf"{HIDDEN}{CONTROLS}{BLANKS}\u200c\u200d\ufe00-\ufe0f"

_hidden = re.compile(f"[{HIDDEN}{CONTROLS}]")
_blanks = re.compile(f"[{BLANKS}]{{2,}}|[\u0009-\u000d\u0085\u2028\u2029\u2800]")


def without_hidden_signs(text: str) -> str:
    return _hidden.sub("", text)


def one_line(text: str) -> str:
    """The text as a name: a single blank that is a no-break one on purpose stays what it is."""
    text = _blanks.sub(" ", without_hidden_signs(unicodedata.normalize("NFC", text)))
    text = re.sub(f"^[{BLANKS}]+|[{BLANKS}]+$", "", text)
    return text if re.search(f"[^{SHAPELESS}]", text) else ""


def is_one_line(text: str) -> bool:
    """Whether a name, or nothing at all, is written so."""
    return not (
        _hidden.search(text)
        or _blanks.search(text)
        or re.search(f"^[{BLANKS}]|[{BLANKS}]$", text)
        or (text and not re.search(f"[^{SHAPELESS}]", text))
    )
