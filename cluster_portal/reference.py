"""What `load_reference` knows of the portal as a whole: the first texts that staff edit."""

from collections.abc import Iterator
from pathlib import Path

from cluster_portal.exchange.data_files import DataFileError, Row
from cluster_portal.exchange.reference_data import Table
from cluster_portal.models import Page

DATA = Path(__file__).parent / "data"


def pages() -> Iterator[Row]:
    """One row per text, from its two files: a title, an opening sentence, a rule, the body."""
    for file in sorted((DATA / "pages").glob("*.fr.md")):
        key = file.name.removesuffix(".fr.md")
        cells = {"key": key}
        for language in ("fr", "en"):
            title, standfirst, body = page_parts(file.with_name(f"{key}.{language}.md"))
            cells |= {f"title_{language}": title, f"standfirst_{language}": standfirst, f"body_{language}": body}
        yield Row(file, 1, cells)


def page_parts(file: Path) -> tuple[str, str, str]:
    try:
        head, rule, body = file.read_text(encoding="utf-8").partition("\n---\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(f"{file.name} cannot be read: {error}") from error
    title, _, standfirst = head.partition("\n")
    if not rule or not title.startswith("# "):
        raise Row(file, 1, {}).error("a text begins with “# ” and its title, and has a line “---” before its body")
    return title.removeprefix("# ").strip(), standfirst.strip(), body.strip()


TABLES = [Table("texts", Page, pages, lambda cells: cells["key"], ("key",))]
