"""What a file says of a system, whatever form the file has."""

from dataclasses import dataclass, field

from servicedesk.core.errors import N_
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.imports import sheet

#: Between several of one thing in a cell.
BETWEEN = "|"
#: Columns with one value, and with several.
SINGLE = ("name", "description", "aliases", "owner", "manager", "deputy", "team", "supplier", "criticality", "hours")
SEVERAL = ("units", "needs", "roles")
COLUMNS = ("id", *SINGLE, *SEVERAL)


@dataclass(frozen=True)
class Wish:
    """A system as a file has it; what it does not speak of is not there."""

    #: A line of a CSV, or the number of an item.
    line: int
    #: What it is known by where it comes from; "" for nothing.
    key: str
    single: dict[str, str]
    several: dict[str, list[str]] = field(default_factory=dict)
    is_broken: bool = False

    @property
    def name(self) -> str:
        return self.single.get("name", "")


@dataclass(frozen=True)
class Wishes:
    wishes: list[Wish]
    unused_columns: list[str]
    #: Names that nobody here has are refused; a register of another kind is full of them, and there they are left out.
    is_strict: bool


def read_csv(content: bytes) -> Wishes:
    """Raises FieldRefusedError when the file cannot be read at all."""
    table = sheet.read(content)
    if "name" not in table.columns:
        raise FieldRefusedError(
            "file",
            N_("Filen mangler kolonnerne %(missing)s. Den første linje skal være overskrifter: %(known)s."),
            missing="name",
            known=", ".join(COLUMNS),
        )
    if not table.rows:
        raise FieldRefusedError("file", N_("Filen har kun overskrifter og ingen linjer."))
    wishes = [_wish(row) for row in table.rows]
    return Wishes(wishes, [column for column in table.columns if column and column not in COLUMNS], is_strict=True)


def _wish(row: sheet.Row) -> Wish:
    cells = {name: _plain(value) for name, value in row.cells.items()}
    return Wish(
        row.line,
        cells.get("id", ""),
        {name: cells[name] for name in SINGLE if name in cells},
        {name: _split(cells[name]) for name in SEVERAL if name in cells},
        is_broken=row.is_too_long,
    )


def _plain(value: str) -> str:
    """Without the apostrophe that an export puts before what a spreadsheet would run."""
    return value[1:] if len(value) > 1 and value[0] == "'" and value[1:].lstrip()[:1] in "=+-@" else value


def _split(value: str) -> list[str]:
    return [part for one in value.split(BETWEEN) if (part := one.strip())]
