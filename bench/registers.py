"""The register engine measured against plain pandas in the same run: python bench/registers.py --size 20000.

Ratios, never seconds: a machine shared with others changes its speed within the hour. See README.md beside.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import generator
from alone import memory, national, spark
from race import calibrate, race
from rows import Row, to_text


def measure(arguments: argparse.Namespace, scratch: Path) -> list[Row]:
    rows, persons, weeks = [], arguments.size, arguments.weeks
    if persons:
        print(f"{persons:,} persons x {weeks} weeks", flush=True)
        files = scratch / "files"
        generator.write_files(files, persons, weeks)
        rows += race(files, scratch, persons, weeks, arguments.repeat)
        rows += memory(files, scratch, persons, weeks)
    if arguments.national:
        rows += national(scratch, arguments.national)
    if arguments.spark:
        rows += spark(scratch, arguments.spark)
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=20_000, help="persons of B1 to B9 and B13; 0 leaves them out")
    parser.add_argument("--weeks", type=int, default=600)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--national", type=int, default=0, metavar="PERSONS", help="B10, such as 5000000")
    parser.add_argument("--spark", type=int, default=0, metavar="PERSONS", help="B12, such as 1000000; needs pyspark")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a target is not met")
    arguments = parser.parse_args()
    print(f"a loop of 3e6: {calibrate():.3f} s")
    with tempfile.TemporaryDirectory() as scratch:
        rows = measure(arguments, Path(scratch))
    print(f"a loop of 3e6: {calibrate():.3f} s\n\n{to_text(rows)}")
    return int(arguments.strict and not all(row.met for row in rows))


if __name__ == "__main__":
    sys.exit(main())
