"""The figures of quality that are committed with their intervals: ``python -m benchmarks.quality`` writes them anew.

Placing real texts and phrases and how sure it is, partners at two fairs, winners of tenders, phrases searched for,
breaks of timetables. A test measures each again and fails where one is below its interval. More is better for all.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import DATA, fairs, placing, ranking, search, timetable
from serai.match.evaluation import Interval

COMMITTED = Path(__file__).parent / "data" / "quality.json"


@dataclass(frozen=True)
class Figures:
    """Figures that are measured together, and the files below the folder of SERAI_DATA that they need."""

    measure: Callable[[], Mapping[str, Interval]]
    data: Sequence[str] = ()


FIGURES: Mapping[str, Figures] = {
    "real texts placed": Figures(placing.figures_of_texts, [placing.LABELLED]),
    "phrases placed": Figures(placing.figures_of_phrases),
    "chances of places": Figures(placing.figures_of_calibration),
    "partners at fairs": Figures(fairs.figures_of_fairs),
    "winners of tenders": Figures(fairs.figures_of_tenders, ranking.TENDERS),
    "phrases searched for": Figures(search.figures_of_phrases),
    "breaks of timetables": Figures(timetable.figures_of_breaks, [timetable.INSTANCES]),
}


def committed() -> dict[str, Interval]:
    """The figures as they were last committed."""
    return {what: Interval(**figure) for what, figure in json.loads(COMMITTED.read_text(encoding="utf-8")).items()}


def fallen(measured: Mapping[str, Interval]) -> dict[str, tuple[float, float]]:
    """The figures below the low end of what was committed, each beside it. Raises KeyError for one not committed."""
    kept = committed()
    return {what: (figure.mean, kept[what].low) for what, figure in measured.items() if figure.mean < kept[what].low}


def main() -> None:
    """Measure all figures whose data are here, and write them; the others stay."""
    written = {what: vars(figure) for what, figure in committed().items()}
    for figures in FIGURES.values():
        if all((DATA / name).exists() for name in figures.data):
            for what, figure in figures.measure().items():
                written[what] = {name: round(value, 4) for name, value in vars(figure).items()}
                print(f"{what}: {figure}", flush=True)
    COMMITTED.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
