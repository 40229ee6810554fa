"""What a municipality looks up while it fills in its tables: headings from the schemas, codes from the code list."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from ctieval.domain.schema import Field, TableSchema
from ctieval.registers.codes import CodeList
from ctieval.registers.schemas import load_schema

_INDENT = " " * 4


def describe_headings(names: Iterable[str]) -> str:
    """Describe the columns of input tables in Danish: heading, what it holds, and which values are possible.

    Args:
        names: Names of the tables, in the order of the text.

    Returns:
        Text, made from the schemas alone.

    Raises:
        InputError: If no input table has one of the names.

    Examples:
        >>> print(describe_headings(["periods"]).split("Beløb")[1].strip())
        (kan stå tom, og kolonnen kan undværes)
            Kroner udbetalt for perioden, før skat. I alle rækker eller i ingen.
            Skriv et tal, fx 37,5.
    """
    words = _read_words()["headings"]
    return "\n\n".join([words["lead"].strip(), *(_describe_table(load_schema(name)) for name in names)]) + "\n"


def describe_codes(codes: CodeList) -> str:
    """Describe the register codes in Danish, one line a code.

    Examples:
        >>> from ctieval.registers.codes import load_code_list
        >>> "730  Kontanthjælp, Passiv." in describe_codes(load_code_list()).splitlines()
        True
    """
    lead = _read_words()["codes"]["lead"].strip().format(vintage=codes.vintage)
    lines = [f"{entry.code:3d}  {entry.name}" for entry in codes.codes if entry.state is not None]
    return "\n".join([lead, "", *lines, ""])


def _describe_table(schema: TableSchema) -> str:
    title = _read_words()["headings"]["table"].format(name=schema.name, title=schema.title_da)
    return "\n\n".join([f"{title}\n{schema.description_da}", *(_describe_field(field) for field in schema.fields)])


def _describe_field(field: Field) -> str:
    words = _read_words()["headings"]
    need = words["required" if field.required else "optional"]
    return f"{field.heading_da} ({need})\n{_INDENT}{field.description_da}\n{_INDENT}{_describe_values(field)}"


def _describe_values(field: Field) -> str:
    words = _read_words()
    if field.enum:
        values = ", ".join([danish for danish, _ in field.values_da] or field.enum)
        return words["headings"]["one_of"].format(values=values)
    return words["headings"]["write"].format(
        kind=words["kind"][field.type.value],
        least="" if field.minimum is None else words["headings"]["least"].format(minimum=field.minimum),
        example=words["example"].get(field.type.value, ""),
    )


@cache
def _read_words() -> Mapping[str, Mapping[str, str]]:
    form = resources.files("ctieval.protocol").joinpath("forms", "opslag.toml")
    return tomllib.loads(form.read_text(encoding="utf-8"))
