"""Rows of a CSV file with their line, and the values in them; a wrong one is refused with file, line and column."""

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources.abc import Traversable

from serai.world.supply.records import Grade, UnreadableSupply, place_of

WITHHELD = frozenset({"W", "w", "withheld"})
YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True)
class Row:
    """One row: `values` by column, without spaces around them."""

    file: str
    line: int
    values: Mapping[str, str]

    def refused(self, sentence: str) -> UnreadableSupply:
        """The error about this row."""
        return UnreadableSupply(f"{self.file}, line {self.line}: {sentence}")

    def text(self, column: str) -> str:
        """The text of a column, "" where it is empty or not there."""
        return self.values.get(column, "")

    def needed(self, column: str) -> str:
        """The text of a column that may not be empty."""
        if text := self.text(column):
            return text
        raise self.refused(f"'{column}' is empty; fill it.")

    def words(self, column: str) -> tuple[str, ...]:
        """The texts of a column, parted by semicolons."""
        return tuple(word.strip() for word in self.text(column).split(";") if word.strip())

    def number(self, column: str, most: float = float("inf")) -> float | None:
        """A number of at least 0, also in per cent; None where the column is empty."""
        text = self.text(column)
        if not text:
            return None
        try:
            value = float(text.removesuffix("%").replace(" ", "")) / (100 if text.endswith("%") else 1)
        except ValueError:
            raise self.refused(f"'{column}' is '{text}', not a number; write it like 0.25 or 25 %.") from None
        if not 0 <= value <= most:
            advice = f"; write 25 % or 0.25 for a quarter, not {text}" if value > most else ""
            raise self.refused(f"'{column}' is {text}; it must be from 0 to {most:g}{advice}.")
        return value

    def share(self, column: str) -> float | None:
        """A number from 0 to 1, also in per cent."""
        return self.number(column, 1.0)

    def year(self) -> int | None:
        """The year, None where it is empty."""
        text = self.text("year")
        if text and not (text.isdigit() and len(text) == 4):
            raise self.refused(f"'year' is '{text}'; write four digits, such as 2024.")
        return int(text) if text else None

    def grade(self, without: Grade) -> Grade:
        """The grade, or `without` where it is empty."""
        text = self.text("grade")
        if text and text not in set(Grade):
            raise self.refused(f"'grade' is '{text}'; write one of {', '.join(Grade)}.")
        return Grade(text) if text else without

    def yes(self, column: str, without: bool) -> bool:
        """Yes or no, or `without` where it is empty."""
        text = self.text(column).casefold()
        if text and text not in YES:
            raise self.refused(f"'{column}' is '{text}'; write yes or no.")
        return YES.get(text, without)

    def place(self, column: str) -> str:
        """The alpha-3 code of the country, or the remainder that is meant."""
        text = self.needed(column)
        if place := place_of(text):
            return place
        raise self.refused(f"There is no country '{text}'; use a code such as KEN, a name, others or various.")

    def code(self, column: str, codes: Collection[str], what: str) -> str:
        """A code that is known already."""
        text = self.needed(column)
        if text in codes:
            return text
        close = get_close_matches(text, sorted(codes), n=1)
        advice = f"did you mean '{close[0]}'?" if close else "add it there or correct it here."
        raise self.refused(f"There is no {what} '{text}'; {advice}")


def rows(file: Traversable, columns: Collection[str], needed: Collection[str]) -> Iterator[Row]:
    """The rows of a CSV file in UTF-8. Raises UnreadableSupply for a column that is unknown or missing."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableSupply(f"{file.name}: not UTF-8 at byte {error.start}; save the file as CSV UTF-8.") from None
    except OSError as error:
        raise UnreadableSupply(f"{file.name} cannot be read: {error.strerror}.") from None
    if "\0" in text:
        raise UnreadableSupply(f"{file.name}: this is no text; save the file as CSV UTF-8.")
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = [title.strip().casefold().replace(" ", "_") for title in next(reader, [])]
        _check_header(file.name, header, columns, needed)
        for cells in reader:
            values = [cell.strip() for cell in cells]
            if any(values):
                if len(values) > len(header):
                    raise UnreadableSupply(
                        f"{file.name}, line {reader.line_num}: {len(values)} values for {len(header)} columns; "
                        "put a text with commas in quotation marks."
                    )
                yield Row(file.name, reader.line_num, dict(zip(header, values, strict=False)))
    except csv.Error as error:
        raise UnreadableSupply(f"{file.name}, line {reader.line_num}: no valid CSV: {error}.") from None


def _check_header(name: str, header: list[str], columns: Collection[str], needed: Collection[str]) -> None:
    for column in header:
        if column not in columns:
            close = get_close_matches(column, columns, n=1)
            advice = f"did you mean '{close[0]}'?" if close else f"there are {', '.join(columns)}."
            raise UnreadableSupply(f"{name}, line 1: There is no column '{column}'; {advice}")
    for column in needed:
        if column not in header:
            raise UnreadableSupply(f"{name}, line 1: The column '{column}' is missing; needed: {', '.join(needed)}.")
